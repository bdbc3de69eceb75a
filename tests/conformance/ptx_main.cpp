#include <gtest/gtest.h>

#include <cstdio>

#include "runtime/ptx_machine.hpp"

namespace {

/// A finding fails the test that it belongs to; so does device memory that is left behind.
class Watch : public ::testing::EmptyTestEventListener {
  void OnTestStart(const ::testing::TestInfo&) override {
    bytes_before_ = ptx_machine::bytes_in_use();
  }
  void OnTestEnd(const ::testing::TestInfo&) override {
    EXPECT_EQ(ptx_machine::bytes_in_use(), bytes_before_) << "bytes of device memory in use";
  }

  std::size_t bytes_before_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  ptx_machine::on_finding([](const std::string& message) { ADD_FAILURE() << message; });
  ::testing::UnitTest::GetInstance()->listeners().Append(new Watch);
  const int status = RUN_ALL_TESTS();
  std::printf("order %d, %llu kernels executed\n", ptx_machine::order(),
              static_cast<unsigned long long>(ptx_machine::launches()));
  return ptx_machine::launches() == 0 ? 1 : status;
}
