#include "learn_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "interrupt.hpp"
#include "io/box_file.hpp"
#include "io/input_file.hpp"
#include "io/learn_summary.hpp"
#include "io/samples.hpp"
#include "io/samples_plot.hpp"
#include "io/shuffle.hpp"
#include "learn_report.hpp"
#include "option_values.hpp"
#include "outputs.hpp"
#include "progress_bar.hpp"
#include "report.hpp"
#include "wquant/wquant.hpp"

namespace wquant::tool {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kMostClusters = 1'000'000;
constexpr std::int64_t kMostSamples = std::int64_t{1} << 53;
constexpr std::int64_t kDefaultTrain = 5000;

constexpr auto kMethods = {BoundMethod::split, BoundMethod::dual, BoundMethod::exact,
                           BoundMethod::vertex, BoundMethod::fournier};
constexpr auto kMoments = {Moment::stratified, Moment::bernstein, Moment::betting};
constexpr auto kCosts = {Costs::tight, Costs::paper};
constexpr std::string_view kAll = "all";
constexpr std::string_view kAuto = "auto";

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// ---- Options ---------------------------------------------------------------------------------

double confidence_of(const LearnArguments& arguments) {
  const double confidence = finite_number("--confidence", arguments.confidence);
  if (confidence > 0 && confidence < 1) return confidence;
  throw InvalidArgument(fmt::format("--confidence: expected a number between 0 and 1, found '{}'",
                                    arguments.confidence));
}

/// Throws InvalidArgument for options that have no effect with these others.
void check_agreement(const LearnArguments& arguments) {
  const std::string& bound = arguments.bound;
  const bool has_split = bound == kAll || bound == "split";
  const bool has_program = bound != "split" && bound != "fournier";
  require_effect(has_split || !arguments.moment, "--moment", "--bound split or all", "--bound",
                 bound);
  require_effect(has_program || !(arguments.costs || arguments.time_limit), "--costs, --time-limit",
                 "--bound dual, exact, vertex or all", "--bound", bound);
  require_effect(arguments.clusters == kAuto || !arguments.select_on, "--select-on",
                 "--clusters auto", "--clusters", arguments.clusters);
  if (arguments.box.empty() == !arguments.box_file.has_value()) {
    throw InvalidArgument("--box, --box-file: expected exactly one of them");
  }
}

/// The options that the arguments ask for, without the progress callback.
LearnOptions options_of(const LearnArguments& arguments) {
  check_agreement(arguments);
  LearnOptions options;
  options.order = static_cast<int>(whole_number("--order", arguments.order, 1, 2));
  options.beta = 1 - confidence_of(arguments);
  if (arguments.bound != kAll) options.method = named(kMethods, arguments.bound);
  options.clusters.clear();
  if (arguments.clusters != kAuto) {
    options.clusters = {whole_number("--clusters", arguments.clusters, 1, kMostClusters)};
  }
  if (arguments.select_on == "eval") options.select_on = SelectOn::evaluation;
  if (arguments.moment) options.moment = named(kMoments, *arguments.moment);
  if (arguments.costs) options.costs = named(kCosts, *arguments.costs);
  if (arguments.time_limit) {
    options.time_limit = positive_number("--time-limit", *arguments.time_limit);
  }
  options.seed = static_cast<std::uint64_t>(
      whole_number("--seed", arguments.seed, 0, std::numeric_limits<std::int64_t>::max()));
  return options;
}

// ---- Input -----------------------------------------------------------------------------------

/// The two ends of --box LO HI.
std::pair<double, double> interval_of(const LearnArguments& arguments) {
  const double low = finite_number("--box", arguments.box.at(0));
  const double high = finite_number("--box", arguments.box.at(1));
  if (low <= high) return {low, high};
  throw InvalidArgument(
      fmt::format("--box: expected LO ≤ HI, found {} {}", arguments.box[0], arguments.box[1]));
}

Box box_of(const LearnArguments& arguments, std::int64_t dimension) {
  if (!arguments.box_file) {
    const auto [low, high] = interval_of(arguments);
    return Box::cube(dimension, low, high);
  }
  Box box = io::read_box(*arguments.box_file);
  if (box.dimension() == dimension) return box;
  throw InvalidArgument(io::with_path(
      *arguments.box_file, fmt::format("expected {} dimensions, as the samples have, found {}",
                                       dimension, box.dimension())));
}

/// How many samples make the regions. At least two others must remain to evaluate the bound.
std::int64_t train_count(const LearnArguments& arguments, std::int64_t count) {
  if (count < 3) {
    throw InvalidArgument(io::with_path(
        arguments.samples,
        fmt::format("expected at least 3 samples, 1 to make the regions and 2 to evaluate them, "
                    "found {}",
                    count)));
  }
  if (!arguments.train) return std::min(kDefaultTrain, std::max<std::int64_t>(1, count / 4));
  const std::int64_t train = whole_number("--train", *arguments.train, 1, kMostSamples);
  if (count - train >= 2) return train;
  throw InvalidArgument(fmt::format("--train: expected at most {}, all samples but 2, found '{}'",
                                    count - 2, *arguments.train));
}

/// Everything that a run starts from.
struct Input {
  io::Samples samples;  ///< shuffled
  Box box;
  std::int64_t train = 0;
};

Input read_input(const LearnArguments& arguments, const LearnOptions& options) {
  if (!arguments.box.empty()) interval_of(arguments);
  io::Samples samples = io::read_samples(arguments.samples, options.progress);
  Box box = box_of(arguments, samples.dimension);
  const std::int64_t train = train_count(arguments, samples.count);
  io::in_file(arguments.samples, [&] { io::check_inside(samples, box, options.progress); });
  io::shuffle(samples, options.seed, options.progress);
  return {std::move(samples), std::move(box), train};
}

// ---- Bounds ----------------------------------------------------------------------------------

LearnedDistribution learn_from(const Context& context, const Input& input,
                               const LearnOptions& options) {
  return io::with_rows(input.samples, 0, input.samples.count,
                       [&]<class T>(MatrixView<const T> all) {
                         const MatrixView<const T> train(all.data, input.train, all.cols);
                         const MatrixView<const T> evaluation(all.row(input.train),
                                                              all.rows - input.train, all.cols);
                         return learn(context, train, evaluation, input.box, options);
                       });
}

/// The bounds that --bound all adds to that of the learned distribution. Where K was chosen on the
/// evaluation samples, each of them must hold for all candidates at once.
class OtherBounds {
 public:
  OtherBounds(const Context& context, const LearnedDistribution& learned,
              const LearnOptions& options)
      : context_(context),
        learned_(learned),
        order_(options.order),
        transport_{options.beta, options.costs, options.time_limit, options.progress} {
    if (options.select_on == SelectOn::evaluation) {
      transport_.beta /= static_cast<double>(learned.tried.size());
    }
  }

