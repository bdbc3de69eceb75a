#pragma once

#include <cstdint>
#include <vector>

#include "backend/backend.hpp"
#include "backend/resident.hpp"
#include "wquant/context.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// A mixture (kept by the caller) of full rank and positive weights, in multiples of `unit`, its
/// components in an order that does not depend on the given one and in blocks of near means, where
/// ascents can read it.
class AscentTables {
 public:
  AscentTables(const Context& context, const GaussianMixture& mixture, double unit);
  AscentTables(const AscentTables&) = delete;
  AscentTables& operator=(const AscentTables&) = delete;

  const AscentMixture& view() const { return get<0>(there_); }
  /// K × d, in the order of the tables.
  const std::vector<double>& means() const { return means_; }

 private:
  AscentMixture fill(const GaussianMixture& mixture, double unit);
  void add(const GaussianMixture& mixture, std::int64_t i, double unit);

  std::vector<double> means_, deviations_, eigenvectors_, log_factors_;
  std::vector<double> lower_, upper_, block_log_factors_, block_deviations_;
  Resident<AscentMixture> there_;
};

/// Where ascents ended, those that met counted once, the highest first.
struct Summits {
  std::vector<double> locations;      // M × d
  std::vector<double> log_densities;  // M
  std::vector<char> concave;          // M: log p is, so that it is a mode
  std::int64_t iterations = 0;
  bool converged = true;
};

/// From `starts` (n × d) to critical points of log p, all in the tables' unit.
Summits ascend(const Context& context, const AscentTables& tables, std::vector<double> starts,
               double tolerance, std::int64_t most_steps);

/// The points, in their order, that are farther than `radius` from all that were kept before.
std::vector<std::int64_t> apart(const std::vector<double>& points, std::int64_t d, double radius);

}  // namespace wquant
