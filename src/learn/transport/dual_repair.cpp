#include "learn/transport/dual_repair.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/simd.hpp"
#include "base/upper.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kBlock = 8;

double price_of(double y, double capacity) {
  if (capacity == 0) return kInfinity;
  const double price = y / capacity * (1 - 2 * kEpsilon) - kSmallestPositive;
  return std::max(0.0, price);
}

/// max(least, gains[j] − prices[j]).
WQUANT_SIMD_CLONES
double largest_violation(const double* gains, const double* prices, std::int64_t count,
                         double least) {
  double lanes[kBlock];
  std::fill(lanes, lanes + kBlock, least);
  std::int64_t j = 0;
  for (; j + kBlock <= count; j += kBlock)
    for (std::int64_t l = 0; l < kBlock; ++l) {
      const double value = gains[j + l] - prices[j + l];
      lanes[l] = value > lanes[l] ? value : lanes[l];
    }
  for (; j < count; ++j) lanes[0] = std::max(lanes[0], gains[j] - prices[j]);
  return *std::max_element(lanes, lanes + kBlock);
}

/// needs[l] = max(needs[l], gains(k, l) − prices[k]) over rows k and `width` columns.
WQUANT_SIMD_CLONES
void raise_needs(const double* gains, std::int64_t stride, const double* prices, std::int64_t rows,
                 std::int64_t width, double* needs) {
  for (std::int64_t k = 0; k < rows; ++k)
    for (std::int64_t l = 0; l < width; ++l) {
      const double value = gains[k * stride + l] - prices[k];
      needs[l] = value > needs[l] ? value : needs[l];
    }
}

}  // namespace

std::vector<double> prices_of(const std::vector<double>& y, const std::vector<double>& capacities) {
  std::vector<double> out(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) out[i] = price_of(y[i], capacities[i]);
  return out;
}

void raise_slight(const std::vector<double>& gains, const Capacities& capacities,
                  std::vector<double>& y) {
  constexpr double kSlight = 1e-6;
  const auto m = static_cast<std::int64_t>(y.size());
  const auto& [source, sink] = capacities;
  const double largest_source = *std::max_element(source.begin(), source.end());
  const double largest_sink = *std::max_element(sink.begin(), sink.end());
  const std::vector<double> as_source = prices_of(y, source);
  const std::vector<double> as_sink = prices_of(y, sink);
  for (std::int64_t i = 0; i < m; ++i) {
    Pulse::beat();
    if (source[i] > 0 && source[i] < kSlight * largest_sink) {
      const double* const row = gains.data() + i * m;
      double need = largest_violation(row, as_sink.data(), i, 0);
      need = largest_violation(row + i + 1, as_sink.data() + i + 1, m - i - 1, need);
      y[i] = std::max(y[i], source[i] * need);
    }
    if (sink[i] > 0 && sink[i] < kSlight * largest_source) {
      double need = 0;
      for (std::int64_t k = 0; k < m; ++k)
        if (k != i) need = std::max(need, gains[k * m + i] - as_source[k]);
      y[i] = std::max(y[i], sink[i] * need);
    }
  }
}

void repair(const std::vector<double>& gains, const Capacities& capacities,
            std::vector<double>& y) {
  const auto m = static_cast<std::int64_t>(y.size());
  std::vector<double> as_source = prices_of(y, capacities.source);
  std::vector<double> as_sink = prices_of(y, capacities.sink);
  for (std::int64_t first = 0; first < m; first += kBlock) {
    const std::int64_t last = std::min(first + kBlock, m);
    double needs[kBlock] = {};
    const auto raise = [&](std::int64_t begin, std::int64_t end, std::int64_t column) {
      raise_needs(gains.data() + begin * m + column, m, as_source.data() + begin, end - begin,
                  std::min(last - column, kBlock), needs + (column - first));
    };
    raise(0, first, first);
    raise(last, m, first);
    for (std::int64_t i = first; i < last; ++i) {
      double column_need = needs[i - first];
      for (std::int64_t k = first; k < last; ++k)
        if (k != i) column_need = std::max(column_need, gains[k * m + i] - as_source[k]);
      const double* const row = gains.data() + i * m;
      double row_need = largest_violation(row, as_sink.data(), i, 0);
      row_need = largest_violation(row + i + 1, as_sink.data() + i + 1, m - i - 1, row_need);
      const double source = capacities.source[i];
      const double sink = capacities.sink[i];
      y[i] =
          std::max(row_need > 0 && source > 0 ? Upper::rounded(source * row_need, 4).value() : 0,
                   column_need > 0 && sink > 0 ? Upper::rounded(sink * column_need, 4).value() : 0);
      as_source[i] = price_of(y[i], source);
      as_sink[i] = price_of(y[i], sink);
    }
  }
}

}  // namespace wquant
