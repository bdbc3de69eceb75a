#include "wquant/array.hpp"

#include <gtest/gtest.h>

#include "wquant/context.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

TEST(Array, LivesInItsContextsMemory) {
  const Context context = Context::cpu();
  Array<double> array(context, 3, 2);
  EXPECT_EQ(array.rows(), 3);
  EXPECT_EQ(array.cols(), 2);
  EXPECT_EQ(array.space(), MemorySpace::host);
  array(2, 1) = 5;
  const Array<double> copy = array.to_host();
  EXPECT_EQ(copy(2, 1), 5);
  EXPECT_NE(copy.data(), array.data());
}

TEST(Array, OutlivesItsContext) {
  Array<double> array;
  {
    const Context context = Context::cpu();
    array = Array<double>(context, 1000);
  }
  array(999) = 1;
  EXPECT_EQ(array(999), 1);
}

TEST(Array, IsARangeOfItsElements) {
  Array<double> array = Array<double>::from_host({1, 2, 3, 4}, 2);
  for (double& x : array) x *= 2;
  double sum = 0;
  for (const double x : static_cast<const Array<double>&>(array)) sum += x;
  EXPECT_EQ(sum, 20);
}

TEST(Array, ConvertsToViews) {
  Array<double> array = Array<double>::from_host({1, 2, 3, 4}, 2);
  const MatrixView<const double> matrix = array;
  EXPECT_EQ(matrix(1, 0), 3);
  const MatrixView<double> writable = array;
  writable(1, 0) = 5;
  const VectorView<const double> vector = array;
  EXPECT_EQ(vector.size, 4);
  EXPECT_EQ(vector[2], 5);
}

TEST(Array, RefusesWhatDoesNotFit) {
  const Context context = Context::cpu({.workspace_limit = 1000});
  EXPECT_THROW(Array<double>(context, -1, 2), InvalidArgument);
  EXPECT_THROW(Array<double>(context, 126), OutOfMemory);
  EXPECT_NO_THROW(Array<double>(context, 125));
  EXPECT_THROW(Array<double>(context, INT64_MAX, INT64_MAX), OutOfMemory);
  EXPECT_THROW(Array<double>::from_host({1, 2, 3}, 2), InvalidArgument);
}

TEST(Context, RefusesAbsurdThreadCounts) {
  EXPECT_THROW(Context::cpu({.threads = -1}), InvalidArgument);
  EXPECT_THROW(Context::cpu({.threads = 1'000'000}), InvalidArgument);
  EXPECT_EQ(Context::cpu({.threads = 3}).device(), "cpu");
}

TEST(Context, SaysWhyThereIsNoCuda) {
  try {
    const Context context = Context::cuda();
    EXPECT_EQ(context.device(), "cuda");
  } catch (const NotCompiled& error) {
    EXPECT_NE(std::string(error.what()).find("cuda: "), std::string::npos);
  } catch (const DeviceError& error) {
    EXPECT_NE(std::string(error.what()).find("cuda: "), std::string::npos);
  }
  EXPECT_NO_THROW(Context::best());
}

}  // namespace
}  // namespace wquant
