#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/parallel.hpp"
#include "cpu/cpu_backend.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kEntriesPerChunk = 1 << 14;

struct Faults {
  std::int64_t not_finite = kNone;
  std::int64_t asymmetric = kNone;
};

struct MatrixParts {
  MatrixView<double> symmetric;
  double* diagonal;
  std::int64_t off_diagonal = 0;
  Faults faults;  // within the matrix
};

void split(MatrixView<const double> a, double tolerance, MatrixParts& parts) {
  const std::int64_t d = a.rows;
  double largest = 0;
  for (std::int64_t r = 0; r < d; ++r)
    for (std::int64_t c = 0; c < d; ++c) {
      if (!std::isfinite(a(r, c)))
        parts.faults.not_finite = std::min(parts.faults.not_finite, r * d + c);
      largest = std::max(largest, std::fabs(a(r, c)));
      parts.off_diagonal += r != c && a(r, c) != 0;
    }
  for (std::int64_t r = 0; r < d; ++r) {
    parts.diagonal[r] = a(r, r);
    for (std::int64_t c = 0; c <= r; ++c) {
      if (std::fabs(a(r, c) - a(c, r)) > tolerance * largest)
        parts.faults.asymmetric = std::min(parts.faults.asymmetric, r * d + c);
      parts.symmetric(r, c) = parts.symmetric(c, r) = a(r, c) / 2 + a(c, r) / 2;
    }
  }
}

std::int64_t or_none(std::int64_t index) { return index == kNone ? -1 : index; }

}  // namespace

void CpuBackend::symmetric_parts(TensorView<const double> matrices, double tolerance,
                                 TensorView<double> symmetric, MatrixView<double> diagonals,
                                 VectorView<std::int64_t> off_diagonal,
                                 VectorView<std::int64_t> faults) {
  const std::int64_t entries = matrices.rows * matrices.cols;
  const std::int64_t chunk = std::max<std::int64_t>(1, kEntriesPerChunk / entries);
  std::vector<Faults> found(static_cast<std::size_t>((matrices.count + chunk - 1) / chunk));
  parallel_chunks(threads_, matrices.count, chunk, [&](std::int64_t begin, std::int64_t end) {
    Faults& first = found[begin / chunk];
    for (std::int64_t i = begin; i < end; ++i) {
      MatrixParts parts{symmetric[i], diagonals.row(i), 0, {}};
      split(matrices[i], tolerance, parts);
      off_diagonal[i] = parts.off_diagonal;
      if (parts.faults.not_finite != kNone)
        first.not_finite = std::min(first.not_finite, i * entries + parts.faults.not_finite);
      if (parts.faults.asymmetric != kNone)
        first.asymmetric = std::min(first.asymmetric, i * entries + parts.faults.asymmetric);
    }
  });
  Faults first;
  for (const Faults& f : found) {
    first.not_finite = std::min(first.not_finite, f.not_finite);
    first.asymmetric = std::min(first.asymmetric, f.asymmetric);
  }
  faults[0] = or_none(first.not_finite);
  faults[1] = or_none(first.asymmetric);
}

}  // namespace wquant
