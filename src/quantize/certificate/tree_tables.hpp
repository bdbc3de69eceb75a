#pragma once

#include <span>
#include <vector>

#include "quantize/certificate/local_gaussian.hpp"
#include "quantize/certificate/scheme_tables.hpp"
#include "quantize/certificate/totals.hpp"
#include "wquant/context.hpp"

namespace wquant {

/// A tree laid over its components: boxes in multiples of the job's unit, and who is in them. On
/// its way down, a component that has less than 1e-16 of a box's mass goes no further: all of it
/// that is in the box is sent to the leaf that has the box's number, which is a coupling too.
struct TreeLayout {
  TreeLayout(const Layer& layer, const GaussianMixture& mixture, double unit, int threads);

  const Tree* tree;
  std::vector<std::int64_t> components;  // of the layer, in canonical_order
  LocalFrame frame;
  std::vector<LocalGaussian> locals;        // one a component
  std::vector<double> points;               // leaves × rank
  std::vector<double> cuts;                 // one a split
  std::vector<std::int64_t> leaf;           // of each box
  std::vector<double> lower, upper, about;  // boxes × rank
  std::vector<std::int64_t> members;        // among the components, box after box
  std::vector<std::int64_t> members_end;    // of each box
};

/// The tree layers of a batch of jobs with the moments of their boxes (quantization.md §7), all in
/// one pass of the kernel.
class TreeTables {
 public:
  /// units: one a job.
  TreeTables(const Context& context, std::span<const Job> jobs, std::span<const double> units);

  std::int64_t layers() const { return static_cast<std::int64_t>(layouts_.size()); }

  /// What layer l brings to the certificate. centre and unit as in grid_totals. Writes the
  /// probabilities of its points and how far from them, in multiples of unit, the means of their
  /// cells are (leaves × rank), unless null.
  LayerTotals totals(std::int64_t l, const GaussianMixture& mixture,
                     const std::vector<double>& centre, double unit,
                     std::vector<double>& probabilities,
                     std::vector<double>* off_mean = nullptr) const;

 private:
  std::vector<TreeLayout> layouts_;
  std::vector<std::int64_t> first_box_, first_end_;
  std::vector<double> mass_, first_, second_;
};

/// size × d.
std::vector<double> locations(const Tree& tree);

}  // namespace wquant
