#include <cmath>
#include <vector>

#include "conformance/backends.hpp"
#include "support/golden.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

class CellMoments : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, CellMoments, test::all_backends(), test::backend_name);

/// Rows with edges of their own.
struct Rows {
  std::vector<double> means, deviations, edges;
  std::vector<std::int64_t> cells, edges_begin, out_begin;
  std::int64_t out_size = 0;

  void add(double mean, double deviation, const std::vector<double>& interior) {
    means.push_back(mean);
    deviations.push_back(deviation);
    edges_begin.push_back(static_cast<std::int64_t>(edges.size()));
    edges.insert(edges.end(), interior.begin(), interior.end());
    cells.push_back(static_cast<std::int64_t>(interior.size()) + 1);
    out_begin.push_back(out_size);
    out_size += cells.back();
  }
  CellRows view() const {
    const auto rows = static_cast<std::int64_t>(means.size());
    return {{means.data(), rows},     {deviations.data(), rows},
            {cells.data(), rows},     {edges_begin.data(), rows},
            {out_begin.data(), rows}, {edges.data(), static_cast<std::int64_t>(edges.size())}};
  }
};

struct Table {
  std::vector<double> mass, mean, variance;

  explicit Table(std::int64_t size) : mass(size), mean(size), variance(size) {
    for (auto* column : {&mass, &mean, &variance}) test::poison(*column);
  }
  CellTable view() {
    const auto size = static_cast<std::int64_t>(mass.size());
    return {{mass.data(), size}, {mean.data(), size}, {variance.data(), size}};
  }
};

TEST_P(CellMoments, ReproduceTheReference) {
  Rows rows;
  std::vector<const nlohmann::json*> wanted;
  std::vector<std::int64_t> at;
  for (const auto& row : test::golden()["cell_moments"]) {
    const double lower = std::stod(row["lower"].get<std::string>());
    const double upper = std::stod(row["upper"].get<std::string>());
    std::vector<double> interior;
    if (std::isfinite(lower)) interior.push_back(lower);
    if (std::isfinite(upper)) interior.push_back(upper);
    at.push_back(rows.out_size + (std::isfinite(lower) ? 1 : 0));
    wanted.push_back(&row);
    rows.add(0, 1, interior);
  }
  Table table(rows.out_size);
  backend().cell_moments(rows.view(), table.view());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto number = [&](const char* key) {
      return std::stod((*wanted[i])[key].get<std::string>());
    };
    const std::int64_t j = at[i];
    EXPECT_NEAR(table.mass[j] / number("mass"), 1, 1e-12) << *wanted[i];
    EXPECT_NEAR(table.mean[j], number("mean"), 1e-11) << *wanted[i];
    EXPECT_NEAR(table.variance[j] / number("variance"), 1, 1e-11) << *wanted[i];
  }
}

TEST_P(CellMoments, OfAllCellsAddUpToTheGaussian) {
  test::Random random(31);
  Rows rows;
  for (int r = 0; r < 200; ++r) {
    std::vector<double> interior(r % 37);
    for (double& edge : interior) edge = random.uniform(-6, 6);
    std::sort(interior.begin(), interior.end());
    rows.add(random.uniform(-5, 5), std::pow(10, random.uniform(-3, 1)), interior);
  }
  Table table(rows.out_size);
  backend().cell_moments(rows.view(), table.view());
  for (std::size_t r = 0; r < rows.means.size(); ++r) {
    double mass = 0;
    double mean = 0;
    double second = 0;
    for (std::int64_t j = rows.out_begin[r]; j < rows.out_begin[r] + rows.cells[r]; ++j) {
      mass += table.mass[j];
      mean += table.mass[j] * table.mean[j];
      const double offset = table.mean[j] - rows.means[r];
      second += table.mass[j] * (table.variance[j] + offset * offset);
    }
    const double variance = rows.deviations[r] * rows.deviations[r];
    EXPECT_NEAR(mass, 1, 1e-13);
    EXPECT_NEAR(mean, rows.means[r], 1e-12);
    EXPECT_NEAR(second / variance, 1, 1e-12);
  }
}

/// Five kinds of rows, as often as asked for, and `gap` cells of no row behind each.
Rows repeated_rows(int times, int gap) {
  Rows rows;
  for (int r = 0; r < 5 * times; ++r) {
    std::vector<double> interior;
    for (int j = 0; j < 20; ++j) interior.push_back((j - 9.5) * 0.03 * std::pow(4, r % 5));
    rows.add(0.1 * (r % 5), 0.7, interior);
    rows.out_size += gap;
  }
  return rows;
}

TEST_P(CellMoments, DoNotDependOnWhatElseIsAskedAndLeaveOthersAlone) {
  const Rows few = repeated_rows(1, 0);
  const Rows many = repeated_rows(1250, 2);
  Table one(few.out_size);
  Table all(many.out_size);
  backend().cell_moments(few.view(), one.view());
  backend().cell_moments(many.view(), all.view());
  for (std::size_t r = 0; r < many.means.size(); ++r)
    for (std::int64_t j = 0; j < 23; ++j) {
      const std::int64_t from = few.out_begin[r % 5] + j;
      const std::int64_t at = many.out_begin[r] + j;
      if (j < 21)
        ASSERT_TRUE(all.mass[at] == one.mass[from] && all.mean[at] == one.mean[from] &&
                    all.variance[at] == one.variance[from])
            << r << ' ' << j;
      else
        ASSERT_TRUE(std::isnan(all.mass[at]) && std::isnan(all.mean[at]) &&
                    std::isnan(all.variance[at]));
    }
}

TEST_P(CellMoments, PointMassFallsIntoOneCellAndOnAnEdgeIntoTheLower) {
  Rows rows;
  rows.add(0.5, 0, {0, 1});
  rows.add(1, 0, {0, 1});
  rows.add(-7, 0, {0, 1});
  Table table(rows.out_size);
  backend().cell_moments(rows.view(), table.view());
  EXPECT_EQ(table.mass, (std::vector<double>{0, 1, 0, 0, 1, 0, 1, 0, 0}));
  EXPECT_EQ(table.mean[1], 0.5);
  EXPECT_EQ(table.mean[4], 1);
  EXPECT_EQ(table.mean[6], -7);
  for (const double variance : table.variance) EXPECT_EQ(variance, 0);
}

TEST_P(CellMoments, FarAwayCellsAreEmptyAndFinite) {
  Rows rows;
  rows.add(0, 1, {39, 1e3, 1e200});
  rows.add(1e200, 1e-200, {-1, 0, 1});
  rows.add(0, 1e150, {0, 1e-300});
  Table table(rows.out_size);
  backend().cell_moments(rows.view(), table.view());
  for (std::size_t j = 0; j < table.mass.size(); ++j) {
    EXPECT_TRUE(table.mass[j] >= 0 && table.mass[j] <= 1) << j;
    EXPECT_TRUE(std::isfinite(table.mean[j])) << j;
    EXPECT_TRUE(std::isfinite(table.variance[j])) << j;
  }
}

}  // namespace
}  // namespace wquant
