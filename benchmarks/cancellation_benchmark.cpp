#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "support/mixtures.hpp"
#include "support/sampled_mixture.hpp"
#include "support/samples.hpp"

// How soon long calls end after the progress callback refuses: for each operation the longest that
// it goes without asking, and the longest from a refusal to the exception, in seconds of the
// calling thread's CPU time, which other programs do not lengthen. With one thread, where that is
// all there is. The argument, if any, is part of the names of the operations to run.

namespace wquant {
namespace {

using test::Random;
using test::rows;
using test::Sampled;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

using Call = std::function<void(const ProgressCallback&)>;

/// What one call to the end shows.
struct Gaps {
  double total = 0;
  double largest = 0;
  std::string after;  // the stage that was reported before the largest
  std::int64_t calls = 0;
};

Gaps gaps_of(const Call& call) {
  Gaps out;
  std::string stage = "the start";
  const double start = cpu_seconds();
  double last = start;
  const auto close = [&] {
    const double now = cpu_seconds();
    if (now - last > out.largest) {
      out.largest = now - last;
      out.after = stage;
    }
    last = now;
  };
  call([&](const Progress& progress) {
    close();
    ++out.calls;
    stage = progress.stage;
    last = cpu_seconds();
    return true;
  });
  close();
  out.total = last - start;
  return out;
}

/// From the refusal of call number n to the end.
double seconds_to_end(const Call& call, std::int64_t n) {
  double refused = 0;
  try {
    call([&, calls = std::int64_t{0}](const Progress&) mutable {
      if (++calls < n) return true;
      refused = cpu_seconds();
      return false;
    });
  } catch (const Cancelled&) {
    return cpu_seconds() - refused;
  }
  return 0;
}

class Report {
 public:
  explicit Report(std::string wanted) : wanted_(std::move(wanted)) {
    fmt::print("{:44} {:>8} {:>8} {:>10} {:>10}  {}\n", "operation", "seconds", "calls", "gap / ms",
               "end / ms", "gap after");
  }

  bool wants(const std::string& name) const { return name.find(wanted_) != std::string::npos; }

  void measure(const std::string& name, const Call& call) const {
    if (!wants(name)) return;
    const Gaps gaps = gaps_of(call);
    double end = 0;
    for (const int quarter : {1, 2, 3})
      end =
          std::max(end, seconds_to_end(call, std::max<std::int64_t>(1, gaps.calls * quarter / 4)));
    fmt::print("{:44} {:8.2f} {:8} {:10.1f} {:10.1f}  {}\n", name, gaps.total, gaps.calls,
               1e3 * gaps.largest, 1e3 * end, gaps.after);
    std::fflush(stdout);
  }

