#include "workloads.hpp"

#include <cmath>

#include "quantize/mixture/cumulative.hpp"
#include "support/points.hpp"
#include "wquant/normal_quantizer.hpp"

namespace wquant::roofline {
namespace {

using test::random_points;

template <class T>
VectorView<T> view(std::vector<T>& values) {
  return {values.data(), static_cast<std::int64_t>(values.size())};
}
template <class T>
MatrixView<T> matrix(std::vector<T>& values, std::int64_t cols) {
  return {values.data(), static_cast<std::int64_t>(values.size()) / cols, cols};
}

template <class T>
std::int64_t nearest(Backend& backend, std::int64_t d) {
  const std::int64_t n = 1024;
  const std::int64_t k = 256;
  const auto points = random_points<T>(n, d, 1);
  const auto centres = random_points<T>(k, d, 2);
  std::vector<std::int64_t> labels(n);
  std::vector<double> squares(n);
  backend.nearest(test::view(points), test::view(centres), view(labels), view(squares));
  return n * k;
}

/// A first step, which knows no bounds.
template <class T>
std::int64_t lloyd_step(Backend& backend, std::int64_t d) {
  const std::int64_t n = 1024;
  const std::int64_t k = 64;
  const auto points = random_points<T>(n, d, 1);
  const auto centres = random_points<T>(k, d, 2);
  std::vector<double> weights(n, 1), squares(n), lower(n), mass(k), sums(k * d), summary(2);
  std::vector<double> shifts;
  std::vector<std::int64_t> labels(n);
  backend.lloyd_step(test::view(points), view(weights), test::view(centres), view(shifts),
                     {view(labels), view(squares), view(lower)},
                     {view(mass), matrix(sums, d), view(summary)});
  return n * k;
}

template <class T>
std::int64_t seeding_step(Backend& backend, std::int64_t d) {
  const std::int64_t n = 8 * kSeedingBlock;
  const std::int64_t candidates = 8;
  const auto points = random_points<T>(n, d, 1);
  const auto centres = random_points<T>(candidates, d, 2);
  std::vector<double> weights(n, 1), squares(n, INFINITY), costs(8 * candidates);
  backend.seeding_step(test::view(points), view(weights), test::view(centres), view(squares),
                       matrix(costs, candidates));
  return n * candidates;
}

std::int64_t eigh(Backend& backend, std::int64_t count, std::int64_t d) {
  test::Random random(1);
  std::vector<double> matrices, values(count * d), vectors(count * d * d), residual(count),
      orthogonality(count);
  for (std::int64_t i = 0; i < count; ++i) {
    const test::RowMajor covariance = random.covariance(d);
    matrices.insert(matrices.end(), covariance.data(), covariance.data() + d * d);
  }
  backend.eigh({matrices.data(), count, d, d}, matrix(values, d), {vectors.data(), count, d, d},
               view(residual), view(orthogonality));
  return count;
}

std::int64_t pairwise_distances(Backend& backend, std::int64_t d) {
  const std::int64_t n = 256;
  const auto a = random_points<double>(n, d, 1);
  const auto b = random_points<double>(n, d, 2);
  std::vector<double> distances(n * n);
  backend.pairwise_distances(test::view(a), test::view(b), matrix(distances, n));
  return n * n;
}

template <class T>
std::int64_t largest_magnitude(Backend& backend, std::int64_t d) {
  const std::int64_t n = 8192;
  const auto points = random_points<T>(n, d, 1);
  std::vector<double> largest(1);
  std::vector<std::int64_t> first_beyond(1);
  backend.largest_magnitude(test::view(points), 1e9, view(largest), view(first_beyond));
  return n * d;
}

std::int64_t divide(Backend& backend, std::int64_t d) {
  const std::int64_t n = 8192;
  const auto points = random_points<double>(n, d, 1);
  std::vector<double> out(n * d);
  backend.divide(test::view(points), 4, matrix(out, d));
  return n * d;
}

std::int64_t symmetric_parts(Backend& backend, std::int64_t count, std::int64_t d) {
  const auto matrices = random_points<double>(count, d * d, 1);
  std::vector<double> symmetric(count * d * d), diagonals(count * d);
  std::vector<std::int64_t> off_diagonal(count), faults(2);
  backend.symmetric_parts({matrices.data(), count, d, d}, 1e9, {symmetric.data(), count, d, d},
                          matrix(diagonals, d), view(off_diagonal), view(faults));
  return count * d * d;
}

/// Boxes [−1, 1]^d, each with all of 64 components as members.
std::int64_t box_moments(Backend& backend, std::int64_t d) {
  const std::int64_t boxes = 128;
  const std::int64_t k = 64;
  const auto means = random_points<double>(k, d, 1);
  std::vector<double> deviations(k * d, 0.5), weights(k, 1.0 / k);
  std::vector<double> lower(boxes * d, -1), upper(boxes * d, 1), about(boxes * d, 0);
  std::vector<std::int64_t> rank(boxes, d), ends_begin, members_begin, components, rows_begin;
  for (std::int64_t b = 0; b < boxes; ++b) {
    ends_begin.push_back(b * d);
    members_begin.push_back(b * k);
    for (std::int64_t i = 0; i < k; ++i) components.push_back(i);
  }
  members_begin.push_back(boxes * k);
  for (std::int64_t i = 0; i < k; ++i) rows_begin.push_back(i * d);
  std::vector<double> member_mass(boxes * k), mass(boxes), first(boxes * d), second(boxes * d);
  backend.box_moments({view(rank),
                       view(ends_begin),
                       view(lower),
                       view(upper),
                       view(about),
                       view(members_begin),
                       view(components),
                       view(weights),
                       view(rows_begin),
                       {means.data(), k * d},
                       view(deviations)},
                      {view(member_mass), view(mass), view(first), view(second)});
  return boxes * k;
}

/// One block of components, none of them negligible.
std::int64_t ascent_step(Backend& backend, std::int64_t d) {
  const std::int64_t n = 512;
  const std::int64_t k = 64;
  const auto points = random_points<double>(n, d, 1);
  const auto means = random_points<double>(k, d, 2);
  const auto vectors = random_points<double>(k * d, d, 3);
  std::vector<double> deviations(k * d, 2), log_factors(k, -4), lower(d, -10), upper(d, 10);
  std::vector<double> block_log_factors(1, -4), block_deviations(1, 2);
  std::vector<double> log_densities(n), shifts(n * d), newtons(n * d);
  std::vector<std::int64_t> concave(n);
  backend.ascent_step(test::view(points),
                      {{test::view(means), matrix(deviations, d), {vectors.data(), k, d, d}},
                       view(log_factors),
                       matrix(lower, d),
                       matrix(upper, d),
                       view(block_log_factors),
                       view(block_deviations)},
                      50,
                      {view(log_densities), matrix(shifts, d), matrix(newtons, d), view(concave)});
  return n * k;
}

/// Rows of `cells` optimal cells of their Gaussian, the edges shared.
std::int64_t cell_moments(Backend& backend, std::int64_t rows, std::int64_t cells) {
  test::Random random(1);
  std::vector<double> means, deviations, edges;
  std::vector<std::int64_t> counts(rows, cells), edges_begin, out_begin;
  const auto quantizer = normal_quantizer(cells);
  for (std::int64_t r = 0; r < rows; ++r) {
    means.push_back(random.normal());
    deviations.push_back(random.uniform(0.1, 2));
    edges_begin.push_back(r * (cells - 1));
    out_begin.push_back(r * cells);
    for (std::int64_t j = 0; j + 1 < cells; ++j)
      edges.push_back(means[r] +
                      deviations[r] * (quantizer->points[j] + quantizer->points[j + 1]) / 2);
  }
  std::vector<double> mass(rows * cells), mean(rows * cells), variance(rows * cells);
  backend.cell_moments({view(means), view(deviations), view(counts), view(edges_begin),
                        view(out_begin), view(edges)},
                       {view(mass), view(mean), view(variance)});
  return rows * cells;
}

/// One grid of side^rank points.
struct Grid {
  std::int64_t points_count, side;
  std::vector<std::int64_t> rank, dimension_begin{0}, cells, points_begin, out_begin{0};

