#include "conformance/host_views.hpp"

#include <utility>
#include <vector>

#include "backend/each_view.hpp"

namespace wquant::test {
namespace {

/// The device's copies of one call's views.
class Staging {
 public:
  explicit Staging(Backend& device) : device_(device) {}
  ~Staging() {
    for (void* const memory : memory_) device_.deallocate(memory);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  template <class View>
  View input(View view) {
    const auto bytes = static_cast<std::size_t>(extent(view)) * sizeof(*view.data);
    memory_.push_back(device_.allocate(bytes));
    if (bytes > 0) device_.copy_from_host(memory_.back(), view.data, bytes);
    view.data = static_cast<decltype(view.data)>(memory_.back());
    view.space = MemorySpace::device;
    return view;
  }

  template <class View>
  View output(View view) {
    const View copy = input(view);
    outputs_.push_back(
        {view.data, copy.data, static_cast<std::size_t>(extent(view)) * sizeof(*view.data)});
    return copy;
  }

  void copy_back() {
    for (const Output& output : outputs_)
      if (output.bytes > 0) device_.copy_to_host(output.host, output.device, output.bytes);
  }

 private:
  struct Output {
    void* host;
    const void* device;
    std::size_t bytes;
  };

  Backend& device_;
  std::vector<void*> memory_;
  std::vector<Output> outputs_;
};

class HostViews final : public Backend {
 public:
  explicit HostViews(std::shared_ptr<Backend> device) : device_(std::move(device)) {}

  std::string device() const override { return device_->device(); }
  MemorySpace memory_space() const override { return MemorySpace::host; }
  std::size_t workspace_limit() const override { return device_->workspace_limit(); }
  int host_threads() const override { return device_->host_threads(); }
  void* allocate(std::size_t bytes) override { return device_->allocate(bytes); }
  void deallocate(void* memory) noexcept override { device_->deallocate(memory); }
  void copy_to_host(void* to, const void* from, std::size_t bytes) override {
    device_->copy_to_host(to, from, bytes);
  }
  void copy_from_host(void* to, const void* from, std::size_t bytes) override {
    device_->copy_from_host(to, from, bytes);
  }
  void wait() override { device_->wait(); }

  void eigh(TensorView<const double> matrices, MatrixView<double> eigenvalues,
            TensorView<double> eigenvectors, VectorView<double> residual,
            VectorView<double> orthogonality) override {
    Staging staging(*device_);
    device_->eigh(staging.input(matrices), staging.output(eigenvalues),
                  staging.output(eigenvectors), staging.output(residual),
                  staging.output(orthogonality));
    staging.copy_back();
  }

  void largest_magnitude(MatrixView<const double> values, double limit, VectorView<double> largest,
                         VectorView<std::int64_t> first_beyond) override {
    stage_magnitude(values, limit, largest, first_beyond);
  }
  void largest_magnitude(MatrixView<const float> values, double limit, VectorView<double> largest,
                         VectorView<std::int64_t> first_beyond) override {
    stage_magnitude(values, limit, largest, first_beyond);
  }
  void divide(MatrixView<const double> values, double unit, MatrixView<double> out) override {
    stage_divide(values, unit, out);
  }
  void divide(MatrixView<const float> values, double unit, MatrixView<float> out) override {
    stage_divide(values, unit, out);
  }

  void symmetric_parts(TensorView<const double> matrices, double tolerance,
                       TensorView<double> symmetric, MatrixView<double> diagonals,
                       VectorView<std::int64_t> off_diagonal,
                       VectorView<std::int64_t> faults) override {
    Staging staging(*device_);
    device_->symmetric_parts(staging.input(matrices), tolerance, staging.output(symmetric),
                             staging.output(diagonals), staging.output(off_diagonal),
                             staging.output(faults));
    staging.copy_back();
  }

  void cell_moments(const CellRows& rows, const CellTable& out) override {
    Staging staging(*device_);
    device_->cell_moments(
        {staging.input(rows.means), staging.input(rows.deviations), staging.input(rows.cells),
         staging.input(rows.edges_begin), staging.input(rows.out_begin), staging.input(rows.edges)},
        {staging.output(out.mass), staging.output(out.mean), staging.output(out.variance)});
    staging.copy_back();
  }

