#include "cuda/cusolver.hpp"

#include <gtest/gtest.h>

namespace wquant {
namespace {

TEST(Cusolver, IsFoundWithAllCallsOrTheErrorSaysWhatIsMissing) {
  try {
    EXPECT_NE(cusolver().syev_batched, nullptr);
  } catch (const DeviceError& error) {
    EXPECT_NE(std::string(error.what()).find("libcusolver.so"), std::string::npos);
    GTEST_SKIP() << error.what();
  }
}

}  // namespace
}  // namespace wquant
