#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include "c/guard.hpp"
#include "support/c_interface.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

using c::guarded;
using test::expect_refused;

template <class Exception>
wquant_status status_of(const Exception& exception) {
  return guarded([&] { throw exception; });
}

TEST(CStatuses, EveryExceptionHasItsOwn) {
  EXPECT_EQ(guarded([] {}), WQUANT_OK);
  expect_refused(status_of(InvalidArgument("a: 1")), WQUANT_INVALID_ARGUMENT, "a: 1");
  expect_refused(status_of(NotPositiveSemidefinite("b: -1")), WQUANT_NOT_POSITIVE_SEMIDEFINITE,
                 "b: -1");
  expect_refused(status_of(OutOfMemory("c: 1 TiB")), WQUANT_OUT_OF_MEMORY, "c: 1 TiB");
  expect_refused(status_of(std::bad_alloc()), WQUANT_OUT_OF_MEMORY, "the system refused memory");
  expect_refused(status_of(DeviceError("d: lost")), WQUANT_DEVICE_ERROR, "d: lost");
  expect_refused(status_of(NotCompiled("e: absent")), WQUANT_NOT_COMPILED, "e: absent");
  expect_refused(status_of(Cancelled("f")), WQUANT_CANCELLED, "f");
  expect_refused(status_of(Error("g")), WQUANT_INTERNAL_ERROR, "g");
  expect_refused(status_of(std::logic_error("h")), WQUANT_INTERNAL_ERROR, "h");
  expect_refused(status_of(7), WQUANT_INTERNAL_ERROR, "an exception that is no std::exception");
}

TEST(CStatuses, SuccessLeavesTheLastErrorAlone) {
  expect_refused(status_of(Cancelled("kept")), WQUANT_CANCELLED, "kept");
  const auto context = test::c_cpu();
  EXPECT_STREQ(wquant_last_error(), "kept");
}

TEST(CStatuses, EveryThreadHasItsOwnLastError) {
  expect_refused(status_of(Cancelled("mine")), WQUANT_CANCELLED, "mine");
  std::thread([] {
    EXPECT_STREQ(wquant_last_error(), "");
    expect_refused(status_of(Cancelled("theirs")), WQUANT_CANCELLED, "theirs");
  }).join();
  EXPECT_STREQ(wquant_last_error(), "mine");
}

TEST(CStatuses, AFailureIsNotTheHandleThatWasThere) {
  wquant_context* context = reinterpret_cast<wquant_context*>(&context);
  wquant_cpu_options options = test::initialised(wquant_cpu_options_init);
  options.threads = -1;
  expect_refused(wquant_context_create_cpu(&options, &context), WQUANT_INVALID_ARGUMENT,
                 "threads: -1 is not a thread count");
  EXPECT_EQ(context, nullptr);
}

}  // namespace
}  // namespace wquant
