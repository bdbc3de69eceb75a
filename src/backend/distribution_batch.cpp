#include "wquant/distribution_batch.hpp"

#include <string>

#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {

DiscreteDistribution DistributionBatch::distribution(std::int64_t b) const {
  if (b < 0 || b >= count())
    throw InvalidArgument("distribution: " + std::to_string(b) + "; expected 0 to " +
                          std::to_string(count() - 1));
  require_host("locations", locations.space());
  const MatrixView<const double> x = locations_of(b);
  const VectorView<const double> p = probabilities_of(b);
  return {Array<double>::from_host({x.data, x.data + x.rows * x.cols}, x.cols),
          Array<double>::from_host({p.begin(), p.end()})};
}

}  // namespace wquant
