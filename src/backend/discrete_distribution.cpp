#include "wquant/discrete_distribution.hpp"

#include "base/summation.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kSumTolerance = 1e-9;

}  // namespace

DiscreteDistribution::DiscreteDistribution(Array<double> locations, Array<double> probabilities)
    : locations_(std::move(locations)), probabilities_(std::move(probabilities)) {
  require_shape("probabilities", {probabilities_.rows(), probabilities_.cols()},
                {locations_.rows(), 1});
  if (locations_.rows() < 1) throw InvalidArgument("locations: no points; expected at least one");
  if (locations_.cols() < 1) throw InvalidArgument("locations: dimension 0; expected at least 1");
  if (probabilities_.space() == MemorySpace::host)
    require_probabilities("probabilities", {probabilities_.data(), probabilities_.size()},
                          kSumTolerance);
  if (locations_.space() == MemorySpace::host)
    require_finite("locations", static_cast<const Array<double>&>(locations_).view());
}

DiscreteDistribution::Iterator DiscreteDistribution::begin() const {
  locations_.begin();      // throw
  probabilities_.begin();  // in device memory
  return {points(), 0};
}

DiscreteDistribution DiscreteDistribution::to_host() const {
  return {locations_.to_host(), probabilities_.to_host()};
}

std::vector<double> DiscreteDistribution::mean() const {
  require_host("locations", locations_.space());
  std::vector<double> out;
  for (std::int64_t k = 0; k < dimension(); ++k) {
    CompensatedSum sum;
    for (std::int64_t a = 0; a < size(); ++a) sum += probabilities_(a) * locations_(a, k);
    out.push_back(sum.value());
  }
  return out;
}

std::vector<double> DiscreteDistribution::covariance() const {
  const std::vector<double> centre = mean();
  const std::int64_t d = dimension();
  std::vector<CompensatedSum> sums(static_cast<std::size_t>(d * d));
  for (std::int64_t a = 0; a < size(); ++a)
    for (std::int64_t k = 0; k < d; ++k) {
      const double scaled = probabilities_(a) * (locations_(a, k) - centre[k]);
      for (std::int64_t l = 0; l < d; ++l)
        sums[k * d + l] += scaled * (locations_(a, l) - centre[l]);
    }
  std::vector<double> out;
  for (const CompensatedSum& sum : sums) out.push_back(sum.value());
  return out;
}

}  // namespace wquant
