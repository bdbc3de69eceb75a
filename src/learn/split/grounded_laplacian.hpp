#pragma once

#include <cstdint>
#include <vector>

namespace wquant {

struct Conductance {
  std::int64_t from = 0;
  std::int64_t to = 0;
  double value = 0;  ///< > 0
};

/// The Laplacian of a connected graph on n ≥ 1 nodes, its last row and column left out, scaled to
/// diagonal 1 and factorised (sparse Cholesky, approximate minimum degree).
class GroundedLaplacian {
 public:
  static constexpr std::int64_t kColumns = 64;

  GroundedLaplacian(std::int64_t nodes, const std::vector<Conductance>& conductances);

  /// False if rounding left a pivot that is not positive.
  bool factorised() const { return factorised_; }

  /// Currents (n × kColumns, row-major) that enter at each node and leave at the last become the
  /// potentials, 0 at the last.
  void solve(double* currents) const;

 private:
  std::int64_t free_;          // n − 1
  std::vector<double> scale_;  // of each free node
  std::vector<int> place_;     // of each free node in the elimination order
  std::vector<int> begin_, row_;
  std::vector<double> value_;  // columns of the factor, each with its diagonal first
  bool factorised_ = true;
};

}  // namespace wquant
