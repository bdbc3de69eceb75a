#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "backend/backend.hpp"
#include "wquant/error.hpp"

namespace wquant::test {

/// A parameterised test over {cpu with 1 thread, cpu with all threads, cuda}.
class EveryBackend : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;

  Backend& backend() { return *backend_; }
  /// The same one, where a call may allocate no more than that.
  std::shared_ptr<Backend> with_workspace(std::size_t bytes) const;

 private:
  std::shared_ptr<Backend> backend_;
};

/// Why there is no backend `cuda`; empty, once the device has been named, if there is one.
std::string absent_cuda();
/// WQUANT_REQUIRE_GPU=1: its absence is a failure.
bool gpu_is_required();

inline auto all_backends() { return ::testing::Values("cpu_1", "cpu", "cuda"); }

inline std::string backend_name(const ::testing::TestParamInfo<std::string>& instance) {
  return instance.param;
}

/// Fills an output with NaN, so that what a kernel forgets is seen.
template <class Container>
void poison(Container& values) {
  for (auto& value : values) value = std::numeric_limits<double>::quiet_NaN();
}

}  // namespace wquant::test
