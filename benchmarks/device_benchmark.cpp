#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "backend/backend.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "device_timer.hpp"
#include "support/mixtures.hpp"
#include "wquant/wquant.hpp"

// The same workloads on any device; CUDA events time what stands on the stream.
//
//   build/release/benchmarks/device_benchmark --device cuda
//   build/release/benchmarks/device_benchmark --device cpu --points 1000000
//
// --points: of Nearest, 10⁷ by default (d = 128 takes 5 GB).

namespace wquant {
namespace {

using test::MatrixXd;
using test::VectorXd;

std::unique_ptr<bench::DeviceTimer> timer;
std::int64_t points = 10'000'000;

const Context& context() { return timer->context(); }

/// body() per iteration, timed by the device.
template <class Body>
void time(benchmark::State& state, const Body& body) {
  for (auto _ : state) {
    timer->start();
    body();
    state.SetIterationTime(timer->stop());
  }
}

template <class T>
Array<T> placed(const std::vector<T>& values, std::int64_t cols) {
  Array<T> out(context(), static_cast<std::int64_t>(values.size()) / cols, cols);
  context().backend().copy_from_host(out.data(), values.data(), sizeof(T) * values.size());
  return out;
}

template <class T>
std::vector<T> uniform_values(std::int64_t count, std::uint64_t seed) {
  std::vector<T> out(static_cast<std::size_t>(count));
  parallel_chunks(64, count, 1 << 20, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      out[i] = static_cast<T>(uniform(seed, static_cast<std::uint64_t>(i)));
  });
  return out;
}

/// One Gaussian in 256 dimensions, eigenvalues 1/k² in random axes, from its covariance on.
void Gaussian256(benchmark::State& state) {
  constexpr std::int64_t kDimension = 256;
  test::Random random(1);
  const VectorXd values = VectorXd::LinSpaced(kDimension, 1, kDimension).cwiseAbs2().cwiseInverse();
  const MatrixXd v = random.rotation(kDimension);
  const MatrixXd sigma = v * values.asDiagonal() * v.transpose();
  const auto plain = test::gaussian(VectorXd::Zero(kDimension), (sigma + sigma.transpose()) / 2);
  double w2 = 0;
  time(state,
       [&] { w2 = quantize(context(), plain.build(context()), {.support = 1000}).certificate.w2; });
  state.counters["w2"] = w2;
}
BENCHMARK(Gaussian256)->UseManualTime()->Unit(benchmark::kMillisecond);

/// 10 000 mixtures of two Gaussians in the plane, from their covariances on; 16 points each.
void SmallMixtures(benchmark::State& state) {
  constexpr std::int64_t kMixtures = 10000;
  test::Random random(2);
  std::vector<double> weights, means, covariances;
  for (std::int64_t i = 0; i < 2 * kMixtures; ++i) {
    const test::RowMajor sigma = random.covariance(2);
    weights.push_back(0.5);
    means.insert(means.end(), {random.normal(), random.normal()});
    covariances.insert(covariances.end(), sigma.data(), sigma.data() + 4);
  }
  const std::vector<std::int64_t> sizes(kMixtures, 2);
  const Array<double> w = placed(weights, 1), m = placed(means, 2), c = placed(covariances, 4);
  const QuantizeOptions options{.support = 16, .family = SchemeFamily::per_component};
  time(state, [&] {
    const auto mixtures =
        GaussianMixture::full_batch(context(), sizes, {w.data(), w.size(), w.space()}, m.view(),
                                    {c.data(), c.rows(), 2, 2, 2, 4, c.space()});
    benchmark::DoNotOptimize(quantize(context(), mixtures, options).certificates.front().w2);
  });
  state.SetItemsProcessed(state.iterations() * kMixtures);
}
BENCHMARK(SmallMixtures)->UseManualTime()->Unit(benchmark::kMillisecond);

/// 10⁵ Gaussians with one basis in the plane on one grid of 10⁴ points.
void LargeMixture(benchmark::State& state) {
  constexpr std::int64_t kComponents = 100000;
  test::Random random(3);
  const std::vector<double> weights(kComponents, 1.0 / kComponents);
  std::vector<double> means, variances;
  for (std::int64_t i = 0; i < 2 * kComponents; ++i) {
    means.push_back(3 * random.normal());
    variances.push_back(random.uniform(0.05, 1));
  }
  const GaussianMixture mixture =
      GaussianMixture::diagonal(context(), {weights.data(), kComponents},
                                {means.data(), kComponents, 2}, {variances.data(), kComponents, 2});
  const Scheme scheme =
      make_scheme(context(), mixture, {.support = 10000, .family = SchemeFamily::grid}).scheme;
  double w2 = 0;
  time(state, [&] { w2 = apply(context(), scheme, mixture).certificate.w2; });
  state.counters["w2"] = w2;
}
BENCHMARK(LargeMixture)->UseManualTime()->Unit(benchmark::kMillisecond);

template <class T>
void Nearest(benchmark::State& state) {
  constexpr std::int64_t kCentres = 1024;
  const std::int64_t d = state.range(0);
  const Array<T> x = placed(uniform_values<T>(points * d, 4), d);
  const Array<T> centres = placed(uniform_values<T>(kCentres * d, 5), d);
  Array<std::int64_t> labels(context(), points);
  Array<double> squares(context(), points);
  time(state, [&] {
    context().backend().nearest(x.view(), centres.view(), {labels.data(), points, labels.space()},
                                {squares.data(), points, squares.space()});
  });
  const double pairs = static_cast<double>(points) * static_cast<double>(kCentres);
  state.counters["FMA/s"] = benchmark::Counter(pairs * static_cast<double>(d),
                                               benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(Nearest<float>)
    ->Arg(2)
    ->Arg(16)
    ->Arg(128)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(Nearest<double>)->Arg(2)->Arg(16)->UseManualTime()->Unit(benchmark::kMillisecond);

/// Batches of about 2²² entries, with the proven residuals.
void Eigh(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  const std::int64_t count = (std::int64_t{1} << 22) / (n * n);
  test::Random random(6);
  std::vector<double> matrices;
  for (std::int64_t i = 0; i < 16; ++i) {
    const test::RowMajor a = random.covariance(n);
    matrices.insert(matrices.end(), a.data(), a.data() + n * n);
  }
  while (static_cast<std::int64_t>(matrices.size()) < count * n * n)
    matrices.push_back(matrices[matrices.size() - static_cast<std::size_t>(16 * n * n)]);
  const Array<double> a = placed(matrices, n * n);
  Array<double> values(context(), count, n), vectors(context(), count, n * n),
      residual(context(), count), orthogonality(context(), count);
  const MemorySpace space = a.space();
  time(state, [&] {
    context().backend().eigh({a.data(), count, n, n, n, n * n, space}, values.view(),
                             {vectors.data(), count, n, n, n, n * n, space},
                             {residual.data(), count, space}, {orthogonality.data(), count, space});
  });
  state.SetItemsProcessed(state.iterations() * count);
}
BENCHMARK(Eigh)->Arg(2)->Arg(8)->Arg(32)->Arg(33)->Arg(64)->Arg(256)->UseManualTime()->Unit(
    benchmark::kMillisecond);

/// The value of an option of this program, taken out of the arguments.
std::optional<std::string> take_option(std::vector<char*>& arguments, const std::string& name) {
  for (std::size_t i = 1; i + 1 < arguments.size(); ++i)
    if (arguments[i] == name) {
      std::string value = arguments[i + 1];
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i),
                      arguments.begin() + static_cast<std::ptrdiff_t>(i) + 2);
      return value;
    }
  return std::nullopt;
}

}  // namespace
}  // namespace wquant

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  try {
    const auto device = wquant::take_option(arguments, "--device");
    if (const auto given = wquant::take_option(arguments, "--points"))
      wquant::points = std::stoll(*given);
    wquant::timer = wquant::bench::make_timer(device.value_or("cpu"));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  benchmark::AddCustomContext("device", wquant::timer->device());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  benchmark::RunSpecifiedBenchmarks();
  wquant::timer.reset();
  return 0;
}
