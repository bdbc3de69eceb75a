#include "support/mixtures.hpp"

#include "support/decompositions.hpp"

namespace wquant::test {

GaussianMixture PlainMixture::build(const Context& context) const {
  std::vector<double> flat_means;
  std::vector<double> flat_covariances;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    flat_means.insert(flat_means.end(), means[i].begin(), means[i].end());
    const RowMajor covariance = covariances[i];
    flat_covariances.insert(flat_covariances.end(), covariance.data(),
                            covariance.data() + covariance.size());
  }
  return GaussianMixture::full(context, {weights.data(), components()},
                               {flat_means.data(), components(), dimension()},
                               {flat_covariances.data(), components(), dimension(), dimension()});
}

VectorXd PlainMixture::mean() const {
  VectorXd sum = VectorXd::Zero(dimension());
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * means[i];
  return sum;
}

PlainMixture PlainMixture::moved(const MatrixXd& rotation, double scale,
                                 const VectorXd& shift) const {
  PlainMixture out = *this;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    out.means[i] = scale * rotation * means[i] + shift;
    const MatrixXd turned = scale * scale * rotation * covariances[i] * rotation.transpose();
    out.covariances[i] = (turned + turned.transpose()) / 2;
  }
  return out;
}

PlainMixture gaussian(const VectorXd& mean, const MatrixXd& covariance) {
  return {{1.0}, {mean}, {covariance}};
}

PlainMixture centred_gaussian(const VectorXd& variances) {
  return gaussian(VectorXd::Zero(variances.size()), variances.asDiagonal());
}

Random::Random(std::uint64_t seed) : engine_(seed) {}

double Random::uniform(double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(engine_);
}

double Random::normal() { return normal_(engine_); }

VectorXd Random::normal_vector(std::int64_t d) {
  return VectorXd::NullaryExpr(d, [this] { return normal(); });
}

MatrixXd Random::rotation(std::int64_t d) {
  return orthogonal_factor(MatrixXd::NullaryExpr(d, d, [this] { return normal(); }));
}

MatrixXd Random::covariance(std::int64_t d) {
  const VectorXd variances = VectorXd::NullaryExpr(d, [this] { return uniform(0.05, 2); });
  const MatrixXd v = rotation(d);
  const MatrixXd sigma = v * variances.asDiagonal() * v.transpose();
  return (sigma + sigma.transpose()) / 2;
}

std::vector<double> Random::weights(std::int64_t count) {
  std::vector<double> out;
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += out.emplace_back(uniform(0.1, 1));
  for (double& w : out) w /= sum;
  return out;
}

PlainMixture Random::mixture(std::int64_t count, std::int64_t d, double spread) {
  PlainMixture out{weights(count), {}, {}};
  for (std::int64_t i = 0; i < count; ++i) {
    out.means.push_back(spread * normal_vector(d));
    out.covariances.push_back(covariance(d));
  }
  return out;
}

PlainMixture Random::homogeneous_mixture(std::int64_t count, std::int64_t d, double spread) {
  PlainMixture out{weights(count), {}, {}};
  const MatrixXd v = rotation(d);
  for (std::int64_t i = 0; i < count; ++i) {
    out.means.push_back(spread * normal_vector(d));
    const VectorXd variances = VectorXd::NullaryExpr(d, [this] { return uniform(0.05, 2); });
    const MatrixXd sigma = v * variances.asDiagonal() * v.transpose();
    out.covariances.push_back((sigma + sigma.transpose()) / 2);
  }
  return out;
}

RowMajor sample_component(const PlainMixture& mixture, std::size_t i, std::int64_t n,
                          Random& random) {
  const std::int64_t d = mixture.dimension();
  const Eigh eigen = eigh(mixture.covariances[i]);
  const MatrixXd root = eigen.vectors * eigen.values.cwiseMax(0).cwiseSqrt().asDiagonal();
  const RowMajor z = RowMajor::NullaryExpr(n, d, [&random] { return random.normal(); });
  return (z * root.transpose()).rowwise() + mixture.means[i].transpose();
}

RowMajor sample(const PlainMixture& mixture, std::int64_t n, Random& random,
                std::vector<std::int64_t>& labels) {
  std::vector<std::int64_t> counts(mixture.weights.size());
  for (std::int64_t s = 0; s < n; ++s) {
    double level = random.uniform(0, 1);
    std::size_t i = 0;
    while (i + 1 < mixture.weights.size() && level >= mixture.weights[i])
      level -= mixture.weights[i++];
    ++counts[i];
  }
  RowMajor out(n, mixture.dimension());
  labels.clear();
  std::int64_t row = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    out.middleRows(row, counts[i]) = sample_component(mixture, i, counts[i], random);
    labels.insert(labels.end(), counts[i], static_cast<std::int64_t>(i));
    row += counts[i];
  }
  return out;
}

}  // namespace wquant::test
