#pragma once

#include <memory>

#include "c/required.hpp"
#include "wquant/wquant.h"

namespace wquant::c {

/// The status of the exception in flight; its text becomes the thread's last error.
wquant_status status_of_current_exception() noexcept;

/// body() for a caller in C, whom no exception reaches.
template <class Body>
wquant_status guarded(const Body& body) noexcept {
  try {
    body();
    return WQUANT_OK;
  } catch (...) {
    return status_of_current_exception();
  }
}

/// *out = what make() returns, a unique_ptr to a handle; NULL if that fails.
template <class Handle, class Make>
wquant_status make_handle(const char* name, Handle** out, const Make& make) noexcept {
  return guarded([&] {
    Handle*& handle = required(name, out);
    handle = nullptr;
    std::unique_ptr<Handle> made = make();
    handle = made.release();
  });
}

/// *out = what make() returns, a tensor for the caller; NULL if that fails.
template <class Make>
wquant_status export_tensor(const char* name, DLManagedTensor** out, const Make& make) noexcept {
  return guarded([&] {
    DLManagedTensor*& tensor = required(name, out);
    tensor = nullptr;
    tensor = make();
  });
}

}  // namespace wquant::c
