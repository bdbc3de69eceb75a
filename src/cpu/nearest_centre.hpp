#pragma once

#include <cstdint>
#include <vector>

#include "cpu/centre_scan.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Points that a task looks up at a time: enough to fill blocks with the doubtful ones.
inline constexpr std::int64_t kPointsPerTask = 2048;

/// The centres laid out for finding the nearest one of many points. Shared by threads.
///
/// The least Σ(x − c)² as T evaluates it, ties to the lowest index, is found in two ways with the
/// same answer: directly, or in more dimensions from ½‖c‖² − x·c, both shifted to the mean of the
/// centres, which takes one fused operation a dimension in place of three. With u the unit
/// roundoff, X = ‖x‖ and C = max ‖c‖ after the shift, the scores are off by γ (½C² + XC), the shift
/// by 2.1 u (X + C)² and the direct squares by γ (X + C)², γ about (d + 2) u: a centre that leads
/// by 2.2 (d + 4) u (X + C)² is the answer, any other point is looked up directly.
template <class T>
class NearestCentre {
 public:
  explicit NearestCentre(MatrixView<const T> centres);

  /// Memory of one task.
  class Scratch {
   public:
    explicit Scratch(std::int64_t d);
    T* raw() { return raw_.data()->values; }
    T* shifted() { return shifted_.data()->values; }

   private:
    struct alignas(64) Line {
      T values[64 / sizeof(T)];
    };
    std::vector<Line> raw_, shifted_;  // d × kBlock
  };

  void find(MatrixView<const T> points, Scratch& scratch, std::int64_t* labels) const;

 private:
  void find_directly(const T* const* rows, std::int64_t count, Scratch& scratch,
                     std::int64_t* labels) const;
  bool scan_block(Scratch& scratch, ScanIndex<T>* labels, bool* certain) const;

  std::int64_t d_, quad_count_;
  bool expanded_ = false;  // whether the expansion pays and cannot overflow
  T largest_square_ = 0;   // C²
  std::vector<T> quads_, mean_, shifted_quads_, half_squares_;
};

}  // namespace wquant