  void box_moments(const BoxMembers& boxes, const BoxTable& out) override {
    Staging staging(*device_);
    device_->box_moments(
        {staging.input(boxes.rank), staging.input(boxes.ends_begin), staging.input(boxes.lower),
         staging.input(boxes.upper), staging.input(boxes.about), staging.input(boxes.members_begin),
         staging.input(boxes.components), staging.input(boxes.weights),
         staging.input(boxes.rows_begin), staging.input(boxes.means),
         staging.input(boxes.deviations)},
        {staging.output(out.member_mass), staging.output(out.mass), staging.output(out.first),
         staging.output(out.second)});
    staging.copy_back();
  }

  void product_mass(const ProductGrids& grids, const GridComponents& components,
                    VectorView<double> probabilities) override {
    Staging staging(*device_);
    device_->product_mass(
        input(staging, grids),
        {staging.input(components.component_begin), staging.input(components.row_begin),
         staging.input(components.weights), staging.input(components.masses_begin),
         staging.input(components.masses)},
        staging.output(probabilities));
    staging.copy_back();
  }

  void product_locations(const ProductGrids& grids, const GridFrames& frames,
                         MatrixView<double> locations) override {
    Staging staging(*device_);
    device_->product_locations(input(staging, grids),
                               {staging.input(frames.offsets), staging.input(frames.directions),
                                staging.input(frames.points)},
                               staging.output(locations));
    staging.copy_back();
  }

  void nearest(MatrixView<const double> points, MatrixView<const double> centres,
               VectorView<std::int64_t> labels, VectorView<double> squared_distances) override {
    stage_nearest(points, centres, labels, squared_distances);
  }
  void nearest(MatrixView<const float> points, MatrixView<const float> centres,
               VectorView<std::int64_t> labels, VectorView<double> squared_distances) override {
    stage_nearest(points, centres, labels, squared_distances);
  }

  void lloyd_step(MatrixView<const double> points, VectorView<const double> weights,
                  MatrixView<const double> centres, VectorView<const double> shifts,
                  const LloydPoints& at, const LloydTotals& totals) override {
    stage_lloyd(points, weights, centres, shifts, at, totals);
  }
  void seeding_step(MatrixView<const double> points, VectorView<const double> weights,
                    MatrixView<const double> candidates, VectorView<double> squares,
                    MatrixView<double> costs) override {
    stage_seeding(points, weights, candidates, squares, costs);
  }
  void region_statistics(MatrixView<const double> points, const RegionGeometry& regions, int order,
                         const RegionTotals& totals) override {
    stage_regions(points, regions, order, totals);
  }
  void lloyd_step(MatrixView<const float> points, VectorView<const double> weights,
                  MatrixView<const float> centres, VectorView<const double> shifts,
                  const LloydPoints& at, const LloydTotals& totals) override {
    stage_lloyd(points, weights, centres, shifts, at, totals);
  }
  void seeding_step(MatrixView<const float> points, VectorView<const double> weights,
                    MatrixView<const float> candidates, VectorView<double> squares,
                    MatrixView<double> costs) override {
    stage_seeding(points, weights, candidates, squares, costs);
  }
  void region_statistics(MatrixView<const float> points, const RegionGeometry& regions, int order,
                         const RegionTotals& totals) override {
    stage_regions(points, regions, order, totals);
  }

  void pairwise_distances(MatrixView<const double> a, MatrixView<const double> b,
                          MatrixView<double> distances) override {
    Staging staging(*device_);
    device_->pairwise_distances(staging.input(a), staging.input(b), staging.output(distances));
    staging.copy_back();
  }

  void price_edges(MatrixView<const double> gains, VectorView<const double> row_prices,
                   VectorView<const double> column_prices, MatrixView<double> violations,
                   MatrixView<std::int64_t> columns) override {
    Staging staging(*device_);
    device_->price_edges(staging.input(gains), staging.input(row_prices),
                         staging.input(column_prices), staging.output(violations),
                         staging.output(columns));
    staging.copy_back();
  }

  void mixture_density(MatrixView<const double> points, const MixtureDensity& mixture,
                       VectorView<double> log_densities, MatrixView<double> scores,
                       MatrixView<double> hessians) override {
    Staging staging(*device_);
    device_->mixture_density(
        staging.input(points),
        {input(staging, mixture.components), staging.input(mixture.log_factors),
         staging.input(mixture.ranks), staging.input(mixture.tolerance),
         staging.input(mixture.reach), staging.input(mixture.slack)},
        staging.output(log_densities), optional_output(staging, scores),
        optional_output(staging, hessians));
    staging.copy_back();
  }

