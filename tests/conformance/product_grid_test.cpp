#include <cmath>
#include <vector>

#include "conformance/backends.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

/// Ragged grids and components with random masses, laid out as the kernels want them.
struct Problem {
  std::vector<std::int64_t> rank, dimension_begin, cells, points_begin, out_begin{0};
  std::vector<std::int64_t> component_begin{0}, row_begin, masses_begin;
  std::vector<double> weights, masses, points;

  void add(const std::vector<std::int64_t>& shape, std::int64_t components, test::Random& random) {
    rank.push_back(static_cast<std::int64_t>(shape.size()));
    dimension_begin.push_back(static_cast<std::int64_t>(cells.size()));
    std::int64_t size = 1;
    for (const std::int64_t n : shape) {
      cells.push_back(n);
      points_begin.push_back(static_cast<std::int64_t>(points.size()));
      for (std::int64_t j = 0; j < n; ++j) points.push_back(random.normal());
      size *= n;
    }
    out_begin.push_back(out_begin.back() + size);
    row_begin.push_back(static_cast<std::int64_t>(masses_begin.size()));
    for (std::int64_t c = 0; c < components; ++c) {
      weights.push_back(random.uniform(0, 1));
      for (const std::int64_t n : shape) {
        masses_begin.push_back(static_cast<std::int64_t>(masses.size()));
        for (std::int64_t j = 0; j < n; ++j) masses.push_back(random.uniform(0, 1));
      }
    }
    component_begin.push_back(static_cast<std::int64_t>(weights.size()));
  }

  template <class T>
  static VectorView<const T> view(const std::vector<T>& values) {
    return {values.data(), static_cast<std::int64_t>(values.size())};
  }
  ProductGrids grids() const {
    return {view(rank), view(dimension_begin), view(cells), view(points_begin), view(out_begin)};
  }
  GridComponents components() const {
    return {view(component_begin), view(row_begin), view(weights), view(masses_begin),
            view(masses)};
  }
  std::int64_t layers() const { return static_cast<std::int64_t>(rank.size()); }
  std::int64_t cell_count(std::int64_t l, std::int64_t k) const {
    return cells[dimension_begin[l] + k];
  }

  /// Index of grid point a of grid l in each dimension, the last running fastest.
  std::vector<std::int64_t> index(std::int64_t l, std::int64_t a) const {
    std::vector<std::int64_t> out(rank[l]);
    for (std::int64_t k = rank[l] - 1; k >= 0; --k) {
      out[k] = a % cell_count(l, k);
      a /= cell_count(l, k);
    }
    return out;
  }
  /// Σ_c weights[c] Π_k masses of grid point a of grid l.
  long double mass(std::int64_t l, std::int64_t a) const {
    const auto at = index(l, a);
    long double sum = 0;
    for (std::int64_t c = 0; c < component_begin[l + 1] - component_begin[l]; ++c) {
      long double product = weights[component_begin[l] + c];
      for (std::int64_t k = 0; k < rank[l]; ++k)
        product *= masses[masses_begin[row_begin[l] + c * rank[l] + k] + at[k]];
      sum += product;
    }
    return sum;
  }
};

Problem ragged_problem() {
  test::Random random(61);
  Problem problem;
  problem.add({3, 2}, 4, random);
  problem.add({}, 3, random);
  problem.add({70}, 1, random);
  problem.add({5, 1, 4, 3}, 700, random);
  problem.add({200, 130}, 3, random);
  for (int i = 0; i < 40; ++i) problem.add({1 + i % 4, 2}, 1 + i % 3, random);
  return problem;
}

class ProductGrid : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, ProductGrid, test::all_backends(), test::backend_name);

