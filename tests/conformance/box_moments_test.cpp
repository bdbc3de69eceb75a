#include <cmath>
#include <limits>
#include <vector>

#include "conformance/backends.hpp"
#include "numerics/row_cells.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

class BoxMoments : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, BoxMoments, test::all_backends(), test::backend_name);

template <class T>
VectorView<const T> view(const std::vector<T>& values) {
  return {values.data(), static_cast<std::int64_t>(values.size())};
}
VectorView<double> view(std::vector<double>& values) {
  return {values.data(), static_cast<std::int64_t>(values.size())};
}

/// Boxes with members, and room for their moments.
struct Boxes {
  std::vector<std::int64_t> rank, ends_begin, members_begin{0}, components, rows_begin;
  std::vector<double> lower, upper, about, weights, means, deviations;
  std::vector<double> member_mass, mass, first, second;

  void add_component(double weight, const std::vector<double>& mean,
                     const std::vector<double>& deviation) {
    weights.push_back(weight);
    rows_begin.push_back(static_cast<std::int64_t>(means.size()));
    means.insert(means.end(), mean.begin(), mean.end());
    deviations.insert(deviations.end(), deviation.begin(), deviation.end());
  }
  void add_box(const std::vector<double>& from, const std::vector<double>& to,
               const std::vector<double>& point, const std::vector<std::int64_t>& members) {
    rank.push_back(static_cast<std::int64_t>(from.size()));
    ends_begin.push_back(static_cast<std::int64_t>(lower.size()));
    lower.insert(lower.end(), from.begin(), from.end());
    upper.insert(upper.end(), to.begin(), to.end());
    about.insert(about.end(), point.begin(), point.end());
    components.insert(components.end(), members.begin(), members.end());
    members_begin.push_back(static_cast<std::int64_t>(components.size()));
  }
  void evaluate(Backend& backend) {
    member_mass.resize(components.size());
    mass.resize(rank.size());
    first.resize(lower.size());
    second.resize(lower.size());
    for (auto* out : {&member_mass, &mass, &first, &second}) test::poison(*out);
    backend.box_moments(
        {view(std::as_const(rank)), view(std::as_const(ends_begin)), view(std::as_const(lower)),
         view(std::as_const(upper)), view(std::as_const(about)), view(std::as_const(members_begin)),
         view(std::as_const(components)), view(std::as_const(weights)),
         view(std::as_const(rows_begin)), view(std::as_const(means)),
         view(std::as_const(deviations))},
        {view(member_mass), view(mass), view(first), view(second)});
  }
};

/// A quadrant holds a quarter of N(0, I_2); E[Z | Z > 0] = √(2/π), E[Z² | Z > 0] = 1.
TEST_P(BoxMoments, OfAQuadrant) {
  Boxes boxes;
  boxes.add_component(1, {0, 0}, {1, 1});
  boxes.add_box({0, -kInfinity}, {kInfinity, 0}, {0, 0}, {0});
  boxes.evaluate(backend());
  const double mean = std::sqrt(2 / M_PI);
  EXPECT_NEAR(boxes.mass[0], 0.25, 1e-16);
  EXPECT_EQ(boxes.member_mass[0], boxes.mass[0]);
  EXPECT_NEAR(boxes.first[0], 0.25 * mean, 1e-15);
  EXPECT_NEAR(boxes.first[1], -0.25 * mean, 1e-15);
  EXPECT_NEAR(boxes.second[0], 0.25, 1e-15);
  EXPECT_NEAR(boxes.second[1], 0.25, 1e-15);
}

TEST_P(BoxMoments, AreSumsOfProductsOfCells) {
  test::Random random(51);
  Boxes boxes;
  const std::int64_t ranks[] = {1, 3, 0, 2};
  std::int64_t first_of[4];
  for (int group = 0; group < 4; ++group) {
    first_of[group] = static_cast<std::int64_t>(boxes.weights.size());
    for (int c = 0; c < 70; ++c) {
      std::vector<double> mean, deviation;
      for (std::int64_t k = 0; k < ranks[group]; ++k) {
        mean.push_back(2 * random.normal());
        deviation.push_back(c % 9 == 0 ? 0 : random.uniform(0.1, 2));
      }
      boxes.add_component(random.uniform(0, 1), mean, deviation);
    }
  }
  for (int b = 0; b < 23; ++b) {
    const int group = b % 4;
    std::vector<double> lower, upper, about;
    for (std::int64_t k = 0; k < ranks[group]; ++k) {
      const double from = random.normal();
      lower.push_back(b % 3 == 0 ? -kInfinity : from);
      upper.push_back(b % 5 == 0 ? kInfinity : from + random.uniform(0.01, 2));
      about.push_back(random.normal());
    }
    std::vector<std::int64_t> members;
    for (std::int64_t c = 0; c < 70; ++c)
      if ((c * 7 + b) % 23 < b) members.push_back(first_of[group] + c);
    boxes.add_box(lower, upper, about, members);
  }
  boxes.evaluate(backend());
  for (std::size_t b = 0; b < boxes.rank.size(); ++b) {
    const std::int64_t rank = boxes.rank[b];
    const std::int64_t end = boxes.ends_begin[b];
    double mass = 0;
    std::vector<double> first(rank), second(rank), scale(rank);
    for (std::int64_t e = boxes.members_begin[b]; e < boxes.members_begin[b + 1]; ++e) {
      const std::int64_t c = boxes.components[e];
      std::vector<CellMoments> cells;
      double product = boxes.weights[c];
      for (std::int64_t k = 0; k < rank; ++k) {
        const std::int64_t row = boxes.rows_begin[c] + k;
        cells.push_back(gaussian_cell(boxes.means[row], boxes.deviations[row], boxes.lower[end + k],
                                      boxes.upper[end + k]));
        product *= cells.back().mass;
      }
      EXPECT_NEAR(boxes.member_mass[e], product, 1e-13 * product);
      mass += product;
      for (std::int64_t k = 0; k < rank; ++k) {
        const double offset = cells[k].mean - boxes.about[end + k];
        first[k] += product * offset;
        scale[k] += product * std::fabs(offset);
        second[k] += product * (cells[k].variance + offset * offset);
      }
    }
    EXPECT_NEAR(boxes.mass[b], mass, 1e-13 * mass) << b;
    for (std::int64_t k = 0; k < rank; ++k) {
      EXPECT_NEAR(boxes.first[end + k], first[k], 1e-13 * scale[k] + 1e-14 * mass) << b;
      EXPECT_NEAR(boxes.second[end + k], second[k], 1e-12 * second[k]) << b;
    }
  }
}

TEST_P(BoxMoments, FarAwayAndEmptyBoxesAreFinite) {
  Boxes boxes;
  boxes.add_component(0.5, {0, 0}, {1, 1e-150});
  boxes.add_component(0.5, {1e100, 0}, {1e-100, 0});
  boxes.add_box({50, -1}, {60, 1}, {55, 0}, {0, 1});
  boxes.add_box({-kInfinity, 1}, {0, kInfinity}, {0, 1}, {0, 1});
  boxes.add_box({0, 0}, {1, 1}, {0.5, 0.5}, {});
  boxes.evaluate(backend());
  EXPECT_EQ(boxes.mass, (std::vector<double>{0, 0, 0}));
  for (const double x : boxes.first) EXPECT_EQ(x, 0);
  for (const double x : boxes.second) EXPECT_EQ(x, 0);
}

}  // namespace
}  // namespace wquant
