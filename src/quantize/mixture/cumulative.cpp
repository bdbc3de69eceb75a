#include "quantize/mixture/cumulative.hpp"

#include <algorithm>
#include <bit>

#include "base/summation.hpp"

namespace wquant {
namespace {

/// At least as many entries as probabilities, for less than one step a search; the least size
/// spares small tables the steps, and the mispredicted branches, almost always.
std::int64_t guide_size(std::int64_t count) {
  constexpr std::uint64_t kLeast = 1024;
  return static_cast<std::int64_t>(
      std::bit_ceil(std::max(kLeast, static_cast<std::uint64_t>(count))));
}

}  // namespace

Cumulative::Cumulative(VectorView<const double> probabilities) {
  CompensatedSum sum;
  std::size_t after_last = 0;
  cumulative_.reserve(static_cast<std::size_t>(probabilities.size));
  for (const double p : probabilities) {
    sum += p;
    cumulative_.push_back(sum.value());
    if (p > 0) after_last = cumulative_.size();
  }
  double before = 0;
  for (double& c : cumulative_) c = before = std::clamp(c / sum.value(), before, 1.0);
  std::fill(cumulative_.begin() + static_cast<std::ptrdiff_t>(after_last) - 1, cumulative_.end(),
            1.0);

  guide_.resize(static_cast<std::size_t>(guide_size(probabilities.size)));
  const double step = 1 / static_cast<double>(guide_.size());
  std::int64_t i = 0;
  for (std::size_t g = 0; g < guide_.size(); ++g) {
    while (static_cast<double>(g) * step >= cumulative_[i]) ++i;
    guide_[g] = i;
  }
}

CumulativeTable Cumulative::view() const {
  return {{cumulative_.data(), static_cast<std::int64_t>(cumulative_.size())},
          {guide_.data(), static_cast<std::int64_t>(guide_.size())}};
}

double Cumulative::bytes(std::int64_t count) {
  return sizeof(double) * static_cast<double>(count) +
         sizeof(std::int64_t) * static_cast<double>(guide_size(count));
}

}  // namespace wquant
