#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace ptx::test {

/// The path of a kernel file that was compiled for these tests.
inline std::string module_path(const std::string& name) {
  return std::string(PTX_TEST_MODULES) + "/" + name + ".ptx";
}

inline Options with_order(int order) {
  Options options;
  options.order = order;
  return options;
}

/// An engine with buffers, each its own allocation.
class Device {
 public:
  explicit Device(const std::string& module, const Options& options = {})
      : Device(Engine(options)) {
    engine.load_file(module_path(module));
  }
  explicit Device(Engine loaded) : engine(std::move(loaded)) {}

  template <class T>
  T* make(std::size_t n, const char* name = "buffer") {
    memory_.push_back(std::make_unique<Line[]>(n * sizeof(T) / sizeof(Line) + 1));
    void* const p = memory_.back().get();
    engine.register_allocation(p, n * sizeof(T), name);
    return static_cast<T*>(p);
  }
  template <class T>
  T* make(const std::vector<T>& values, const char* name = "input") {
    T* const p = make<T>(values.size(), name);
    std::memcpy(p, values.data(), values.size() * sizeof(T));
    engine.mark_initialised(p, values.size() * sizeof(T));
    return p;
  }
  template <class T>
  T* zeros(std::size_t n, const char* name = "output") {
    return make(std::vector<T>(n), name);
  }

  template <class... Arguments>
  Result launch(const char* kernel, Dim3 grid, Dim3 block, Arguments... arguments) {
    void* pointers[] = {&arguments..., nullptr};
    return engine.launch(kernel, grid, block, 0, pointers);
  }

  Engine engine;

 private:
  struct alignas(256) Line {
    std::byte bytes[256];
  };
  std::vector<std::unique_ptr<Line[]>> memory_;
};

inline ::testing::AssertionResult clean(const Result& result) {
  if (result.ok()) return ::testing::AssertionSuccess();
  auto failure = ::testing::AssertionFailure();
  for (const Finding& finding : result.findings)
    failure << finding.kind << ": " << finding.message << "\n";
  return failure;
}

class Random {
 public:
  double operator()() {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<double>(state_ >> 11) * 0x1p-53;
  }

 private:
  std::uint64_t state_ = 1;
};

}  // namespace ptx::test
