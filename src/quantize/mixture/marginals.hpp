#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// Means and standard deviations of components along the columns of a basis, about a centre.
struct Marginals {
  Eigen::MatrixXd means;       // one row per component
  Eigen::MatrixXd deviations;  // likewise
};

/// basis: d × r orthonormal columns, centre: d.
Marginals marginals(const GaussianMixture& mixture, const std::vector<std::int64_t>& components,
                    const Eigen::MatrixXd& basis, const std::vector<double>& centre);

}  // namespace wquant
