#include <algorithm>
#include <cmath>
#include <string>

#include "base/upper.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"
#include "wquant/transport_bounds.hpp"

namespace wquant {
namespace {

struct Constant {
  std::int64_t dimension;
  double value;
};

// Fournier (2023), Tables 2 and 4.
constexpr Constant kFirstOrder[] = {{3, 3.72},   {4, 2.45},  {5, 2.09},  {6, 1.94},  {7, 1.87},
                                    {8, 1.84},   {9, 1.82},  {10, 1.81}, {11, 1.81}, {12, 1.82},
                                    {15, 1.84},  {20, 1.87}, {25, 1.89}, {50, 1.95}, {75, 1.96},
                                    {100, 1.98}, {500, 2.00}};
constexpr Constant kSecondOrder[] = {{5, 2.75},  {6, 2.20},  {7, 2.01},  {8, 1.92},   {9, 1.87},
                                     {10, 1.85}, {11, 1.85}, {12, 1.83}, {15, 1.84},  {20, 1.87},
                                     {25, 1.89}, {50, 1.95}, {75, 1.96}, {100, 1.98}, {500, 2.00}};

/// Between two entries, the larger of their constants.
template <std::size_t Size>
double constant(const Constant (&table)[Size], std::int64_t dimension) {
  for (std::size_t k = 0; k < Size; ++k) {
    if (table[k].dimension == dimension) return table[k].value;
    if (table[k].dimension > dimension) return std::max(table[k - 1].value, table[k].value);
  }
  return table[Size - 1].value;
}

/// m_ρ(d, N), the expected distance in the unit cube for the norm of the maximum.
double mean_distance(std::int64_t d, double n, int order) {
  const double dimension = static_cast<double>(d);
  if (order == 1) {
    if (d == 1) return 2.42 / std::sqrt(n);
    if (d == 2) return (0.73 * std::log(n) + 1.0) / std::sqrt(n);
    return constant(kFirstOrder, d) * std::pow(n, -1 / dimension);
  }
  constexpr double kLow[] = {1.05, 1.42, 2.20};
  if (d <= 3) return kLow[d - 1] * std::pow(n, -0.25);
  if (d == 4) return std::sqrt(0.73 * std::log(n) + 1.26) * std::pow(n, -0.25);
  return constant(kSecondOrder, d) * std::pow(n, -1 / dimension);
}

}  // namespace

double fournier_bound(const Box& box, std::int64_t total, int order, double beta) {
  require_at_least("total", total, 1);
  if (order != 1 && order != 2)
    throw InvalidArgument("order: " + std::to_string(order) + "; expected 1 or 2");
  if (!(beta > 0 && beta < 1)) throw_bad_value("beta", {}, beta, "a number in (0, 1)");
  const auto n = static_cast<double>(total);
  const double deviation = box.diameter() * std::pow(-2 * std::log(beta) / n, 0.5 / order);
  const double mean = box.longest_side() * mean_distance(box.dimension(), n, order) *
                      std::sqrt(static_cast<double>(box.dimension()));
  return Upper::rounded(deviation + mean, 64).value();
}

}  // namespace wquant
