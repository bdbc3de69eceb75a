#include "learn/transport/dual_program.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

// The solution itself is judged by its certificates: dual_certificate_test.cpp.

namespace wquant {
namespace {

const Context kContext = Context::cpu();
const std::vector<double> kGains = {0, 5, 4, 3,  //
                                    1, 0, 2, 8,  //
                                    9, 7, 0, 6,  //
                                    2, 2, 2, 0};

TEST(EdgePricing, FindsTheBestOfEachRowAndBlock) {
  const EdgePricing pricing(kContext, kGains, 4);
  const auto priced = pricing.price({1, 2, kInfinity, 0}, {0, 3, 0, 5}, 2);
  // Row 0: of the columns 0 and 1 the latter, 5 − 3 − 1; of 2 and 3 the former, 4 − 0 − 1.
  EXPECT_EQ(priced.columns(0, 0), 1);
  EXPECT_EQ(priced.violations(0, 0), 1);
  EXPECT_EQ(priced.columns(0, 1), 2);
  EXPECT_EQ(priced.violations(0, 1), 3);
  EXPECT_EQ(priced.columns(1, 0), 0);
  EXPECT_EQ(priced.violations(1, 0), -1);
  EXPECT_EQ(priced.columns(1, 1), 3);
  EXPECT_EQ(priced.violations(1, 1), 1);
  EXPECT_EQ(priced.columns(2, 0), -1);  // left out by its price
}

TEST(EdgePricing, NamesTheViolatedInequalitiesThatAreWorthIt) {
  const EdgePricing pricing(kContext, kGains, 4);
  const Capacities capacities{{0.5, 0.5, 0, 0.01}, {0.5, 0.5, 0.5, 0.5}};
  const std::vector<double> y = {1, 1, 0, 0};
  // The prices of sources are 2, 2, ∞ and 0, those of sinks 2, 2, 0 and 0: from 0 to the others 1,
  // 2 and 1 are missed, from 1 to 3 it is 6, and from 3, which has little capacity, to 2 it is 2.
  const auto pairs = [&](double least) {
    std::vector<std::int64_t> out;
    for (const Move& move : pricing.violated(capacities, y, least))
      out.push_back(10 * move.source + move.sink);
    return out;
  };
  EXPECT_EQ(pairs(0.01), (std::vector<std::int64_t>{1, 2, 3, 13, 32}));
  EXPECT_EQ(pairs(0.1), (std::vector<std::int64_t>{1, 2, 3, 13}));
  EXPECT_EQ(pairs(0.6), (std::vector<std::int64_t>{2, 13}));
  EXPECT_TRUE(pairs(4).empty());
}

}  // namespace
}  // namespace wquant
