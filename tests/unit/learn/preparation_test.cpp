#include "learn/preparation.hpp"

#include <gtest/gtest.h>

#include "learn/regions/scaled_statistics.hpp"
#include "support/samples.hpp"

namespace wquant {
namespace {

const Context kContext = Context::cpu();
const std::vector<double> kSamples = test::uniform_samples<double>(400, 2, 0, 1, 5);
const MatrixView<const double> kView = test::rows(kSamples, 2);
const Box kBox = Box::cube(2, 0, 1);

Preparation prepared(const LearnOptions& options) {
  return prepare(kContext, kView, kView, kBox, 5, 1000, options);
}

TEST(Preparation, HasTheRegionsAndStatisticsOfItsSamples) {
  const Preparation made = prepared({.order = 1, .method = BoundMethod::dual});
  EXPECT_EQ(made.partition.clusters(), 5);
  EXPECT_EQ(made.train.total(), 400);
  EXPECT_EQ(made.train.order, 1);
  EXPECT_EQ(made.train.partition, made.partition.fingerprint());
  EXPECT_FALSE(made.rule.has_value());
  EXPECT_TRUE(prepared({}).rule.has_value());  // the split bound
}

/// The prediction is the bound of as many samples that fall as those did.
TEST(Preparation, PredictsTheBoundOfScaledStatistics) {
  for (const BoundMethod method : {BoundMethod::vertex, BoundMethod::dual, BoundMethod::exact}) {
    const LearnOptions options{.order = 2, .beta = 0.01, .method = method};
    const Preparation made = prepared(options);
    const RegionStatistics expected = scaled(made.train, 1000);
    const TransportOptions how{.beta = 0.01};
    const double bound = method == BoundMethod::vertex
                             ? vertex_bound(kContext, made.partition, expected, how).bound
                             : dual_bound(kContext, made.partition, expected, how).bound;
    EXPECT_EQ(predicted_bound(kContext, made, 1000, options), bound);
  }
  const Preparation split = prepared({});
  EXPECT_EQ(predicted_bound(kContext, split, 1000, {}), split.rule->predicted().bound);
}

TEST(Preparation, EvaluatesTheMethodAskedFor) {
  const auto bound_of = [&](BoundMethod method) {
    const LearnOptions options{.order = 1, .beta = 0.01, .method = method};
    const Preparation made = prepared(options);
    return evaluated_bound(kContext, made, made.train, kView, options);
  };
  const LearnedBound fournier = bound_of(BoundMethod::fournier);
  ASSERT_TRUE(std::holds_alternative<FournierBound>(fournier));
  EXPECT_EQ(value(fournier), fournier_bound(kBox, 400, 1, 0.01));
  const LearnedBound dual = bound_of(BoundMethod::dual);
  const LearnedBound exact = bound_of(BoundMethod::exact);
  ASSERT_TRUE(std::holds_alternative<DualBound>(dual));
  ASSERT_TRUE(std::holds_alternative<ExactBound>(exact));
  EXPECT_LE(value(exact), value(dual));
  EXPECT_TRUE(std::holds_alternative<VertexBound>(bound_of(BoundMethod::vertex)));
  EXPECT_TRUE(std::holds_alternative<SplitBound>(bound_of(BoundMethod::split)));
}

}  // namespace
}  // namespace wquant
