#include "self_test/references.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ptx::test {
namespace {

/// Tr A, Tr A² and Tr A³, which are the sums of powers of the eigenvalues.
std::array<double, 3> traces(const double* a) {
  std::array<double, 3> trace{};
  for (int i = 0; i < 8; ++i) {
    trace[0] += a[i * 9];
    for (int j = 0; j < 8; ++j) {
      trace[1] += a[i * 8 + j] * a[j * 8 + i];
      for (int l = 0; l < 8; ++l) trace[2] += a[i * 8 + j] * a[j * 8 + l] * a[l * 8 + i];
    }
  }
  return trace;
}

std::vector<double> small_whole_numbers(std::size_t n, Random& random) {
  std::vector<double> values(n);
  for (double& value : values) value = std::floor(random() * 1000);
  return values;
}

}  // namespace

Outcome run_jacobi(Device& device) {
  Random random;
  const int count = 37;
  std::vector<double> matrices(count * 64);
  for (int k = 0; k < count; ++k)
    for (int i = 0; i < 8; ++i)
      for (int j = 0; j <= i; ++j)
        matrices[k * 64 + i * 8 + j] = matrices[k * 64 + j * 8 + i] = random() - 0.5;
  double* const values = device.make<double>(count * 8);
  Result result = device.launch("jacobi8", {10}, {128}, device.make(matrices), values, count);
  double worst = 0;
  for (int k = 0; k < count; ++k) {
    const auto wanted = traces(&matrices[k * 64]);
    for (int power = 0; power < 3; ++power) {
      double sum = 0;
      for (int i = 0; i < 8; ++i) sum += std::pow(values[k * 8 + i], power + 1);
      worst = std::max(worst, std::fabs(sum - wanted[power]));
    }
  }
  return {std::move(result), worst < 1e-13};
}

Outcome run_gemm(Device& device) {
  Random random;
  const int n = 50;
  std::vector<double> a(n * n), b(n * n), wanted(n * n);
  for (double& value : a) value = random();
  for (double& value : b) value = random();
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      for (int k = 0; k < n; ++k)
        wanted[i * n + j] = std::fma(a[i * n + k], b[k * n + j], wanted[i * n + j]);
  double* const c = device.make<double>(n * n);
  Result result = device.launch("gemm", {4, 4}, {16, 16}, device.make(a), device.make(b), c, n);
  return {std::move(result), std::equal(wanted.begin(), wanted.end(), c)};
}

Outcome run_segmented_sum(Device& device) {
  Random random;
  const int n = 5000;
  const int keys = 7;
  const std::vector<double> x = small_whole_numbers(n, random);
  std::vector<int> key(n);
  std::vector<double> sums(keys);
  std::vector<unsigned> counts(keys);
  for (int i = 0; i < n; ++i) {
    key[i] = static_cast<int>(random() * keys);
    sums[key[i]] += x[i];
    ++counts[key[i]];
  }
  double* const out = device.zeros<double>(keys);
  unsigned* const out_counts = device.zeros<unsigned>(keys);
  Result result = device.launch("segmented_sum", {40}, {128}, device.make(key), device.make(x), n,
                                out, out_counts);
  return {std::move(result), std::equal(sums.begin(), sums.end(), out) &&
                                 std::equal(counts.begin(), counts.end(), out_counts)};
}

Outcome run_last_block_sum(Device& device) {
  Random random;
  const int n = 5000;
  const std::vector<double> x = small_whole_numbers(n, random);
  double wanted = 0;
  for (const double value : x) wanted += value;
  double* const partial = device.make<double>(12, "partial");
  double* const total = device.make<double>(1, "total");
  Result result = device.launch("last_block_sum", {12}, {128}, device.make(x), n, partial, total);
  return {std::move(result), *total == wanted};
}

Outcome run_spin_lock(Device& device) {
  int* const turns = device.make<int>(1);
  Result result = device.launch("spin_lock", {1}, {96}, turns);
  return {std::move(result), *turns == 96};
}

Outcome run_async_copy(Device& device) {
  std::vector<double> x(64);
  for (int i = 0; i < 64; ++i) x[i] = i;
  double* const y = device.make<double>(32);
  Result result = device.launch("async_copy", {1}, {32}, device.make(x), y);
  bool right = true;
  for (int i = 0; i < 32; ++i) right = right && y[i] == 2 * x[63 - i];
  return {std::move(result), right};
}

}  // namespace ptx::test
