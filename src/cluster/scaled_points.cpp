#include "cluster/scaled_points.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "backend/backend.hpp"
#include "backend/magnitudes.hpp"
#include "backend/transfer.hpp"
#include "base/lengths.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

/// 1 unless squares or sums of them could leave the range.
template <class T>
double harmless_unit(double largest) {
  constexpr int kHarmless = sizeof(T) == 4 ? 20 : 200;
  if (largest == 0 || std::abs(std::ilogb(largest)) <= kHarmless) return 1;
  return power_of_two_unit(largest);
}

}  // namespace

template <class T>
double largest_length(const Context& context, const char* name, MatrixView<const T> values) {
  const double limit = std::min(kLargestLength, static_cast<double>(std::numeric_limits<T>::max()));
  return largest_within(context, name, values, limit,
                        "a magnitude of at most " + number_text(limit));
}

template <class T>
ScaledPoints<T>::ScaledPoints(const Context& context, MatrixView<const T> points, double largest)
    : unit_(harmless_unit<T>(largest)), there_(context, points), view_(there_.view()) {
  if (unit_ == 1) return;
  scaled_ = Array<T>(context, points.rows, points.cols);
  context.backend().divide(view_, unit_, scaled_.view());
  view_ = scaled_.view();
}

template double largest_length(const Context&, const char*, MatrixView<const double>);
template double largest_length(const Context&, const char*, MatrixView<const float>);
template class ScaledPoints<double>;
template class ScaledPoints<float>;

}  // namespace wquant
