#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "conformance/backends.hpp"
#include "wquant/wquant.hpp"

namespace wquant::test {

/// A parameterised test of the public functions over {cpu with 1 thread, cpu with all threads,
/// cuda}, skipped with the reason where there is none.
class EveryContext : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;

  const Context& context() { return *context_; }
  /// Another context of the same kind.
  static Context make_context(const std::string& name);

 private:
  std::optional<Context> context_;
};

/// Values in the memory of a context.
template <class T>
Array<T> placed(const Context& context, const std::vector<T>& values, std::int64_t cols = 1) {
  Array<T> out(context, static_cast<std::int64_t>(values.size()) / cols, cols);
  context.backend().copy_from_host(out.data(), values.data(), sizeof(T) * values.size());
  return out;
}

template <class T>
std::vector<T> on_host(const Array<T>& array) {
  const Array<T> copy = array.to_host();
  return {copy.data(), copy.data() + copy.size()};
}

/// Equal to `tolerance` of the largest entry of `wanted`.
inline void expect_near(const std::vector<double>& found, const std::vector<double>& wanted,
                        double tolerance) {
  ASSERT_EQ(found.size(), wanted.size());
  double largest = 0;
  for (const double x : wanted) largest = std::max(largest, std::fabs(x));
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(found[i], wanted[i], tolerance * largest) << "at " << i;
}

}  // namespace wquant::test
