#pragma once

#include <cstdint>

#include "backend/backend.hpp"
#include "base/checked.hpp"

namespace wquant {

/// Uninitialised memory of a backend for the duration of a scope, in the order of its stream.
template <class T>
class Workspace {
 public:
  /// Throws OutOfMemory.
  Workspace(Backend& backend, std::int64_t rows, std::int64_t cols = 1)
      : backend_(backend),
        data_(static_cast<T*>(backend.allocate(checked_bytes(rows, cols, sizeof(T))))) {}
  ~Workspace() { backend_.deallocate(data_); }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  T* data() const { return data_; }

 private:
  Backend& backend_;
  T* data_;
};

}  // namespace wquant
