#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/workspace_limit.hpp"
#include "base/lengths.hpp"
#include "base/limits.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "quantize/mixture/factors.hpp"
#include "wquant/error.hpp"
#include "wquant/push_forward.hpp"

namespace wquant {
namespace {

/// A / unit, or its transpose if that has fewer rows, packed.
struct Wide {
  std::int64_t rows, cols;
  std::vector<double> values;
  const double* row(std::int64_t i) const { return values.data() + i * cols; }
};

Wide wide(MatrixView<const double> a, double unit) {
  const bool transpose = a.rows > a.cols;
  Wide out{std::min(a.rows, a.cols), std::max(a.rows, a.cols), {}};
  out.values.reserve(static_cast<std::size_t>(out.rows * out.cols));
  for (std::int64_t i = 0; i < out.rows; ++i)
    for (std::int64_t j = 0; j < out.cols; ++j)
      out.values.push_back((transpose ? a(j, i) : a(i, j)) / unit);
  return out;
}

double inner(const double* x, const double* y, std::int64_t n) {
  double sum = 0;
  for (std::int64_t k = 0; k < n; ++k) sum += x[k] * y[k];
  return sum;
}

/// ≥ ‖G‖₂ for a symmetric s × s matrix G = VΛVᵀ + R: λ_max ‖V‖₂² + ‖R‖.
double largest_eigenvalue(const Context& context, const std::vector<double>& gram, std::int64_t s) {
  const Factors factors(context, {gram.data(), 1, s, s});
  return std::max(0.0, factors.values(0, 1)(0, 0)) * (1 + factors.orthogonality(0, 1)[0]) +
         factors.residual(0, 1)[0];
}

}  // namespace

double spectral_norm_bound(const Context& context, MatrixView<const double> a) {
  require_host("matrix", a.space);
  if (a.rows < 1 || a.cols < 1) throw InvalidArgument("matrix: no entries; expected at least one");
  require_finite("matrix", a);
  const double unit = power_of_two_unit(a);
  const Wide m = wide(a, unit);
  const std::int64_t s = m.rows;
  require_workspace(context, "spectral norm",
                    sizeof(double) * (3.0 * static_cast<double>(s) * static_cast<double>(s) +
                                      static_cast<double>(s) * static_cast<double>(m.cols)));
  const double squared_norm = inner(m.row(0), m.row(0), s * m.cols);
  if (squared_norm == 0) return 0;
  std::vector<double> gram(static_cast<std::size_t>(s * s));
  for (std::int64_t i = 0; i < s; ++i)
    for (std::int64_t j = 0; j <= i; ++j)
      gram[i * s + j] = gram[j * s + i] = inner(m.row(i), m.row(j), m.cols);
  // Entries of the Gram matrix are off by at most n ε/2 ‖a_i‖ ‖a_j‖ (Higham §3.1), and squares may
  // have vanished: entries of A / unit below the root of the smallest number.
  const auto n = static_cast<double>(m.cols);
  const auto entries = static_cast<double>(s) * n;
  const double rounding = n * kEpsilon * squared_norm + entries * kSmallestNormal;
  const double frobenius =
      squared_norm * (1 + (entries + 8) * kEpsilon) + entries * kSmallestNormal;
  const double square =
      std::min(s == 1 ? INFINITY : largest_eigenvalue(context, gram, s) + rounding, frobenius);
  const double norm = sqrt(Upper::relative(square, 4)).scaled(unit).value();
  if (!std::isfinite(norm))
    throw InvalidArgument("matrix: a norm beyond the range of double; expected a finite one");
  return norm;
}

}  // namespace wquant
