#pragma once

#include <Eigen/Core>
#include <cstdint>
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

  GaussianMixture build(const Context& context) const;
  VectorXd mean() const;
  /// x ↦ scale · rotation · x + shift.
  PlainMixture moved(const MatrixXd& rotation, double scale, const VectorXd& shift) const;
};

PlainMixture gaussian(const VectorXd& mean, const MatrixXd& covariance);
PlainMixture centred_gaussian(const VectorXd& variances);

class Random {
 public:
  explicit Random(std::uint64_t seed);
  double uniform(double low, double high);
  double normal();
  VectorXd normal_vector(std::int64_t d);
  MatrixXd rotation(std::int64_t d);
  /// A random rotation of positive variances.
  MatrixXd covariance(std::int64_t d);
  std::vector<double> weights(std::int64_t count);
  /// Heterogeneous: every component has axes of its own.
  PlainMixture mixture(std::int64_t count, std::int64_t d, double spread);
  /// Commuting: one random eigenbasis, eigenvalues in random order.
  PlainMixture homogeneous_mixture(std::int64_t count, std::int64_t d, double spread);

 private:
  std::mt19937_64 engine_;
  std::normal_distribution<double> normal_;
};

/// n samples of one component (rows).
RowMajor sample_component(const PlainMixture& mixture, std::size_t i, std::int64_t n,
                          Random& random);

/// n samples; labels[s] is the component that made row s.
RowMajor sample(const PlainMixture& mixture, std::int64_t n, Random& random,
                std::vector<std::int64_t>& labels);

}  // namespace wquant::test
