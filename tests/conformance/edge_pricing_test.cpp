#include <cmath>
#include <limits>
#include <vector>

#include "conformance/backends.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

class PriceEdges : public test::EveryBackend {
 protected:
  struct Result {
    std::vector<double> violations;
    std::vector<std::int64_t> columns;
    bool operator==(const Result&) const = default;
  };

  Result price(const std::vector<double>& gains, const std::vector<double>& row_prices,
               const std::vector<double>& column_prices, std::int64_t blocks) {
    const auto m = static_cast<std::int64_t>(row_prices.size());
    const auto n = static_cast<std::int64_t>(column_prices.size());
    Result out{std::vector<double>(m * blocks), std::vector<std::int64_t>(m * blocks, -7)};
    test::poison(out.violations);
    backend().price_edges({gains.data(), m, n}, {row_prices.data(), m}, {column_prices.data(), n},
                          {out.violations.data(), m, blocks}, {out.columns.data(), m, blocks});
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, PriceEdges, test::all_backends(), test::backend_name);

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST_P(PriceEdges, SkipTheDiagonalAndGiveTiesToTheLowestIndex) {
  const std::vector<double> gains{9, 1, 1, 2, 9, 3, 5, 5, 9};
  EXPECT_EQ(price(gains, {0, 1, 2}, {0, 0, 0}, 1), (Result{{1, 2, 3}, {1, 2, 0}}));
  EXPECT_EQ(price(gains, {0, 1, 2}, {1, 0, 2}, 1), (Result{{1, 0, 3}, {1, 0, 1}}));
}

TEST_P(PriceEdges, InfinitePricesLeaveOut) {
  const std::vector<double> gains{9, 1, 4, 2, 9, 3, 5, 6, 9};
  EXPECT_EQ(price(gains, {0, kInfinity, 0}, {0, 0, kInfinity}, 1),
            (Result{{1, -kInfinity, 6}, {1, -1, 1}}));
  EXPECT_EQ(price(gains, {0, 0, 0}, {kInfinity, kInfinity, kInfinity}, 1),
            (Result{{-kInfinity, -kInfinity, -kInfinity}, {-1, -1, -1}}));
}

TEST_P(PriceEdges, ABlockOfTheDiagonalAloneIsEmpty) {
  const std::vector<double> gains{9, 1, 4, 2, 9, 3, 5, 6, 9};
  EXPECT_EQ(price(gains, {0, 0, 0}, {0, 0, 0}, 3),
            (Result{{-kInfinity, 1, 4, 2, -kInfinity, 3, 5, 6, -kInfinity},
                    {-1, 1, 2, 0, -1, 2, 0, 1, -1}}));
  // ⌈3 / 4⌉ = 1 column a block; the fourth has none.
  EXPECT_EQ(price(gains, {0, 0, 0}, {0, 0, 0}, 4).columns,
            (std::vector<std::int64_t>{-1, 1, 2, -1, 0, -1, 2, -1, 0, 1, -1, -1}));
}

TEST_P(PriceEdges, OfRandomGainsAreThoseOfADoubleLoop) {
  test::Random random(61);
  for (const auto& [m, blocks] :
       {std::pair<std::int64_t, std::int64_t>{1, 1}, {2, 1}, {37, 4}, {300, 3}, {515, 8}}) {
    std::vector<double> gains(m * m);
    std::vector<double> rows(m);
    std::vector<double> columns(m);
    for (double& g : gains) g = std::round(20 * random.normal());
    for (double& p : rows) p = random.normal() > 1.5 ? kInfinity : random.normal();
    for (double& p : columns) p = random.normal() > 1.5 ? kInfinity : std::round(random.normal());
    Result expected;
    const std::int64_t width = (m + blocks - 1) / blocks;
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t b = 0; b < blocks; ++b) {
        double best = -kInfinity;
        std::int64_t column = -1;
        for (std::int64_t j = b * width; j < std::min(m, (b + 1) * width); ++j)
          if (j != i && std::isfinite(rows[i]) && gains[i * m + j] - columns[j] > best) {
            best = gains[i * m + j] - columns[j];
            column = j;
          }
        expected.violations.push_back(column < 0 ? -kInfinity : best - rows[i]);
        expected.columns.push_back(column);
      }
    EXPECT_EQ(price(gains, rows, columns, blocks), expected);
  }
}

}  // namespace
}  // namespace wquant
