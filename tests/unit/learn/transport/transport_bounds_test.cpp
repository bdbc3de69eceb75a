// Covers: base/watch, dual_bound, exact_bound, vertex_bound. What holds for all three bounds.
#include "wquant/transport_bounds.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/transport_cases.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

using test::golden_case;
using test::learning_golden;
using test::TransportCase;

void expect_close(double value, double expected, double relative) {
  EXPECT_NEAR(value, expected, relative * std::fabs(expected)) << value << " " << expected;
}

TransportOptions options_of(const nlohmann::json& json, Costs costs) {
  return {.beta = json["beta"], .costs = costs, .time_limit = 20};
}

class GoldenBounds : public ::testing::TestWithParam<int> {
 protected:
  const nlohmann::json& json() const { return learning_golden()[GetParam()]; }
  const nlohmann::json& expected() const { return json()["expected"]; }
  TransportCase data_ = golden_case(json());
  Context context_ = Context::cpu();

  DualBound dual(Costs costs) const {
    return dual_bound(context_, data_.partition, data_.statistics, options_of(json(), costs));
  }
  VertexBound vertex(Costs costs) const {
    return vertex_bound(context_, data_.partition, data_.statistics, options_of(json(), costs));
  }
};
INSTANTIATE_TEST_SUITE_P(Cases, GoldenBounds, ::testing::Range(0, 8));

TEST_P(GoldenBounds, DualProgram) {
  for (const auto& [costs, name] :
       {std::pair{Costs::paper, "dual_paper"}, std::pair{Costs::tight, "dual_tight"}}) {
    const DualBound bound = dual(costs);
    EXPECT_TRUE(bound.optimal);
    expect_close(bound.bound, expected()[name], 1e-8);
    const auto lower = expected()["lower"].get<std::vector<double>>();
    const auto upper = expected()["upper"].get<std::vector<double>>();
    for (std::size_t k = 0; k < lower.size(); ++k) {
      expect_close(bound.certificate.limits.lower[k], lower[k], 1e-9);
      expect_close(bound.certificate.limits.upper[k], upper[k], 1e-9);
    }
  }
}

TEST_P(GoldenBounds, Proposition32) {
  const VertexBound bound = vertex(Costs::paper);
  expect_close(bound.bound, expected()["proposition_3_2"]["bound"], 1e-7);
  expect_close(bound.moment, expected()["proposition_3_2"]["moment"], 1e-7);
  expect_close(bound.discrete, expected()["proposition_3_2"]["discrete"], 1e-7);
}

TEST_P(GoldenBounds, ExactProgram) {
  const DualBound relaxed = dual(Costs::paper);
  const ExactBound exact =
      exact_bound(context_, data_.partition, data_.statistics, options_of(json(), Costs::paper));
  // HiGHS left up to 1.7e-6 of the optimum unfound in the reference's unscaled program.
  constexpr double kReferenceError = 2e-6;
  const double value = expected()["theorem_3_1"]["value"];
  EXPECT_GE(exact.bound, value * (1 - 1e-9));
  EXPECT_LE(exact.lower, value * (1 + kReferenceError));
  EXPECT_LE(exact.bound, relaxed.bound);
  EXPECT_LE(relaxed.bound, 1.01 * value);
  EXPECT_LE(relaxed.lower, exact.lower);
  if (exact.optimal) {
    expect_close(exact.bound, value, kReferenceError);
    expect_close(exact.lower, value, kReferenceError);
    expect_close(exact.bound, exact.lower, 1e-6);
  }
}

TEST_P(GoldenBounds, DualIsBelowVertex) {
  for (const Costs costs : {Costs::paper, Costs::tight})
    EXPECT_LE(dual(costs).bound, vertex(costs).bound);
}

TEST_P(GoldenBounds, SameBitsForAnyNumberOfThreads) {
  const TransportOptions options{.time_limit = 1e9};
  const auto run = [&](int threads) {
    const Context context = Context::cpu({.threads = threads});
    const auto dual = dual_bound(context, data_.partition, data_.statistics, options);
    const auto vertex = vertex_bound(context, data_.partition, data_.statistics, options);
    return std::tuple(dual.certificate.y, dual.bound, dual.lower, vertex.moment, vertex.discrete);
  };
  const auto first = run(1);
  EXPECT_EQ(run(2), first);
  EXPECT_EQ(run(8), first);
}

TEST(TransportBounds, OfConstantDataAreTheDistanceThatOuterMassCanTravel) {
  const auto data = test::transport_case(Box::cube(2, 0, 1), {0.5, 0.5}, {0}, {1000, 0}, 2);
  const Context context = Context::cpu();
  const DualBound bound = dual_bound(context, data.partition, data.statistics);
  const double outside = clopper_pearson_upper(0, 1000, 1e-6 / 4);
  // All samples lie on the centre; what the outer region gains, the centre loses, at most √½ away.
  EXPECT_NEAR(bound.bound, std::sqrt(outside * 0.5), 1e-6);
  EXPECT_LE(bound.lower, bound.bound);
  const ExactBound exact = exact_bound(context, data.partition, data.statistics);
  EXPECT_TRUE(exact.optimal);
  EXPECT_NEAR(exact.bound, bound.bound, 1e-6);
  const VertexBound vertex = vertex_bound(context, data.partition, data.statistics);
  EXPECT_GE(vertex.bound, bound.bound * (1 - 1e-12));
  EXPECT_TRUE(verify(bound.certificate, data.statistics).valid);
}

