#include "quantize_command.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "interrupt.hpp"
#include "io/atomic_file.hpp"
#include "io/mixture_json.hpp"
#include "io/plot.hpp"
#include "io/results.hpp"
#include "io/text.hpp"
#include "progress_bar.hpp"
#include "wquant/wquant.hpp"

namespace wquant::tool {
namespace {

constexpr std::int64_t kMostSupport = 1'000'000'000;
constexpr std::int64_t kMostThreads = 4096;

std::int64_t whole_number(std::string_view option, const std::string& text, std::int64_t least,
                          std::int64_t most) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < least || value > most) {
    throw InvalidArgument(fmt::format("{}: expected a whole number from {} to {}, found '{}'",
                                      option, least, most, text));
  }
  return value;
}

double positive_number(std::string_view option, const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || !(value > 0) || !std::isfinite(value)) {
    throw InvalidArgument(
        fmt::format("{}: expected a positive finite number, found '{}'", option, text));
  }
  return value;
}

/// The enumerator with this name.
template <class Enum>
Enum named(std::initializer_list<Enum> all, std::string_view text) {
  for (const Enum value : all) {
    if (name(value) == text) return value;
  }
  throw InvalidArgument(fmt::format("'{}' is not a name that is known here", text));
}

template <class Enum>
std::vector<std::string> names(std::initializer_list<Enum> all) {
  std::vector<std::string> out;
  for (const Enum value : all) out.emplace_back(name(value));
  return out;
}

constexpr auto kFamilyNames = {SchemeFamily::automatic, SchemeFamily::grid,
                               SchemeFamily::per_component, SchemeFamily::cross};
constexpr auto kRadiiNames = {CrossRadii::optimal, CrossRadii::paper, CrossRadii::unscented};

/// What is to be done, but for the progress callback.
QuantizeOptions options_of(const QuantizeArguments& arguments) {
  QuantizeOptions options;
  if (arguments.support.has_value() == arguments.tolerance.has_value()) {
    throw InvalidArgument("--support, --tolerance: expected exactly one of them");
  }
  if (arguments.support) {
    options.support = whole_number("--support", *arguments.support, 1, kMostSupport);
  } else {
    options.tolerance = positive_number("--tolerance", *arguments.tolerance);
  }
  options.scheme = named(kFamilyNames, arguments.scheme);
  const bool crosses =
      options.scheme == SchemeFamily::cross || options.scheme == SchemeFamily::automatic;
  if (!crosses && (arguments.radii || arguments.active_dimensions)) {
    throw InvalidArgument(fmt::format(
        "--radii, --active-dimensions: are of crosses; --scheme is {}", arguments.scheme));
  }
  if (arguments.radii) options.radii = named(kRadiiNames, *arguments.radii);
  if (arguments.active_dimensions) {
    options.active_dimensions =
        whole_number("--active-dimensions", *arguments.active_dimensions, 1, kMostSupport);
  }
  return options;
}

Context make_context(const std::string& device, int threads) {
  if (device == "cuda") return Context::cuda();
  if (device == "auto") return Context::best({.threads = threads});
  return Context::cpu({.threads = threads});
}

/// The output files that were asked for, opened before any work so that it cannot be in vain.
class Outputs {
 public:
  explicit Outputs(const QuantizeArguments& arguments) {
    if (arguments.output) format_ = io::result_format(*arguments.output);
    if (arguments.plot) io::check_plot_name(*arguments.plot);
    open(result_, arguments.output, arguments.mixture);
    open(plot_, arguments.plot, arguments.mixture);
  }

  void write(const io::ResultSummary& summary, const GaussianMixture& mixture,
             const DiscreteDistribution& distribution, const ProgressCallback& progress) {
    if (result_) io::write_result(*result_, format_, summary, distribution, progress);
    if (plot_) io::write_plot(*plot_, summary, mixture, distribution);
    if (interrupted()) throw Cancelled("interrupted");
    std::vector<io::AtomicFile*> files;
    if (result_) files.push_back(&*result_);
    if (plot_) files.push_back(&*plot_);
    io::AtomicFile::publish_all(files);
  }

 private:
  static void open(std::optional<io::AtomicFile>& file, const std::optional<std::string>& path,
                   const std::string& mixture) {
    if (!path) return;
    std::error_code error;
    if (std::filesystem::equivalent(*path, mixture, error)) {
      throw InvalidArgument(fmt::format("{}: cannot write: it is the mixture file itself", *path));
    }
    file.emplace(*path);
  }

  io::ResultFormat format_{};
  std::optional<io::AtomicFile> result_;
  std::optional<io::AtomicFile> plot_;
};

/// What is told about a run once its points are written or forgotten.
struct Outcome {
  io::ResultSummary summary;
  std::vector<SchemeTrial> trials;
  double clipped_variance = 0;
};

Outcome describe(const Context& context, const GaussianMixture& mixture,
                 const Quantization& quantization) {
  const QuantizeStatistics& statistics = quantization.statistics;
  return {.summary = {.certificate = quantization.certificate,
                      .support = quantization.distribution.size(),
                      .scheme = std::string(name(statistics.family)),
                      .components = mixture.components(),
                      .dimension = mixture.dimension(),
                      .device = context.device(),
                      .scheme_seconds = statistics.scheme_seconds,
                      .apply_seconds = statistics.apply_seconds},
          .trials = statistics.tried,
          .clipped_variance = mixture.clipped_variance()};
}

