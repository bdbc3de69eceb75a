// What only the PTX machine can bring about: small memory, and an iteration that fails.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "backend/backend.hpp"
#include "conformance/host_views.hpp"
#include "cusolver/cusolver.hpp"
#include "support/mixtures.hpp"
#include "wquant/error.hpp"

namespace wquant::test {
namespace {

/// Random symmetric matrices and what eigh makes of them.
struct Batch {
  Batch(std::int64_t matrices, std::int64_t dimension)
      : count(matrices), d(dimension), input(static_cast<std::size_t>(count * d * d)) {
    Random random(54);
    for (std::int64_t i = 0; i < count; ++i) {
      const MatrixXd a = MatrixXd::NullaryExpr(d, d, [&] { return random.normal(); });
      Eigen::Map<RowMajor>(&input[i * d * d], d, d) = a + a.transpose();
    }
    vectors.resize(input.size());
    values.resize(static_cast<std::size_t>(count * d));
    residual.resize(static_cast<std::size_t>(count));
    orthogonality.resize(static_cast<std::size_t>(count));
  }
  void solve(std::size_t workspace_limit) {
    on_host_views(make_cuda_backend({.workspace_limit = workspace_limit}))
        ->eigh({input.data(), count, d, d}, {values.data(), count, d},
               {vectors.data(), count, d, d}, {residual.data(), count},
               {orthogonality.data(), count});
  }

  std::int64_t count, d;
  std::vector<double> input, values, vectors, residual, orthogonality;
};

TEST(PtxEigh, BatchesAreSplitWhereMemoryIsScarceWithoutAChangeOfBits) {
  Batch whole(7, 40);
  whole.solve(0);
  Batch split(7, 40);
  split.solve(110'000);  // two matrices at once, at last one
  EXPECT_EQ(split.values, whole.values);
  EXPECT_EQ(split.vectors, whole.vectors);
  EXPECT_EQ(split.residual, whole.residual);
  EXPECT_EQ(split.orthogonality, whole.orthogonality);
}

TEST(PtxEigh, TooLittleMemoryForOneMatrixIsSaid) {
  Batch batch(1, 40);
  try {
    batch.solve(20'000);
    FAIL();
  } catch (const OutOfMemory& error) {
    EXPECT_NE(std::string(error.what()).find("40 x 40 matrix, the limit is 19.5 KiB"),
              std::string::npos)
        << error.what();
  }
}

TEST(PtxEigh, AFailedIterationHasAnInfiniteResidualAndFinitePairs) {
  Batch batch(3, 35);
  ptx_machine::fail_on_matrix(1);
  batch.solve(0);
  EXPECT_LT(batch.residual[0], 1e-11);
  EXPECT_EQ(batch.residual[1], INFINITY);
  EXPECT_LT(batch.residual[2], 1e-11);
  for (const double off : batch.orthogonality) EXPECT_LT(off, 1e-11);
  for (const auto* output : {&batch.values, &batch.vectors})
    for (const double x : *output) ASSERT_TRUE(std::isfinite(x));
}

}  // namespace
}  // namespace wquant::test
