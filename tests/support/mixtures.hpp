#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <random>
#include <vector>

#include "wquant/wquant.hpp"

namespace wquant::test {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A mixture as plain matrices, to be changed and handed to the library.
struct PlainMixture {
  std::vector<double> weights;
  std::vector<VectorXd> means;
  std::vector<MatrixXd> covariances;

  std::int64_t components() const { return static_cast<std::int64_t>(weights.size()); }
  std::int64_t dimension() const { return means.front().size(); }

  GaussianMixture build(const Context& context) const {
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

  VectorXd mean() const {
    VectorXd sum = VectorXd::Zero(dimension());
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * means[i];
    return sum;
  }

  /// x ↦ scale · rotation · x + shift.
  PlainMixture moved(const MatrixXd& rotation, double scale, const VectorXd& shift) const {
    PlainMixture out = *this;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      out.means[i] = scale * rotation * means[i] + shift;
      const MatrixXd turned = scale * scale * rotation * covariances[i] * rotation.transpose();
      out.covariances[i] = (turned + turned.transpose()) / 2;
    }
    return out;
  }
};

inline PlainMixture gaussian(const VectorXd& mean, const MatrixXd& covariance) {
  return {{1.0}, {mean}, {covariance}};
}

inline PlainMixture centred_gaussian(const VectorXd& variances) {
  return gaussian(VectorXd::Zero(variances.size()), variances.asDiagonal());
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(engine_);
  }
  double normal() { return normal_(engine_); }
  VectorXd normal_vector(std::int64_t d) {
    return VectorXd::NullaryExpr(d, [this] { return normal(); });
  }
  MatrixXd rotation(std::int64_t d) {
    const MatrixXd gaussian = MatrixXd::NullaryExpr(d, d, [this] { return normal(); });
    return Eigen::HouseholderQR<MatrixXd>(gaussian).householderQ();
  }
  /// A random rotation of positive variances.
  MatrixXd covariance(std::int64_t d) {
    const VectorXd variances = VectorXd::NullaryExpr(d, [this] { return uniform(0.05, 2); });
    const MatrixXd v = rotation(d);
    const MatrixXd sigma = v * variances.asDiagonal() * v.transpose();
    return (sigma + sigma.transpose()) / 2;
  }
  std::vector<double> weights(std::int64_t count) {
    std::vector<double> out;
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i) sum += out.emplace_back(uniform(0.1, 1));
    for (double& w : out) w /= sum;
    return out;
  }
  /// Heterogeneous: every component has axes of its own.
  PlainMixture mixture(std::int64_t count, std::int64_t d, double spread) {
    PlainMixture out{weights(count), {}, {}};
    for (std::int64_t i = 0; i < count; ++i) {
      out.means.push_back(spread * normal_vector(d));
      out.covariances.push_back(covariance(d));
    }
    return out;
  }
  /// Commuting: one random eigenbasis, eigenvalues in random order.
  PlainMixture homogeneous_mixture(std::int64_t count, std::int64_t d, double spread) {
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

 private:
  std::mt19937_64 engine_;
  std::normal_distribution<double> normal_;
};

/// n samples of one component (rows).
inline RowMajor sample_component(const PlainMixture& mixture, std::size_t i, std::int64_t n,
                                 Random& random) {
  const std::int64_t d = mixture.dimension();
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(mixture.covariances[i]);
  const MatrixXd root =
      solver.eigenvectors() * solver.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal();
  const RowMajor z = RowMajor::NullaryExpr(n, d, [&random] { return random.normal(); });
  return (z * root.transpose()).rowwise() + mixture.means[i].transpose();
}

/// n samples; labels[s] is the component that made row s.
inline RowMajor sample(const PlainMixture& mixture, std::int64_t n, Random& random,
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
