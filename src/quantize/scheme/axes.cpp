#include "wquant/axes.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>

#include "base/orthogonality.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kOrthogonalityTolerance = 1e-6;
constexpr double kMatchTolerance = 1e-9;

double dot(const Axes& a, std::int64_t k, const Axes& b, std::int64_t l) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.dimension(); ++i) sum += a.basis()(i, k) * b.basis()(i, l);
  return sum;
}

}  // namespace

Axes::Axes(MatrixView<const double> basis, std::vector<double> scales, std::vector<double> offset)
    : scales_(std::move(scales)), offset_(std::move(offset)) {
  require_host("basis", basis.space);
  if (offset_.empty()) throw InvalidArgument("offset: dimension 0; expected at least 1");
  require_shape("basis", {basis.rows, basis.cols}, {dimension(), rank()});
  require_finite("basis", basis);
  require_finite("offset", VectorView<const double>{offset_.data(), dimension()});
  for (std::int64_t k = 0; k < rank(); ++k)
    if (!(scales_[k] > 0) || !std::isfinite(scales_[k]))
      throw_bad_value("scales", {k}, scales_[k], "a positive finite number");
  const double error = column_orthogonality_error(basis);
  if (error > kOrthogonalityTolerance)
    throw_bad_value("basis", {}, error,
                    "orthonormal columns: this is ||V'V - I||, the limit is " +
                        number_text(kOrthogonalityTolerance));
  basis_.reserve(static_cast<std::size_t>(basis.rows * basis.cols));
  for (std::int64_t a = 0; a < basis.rows; ++a)
    basis_.insert(basis_.end(), basis.row(a), basis.row(a) + basis.cols);
}

Axes Axes::standard(std::vector<double> offset) {
  const auto d = static_cast<std::int64_t>(offset.size());
  std::vector<double> unit(static_cast<std::size_t>(d * d));
  for (std::int64_t k = 0; k < d; ++k) unit[k * d + k] = 1;
  std::vector<double> scales(offset.size(), 1.0);
  return Axes({unit.data(), d, d}, std::move(scales), std::move(offset));
}

std::vector<double> Axes::to_local(const std::vector<double>& x) const {
  require_shape("x", {static_cast<std::int64_t>(x.size())}, {dimension()});
  std::vector<double> z(scales_.size());
  for (std::int64_t a = 0; a < dimension(); ++a)
    for (std::int64_t k = 0; k < rank(); ++k) z[k] += basis()(a, k) * (x[a] - offset_[a]);
  for (std::int64_t k = 0; k < rank(); ++k) z[k] /= scales_[k];
  return z;
}

std::vector<double> Axes::from_local(const std::vector<double>& z) const {
  require_shape("z", {static_cast<std::int64_t>(z.size())}, {rank()});
  std::vector<double> x = offset_;
  for (std::int64_t k = 0; k < rank(); ++k)
    for (std::int64_t a = 0; a < dimension(); ++a) x[a] += basis()(a, k) * (scales_[k] * z[k]);
  return x;
}

std::vector<AxisMatch> match_axes(const Axes& from, const Axes& to) {
  require_shape("axes", {to.dimension(), to.rank()}, {from.dimension(), from.rank()});
  std::vector<bool> used(static_cast<std::size_t>(from.rank()));
  std::vector<AxisMatch> matches;
  std::vector<double> across(from.offset());  // o_from − o without its part along the axes
  for (std::int64_t a = 0; a < from.dimension(); ++a) across[a] -= to.offset()[a];
  const std::vector<double> between = across;
  double size = 0;
  for (const double x : between) size = std::max(size, std::fabs(x));
  for (std::int64_t k = 0; k < to.rank(); ++k) {
    AxisMatch match{-1, 1, 0};
    double cosine = 0;
    for (std::int64_t l = 0; l < from.rank() && match.from < 0; ++l) {
      cosine = dot(to, k, from, l);
      if (!used[l] && std::fabs(cosine) > 0.9) match.from = l;
    }
    const double sign = cosine < 0 ? -1 : 1;
    for (std::int64_t a = 0; match.from >= 0 && a < to.dimension(); ++a)
      if (std::fabs(to.basis()(a, k) - sign * from.basis()(a, match.from)) > kMatchTolerance)
        match.from = -1;
    if (match.from < 0)
      throw InvalidArgument("axes: direction " + std::to_string(k) +
                            " is none of the old ones up to sign; expected a signed permutation");
    used[match.from] = true;
    match.sign = sign;
    for (std::int64_t a = 0; a < to.dimension(); ++a)
      match.shift += from.basis()(a, match.from) * between[a];
    for (std::int64_t a = 0; a < to.dimension(); ++a)
      across[a] -= from.basis()(a, match.from) * match.shift;
    matches.push_back(match);
  }
  for (std::int64_t a = 0; a < to.dimension(); ++a)
    if (std::fabs(across[a]) > kMatchTolerance * size)
      throw_bad_value("axes: offset", {a}, to.offset()[a],
                      "offsets that differ along the axes only; across them it is off by " +
                          number_text(across[a]));
  return matches;
}

std::ostream& operator<<(std::ostream& out, const Axes& axes) {
  out << "rank " << axes.rank() << " in dimension " << axes.dimension() << ", scales";
  for (const double s : axes.scales()) out << ' ' << s;
  out << ", offset";
  for (const double x : axes.offset()) out << ' ' << x;
  return out;
}

}  // namespace wquant