  std::vector<io::StatedBound> all() const {
    const double fournier = fournier_bound(learned_.partition.box(), learned_.evaluation.total(),
                                           order_, learned_.beta);
    return {stated(BoundMethod::dual, dual_bound),
            stated(BoundMethod::exact, exact_bound),
            stated(BoundMethod::vertex, vertex_bound),
            {BoundMethod::fournier, fournier, FournierBound{fournier}}};
  }

 private:
  template <class Bound>
  io::StatedBound stated(BoundMethod method, Bound (*evaluate)(const Context&, const Partition&,
                                                               const RegionStatistics&,
                                                               const TransportOptions&)) const {
    Bound parts = evaluate(context_, learned_.partition, learned_.evaluation, transport_);
    const double bound = with_stored_probabilities(parts.bound, learned_.partition.box(), order_);
    return {method, bound, std::move(parts)};
  }

  const Context& context_;
  const LearnedDistribution& learned_;
  int order_;
  TransportOptions transport_;
};

io::LearnSummary describe(const Context& context, const LearnArguments& arguments,
                          const LearnOptions& options, const LearnedDistribution& learned) {
  const bool chosen = arguments.clusters == kAuto;
  const auto& counts = learned.evaluation.count;
  return {.order = options.order,
          .confidence = confidence_of(arguments),
          .bounds = {{options.method, learned.bound, learned.parts}},
          .support = learned.distribution.size(),
          .clusters = learned.partition.clusters(),
          .train = learned.train.total(),
          .evaluation = learned.evaluation.total(),
          .outside = counts.empty() ? 0 : counts.back(),
          .tried = chosen ? learned.tried : std::vector<ClusterTrial>{},
          .dimension = learned.distribution.dimension(),
          .device = context.device(),
          .seconds = learned.seconds};
}

io::LearnSummary learn_file(const LearnArguments& arguments) {
  LearnOptions options = options_of(arguments);
  ProgressBar bar(!arguments.quiet);
  options.progress = [&](const Progress& progress) {
    bar.show(progress);
    return !interrupted();
  };
  std::vector<InputFile> inputs = {{arguments.samples, "sample"}};
  if (arguments.box_file) inputs.push_back({*arguments.box_file, "box"});
  Outputs outputs(arguments.output, arguments.plot, inputs);

  const Context context = make_context(arguments.device, arguments.threads);
  const auto start = Clock::now();
  const Input input = read_input(arguments, options);
  const double reading_seconds = seconds_since(start);
  const LearnedDistribution learned = learn_from(context, input, options);
  io::LearnSummary summary = describe(context, arguments, options, learned);
  summary.reading_seconds = reading_seconds;
  if (arguments.bound == kAll) {
    const auto second_start = Clock::now();
    for (auto& other : OtherBounds(context, learned, options).all()) {
      summary.bounds.push_back(std::move(other));
    }
    summary.seconds.bound += seconds_since(second_start);
  }
  const auto draw = [&](io::AtomicFile& plot) {
    io::write_plot(plot, summary, input.samples, input.train, learned.partition,
                   learned.distribution);
  };
  outputs.write(members(summary), learned.distribution, draw, options.progress);
  return summary;
}

// ---- Command line ----------------------------------------------------------------------------

std::vector<std::string> with_all(std::vector<std::string> names) {
  names.emplace_back(kAll);
  return names;
}

void add_problem_options(CLI::App& command, LearnArguments& arguments) {
  command
      .add_option("samples", arguments.samples,
                  "File with the samples, n × d numbers, .npy or .csv")
      ->required()
      ->type_name("SAMPLES");
  command
      .add_option(
          "--box", arguments.box,
          "Known in advance: every coordinate of every possible sample lies between LO and HI")
      ->expected(2)
      ->type_name("LO HI");
  command
      .add_option("--box-file", arguments.box_file,
                  "Instead of --box: bounds for each coordinate, from a .json file with lower and "
                  "upper, or "
                  "a .npy or .csv file with two rows, lower and upper")
      ->type_name("FILE");
  command
      .add_option("--order", arguments.order,
                  "The distance that is bounded: 1 for W₁, 2 for W₂ (default 2)")
      ->type_name("1|2");
  command
      .add_option("--confidence", arguments.confidence,
                  "The probability with which the bound holds (default 0.999999)")
      ->type_name("P");
}

void add_method_options(CLI::App& command, LearnArguments& arguments) {
  command
      .add_option("--train", arguments.train,
                  "The number of samples, drawn at random, that make the regions; all others "
                  "evaluate the bound (default: a quarter of all, at most 5000)")
      ->type_name("N");
  command
      .add_option(
          "--clusters", arguments.clusters,
          "The number of regions besides the outer one, or auto for the best number (default "
          "100)")
      ->type_name("K|auto");
  command
      .add_option("--select-on", arguments.select_on,
                  "Only with --clusters auto: the samples that choose the number, train (default) "
                  "or eval; eval divides the 1 - P of --confidence by the number of candidates")
      ->check(CLI::IsMember({"train", "eval"}))
      ->type_name("NAME");
  command
      .add_option(
          "--bound", arguments.bound,
          "How the distance is bounded: split (default, smallest by far), dual, exact, vertex or "
          "fournier; all prints the others beside split, each of which holds alone with the "
          "confidence, not all of them at once")
      ->check(CLI::IsMember(with_all(names(kMethods))))
      ->type_name("NAME");
  command
      .add_option(
          "--moment", arguments.moment,
          "Only with --bound split or all: how the mean distance to the centres is bounded, "
          "stratified (default), bernstein or betting")
      ->check(CLI::IsMember(names(kMoments)))
      ->type_name("NAME");
  command
      .add_option("--costs", arguments.costs,
                  "Only with --bound dual, exact, vertex or all: how the distances between regions "
                  "are bounded, tight (default) or paper")
      ->check(CLI::IsMember(names(kCosts)))
      ->type_name("NAME");
  command
      .add_option(
          "--time-limit", arguments.time_limit,
          "Only with --bound dual, exact, vertex or all: seconds after which each of these takes "
          "the best bound found so far, which is valid too (default 60)")
      ->type_name("S");
  command
      .add_option("--seed", arguments.seed,
                  "The seed of the shuffling of the samples and of k-means (default 0)")
      ->type_name("S");
}

}  // namespace

CLI::App* add_learn_command(CLI::App& program, LearnArguments& arguments) {
  CLI::App* command = program.add_subcommand(
      "learn",
      "Learn few points from samples, with a bound on W₁ or W₂ to the distribution of the samples");
  add_problem_options(*command, arguments);
  add_method_options(*command, arguments);
  add_common_options(*command, arguments,
                     "Draw the samples, the balls of the regions and the points");
  return command;
}

void run_learn(const LearnArguments& arguments) {
  const io::LearnSummary summary = learn_file(arguments);
  if (arguments.json) {
    print(io::json_object(members(summary)) + "\n");
  } else if (!arguments.quiet) {
    print(report(arguments, summary));
  }
}

}  // namespace wquant::tool