TEST(TransportBounds, OfAPointAreZero) {
  const auto data = test::transport_case(Box({3}, {3}), {3}, {0}, {5, 0}, 1);
  const Context context = Context::cpu();
  EXPECT_LE(dual_bound(context, data.partition, data.statistics).bound, 1e-150);
  EXPECT_LE(exact_bound(context, data.partition, data.statistics).bound, 1e-150);
  EXPECT_LE(vertex_bound(context, data.partition, data.statistics).bound, 1e-150);
}

TEST(TransportBounds, AreValidWithoutTime) {
  const Context context = Context::cpu();
  for (const auto& json : learning_golden()) {
    const TransportCase data = golden_case(json);
    TransportOptions options = options_of(json, Costs::paper);
    options.time_limit = 0;
    const DualBound dual = dual_bound(context, data.partition, data.statistics, options);
    const double value = json["expected"]["theorem_3_1"]["value"];
    EXPECT_FALSE(dual.optimal);
    EXPECT_GE(dual.bound, value);
    EXPECT_LE(dual.lower, value);
    EXPECT_GT(dual.lower, 0);
    EXPECT_TRUE(verify(dual.certificate, data.statistics).valid);
    const ExactBound exact = exact_bound(context, data.partition, data.statistics, options);
    EXPECT_EQ(exact.bound, dual.bound);
    EXPECT_GE(vertex_bound(context, data.partition, data.statistics, options).bound,
              json["expected"]["proposition_3_2"]["bound"].get<double>() * (1 - 1e-9));
  }
}

TEST(TransportBounds, StopWhenTheCallerSaysSo) {
  const Context context = Context::cpu();
  const TransportCase data = golden_case(learning_golden()[4]);
  for (const int calls : {0, 1, 2, 5}) {
    int left = calls;
    const TransportOptions options{.progress = [&](const Progress&) { return left-- > 0; }};
    EXPECT_THROW(exact_bound(context, data.partition, data.statistics, options), Cancelled);
    if (calls > 2) continue;
    left = calls;
    EXPECT_THROW(dual_bound(context, data.partition, data.statistics, options), Cancelled);
    left = calls;
    EXPECT_THROW(vertex_bound(context, data.partition, data.statistics, options), Cancelled);
  }
}

TEST(TransportBounds, WhatTheCallbackThrowsComesThrough) {
  const Context context = Context::cpu();
  const TransportCase data = golden_case(learning_golden()[4]);
  const TransportOptions options{.progress = [](const Progress&) -> bool { throw 7; }};
  EXPECT_THROW(exact_bound(context, data.partition, data.statistics, options), int);
}

TEST(TransportBounds, RefuseBadInput) {
  const Context context = Context::cpu();
  const TransportCase good = golden_case(learning_golden()[0]);
  const auto refused = [&](const auto& change) {
    RegionStatistics statistics = good.statistics;
    TransportOptions options;
    change(statistics, options);
    EXPECT_THROW(dual_bound(context, good.partition, statistics, options), InvalidArgument);
    EXPECT_THROW(exact_bound(context, good.partition, statistics, options), InvalidArgument);
    EXPECT_THROW(vertex_bound(context, good.partition, statistics, options), InvalidArgument);
  };
  refused([](auto& s, auto&) { s.partition ^= 1; });
  refused([](auto& s, auto&) { s.order = 3; });
  refused([](auto& s, auto&) { s.count.pop_back(); });
  refused([](auto& s, auto&) { s.count[3] = -1; });
  refused([](auto& s, auto&) { s.count.assign(s.count.size(), 0); });
  refused([](auto& s, auto&) { s.count[3] = std::int64_t{1} << 60; });
  refused([](auto&, auto& o) { o.beta = 0; });
  refused([](auto&, auto& o) { o.beta = NAN; });
  refused([](auto&, auto& o) { o.time_limit = -1; });
  refused([](auto&, auto& o) { o.time_limit = NAN; });
}

TEST(TransportBounds, RespectTheWorkspaceLimit) {
  const Context context = Context::cpu({.workspace_limit = 1000});
  const TransportCase data = golden_case(learning_golden()[0]);
  EXPECT_THROW(dual_bound(context, data.partition, data.statistics), OutOfMemory);
  EXPECT_THROW(vertex_bound(context, data.partition, data.statistics), OutOfMemory);
}

}  // namespace
}  // namespace wquant