 private:
  std::string wanted_;
};

void quantising(const Report& report, const Context& context) {
  const auto run = [&](const std::string& name, const GaussianMixture& mixture,
                       QuantizeOptions options) {
    report.measure(name, [&](const ProgressCallback& progress) {
      options.progress = progress;
      quantize(context, mixture, options);
    });
  };
  const GaussianMixture plane = Sampled(10'000, 2, 1).build(context);
  const GaussianMixture many = Sampled(1'000'000, 2, 2).build(context);
  const GaussianMixture wide = Sampled(2'000, 16, 3).build(context);
  const GaussianMixture few = Sampled(100, 4, 4).build(context);
  Random random(5);
  const GaussianMixture turned = random.mixture(300, 8, 3).build(context);
  run("grid K=10^4 d=2 N=10^5", plane, {.support = 100'000, .family = SchemeFamily::grid});
  run("grid K=10^6 d=2 N=10^3", many, {.support = 1'000, .family = SchemeFamily::grid});
  run("grid K=2000 d=16 N=65536", wide, {.support = 65'536, .family = SchemeFamily::grid});
  run("grid K=100 d=4 N=10^7", few, {.support = 10'000'000, .family = SchemeFamily::grid});
  run("per-component K=10^6 d=2 N=2*10^6", many,
      {.support = 2'000'000, .family = SchemeFamily::per_component});
  run("per-component K=10^6 d=2 N=1000", many,
      {.support = 1'000, .family = SchemeFamily::per_component});
  run("per-component K=300 d=8 N=10^6", turned,
      {.support = 1'000'000, .family = SchemeFamily::per_component});
  run("cross K=2000 d=16 N=10^5", wide, {.support = 100'000, .family = SchemeFamily::cross});
  run("cross K=10^6 d=2 N=4*10^6", many, {.support = 4'000'000, .family = SchemeFamily::cross});
  run("per-mode K=10^4 d=2 N=10^4", plane, {.support = 10'000, .family = SchemeFamily::per_mode});
  run("per-mode K=300 d=8 N=10^4", turned, {.support = 10'000, .family = SchemeFamily::per_mode});
  run("tree K=10^4 d=2 N=10^4", plane, {.support = 10'000, .family = SchemeFamily::tree});
  run("tree K=2000 d=16 N=10^4", wide, {.support = 10'000, .family = SchemeFamily::tree});
  run("tree K=300 d=8 N=3000 turned", turned, {.support = 3'000, .family = SchemeFamily::tree});
  run("tree K=10^6 d=2 N=100", many, {.support = 100, .family = SchemeFamily::tree});
  run("lloyd K=10^4 d=2 N=2000", plane, {.support = 2'000, .family = SchemeFamily::lloyd});
  run("lloyd K=100 d=4 N=1000", few, {.support = 1'000, .family = SchemeFamily::lloyd});
  run("auto, 3 s K=100 d=4 N=1000", few, {.support = 1'000, .seconds = 3});
  run("auto, reduced to 1000 K=10^4 d=2 N=3000", plane,
      {.support = 3'000, .reduced_components = 1'000});
  run("tolerance auto K=10^4 d=2", plane, {.tolerance = 0.3});
  run("tolerance tree K=10^4 d=2", plane, {.tolerance = 0.3, .family = SchemeFamily::tree});
  run("tolerance lloyd K=100 d=4", few, {.tolerance = 1.5, .family = SchemeFamily::lloyd});
  run("tolerance grid K=100 d=4", few, {.tolerance = 0.3, .family = SchemeFamily::grid});

  if (!report.wants("batch")) return;
  std::vector<GaussianMixture> batch;
  for (int b = 0; b < 20'000; ++b)
    batch.push_back(Sampled(3, 2, static_cast<std::uint64_t>(b)).build(context));
  report.measure("batch of 20000, auto, d=2 N=10", [&](const ProgressCallback& progress) {
    const QuantizeOptions options{.support = 10, .progress = progress};
    quantize(context, batch, options);
  });
  const std::vector<GaussianMixture> three{plane, plane, plane};
  report.measure("batch of 3, tree, K=10^4 d=2 N=5000", [&](const ProgressCallback& progress) {
    const QuantizeOptions options{
        .support = 5'000, .family = SchemeFamily::tree, .progress = progress};
    quantize(context, three, options);
  });
}

void mixtures(const Report& report, const Context& context) {
  const Sampled plain(10'000, 2, 1);
  const GaussianMixture plane = plain.build(context);
  const GaussianMixture many = Sampled(1'000'000, 2, 2).build(context);
  Random random(6);
  const GaussianMixture turned = random.mixture(5'000, 8, 3).build(context);
  const auto reducing = [&](const std::string& name, const GaussianMixture& mixture,
                            std::int64_t components) {
    report.measure(name, [&, components](const ProgressCallback& progress) {
      reduce(context, mixture, {.components = components, .progress = progress});
    });
  };
  reducing("reduce K=10^6 d=2 to 1000", many, 1'000);
  reducing("reduce K=10^6 d=2 to 10^5", many, 100'000);
  reducing("reduce K=5000 d=8 turned to 500", turned, 500);
  report.measure("find_modes K=10^4 d=2", [&](const ProgressCallback& progress) {
    find_modes(context, plane, {.progress = progress});
  });
  report.measure("find_modes K=5000 d=8 turned", [&](const ProgressCallback& progress) {
    find_modes(context, turned, {.progress = progress});
  });
  report.measure("sample 10^7 of a mixture", [&](const ProgressCallback& progress) {
    sample(context, many, 10'000'000, 1, {.progress = progress});
  });
  const Array<double> points = sample(context, plane, 20'000, 2);
  const auto at = std::as_const(points).view();
  report.measure("log_density K=10^4 d=2", [&](const ProgressCallback& progress) {
    log_density(context, plane, at, {.progress = progress});
  });
  report.measure("score K=10^4 d=2", [&](const ProgressCallback& progress) {
    score(context, plane, at, {.progress = progress});
  });
  report.measure("hessian K=10^4 d=2", [&](const ProgressCallback& progress) {
    hessian(context, plane, at, {.progress = progress});
  });
  const GaussianMixture one = Sampled(1, 8, 7).build(context);
  const CertifiedDistribution fine =
      quantize(context, one, {.support = 1'000'000, .family = SchemeFamily::grid});
  report.measure("compress N=10^6 d=8 to 100", [&](const ProgressCallback& progress) {
    compress(context, fine, {.support = 100, .progress = progress});
  });
  report.measure("sample 10^7 of N=10^6 d=8", [&](const ProgressCallback& progress) {
    sample(context, fine.distribution, 10'000'000, 1, progress);
  });
  const Scheme finest =
      make_scheme(context, many, {.support = 3'000'000, .family = SchemeFamily::per_component})
          .scheme;
  report.measure("apply K=10^6 d=2 N=3*10^6",
                 [&](const ProgressCallback& progress) { apply(context, finest, many, progress); });
}

template <class T>
void clustering(const Report& report, const Context& context, const std::string& type) {
  const std::vector<T> flat = test::uniform_samples<T>(1'000'000, 8, 0, 1, 1);
  report.measure("kmeans " + type + " n=10^6 d=8 K=100", [&](const ProgressCallback& progress) {
    KmeansOptions<T> options;
    options.iterations = 10;
    options.progress = progress;
    kmeans(context, rows(flat, 8), options);
  });
  const std::vector<T> high = test::uniform_samples<T>(100'000, 64, 0, 1, 1);
  const auto all = rows(high, 64);
  report.measure("kmeans " + type + " n=10^5 d=64 K=10^4", [&](const ProgressCallback& progress) {
    KmeansOptions<T> options;
    options.start = {all.data, 10'000, 64};
    options.iterations = 2;
    options.progress = progress;
    kmeans(context, all, options);
  });
}

void learning(const Report& report, const Context& context) {
  const std::vector<double> samples = test::truncated_gaussian<double>(200'000, 8, 0.02, 1);
  const auto all = rows(samples, 8);
  const MatrixView<const double> train(all.data, 100'000, 8);
  const MatrixView<const double> evaluation(all.row(100'000), 100'000, 8);
  const Box box = Box::cube(8, -0.5, 0.5);
  report.measure("make_partition n=10^5 d=8 K=2000", [&](const ProgressCallback& progress) {
    make_partition(context, train, box, {.clusters = 2'000, .iterations = 5, .progress = progress});
  });
  report.measure("make_partition n=2*10^4 d=8 K=n", [&](const ProgressCallback& progress) {
    make_partition(context, {all.data, 20'000, 8}, box, {.clusters = 20'000, .progress = progress});
  });
  if (report.wants("region_statistics")) {
    const Partition partition = make_partition(
        context, MatrixView<const double>(all.data, 2'000, 8), box, {.clusters = 2'000});
    report.measure("region_statistics n=2*10^5 K=2000", [&](const ProgressCallback& progress) {
      region_statistics(context, partition, all, 2, progress);
    });
  }
  const auto learned = [&](const std::string& name, std::int64_t n, LearnOptions options) {
    report.measure(name, [&, n](const ProgressCallback& progress) {
      options.progress = progress;
      learn(context, {all.data, n, 8}, evaluation, box, options);
    });
  };
  learned("learn split K=3000 d=8", 50'000, {.clusters = {3'000}, .iterations = 2});
  learned("learn split tree K=5000 d=8", 6'000,
          {.clusters = {5'000}, .discrete = DiscreteTerm::tree, .iterations = 2});
  learned("learn split betting K=100 d=8", 50'000, {.clusters = {100}, .moment = Moment::betting});
  learned("learn split, choosing K, d=8", 5'000, {.clusters = {}});
  learned("learn dual K=1000 d=8", 10'000,
          {.method = BoundMethod::dual, .clusters = {1'000}, .iterations = 2});
  learned("learn exact K=200 d=8", 10'000,
          {.method = BoundMethod::exact, .clusters = {200}, .time_limit = 20});
  learned("learn exact K=1000 d=8", 10'000,
          {.method = BoundMethod::exact, .clusters = {1000}, .time_limit = 20, .iterations = 2});
  learned("learn vertex K=1000 d=8", 10'000,
          {.method = BoundMethod::vertex, .clusters = {1'000}, .iterations = 2});
  learned("learn fournier d=8", 10'000, {.method = BoundMethod::fournier});
  // In few dimensions chains of neighbours serve.
  const std::vector<double> line = test::truncated_gaussian<double>(200'000, 1, 0.02, 1);
  report.measure("learn split K=2000 d=1", [&](const ProgressCallback& progress) {
    learn(context, {line.data(), 100'000, 1}, {line.data() + 100'000, 100'000, 1},
          Box::cube(1, -0.5, 0.5), {.clusters = {2'000}, .iterations = 5, .progress = progress});
  });
}

void run(const Report& report) {
  const Context context = Context::cpu({.threads = 1});
  quantising(report, context);
  mixtures(report, context);
  clustering<double>(report, context, "double");
  clustering<float>(report, context, "float");
  learning(report, context);
}

}  // namespace
}  // namespace wquant

int main(int argc, char** argv) {
  wquant::run(wquant::Report(argc > 1 ? argv[1] : ""));
  return EXIT_SUCCESS;
}
