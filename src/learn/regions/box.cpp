#include "wquant/box.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/upper.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {

Box::Box(std::vector<double> lower, std::vector<double> upper)
    : lower_(std::move(lower)), upper_(std::move(upper)) {
  if (lower_.empty()) throw InvalidArgument("box: no dimensions; expected at least one");
  require_shape("box upper", {static_cast<std::int64_t>(upper_.size())}, {dimension()});
  for (std::int64_t k = 0; k < dimension(); ++k) {
    for (const auto* bound : {&lower_, &upper_})
      if (!(std::fabs((*bound)[k]) <= kLargestLength))
        throw_bad_value(bound == &lower_ ? "box lower" : "box upper", {k}, (*bound)[k],
                        "a number up to " + number_text(kLargestLength) + " in magnitude");
    if (lower_[k] > upper_[k])
      throw_bad_value("box lower", {k}, lower_[k],
                      "a number <= the upper bound " + number_text(upper_[k]));
  }
}

Box Box::cube(std::int64_t dimension, double lower, double upper) {
  require_at_least("dimension", dimension, 1);
  const auto d = static_cast<std::size_t>(dimension);
  return {std::vector<double>(d, lower), std::vector<double>(d, upper)};
}

std::vector<double> Box::centre() const {
  std::vector<double> out;
  for (std::int64_t k = 0; k < dimension(); ++k)
    out.push_back(std::clamp(lower_[k] / 2 + upper_[k] / 2, lower_[k], upper_[k]));
  return out;
}

double Box::diameter() const { return farthest_corner(lower_); }

double Box::longest_side() const {
  double out = 0;
  for (std::int64_t k = 0; k < dimension(); ++k) out = std::max(out, upper_[k] - lower_[k]);
  return Upper::rounded(out, 1).value();
}

bool Box::contains(std::span<const double> point) const {
  require_shape("point", {static_cast<std::int64_t>(point.size())}, {dimension()});
  for (std::int64_t k = 0; k < dimension(); ++k)
    if (!(point[k] >= lower_[k] && point[k] <= upper_[k])) return false;
  return true;
}

double Box::farthest_corner(std::span<const double> point) const {
  require_shape("point", {static_cast<std::int64_t>(point.size())}, {dimension()});
  double largest = 0;
  for (std::int64_t k = 0; k < dimension(); ++k)
    largest = std::max({largest, std::fabs(point[k] - lower_[k]), std::fabs(upper_[k] - point[k])});
  if (largest == 0) return 0;
  double sum = 0;
  for (std::int64_t k = 0; k < dimension(); ++k) {
    const double far = std::max(std::fabs(point[k] - lower_[k]), std::fabs(upper_[k] - point[k]));
    sum += far / largest * (far / largest);
  }
  return Upper::rounded(largest * std::sqrt(sum), dimension() + 4).value();
}

}  // namespace wquant