  void ascent_step(MatrixView<const double> points, const AscentMixture& mixture, double cutoff,
                   const AscentStep& out) override {
    Staging staging(*device_);
    device_->ascent_step(
        staging.input(points),
        {input(staging, mixture.components), staging.input(mixture.log_factors),
         staging.input(mixture.lower), staging.input(mixture.upper),
         staging.input(mixture.block_log_factors), staging.input(mixture.block_deviations)},
        cutoff,
        {staging.output(out.log_densities), staging.output(out.shifts), staging.output(out.newtons),
         staging.output(out.concave)});
    staging.copy_back();
  }

  void sample_mixture(const GaussianComponents& components, const CumulativeTable& choice,
                      std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                      VectorView<std::int64_t> labels) override {
    Staging staging(*device_);
    device_->sample_mixture(input(staging, components), input(staging, choice), seed, first,
                            staging.output(points), optional_output(staging, labels));
    staging.copy_back();
  }

  void sample_discrete(MatrixView<const double> locations, const CumulativeTable& choice,
                       std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                       VectorView<std::int64_t> labels) override {
    Staging staging(*device_);
    device_->sample_discrete(staging.input(locations), input(staging, choice), seed, first,
                             staging.output(points), optional_output(staging, labels));
    staging.copy_back();
  }

 private:
  static GaussianComponents input(Staging& staging, const GaussianComponents& components) {
    return {staging.input(components.means), staging.input(components.deviations),
            staging.input(components.eigenvectors)};
  }

  static CumulativeTable input(Staging& staging, const CumulativeTable& table) {
    return {staging.input(table.cumulative), staging.input(table.guide)};
  }

  template <class View>
  static View optional_output(Staging& staging, const View& view) {
    return view.data ? staging.output(view) : view;
  }

  static ProductGrids input(Staging& staging, const ProductGrids& grids) {
    return {staging.input(grids.rank), staging.input(grids.dimension_begin),
            staging.input(grids.cells), staging.input(grids.points_begin),
            staging.input(grids.out_begin)};
  }

  template <class T>
  void stage_magnitude(MatrixView<const T> values, double limit, VectorView<double> largest,
                       VectorView<std::int64_t> first_beyond) {
    Staging staging(*device_);
    device_->largest_magnitude(staging.input(values), limit, staging.output(largest),
                               staging.output(first_beyond));
    staging.copy_back();
  }

  template <class T>
  void stage_divide(MatrixView<const T> values, double unit, MatrixView<T> out) {
    Staging staging(*device_);
    device_->divide(staging.input(values), unit, staging.output(out));
    staging.copy_back();
  }

  template <class T>
  void stage_nearest(MatrixView<const T> points, MatrixView<const T> centres,
                     VectorView<std::int64_t> labels, VectorView<double> squared_distances) {
    Staging staging(*device_);
    device_->nearest(staging.input(points), staging.input(centres), staging.output(labels),
                     staging.output(squared_distances));
    staging.copy_back();
  }

  template <class T>
  void stage_lloyd(MatrixView<const T> points, VectorView<const double> weights,
                   MatrixView<const T> centres, VectorView<const double> shifts,
                   const LloydPoints& at, const LloydTotals& totals) {
    Staging staging(*device_);
    device_->lloyd_step(
        staging.input(points), staging.input(weights), staging.input(centres),
        staging.input(shifts),
        {staging.output(at.labels), staging.output(at.squared_distances), staging.output(at.lower)},
        {staging.output(totals.mass), staging.output(totals.sums), staging.output(totals.summary)});
    staging.copy_back();
  }

  template <class T>
  void stage_seeding(MatrixView<const T> points, VectorView<const double> weights,
                     MatrixView<const T> candidates, VectorView<double> squares,
                     MatrixView<double> costs) {
    Staging staging(*device_);
    device_->seeding_step(staging.input(points), staging.input(weights), staging.input(candidates),
                          staging.output(squares), staging.output(costs));
    staging.copy_back();
  }

  template <class T>
  void stage_regions(MatrixView<const T> points, const RegionGeometry& regions, int order,
                     const RegionTotals& totals) {
    Staging staging(*device_);
    device_->region_statistics(
        staging.input(points),
        {staging.input(regions.locations), staging.input(regions.radii),
         staging.input(regions.lower), staging.input(regions.upper)},
        order,
        {staging.output(totals.count), staging.output(totals.sum), staging.output(totals.square),
         staging.output(totals.farthest), staging.output(totals.outside),
         optional_output(staging, totals.labels), optional_output(staging, totals.distances)});
    staging.copy_back();
  }

  std::shared_ptr<Backend> device_;
};

}  // namespace

std::shared_ptr<Backend> on_host_views(std::shared_ptr<Backend> device) {
  return std::make_shared<HostViews>(std::move(device));
}

}  // namespace wquant::test
