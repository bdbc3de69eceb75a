#include "wquant/partition.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/random.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

void mix(std::uint64_t& hash, const std::vector<double>& values) {
  for (const double value : values) {
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    hash = random_bits(hash, bits);
  }
}

}  // namespace

Partition::Partition(Box box, std::vector<double> centres, std::vector<double> radii)
    : box_(std::move(box)), locations_(std::move(centres)), radii_(std::move(radii)) {
  const std::int64_t d = dimension();
  if (radii_.empty()) throw InvalidArgument("radii: empty; expected one a centre, at least one");
  const auto clusters = static_cast<std::int64_t>(radii_.size());
  require_shape("centres", {static_cast<std::int64_t>(locations_.size())}, {clusters * d});
  for (std::int64_t k = 0; k < clusters; ++k) {
    for (std::int64_t i = 0; i < d; ++i) {
      const double x = locations_[k * d + i];
      if (!(x >= box_.lower()[i] && x <= box_.upper()[i]))
        throw_bad_value("centres", {k, i}, x,
                        "a number in the box, " + number_text(box_.lower()[i]) + " to " +
                            number_text(box_.upper()[i]));
    }
    if (!(radii_[k] >= 0 && radii_[k] <= 4 * kLargestLength))
      throw_bad_value("radii", {k}, radii_[k], "a finite number >= 0");
  }
  const std::vector<double> centre = box_.centre();
  locations_.insert(locations_.end(), centre.begin(), centre.end());
  // The centre is rounded, by more than ε of the diameter where the box is far from 0.
  radii_.push_back(std::max(box_.diameter() / 2, box_.farthest_corner(centre)));
  mix(fingerprint_, box_.lower());
  mix(fingerprint_, box_.upper());
  mix(fingerprint_, locations_);
  mix(fingerprint_, radii_);
}

}  // namespace wquant