TEST_P(ProductGrid, MassIsTheMixtureOfProducts) {
  const Problem problem = ragged_problem();
  std::vector<double> out(problem.out_begin.back());
  test::poison(out);
  backend().product_mass(problem.grids(), problem.components(),
                         {out.data(), static_cast<std::int64_t>(out.size())});
  for (std::int64_t l = 0; l < problem.layers(); ++l)
    for (std::int64_t a = 0; a < problem.out_begin[l + 1] - problem.out_begin[l]; ++a) {
      const long double mass = problem.mass(l, a);
      ASSERT_NEAR(static_cast<double>(out[problem.out_begin[l] + a] / mass), 1, 2e-14);
    }
}

TEST_P(ProductGrid, LocationsAreOffsetsPlusDirections) {
  const Problem problem = ragged_problem();
  test::Random random(62);
  const std::int64_t d = 5;
  const auto dims = static_cast<std::int64_t>(problem.cells.size());
  const test::RowMajor offsets =
      test::RowMajor::NullaryExpr(problem.layers(), d, [&] { return random.normal(); });
  const test::RowMajor directions =
      test::RowMajor::NullaryExpr(dims, d, [&] { return random.normal(); });
  test::RowMajor out = test::RowMajor::Constant(problem.out_begin.back(), d, NAN);
  backend().product_locations(problem.grids(),
                              {{offsets.data(), problem.layers(), d},
                               {directions.data(), dims, d},
                               Problem::view(problem.points)},
                              {out.data(), out.rows(), d});
  for (std::int64_t l = 0; l < problem.layers(); ++l)
    for (std::int64_t a = 0; a < problem.out_begin[l + 1] - problem.out_begin[l]; ++a) {
      const auto index = problem.index(l, a);
      Eigen::RowVectorXd wanted = offsets.row(l);
      for (std::int64_t k = 0; k < problem.rank[l]; ++k) {
        const std::int64_t at = problem.dimension_begin[l] + k;
        wanted += problem.points[problem.points_begin[at] + index[k]] * directions.row(at);
      }
      ASSERT_EQ(out.row(problem.out_begin[l] + a), wanted);
    }
}

TEST_P(ProductGrid, BatchEqualsOneByOne) {
  test::Random whole(63);
  test::Random single(63);
  const std::vector<std::vector<std::int64_t>> shapes{{4, 3}, {9}, {2, 2, 2}};
  Problem batch;
  for (const auto& shape : shapes) batch.add(shape, 300, whole);
  std::vector<double> together(batch.out_begin.back());
  backend().product_mass(batch.grids(), batch.components(),
                         {together.data(), static_cast<std::int64_t>(together.size())});
  std::vector<double> apart;
  for (const auto& shape : shapes) {
    Problem one;
    one.add(shape, 300, single);
    std::vector<double> out(one.out_begin.back());
    backend().product_mass(one.grids(), one.components(),
                           {out.data(), static_cast<std::int64_t>(out.size())});
    apart.insert(apart.end(), out.begin(), out.end());
  }
  EXPECT_EQ(together, apart);
}

TEST_P(ProductGrid, ManyComponentsAreSummedAlikeAloneAndAmongSmallGrids) {
  test::Random random(64);
  Problem alone;
  alone.add({7, 1, 5}, 2500, random);
  Problem among = alone;
  for (int i = 0; i < 9; ++i) among.add({2}, 1, random);
  const auto masses = [&](Backend& on, const Problem& problem) {
    std::vector<double> out(problem.out_begin.back());
    test::poison(out);
    on.product_mass(problem.grids(), problem.components(),
                    {out.data(), static_cast<std::int64_t>(out.size())});
    out.resize(alone.out_begin.back());
    return out;
  };
  const std::vector<double> out = masses(backend(), alone);
  EXPECT_EQ(masses(backend(), among), out);
  EXPECT_EQ(masses(*make_cpu_backend({}), alone), out);
  for (std::int64_t a = 0; a < alone.out_begin.back(); ++a)
    EXPECT_NEAR(static_cast<double>(out[a] / alone.mass(0, a)), 1, 1e-13);
}

}  // namespace
}  // namespace wquant
