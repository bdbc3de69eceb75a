#include "wquant/grid.hpp"

#include <cmath>
#include <string>

#include "quantize/rounding.hpp"
#include "quantize/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kOrthogonalityTolerance = 1e-6;
constexpr std::int64_t kMostPoints = std::int64_t{1} << 62;

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
  for (std::int64_t a = 0; a < basis.rows; ++a)
    basis_.insert(basis_.end(), basis.row(a), basis.row(a) + basis.cols);
}

Grid::Grid(Axes axes, std::vector<std::vector<double>> points)
    : axes_(std::move(axes)), points_(std::move(points)), size_(1) {
  require_shape("points", {static_cast<std::int64_t>(points_.size())}, {axes_.rank()});
  for (std::int64_t k = 0; k < axes_.rank(); ++k) {
    const auto count = static_cast<std::int64_t>(points_[k].size());
    if (count == 0)
      throw InvalidArgument("points[" + std::to_string(k) +
                            "]: empty; expected at least one point");
    for (std::int64_t j = 0; j < count; ++j)
      if (!std::isfinite(points_[k][j]) || (j > 0 && !(points_[k][j] > points_[k][j - 1])))
        throw_bad_value("points", {k, j}, points_[k][j], "finite points in ascending order");
    if (size_ > kMostPoints / count)
      throw InvalidArgument("points: the grid has more than 2^62 locations");
    size_ *= count;
  }
}

std::vector<std::int64_t> Grid::shape() const {
  std::vector<std::int64_t> shape;
  for (const auto& points : points_) shape.push_back(static_cast<std::int64_t>(points.size()));
  return shape;
}

}  // namespace wquant
