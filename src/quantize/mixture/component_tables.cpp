#include "quantize/mixture/component_tables.hpp"

#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {

double rank_tolerance_or_default(double given, std::int64_t dimension) {
  return given >= 0 ? given : static_cast<double>(dimension) * kEpsilon;
}

void require_rank_tolerance(double given) {
  if (!(given < 1))
    throw InvalidArgument("rank_tolerance: " + number_text(given) + "; expected a number below 1");
}

ComponentTables::ComponentTables(const GaussianMixture& of, double tolerance) : mixture(of) {
  const std::int64_t d = mixture.dimension();
  deviations.reserve(static_cast<std::size_t>(mixture.components() * d));
  for (std::int64_t i = 0; i < mixture.components(); ++i) {
    const double* const lambda = mixture.eigenvalues().row(i);
    const double least = tolerance * *std::max_element(lambda, lambda + d);
    for (std::int64_t k = 0; k < d; ++k)
      deviations.push_back(lambda[k] > least ? std::sqrt(lambda[k]) : 0);
    ranks.push_back(std::count_if(lambda, lambda + d, [least](double x) { return x > least; }));
  }
}

GaussianComponents ComponentTables::view() const {
  const std::int64_t count = mixture.components();
  const std::int64_t d = mixture.dimension();
  TensorView<const double> eigenvectors;
  if (mixture.basis() != GaussianMixture::Basis::identity)
    eigenvectors = {mixture.eigenvectors(0).data,
                    mixture.basis() == GaussianMixture::Basis::shared ? 1 : count, d, d};
  return {mixture.means(), {deviations.data(), count, d}, eigenvectors};
}

}  // namespace wquant
