#include <algorithm>
#include <vector>

#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "cpu/cpu_backend.hpp"
#include "numerics/row_cells.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kLanes = 32;
constexpr std::int64_t kBoxesPerChunk = 8;

/// Sums of `width` numbers each, in lanes that are added pairwise in the end.
class LaneSums {
 public:
  void restart(std::int64_t width) {
    width_ = width;
    sums_.assign(static_cast<std::size_t>(kLanes * width), 0.0);
  }
  double* lane(std::int64_t j) { return sums_.data() + j % kLanes * width_; }
  const double* total() {
    for (std::int64_t half = kLanes / 2; half > 0; half /= 2)
      for (std::int64_t at = 0; at < half * width_; ++at) sums_[at] += sums_[at + half * width_];
    return sums_.data();
  }

 private:
  std::int64_t width_ = 0;
  std::vector<double> sums_;
};

void add_box(const BoxMembers& boxes, const BoxTable& out, std::int64_t b, LaneSums& sums,
             std::vector<CellMoments>& cells) {
  const std::int64_t rank = boxes.rank[b];
  const std::int64_t ends = boxes.ends_begin[b];
  const std::int64_t begin = boxes.members_begin[b];
  sums.restart(1 + 2 * rank);
  cells.resize(static_cast<std::size_t>(rank));
  ShortSteps steps;
  for (std::int64_t e = begin; e < boxes.members_begin[b + 1]; ++e) {
    steps.beat();
    const std::int64_t c = boxes.components[e];
    const std::int64_t row = boxes.rows_begin[c];
    double mass = boxes.weights[c];
    for (std::int64_t k = 0; k < rank; ++k) {
      cells[k] = gaussian_cell(boxes.means[row + k], boxes.deviations[row + k],
                               boxes.lower[ends + k], boxes.upper[ends + k]);
      mass *= cells[k].mass;
    }
    out.member_mass[e] = mass;
    double* const lane = sums.lane(e - begin);
    lane[0] += mass;
    for (std::int64_t k = 0; k < rank; ++k) {
      const double offset = cells[k].mean - boxes.about[ends + k];
      lane[1 + k] += mass * offset;
      lane[1 + rank + k] += mass * (cells[k].variance + offset * offset);
    }
  }
  const double* const total = sums.total();
  out.mass[b] = total[0];
  std::copy_n(total + 1, rank, out.first.data + ends);
  std::copy_n(total + 1 + rank, rank, out.second.data + ends);
}

}  // namespace

void CpuBackend::box_moments(const BoxMembers& boxes, const BoxTable& out) {
  parallel_chunks(threads_, boxes.rank.size, kBoxesPerChunk,
                  [&](std::int64_t begin, std::int64_t end) {
                    LaneSums sums;
                    std::vector<CellMoments> cells;
                    for (std::int64_t b = begin; b < end; ++b) add_box(boxes, out, b, sums, cells);
                  });
}

}  // namespace wquant