  Grid(std::int64_t cells_per_dimension, std::int64_t dimensions)
      : points_count(1), side(cells_per_dimension), rank{dimensions}, cells(dimensions, side) {
    for (std::int64_t k = 0; k < dimensions; ++k) {
      points_begin.push_back(k * side);
      points_count *= side;
    }
  }
  ProductGrids grids() {
    return {view(rank), view(dimension_begin), view(cells), view(points_begin), view(out_begin)};
  }
};

std::int64_t product_mass(Backend& backend, std::int64_t components) {
  Grid grid(8, 3);
  test::Random random(1);
  std::vector<double> weights = random.weights(components), masses,
                      probabilities(grid.points_count);
  std::vector<std::int64_t> component_begin{0, components}, row_begin{0}, masses_begin;
  for (std::int64_t r = 0; r < components * grid.rank[0]; ++r) {
    masses_begin.push_back(r * grid.side);
    for (std::int64_t j = 0; j < grid.side; ++j) masses.push_back(random.uniform(0, 1));
  }
  backend.product_mass(
      grid.grids(),
      {view(component_begin), view(row_begin), view(weights), view(masses_begin), view(masses)},
      view(probabilities));
  return grid.points_count * components;
}

std::int64_t product_locations(Backend& backend, std::int64_t d) {
  Grid grid(8, 4);
  const auto offsets = random_points<double>(1, d, 1);
  const auto directions = random_points<double>(grid.rank[0], d, 2);
  std::vector<double> points(grid.rank[0] * grid.side, 0.5), locations(grid.points_count * d);
  backend.product_locations(grid.grids(),
                            {test::view(offsets), test::view(directions), view(points)},
                            matrix(locations, d));
  return grid.points_count;
}

/// Most points lie in the ball of their nearest location.
template <class T>
std::int64_t region_statistics(Backend& backend, std::int64_t d) {
  const std::int64_t n = 4096;
  const std::int64_t k = 64;
  const auto points = random_points<T>(n, d, 1);
  const auto locations = random_points<double>(k + 1, d, 2);
  std::vector<double> radii(k + 1, 2 * std::sqrt(static_cast<double>(d))), lower(d, -100),
      upper(d, 100), sum(2 * (k + 1)), square(2 * (k + 1)), farthest(k + 1), distances(n);
  std::vector<std::int64_t> count(k + 1), outside(2), labels(n);
  backend.region_statistics(test::view(points),
                            {test::view(locations), view(radii), view(lower), view(upper)}, 1,
                            {view(count), matrix(sum, 2), matrix(square, 2), view(farthest),
                             view(outside), view(labels), view(distances)});
  return n;
}

std::int64_t price_edges(Backend& backend) {
  const std::int64_t n = 1024;
  const auto gains = random_points<double>(n, n, 1);
  std::vector<double> prices(n, 0.5), violations(n);
  std::vector<std::int64_t> columns(n);
  backend.price_edges(test::view(gains), view(prices), view(prices), matrix(violations, 1),
                      matrix(columns, 1));
  return n * n;
}

/// Full-rank components, each with a basis of its own (of vectors that need not be orthonormal).
std::int64_t mixture_density(Backend& backend, std::int64_t d) {
  const std::int64_t n = 512;
  const std::int64_t k = 4;
  const auto points = random_points<double>(n, d, 1);
  const auto means = random_points<double>(k, d, 2);
  const auto vectors = random_points<double>(k * d, d, 3);
  std::vector<double> deviations(k * d, 1), zeros(k), log_densities(n), scores(n * d),
      hessians(n * d * d);
  std::vector<std::int64_t> ranks(k, d);
  backend.mixture_density(test::view(points),
                          {{test::view(means), matrix(deviations, d), {vectors.data(), k, d, d}},
                           view(zeros),
                           view(ranks),
                           view(zeros),
                           view(zeros),
                           view(zeros)},
                          view(log_densities), matrix(scores, d), matrix(hessians, d * d));
  return n * k;
}

std::int64_t sample_mixture(Backend& backend, std::int64_t d, bool unit_basis) {
  const std::int64_t n = 4096;
  const std::int64_t k = 16;
  const auto means = random_points<double>(k, d, 1);
  const auto vectors = random_points<double>(k * d, d, 2);
  std::vector<double> deviations(k * d, 1), weights(k, 1), points(n * d);
  std::vector<std::int64_t> labels(n);
  TensorView<const double> eigenvectors;
  if (!unit_basis) eigenvectors = {vectors.data(), k, d, d};
  backend.sample_mixture({test::view(means), matrix(deviations, d), eigenvectors},
                         Cumulative(view(weights)).view(), 1, 0, matrix(points, d), view(labels));
  return n;
}

std::int64_t sample_discrete(Backend& backend, std::int64_t d) {
  const std::int64_t n = 8192;
  const std::int64_t k = 1024;
  const auto locations = random_points<double>(k, d, 1);
  std::vector<double> weights(k, 1), points(n * d);
  std::vector<std::int64_t> labels(n);
  backend.sample_discrete(test::view(locations), Cumulative(view(weights)).view(), 1, 0,
                          matrix(points, d), view(labels));
  return n;
}

}  // namespace

std::vector<Workload> workloads() {
  return {
      {"nearest, d = 2, double", "pair", [](Backend& b) { return nearest<double>(b, 2); }},
      {"nearest, d = 16, double", "pair", [](Backend& b) { return nearest<double>(b, 16); }},
      {"nearest, d = 128, double", "pair", [](Backend& b) { return nearest<double>(b, 128); }},
      {"nearest, d = 2, float", "pair", [](Backend& b) { return nearest<float>(b, 2); }},
      {"nearest, d = 16, float", "pair", [](Backend& b) { return nearest<float>(b, 16); }},
      {"nearest, d = 128, float", "pair", [](Backend& b) { return nearest<float>(b, 128); }},
      {"lloyd_step, d = 16, double", "pair", [](Backend& b) { return lloyd_step<double>(b, 16); }},
      {"lloyd_step, d = 16, float", "pair", [](Backend& b) { return lloyd_step<float>(b, 16); }},
      {"seeding_step, d = 16, double", "pair",
       [](Backend& b) { return seeding_step<double>(b, 16); }},
      {"pairwise_distances, d = 16", "pair", [](Backend& b) { return pairwise_distances(b, 16); }},
      {"eigh, d = 3", "matrix", [](Backend& b) { return eigh(b, 1024, 3); }},
      {"eigh, d = 16", "matrix", [](Backend& b) { return eigh(b, 64, 16); }},
      {"largest_magnitude, d = 16, float", "entry",
       [](Backend& b) { return largest_magnitude<float>(b, 16); }},
      {"divide, d = 16", "entry", [](Backend& b) { return divide(b, 16); }},
      {"symmetric_parts, d = 2", "entry", [](Backend& b) { return symmetric_parts(b, 4096, 2); }},
      {"symmetric_parts, d = 16", "entry", [](Backend& b) { return symmetric_parts(b, 128, 16); }},
      {"box_moments, d = 2", "box and component", [](Backend& b) { return box_moments(b, 2); }},
      {"ascent_step, d = 2", "point and component", [](Backend& b) { return ascent_step(b, 2); }},
      {"ascent_step, d = 8", "point and component", [](Backend& b) { return ascent_step(b, 8); }},
      {"cell_moments, 10 cells a row", "cell", [](Backend& b) { return cell_moments(b, 512, 10); }},
      {"product_mass, 16 components", "point and component",
       [](Backend& b) { return product_mass(b, 16); }},
      {"product_mass, 2048 components", "point and component",
       [](Backend& b) { return product_mass(b, 2048); }},
      {"product_locations, d = 8", "location", [](Backend& b) { return product_locations(b, 8); }},
      {"region_statistics, d = 8, double", "point",
       [](Backend& b) { return region_statistics<double>(b, 8); }},
      {"region_statistics, d = 8, float", "point",
       [](Backend& b) { return region_statistics<float>(b, 8); }},
      {"price_edges", "edge", price_edges},
      {"mixture_density, d = 2", "point and component",
       [](Backend& b) { return mixture_density(b, 2); }},
      {"mixture_density, d = 16", "point and component",
       [](Backend& b) { return mixture_density(b, 16); }},
      {"sample_mixture, d = 2, own bases", "sample",
       [](Backend& b) { return sample_mixture(b, 2, false); }},
      {"sample_mixture, d = 16, own bases", "sample",
       [](Backend& b) { return sample_mixture(b, 16, false); }},
      {"sample_mixture, d = 16, unit basis", "sample",
       [](Backend& b) { return sample_mixture(b, 16, true); }},
      {"sample_discrete, d = 2", "sample", [](Backend& b) { return sample_discrete(b, 2); }},
      {"sample_discrete, d = 16", "sample", [](Backend& b) { return sample_discrete(b, 16); }},
  };
}

const std::vector<Allowance>& allowances() {
  static const std::vector<Allowance> all{
      {"direct_kernel", Figure::lanes, 0.7,
       "threads idle while a tile of fewer than 16 dimensions is loaded"},
      {"sum_chunks_kernel", Figure::sectors, 4, "weights are gathered in the order of the cells"},
      {"small_eigh_kernel", Figure::sectors, 4.5, "a thread has its own matrix, which L1 keeps"},
      {"small_eigh_kernel", Figure::lanes, 0.9, "matrices need different numbers of sweeps"},
      {"warp_eigh_kernel", Figure::lanes, 0.5, "16 dimensions fill half of a warp"},
      {"symmetric_parts_kernel", Figure::sectors, 2.2,
       "mirror images are read along columns, which L1 keeps"},
      {"symmetric_parts_kernel", Figure::lanes, 0.9, "few entries lie on the diagonal"},
      {"box_moments_kernel", Figure::sectors, 2.2, "rows of components are gathered"},
      {"box_moments_kernel", Figure::lanes, 0.2,
       "members of a box take different branches of normal_cell"},
      {"ascent_kernel", Figure::sectors, 3.5, "a thread has its own point, which L1 keeps"},
      {"ascent_kernel", Figure::lanes, 0.65,
       "Newton's step is tried only where log p is concave, pivot by pivot"},
      {"cell_moments_kernel", Figure::sectors, 1.7, "results are written in the order of formulas"},
      {"cell_moments_kernel", Figure::lanes, 0.85,
       "the last warp of each formula is not full where a call has few cells"},
      {"cell_moments_kernel", Figure::passes, 1.4, "places are scattered, once a cell"},
      {"choose_regions_kernel", Figure::lanes, 0.7,
       "one of 8 lanes writes, and points in the ball of their nearest location do not search"},
      {"sum_part_kernel", Figure::lanes, 0.55, "a thread adds only the points of its own region"},
      {"sum_part_kernel", Figure::sectors, 4,
       "sums are structures of 48 bytes, written once a part"},
      {"price_edges_kernel", Figure::lanes, 0.85,
       "a branch around moves, which ptxas makes predicates of"},
      {"log_density_kernel", Figure::lanes, 0.85, "a component is the largest term or is not"},
      {"log_density_kernel", Figure::sectors, 4, "a thread reads its own row, which L1 keeps"},
      {"score_kernel", Figure::sectors, 4, "a thread has its own row, which L1 keeps"},
      {"hessian_kernel", Figure::sectors, 4, "a thread has its own row, which L1 keeps"},
      {"sample_mixture_kernel", Figure::sectors, 4,
       "look-ups at random, and a lane reads its own row of eigenvectors, which L1 keeps"},
      {"sample_mixture_kernel", Figure::passes, 2, "normal numbers are written in pairs"},
      {"sample_discrete_kernel", Figure::sectors, 4, "look-ups at random"},
  };
  return all;
}

}  // namespace wquant::roofline
