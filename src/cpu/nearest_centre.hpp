#pragma once

#include <cstdint>
#include <vector>

#include "cpu/centre_scan.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Points that a task looks up at a time: enough to fill blocks with the doubtful ones.
inline constexpr std::int64_t kPointsPerTask = 2048;

template <class T>
std::vector<const T*> row_pointers(MatrixView<const T> points) {
  std::vector<const T*> rows;
  rows.reserve(static_cast<std::size_t>(points.rows));
  for (std::int64_t i = 0; i < points.rows; ++i) rows.push_back(points.row(i));
  return rows;
}

/// The centres laid out for finding the nearest one of many points. Shared by threads.
///
/// The least Σ(x − c)² as T evaluates it, ties to the lowest index, is found in two ways with the
/// same answer: directly, or in more dimensions from ½‖c‖² − x·c, both shifted to the mean of the
/// centres, which takes one fused operation a dimension in place of three. A point whose best
/// centre leads by no more than the ScoreMargin is looked up directly.
template <class T>
class NearestCentre {
 public:
  /// Measured: in fewer dimensions the second least costs more than the fused operations save.
  static constexpr std::int64_t kLeastExpandedDimension = 3;

  /// The expansion from least_expanded dimensions on.
  explicit NearestCentre(MatrixView<const T> centres,
                         std::int64_t least_expanded = kLeastExpandedDimension);

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

  /// rows: the points. lower, if not null, gets lower bounds on the distances from the points to
  /// all centres but their own, 0 where there is none to be had cheaply.
  void find(const T* const* rows, std::int64_t count, Scratch& scratch, std::int64_t* labels,
            double* lower = nullptr) const;

 private:
  /// What the expansion says of a block.
  struct alignas(64) Block {
    ScanIndex<T> labels[kBlock<T>];
    T squares[kBlock<T>], least[kBlock<T>], second[kBlock<T>];
    T margin[kBlock<T>];  // of scores

    bool certain(std::int64_t i) const { return second[i] - least[i] > margin[i]; }
    double lower(std::int64_t i) const;
  };

  void find_directly(const T* const* rows, std::int64_t count, Scratch& scratch,
                     std::int64_t* labels) const;
  void find_again(const T* const* rows, const std::vector<std::int64_t>& which, Scratch& scratch,
                  std::int64_t* labels) const;
  bool scan_block(Scratch& scratch, Block& block) const;

  std::int64_t d_, quad_count_;
  bool expanded_ = false;  // whether the expansion pays and cannot overflow
  T largest_square_ = 0;   // C²
  std::vector<T> quads_, mean_, shifted_quads_, half_squares_;
};

}  // namespace wquant