Outcome quantize_file(const QuantizeArguments& arguments) {
  QuantizeOptions options = options_of(arguments);
  const auto threads = whole_number("--threads", arguments.threads, 0, kMostThreads);
  ProgressBar bar(!arguments.quiet);
  options.progress = [&](const Progress& progress) {
    bar.show(progress);
    return !interrupted();
  };

  Outputs outputs(arguments);
  const Context context = make_context(arguments.device, static_cast<int>(threads));
  const auto mixture = io::read_mixture(context, arguments.mixture, options.progress);
  Quantization quantization = quantize(context, mixture, options);
  if (context.memory_space() != MemorySpace::host) {
    quantization.distribution = quantization.distribution.to_host();
  }
  Outcome result = describe(context, mixture, quantization);
  outputs.write(result.summary, mixture, quantization.distribution, options.progress);
  return result;
}

std::string counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string line(std::string_view label, std::string_view value, std::string_view note = "") {
  return note.empty() ? fmt::format("  {:<10} {}\n", label, value)
                      : fmt::format("  {:<10} {:<12} {}\n", label, value, note);
}

std::string certificate_lines(const Certificate& certificate) {
  const auto shown = [](double value) { return io::rounded_up(value, 4); };
  return "  √(cells + dropped) + reduction + basis + rounding:\n" +
         line("cells", shown(certificate.cells), "squared distance within the grids' cells") +
         line("dropped", shown(certificate.dropped), "squared distance to the grids' spans") +
         line("reduction", shown(certificate.reduction), "distance to the reduced mixture") +
         line("basis", shown(certificate.basis), "covariances off the grids' axes") +
         line("rounding", shown(certificate.rounding), "of floating-point numbers");
}

std::string trial_lines(const std::vector<SchemeTrial>& trials) {
  std::string text;
  for (const SchemeTrial& trial : trials) {
    text += line(&trial == &trials.front() ? "tried" : "",
                 fmt::format("{:<14} W₂ ≤ {} with {}", name(trial.family),
                             io::rounded_up(trial.w2, 4), counted(trial.support, "point")));
  }
  return text;
}

std::string report(const QuantizeArguments& arguments, const Outcome& outcome) {
  const io::ResultSummary& summary = outcome.summary;
  std::string text =
      fmt::format("W₂ ≤ {} with {} for {} in {}\n\n", io::rounded_up(summary.certificate.w2, 6),
                  counted(summary.support, "point"), counted(summary.components, "component"),
                  counted(summary.dimension, "dimension"));
  text += certificate_lines(summary.certificate) + "\n";
  text += line("scheme", summary.scheme) + trial_lines(outcome.trials);
  text += line("device", summary.device);
  text += line("time", fmt::format("{:.3g} s scheme, {:.3g} s apply", summary.scheme_seconds,
                                   summary.apply_seconds));
  if (outcome.clipped_variance > 0) {
    text += line("note", fmt::format("negative eigenvalues, at most {} in sum, were set to zero",
                                     io::rounded_up(outcome.clipped_variance, 3)));
  }
  if (arguments.output) text += line("points", io::printable(*arguments.output));
  if (arguments.plot) text += line("picture", io::printable(*arguments.plot));
  return text;
}

void print(std::string_view text) {
  fmt::print("{}", text);
  if (std::fflush(stdout) != 0) throw Error("cannot write to standard output");
}

}  // namespace

CLI::App* add_quantize_command(CLI::App& program, QuantizeArguments& arguments) {
  CLI::App* command = program.add_subcommand(
      "quantize", "Replace a Gaussian mixture by few points, with a proven bound on W₂");
  command->add_option("mixture", arguments.mixture, "The mixture, a JSON file")
      ->required()
      ->type_name("MIXTURE.json");
  command->add_option("--support", arguments.support, "At most this many points")->type_name("N");
  command
      ->add_option("--tolerance", arguments.tolerance,
                   "Instead: as few points as give W₂ ≤ this, proven")
      ->type_name("W2");
  command->add_option("--scheme", arguments.scheme, "auto (the best), grid, per-component or cross")
      ->check(CLI::IsMember(names(kFamilyNames)))
      ->type_name("NAME");
  command
      ->add_option("--radii", arguments.radii, "Of crosses: optimal (default), paper or unscented")
      ->check(CLI::IsMember(names(kRadiiNames)))
      ->type_name("NAME");
  command
      ->add_option("--active-dimensions", arguments.active_dimensions,
                   "Axes of each cross (default: as many as serve best)")
      ->type_name("n");
  command->add_option("--device", arguments.device, "auto (a GPU if there is one), cpu or cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->type_name("NAME");
  command->add_option("--threads", arguments.threads, "Threads on the CPU; 0 = all")
      ->type_name("T");
  command->add_option("--output", arguments.output, "Write the points: .json, .csv or .npy")
      ->type_name("FILE");
  command->add_option("--plot", arguments.plot, "Draw mixture and points")->type_name("FILE.svg");
  command->add_flag("--json", arguments.json, "Print the result as one JSON object");
  command->add_flag("--quiet", arguments.quiet, "Print nothing that was not asked for");
  return command;
}

void run_quantize(const QuantizeArguments& arguments) {
  const Outcome outcome = quantize_file(arguments);
  if (arguments.json) {
    print(io::to_json(outcome.summary) + "\n");
  } else if (!arguments.quiet) {
    print(report(arguments, outcome));
  }
}

}  // namespace wquant::tool
