#include "quantize/points/cross_distortion.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <numeric>
#include <tuple>

#include "quantize/crosses/shell_moments.hpp"
#include "quantize/points/cross_radii.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kEveryNumberOfAxes = 16;
constexpr std::int64_t kStepOfAxes = 8;  // an eighth more beyond
constexpr std::size_t kMostKept = 4096;

/// value(key), computed once; two threads may compute the same bits twice.
template <class Key, class Value>
class Memory {
 public:
  template <class Compute>
  Value get(const Key& key, const Compute& compute) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = values_.find(key); found != values_.end()) return found->second;
    }
    Value value = compute();
    const std::lock_guard lock(mutex_);
    if (values_.size() >= kMostKept) values_.clear();
    return values_.emplace(key, std::move(value)).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<Key, Value> values_;
};

double computed_distortion(std::int64_t n, std::int64_t m) {
  static Memory<std::pair<std::int64_t, std::int64_t>, double> memory;
  return memory.get({n, m}, [&] {
    return shells_of(n, *optimal_radii_of({n, m}), Cross::Shells::largest_coordinate)->factor;
  });
}

/// Positive variances, descending, and their tail sums: rest[k] = Σ_{l ≥ k} λ_l.
struct Spectrum {
  explicit Spectrum(VectorView<const double> variances) {
    for (const double v : variances)
      if (v > 0) descending.push_back(v);
    std::sort(descending.begin(), descending.end(), std::greater<>());
    rest.assign(descending.size() + 1, 0.0);
    for (std::size_t k = descending.size(); k-- > 0;) rest[k] = rest[k + 1] + descending[k];
  }
  std::int64_t rank() const { return static_cast<std::int64_t>(descending.size()); }
  double distortion(std::int64_t axes, double per_dimension) const {
    return (rest[0] - rest[axes]) * per_dimension + rest[axes];
  }

  std::vector<double> descending;
  std::vector<double> rest;
};

/// The numbers of axes to try.
std::vector<std::int64_t> axes_to_try(std::int64_t rank, std::int64_t budget, std::int64_t active) {
  const std::int64_t most = std::min(rank, budget / 2);
  if (active > 0) {
    const std::int64_t fixed = std::min(active, rank);
    return fixed >= 1 && fixed <= most ? std::vector{fixed} : std::vector<std::int64_t>{};
  }
  std::vector<std::int64_t> out;
  for (std::int64_t n = 1; n < most; n += n < kEveryNumberOfAxes ? 1 : n / kStepOfAxes)
    out.push_back(n);
  if (most >= 1) out.push_back(most);
  return out;
}

}  // namespace

std::shared_ptr<const CrossShells> shells_of(std::int64_t n, const std::vector<double>& radii,
                                             Cross::Shells kind) {
  using Key = std::tuple<std::int64_t, Cross::Shells, std::vector<double>>;
  static Memory<Key, std::shared_ptr<const CrossShells>> memory;
  return memory.get({n, kind, radii}, [&] {
    return std::make_shared<const CrossShells>(
        kind == Cross::Shells::norm ? norm_shells(n, radii) : coordinate_shells(n, radii));
  });
}

std::shared_ptr<const std::vector<double>> optimal_radii_of(const CrossShape& shape) {
  static Memory<std::pair<std::int64_t, std::int64_t>, std::shared_ptr<const std::vector<double>>>
      memory;
  return memory.get({shape.axes, shape.radii}, [&] {
    return std::make_shared<const std::vector<double>>(
        optimal_cross_radii(shape.axes, shape.radii));
  });
}

double cross_distortion_limit(std::int64_t n) {
  static Memory<std::int64_t, double> memory;
  return memory.get(n, [&] {
    if (n == 1) return 0.0;
    const auto dimension = static_cast<double>(n);
    return 1 - radial_moments(LargestCoordinateDensity(n), {0}).second.value / dimension;
  });
}

double cross_distortion(std::int64_t n, std::int64_t m) {
  const auto low = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(m)));
  if (low == m) return computed_distortion(n, m);
  const double limit = cross_distortion_limit(n);
  const auto inverse_root = [&](std::int64_t k) {
    return 1 / std::sqrt(computed_distortion(n, k) - limit);
  };
  const double at_low = inverse_root(low);
  const double at_high = inverse_root(2 * low);
  const double between =
      at_low + (at_high - at_low) * static_cast<double>(m - low) / static_cast<double>(low);
  return limit + 1 / (between * between);
}

CrossShape best_cross_shape(VectorView<const double> variances, std::int64_t budget,
                            std::int64_t active) {
  const Spectrum spectrum(variances);
  struct Candidate {
    double bound;
    std::int64_t axes;
  };
  std::vector<Candidate> candidates;
  for (const std::int64_t n : axes_to_try(spectrum.rank(), budget, active))
    candidates.push_back({spectrum.distortion(n, cross_distortion_limit(n)), n});
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.bound < b.bound; });
  CrossShape best;
  double least = spectrum.rest[0];
  for (const Candidate& candidate : candidates) {
    if (candidate.bound >= least) break;
    const std::int64_t m = std::min(kMostRadii, budget / (2 * candidate.axes));
    const double distortion =
        spectrum.distortion(candidate.axes, cross_distortion(candidate.axes, m));
    if (distortion >= least) continue;
    least = distortion;
    best = {candidate.axes, m};
  }
  return best;
}

std::vector<double> cross_distortions(VectorView<const double> variances, std::int64_t largest,
                                      std::int64_t active) {
  const Spectrum spectrum(variances);
  std::vector<double> best(static_cast<std::size_t>(largest) + 1, spectrum.rest[0]);
  for (const std::int64_t n : axes_to_try(spectrum.rank(), largest, active))
    for (std::int64_t m = 1; m <= std::min(kMostRadii, largest / (2 * n)); ++m)
      best[2 * n * m] = std::min(best[2 * n * m], spectrum.distortion(n, cross_distortion(n, m)));
  for (std::int64_t n = 2; n <= largest; ++n) best[n] = std::min(best[n], best[n - 1]);
  return best;
}

double cross_lower_bound(VectorView<const double> variances, std::int64_t budget,
                         std::int64_t active) {
  const Spectrum spectrum(variances);
  double least = spectrum.rest[0];
  for (const std::int64_t n : axes_to_try(spectrum.rank(), budget, active))
    least = std::min(least, spectrum.distortion(n, cross_distortion_limit(n)));
  return least;
}

}  // namespace wquant
