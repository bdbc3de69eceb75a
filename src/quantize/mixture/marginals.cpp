#include "quantize/mixture/marginals.hpp"

#include "base/eigen.hpp"
#include "base/pulse.hpp"

namespace wquant {

using Eigen::VectorXd;
Marginals marginals(const GaussianMixture& mixture, const std::vector<std::int64_t>& components,
                    const Eigen::MatrixXd& basis, const std::vector<double>& centre) {
  const std::int64_t d = mixture.dimension();
  const Eigen::Map<const VectorXd> from(centre.data(), d);
  const auto count = static_cast<Eigen::Index>(components.size());
  Marginals out{Eigen::MatrixXd(count, basis.cols()), Eigen::MatrixXd(count, basis.cols())};
  for (Eigen::Index c = 0; c < count; ++c) {
    Pulse::beat();
    const std::int64_t i = components[c];
    const Eigen::Map<const VectorXd> mean(mixture.means().row(i), d);
    const Eigen::Map<const VectorXd> lambda(mixture.eigenvalues().row(i), d);
    Eigen::MatrixXd w = basis;
    if (mixture.basis() != GaussianMixture::Basis::identity)
      w = Eigen::Map<const RowMajor>(mixture.eigenvectors(i).data, d, d).transpose() * basis;
    out.means.row(c) = (mean - from).transpose() * basis;
    out.deviations.row(c) = VectorXd(w.cwiseAbs2().transpose() * lambda).cwiseSqrt();
  }
  return out;
}

}  // namespace wquant
