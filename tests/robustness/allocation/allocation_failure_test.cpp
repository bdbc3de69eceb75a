// Every call of the library with its first, second, third, … allocation refused: an error comes
// out, nothing leaks, and the context works on as if nothing had happened.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <new>
#include <ostream>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "failing_allocations.hpp"
#include "io/csv_file.hpp"
#include "io/mixture_json.hpp"
#include "io/npy_file.hpp"
#include "robustness/npy_bytes.hpp"
#include "support/data_files.hpp"
#include "wquant/wquant.hpp"

namespace wquant::test {
namespace {

/// Three Gaussians in the plane, one of them singular, with other axes each.
GaussianMixture plane(const Context& context) {
  static constexpr std::array weights = {0.5, 0.3, 0.2};
  static constexpr std::array means = {0.0, 0.0, 3.0, 1.0, -1.0, 2.0};
  static constexpr std::array covariances = {1.0, 0.5, 0.5, 2.0, 1.0, 1.0,
                                             1.0, 1.0, 0.3, 0.0, 0.0, 0.1};
  return GaussianMixture::full(context, {weights.data(), 3}, {means.data(), 3, 2},
                               {covariances.data(), 3, 2, 2});
}

/// n points in the unit square, of a low-discrepancy sequence.
std::vector<double> square(int n) {
  std::vector<double> out;
  for (int i = 0; i < n; ++i)
    for (const double step : {0.7548776662466927, 0.5698402909980532}) {
      const double x = step * (i + 1);
      out.push_back(x - static_cast<double>(static_cast<int>(x)));
    }
  return out;
}

QuantizeOptions with(SchemeFamily family, std::int64_t support = 12) {
  QuantizeOptions options;
  options.family = family;
  options.support = support;
  options.fine_support = 40;
  return options;
}

double quantized(const Context& context, const QuantizeOptions& options) {
  return quantize(context, plane(context), options).certificate.w2;
}

double quantized_batch(const Context& context) {
  std::vector<GaussianMixture> mixtures;
  for (int b = 0; b < 3; ++b) mixtures.push_back(plane(context));
  const std::array options = {with(SchemeFamily::automatic)};
  return quantize(context, mixtures, options).certificates[2].w2;
}

double learned(const Context& context, BoundMethod method, int order,
               Moment moment = Moment::stratified) {
  constexpr int kTrain = 20;
  constexpr int kEvaluation = 40;
  const std::vector<double> points = square(kTrain + kEvaluation);
  LearnOptions options;
  options.method = method;
  options.order = order;
  options.moment = moment;
  options.clusters = {2, 3};
  const MatrixView<const double> train(points.data(), kTrain, 2);
  const MatrixView<const double> evaluation(points.data() + 2 * kTrain, kEvaluation, 2);
  return learn(context, train, evaluation, Box::cube(2, 0, 1), options).bound;
}

double clustered(const Context& context) {
  const std::vector<double> points = square(30);
  return kmeans(context, {points.data(), 30, 2}, {.clusters = 4}).objective;
}

double compressed(const Context& context) {
  const Quantization fine = quantize(context, plane(context), with(SchemeFamily::grid, 30));
  return compress(context, fine, {.support = 5}).certificate.w2;
}

template <class Value>
double clustered_in_parallel(const Context& context) {
  constexpr int kPoints = 20'000;
  const std::vector<double> points = square(kPoints);
  const std::vector<Value> values(points.begin(), points.end());
  KmeansOptions<Value> options;
  options.clusters = 5;
  options.iterations = 2;
  return kmeans(context, {values.data(), kPoints, 2}, options).objective;
}

double sampled(const Context& context) { return sample(context, plane(context), 5, 1)(4, 1); }

double climbed(const Context& context) {
  return find_modes(context, plane(context)).log_densities[0];
}

double reduced(const Context& context) {
  return reduce(context, plane(context), {.components = 2}).bound;
}

struct Call {
  std::string name;
  std::function<double(const Context&)> run;
  bool reads = false;
};

std::ostream& operator<<(std::ostream& out, const Call& call) { return out << call.name; }

std::vector<Call> calls() {
  std::vector<Call> out;
  for (int family = 0; family <= static_cast<int>(SchemeFamily::lloyd); ++family) {
    const auto scheme = static_cast<SchemeFamily>(family);
    std::string title(name(scheme));
    for (char& c : title)
      if (c == '-') c = '_';
    out.push_back(
        {"quantize_" + title, [scheme](const Context& c) { return quantized(c, with(scheme)); }});
  }
  const auto tolerance = [](const Context& c) {
    QuantizeOptions options = with(SchemeFamily::grid);
    options.tolerance = 0.8;
    return quantized(c, options);
  };
  const auto reduction = [](const Context& c) {
    QuantizeOptions options = with(SchemeFamily::tree);
    options.reduced_components = 2;
    return quantized(c, options);
  };
  out.push_back({"quantize_to_a_tolerance", tolerance});
  out.push_back({"quantize_reduced", reduction});
  out.push_back({"quantize_batch", quantized_batch});
  for (int method = 0; method <= static_cast<int>(BoundMethod::fournier); ++method) {
    const auto bound = static_cast<BoundMethod>(method);
    out.push_back({"learn_" + std::string(name(bound)), [bound](const Context& c) {
                     return learned(c, bound, 1 + (bound != BoundMethod::dual));
                   }});
  }
  out.push_back({"learn_betting", [](const Context& c) {
                   return learned(c, BoundMethod::split, 1, Moment::betting);
                 }});
  out.push_back({"kmeans", clustered});
  out.push_back({"reduce", reduced});
  out.push_back({"compress", compressed});
  out.push_back({"sample", sampled});
  out.push_back({"find_modes", climbed});
  return out;
}

/// Work for several threads.
std::vector<Call> parallel_calls() {
  const auto lloyd = [](const Context& c) {
    QuantizeOptions options = with(SchemeFamily::lloyd, 60);
    options.fine_support = 3000;
    return quantized(c, options);
  };
  const auto tree = [](const Context& c) { return quantized(c, with(SchemeFamily::tree, 30)); };
  const auto grid = [](const Context& c) { return quantized(c, with(SchemeFamily::grid, 20'000)); };
  const auto samples = [](const Context& c) { return sample(c, plane(c), 20'000, 1)(19'999, 1); };
  return {{"quantize_lloyd", lloyd},
          {"quantize_tree", tree},
          {"quantize_grid", grid},
          {"kmeans_doubles", clustered_in_parallel<double>},
          {"kmeans_floats", clustered_in_parallel<float>},
          {"sample", samples}};
}

/// What reads a file's bytes, good ones.
std::vector<Call> reading_calls() {
  const auto csv = [](const Context&) {
    std::istringstream input("a;b\n" + std::string(300, ' ') + "1;2.5\n3;4\n");
    const io::Samples samples = io::read_csv(input);
    return std::get<std::vector<double>>(samples.values)[1];
  };
  const auto npy_bytes = [](const Context&) {
    std::istringstream input(npy(2, 1, {1.5, 2}));
    const io::Samples samples = io::read_npy(input);
    return std::get<std::vector<double>>(samples.values)[0];
  };
  const auto mixture = [](const Context& context) {
    return io::read_mixture(context, data_file("plane.json")).mean()[0];
  };
  return {{"read_csv", csv, true}, {"read_npy", npy_bytes, true}, {"read_mixture", mixture, true}};
}

class AllocationFailure : public testing::TestWithParam<Call> {};

/// Whether the call failed; any other exception than those for memory passes.
bool runs_out_of_memory(const Call& call, const Context& context, double& result) {
  try {
    result = call.run(context);
    return false;
  } catch (const std::bad_alloc&) {
    return true;
  } catch (const OutOfMemory&) {
    return true;
  } catch (const InvalidArgument&) {
    if (!call.reads) throw;  // a stream takes what is thrown in it for a failure to read
    return true;
  }
}

/// All n from 1, beyond `dense` ever fewer, until there are no n allocations. A call may do without
/// one, as std::stable_sort does; then its result is the same.
void refuse_each(const Call& call, const Context& context, Failing mode, double expected,
                 std::int64_t dense) {
  std::int64_t n = 1;
  std::int64_t failures = 0;
  for (bool reached = true; reached; n += 1 + n / dense) {
    const std::int64_t before = live_blocks();
    double result = expected;
    {
      const FailingAllocations failing(mode, n);
      failures += runs_out_of_memory(call, context, result);
      reached = failing.count() >= n;
    }
    ASSERT_EQ(live_blocks(), before) << "a leak after allocation " << n << " failed";
    if (failures % 64 == 0) result = call.run(context);
    ASSERT_EQ(result, expected) << "allocation " << n;
  }
  testing::Test::RecordProperty(mode == Failing::one ? "failed_once" : "failed_from",
                                std::to_string(failures));
  EXPECT_GT(failures, 4);
}

TEST_P(AllocationFailure, at_every_site_is_an_error_without_a_leak) {
  const Context context = Context::cpu({.threads = 1});
  double expected = 0;
  // Also of what is made once in the life of the program, so without a first call that succeeds.
  for (std::int64_t n = 1;; ++n) {
    const FailingAllocations failing(Failing::one, n);
    if (!runs_out_of_memory(GetParam(), context, expected)) break;
  }
  expected = GetParam().run(context);
  constexpr std::int64_t kDense = 4000;
  refuse_each(GetParam(), context, Failing::one, expected, kDense);
  refuse_each(GetParam(), context, Failing::all_from, expected, kDense);
}

INSTANTIATE_TEST_SUITE_P(Calls, AllocationFailure, testing::ValuesIn(calls()),
                         [](const auto& test) { return test.param.name; });
INSTANTIATE_TEST_SUITE_P(Reading, AllocationFailure, testing::ValuesIn(reading_calls()),
                         [](const auto& test) { return test.param.name; });

class ParallelAllocationFailure : public testing::TestWithParam<Call> {};

TEST_P(ParallelAllocationFailure, in_any_thread_is_an_error_without_a_leak) {
  const Context context = Context::cpu({.threads = 3});
  const double expected = GetParam().run(context);
  constexpr std::int64_t kDense = 25;
  refuse_each(GetParam(), context, Failing::one, expected, kDense);
  refuse_each(GetParam(), context, Failing::all_from, expected, kDense);
}

INSTANTIATE_TEST_SUITE_P(Calls, ParallelAllocationFailure, testing::ValuesIn(parallel_calls()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace wquant::test
