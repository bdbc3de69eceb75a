#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "wquant/wquant.hpp"

// k-means on raw float32 rows, for compare_kmeans.py:
//   kmeans_run FILE N D K ITERATIONS THREADS given|seeded
// Prints the seconds by the clock and of all processors, the objective and the number of steps;
// given: from the first K rows.
int main(int count, char** arguments) {
  if (count != 8) return 2;
  const std::int64_t n = std::atoll(arguments[2]), d = std::atoll(arguments[3]),
                     k = std::atoll(arguments[4]);
  std::vector<float> points(static_cast<std::size_t>(n * d));
  std::FILE* const file = std::fopen(arguments[1], "rb");
  if (!file || std::fread(points.data(), sizeof(float), points.size(), file) != points.size())
    return 1;
  std::fclose(file);
  wquant::KmeansOptions<float> options{
      .clusters = k, .iterations = std::atoll(arguments[5]), .tolerance = 0};
  if (arguments[7][0] == 'g') options.start = {points.data(), k, d};
  const auto context = wquant::Context::cpu({.threads = std::atoi(arguments[6])});
  const std::clock_t processors = std::clock();
  const auto start = std::chrono::steady_clock::now();
  const auto result =
      wquant::kmeans(context, wquant::MatrixView<const float>(points.data(), n, d), options);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  const double processor_seconds =
      static_cast<double>(std::clock() - processors) / static_cast<double>(CLOCKS_PER_SEC);
  std::printf("%.4f %.4f %.8e %lld\n", seconds.count(), processor_seconds, result.objective,
              static_cast<long long>(result.iterations));
}
