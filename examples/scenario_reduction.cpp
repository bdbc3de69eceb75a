// Scenario reduction for a stochastic program: capacities of two plants, decided before the demand
// of their two markets is known. A few scenarios take the place of the demand's distribution, with
// certified bounds on what that does to the optimal value.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>
#include <wquant/wquant.hpp>

using namespace wquant;

constexpr double price[] = {0.3, 0.4};  // of a unit of capacity
constexpr double penalty = 1;           // of a unit of demand that is not met
constexpr double freight = 0.2;         // of a unit from one plant to the other's market

/// The second stage where demand exceeds capacity by u and v (less than 0: capacity to spare): the
/// value of a transport problem, the largest of its dual solutions. Convex, and Lipschitz with
/// constant √2 penalty, the norm of the longest of them.
double recourse(double u, double v) {
  const double saved = penalty - freight;
  return std::max({0.0, freight * u, freight * v, penalty * u + saved * v, saved * u + penalty * v,
                   penalty * (u + v)});
}
const double lipschitz = std::sqrt(2.0) * penalty;

struct Decision {
  double x;
  double y;
  double cost;
};

double mean_cost(const DiscreteDistribution& demand, double x, double y) {
  double sum = price[0] * x + price[1] * y;
  for (const auto& [location, p] : demand) {
    sum += p * recourse(location[0] - x, location[1] - y);
  }
  return sum;
}

/// The least of a convex f on [0, 200], by thirds: where, to 1e-4, and how much.
template <class F>
std::pair<double, double> minimise(F f) {
  double low = 0;
  double high = 200;
  while (high - low > 1e-4) {
    const double third = (high - low) / 3;
    if (f(low + third) < f(high - third)) {
      high -= third;
    } else {
      low += third;
    }
  }
  return {low, f(low)};
}

/// The best capacities for this demand. A unit of capacity changes the cost by less than 1, so the
/// inner search is within 1e-4, each of the 36 steps of the outer one loses no more, and the
/// optimum is missed by less than 0.01.
constexpr double missed = 0.01;
Decision solve(const DiscreteDistribution& demand) {
  const auto best_y = [&](double x) {
    return minimise([&](double y) { return mean_cost(demand, x, y); });
  };
  const double x = minimise([&](double trial) { return best_y(trial).second; }).first;
  const auto [y, cost] = best_y(x);
  return {x, y, cost};
}

/// The sample average: equally likely samples as scenarios.
DiscreteDistribution empirical(const Context& context, const GaussianMixture& demand,
                               std::int64_t n, std::uint64_t seed) {
  const std::vector<double> equal(n, 1.0 / static_cast<double>(n));
  return {sample(context, demand, n, seed).to_host(), Array<double>::from_host(equal)};
}

int main() {
  const Context context = Context::best();
  const double weights[] = {0.5, 0.3, 0.2};
  const double means[][2] = {{80, 60}, {110, 70}, {60, 100}};
  const double variances[][2] = {{100, 60}, {150, 80}, {60, 120}};
  const auto demand = GaussianMixture::diagonal(context, weights, means, variances);
  const std::int64_t scenarios = 200;

  // What the bounds are checked with: the optimum for n samples is below the true one in the mean,
  // the cost of its decision for other samples above (Mak, Morton & Wood 1999). A mean of n costs
  // has standard deviation σ/√n, σ² ≤ L² tr Cov(demand); five of them are allowed.
  const std::vector<double> covariance = demand.total_covariance();
  const double deviations = 5 * lipschitz * std::sqrt(covariance[0] + covariance[3]);
  const Decision many = solve(empirical(context, demand, 50'000, 1));
  const double low = many.cost - missed - deviations / std::sqrt(50'000);
  const double high = mean_cost(empirical(context, demand, 1'000'000, 2), many.x, many.y) +
                      deviations / std::sqrt(1'000'000);
  std::printf("by many samples the least cost is between %.2f and %.2f\n", low, high);

  // For every decision the mean costs under P and D differ by at most L W₁(P, D) ≤ L W₂(P, D), and
  // so do the optimal values. Since costs are convex in the demand, the means of cells as scenarios
  // never cost more than P in the mean (Jensen), and D is centroid_gap from those.
  bool holds = true;
  Decision best = {};
  for (const SchemeFamily family :
       {SchemeFamily::grid, SchemeFamily::per_mode, SchemeFamily::tree, SchemeFamily::lloyd}) {
    const auto reduced = quantize(context, demand, {.support = scenarios, .family = family});
    const Certificate& certificate = reduced.certificate;
    best = solve(reduced.distribution.to_host());
    const double lower = best.cost - missed - lipschitz * certificate.w2;
    const double upper = best.cost + lipschitz * certificate.w2;
    const double convex =
        best.cost - missed - lipschitz * (certificate.centroid_gap + certificate.rounding);
    std::printf(
        "%-9s W2 <= %.2f: the least cost is in [%.2f, %.2f], by convexity in [%.2f, %.2f]\n",
        name(family).data(), certificate.w2, lower, upper, convex, upper);
    holds = holds && lower <= low && convex <= high && high <= upper;
  }
  std::printf("the last with capacities %.1f and %.1f and %ld scenarios, estimate %.2f\n", best.x,
              best.y, scenarios, best.cost);

  // As many samples as scenarios promise nothing.
  double least = INFINITY;
  double most = 0;
  for (std::uint64_t seed = 3; seed < 103; ++seed) {
    const double cost = solve(empirical(context, demand, scenarios, seed)).cost;
    least = std::min(least, cost);
    most = std::max(most, cost);
  }
  std::printf("a hundred sample averages of %ld: estimates from %.2f to %.2f\n", scenarios, least,
              most);
  std::printf("the bounds %s\n", holds ? "hold" : "are violated");
  return holds ? 0 : 1;
}
