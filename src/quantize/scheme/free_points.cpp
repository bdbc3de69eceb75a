#include "wquant/free_points.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>

#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kLeastFine = 4096;
constexpr std::int64_t kMostFine = 1'000'000;
constexpr std::int64_t kFinePerPoint = 64;
constexpr std::int64_t kLargestFine = 1'000'000'000;

}  // namespace

FreePoints::FreePoints(MatrixView<const double> locations, std::int64_t fine_support)
    : dimension_(locations.cols) {
  require_host("locations", locations.space);
  if (locations.rows < 1) throw InvalidArgument("locations: no points; expected at least one");
  if (locations.cols < 1) throw InvalidArgument("locations: dimension 0; expected at least 1");
  if (fine_support < 0 || fine_support > kLargestFine)
    throw InvalidArgument("fine_support: " + std::to_string(fine_support) +
                          " points; expected 0 (automatic) to " + std::to_string(kLargestFine));
  for (std::int64_t a = 0; a < locations.rows; ++a)
    for (std::int64_t k = 0; k < locations.cols; ++k)
      if (!(std::fabs(locations(a, k)) <= kLargestLength))
        throw_bad_value("locations", {a, k}, locations(a, k),
                        "a magnitude of at most " + number_text(kLargestLength));
  for (std::int64_t a = 0; a < locations.rows; ++a)
    locations_.insert(locations_.end(), locations.row(a), locations.row(a) + dimension_);
  fine_support_ = fine_support == 0 ? automatic_fine_support(size()) : fine_support;
}

std::int64_t FreePoints::automatic_fine_support(std::int64_t points) {
  const std::int64_t most = std::min(points, kMostFine) * kFinePerPoint;
  return std::max(points, std::clamp(most, kLeastFine, kMostFine));
}

std::ostream& operator<<(std::ostream& out, const FreePoints& points) {
  return out << points.size() << " free points, assigned by " << points.fine_support()
             << " fine ones";
}

}  // namespace wquant
