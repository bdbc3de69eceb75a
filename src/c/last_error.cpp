#include <exception>
#include <new>
#include <string>

#include "c/guard.hpp"
#include "wquant/error.hpp"

namespace wquant::c {
namespace {

thread_local std::string text;
thread_local const char* last_error = "";

wquant_status failed(wquant_status status, const char* message) noexcept {
  try {
    text = message;
    last_error = text.c_str();
  } catch (...) {
    last_error = "out of memory, also for the message that says for what";
  }
  return status;
}

}  // namespace

wquant_status status_of_current_exception() noexcept {
  try {
    throw;
  } catch (const NotPositiveSemidefinite& error) {
    return failed(WQUANT_NOT_POSITIVE_SEMIDEFINITE, error.what());
  } catch (const InvalidArgument& error) {
    return failed(WQUANT_INVALID_ARGUMENT, error.what());
  } catch (const OutOfMemory& error) {
    return failed(WQUANT_OUT_OF_MEMORY, error.what());
  } catch (const DeviceError& error) {
    return failed(WQUANT_DEVICE_ERROR, error.what());
  } catch (const NotCompiled& error) {
    return failed(WQUANT_NOT_COMPILED, error.what());
  } catch (const Cancelled& error) {
    return failed(WQUANT_CANCELLED, error.what());
  } catch (const std::bad_alloc&) {
    return failed(WQUANT_OUT_OF_MEMORY, "the system refused memory");
  } catch (const std::exception& error) {
    return failed(WQUANT_INTERNAL_ERROR, error.what());
  } catch (...) {
    return failed(WQUANT_INTERNAL_ERROR, "an exception that is no std::exception");
  }
}

}  // namespace wquant::c

const char* wquant_last_error(void) { return wquant::c::last_error; }
