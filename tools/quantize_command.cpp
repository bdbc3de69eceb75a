#include "quantize_command.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "interrupt.hpp"
#include "io/mixture_json.hpp"
#include "io/mixture_plot.hpp"
#include "io/quantize_summary.hpp"
#include "io/text.hpp"
#include "option_values.hpp"
#include "outputs.hpp"
#include "progress_bar.hpp"
#include "report.hpp"
#include "wquant/wquant.hpp"

namespace wquant::tool {
namespace {

constexpr double kSeconds = 10;

constexpr auto kFamilyNames = {
    SchemeFamily::automatic, SchemeFamily::grid, SchemeFamily::per_component, SchemeFamily::cross,
    SchemeFamily::per_mode,  SchemeFamily::tree, SchemeFamily::lloyd};
constexpr auto kLocalNames = {LocalScale::hessian, LocalScale::moments, LocalScale::best};
constexpr auto kRadiiNames = {CrossRadii::optimal, CrossRadii::paper, CrossRadii::unscented};

/// Throws InvalidArgument for options that have no effect with this family.
void check_agreement(const QuantizeArguments& arguments) {
  const std::string& family = arguments.family;
  const bool automatic = family == name(SchemeFamily::automatic);
  const bool has_modes = automatic || family == name(SchemeFamily::per_mode);
  const bool has_crosses = automatic || family == name(SchemeFamily::cross);
  require_effect(automatic || !arguments.seconds, "--seconds", "--family auto", "--family", family);
  require_effect(has_modes || !arguments.local, "--local", "--family per-mode or auto", "--family",
                 family);
  require_effect(has_crosses || !(arguments.radii || arguments.active_dimensions),
                 "--radii, --active-dimensions", "--family cross or auto", "--family", family);
}

/// The options that the arguments ask for, without the progress callback.
QuantizeOptions options_of(const QuantizeArguments& arguments) {
  check_agreement(arguments);
  QuantizeOptions options;
  if (arguments.support.has_value() == arguments.tolerance.has_value()) {
    throw InvalidArgument("--support, --tolerance: expected exactly one of them");
  }
  if (arguments.support) {
    options.support = whole_number("--support", *arguments.support, 1, kLargestSupport);
  } else {
    options.tolerance = positive_number("--tolerance", *arguments.tolerance);
  }
  options.family = named(kFamilyNames, arguments.family);
  const bool automatic = options.family == SchemeFamily::automatic;
  if (arguments.reduced_components)
    options.reduced_components =
        whole_number("--reduced-components", *arguments.reduced_components, 1, kLargestSupport);
  if (automatic) options.seconds = kSeconds;
  if (arguments.seconds) options.seconds = positive_number("--seconds", *arguments.seconds);
  if (arguments.local) options.local = named(kLocalNames, *arguments.local);
  if (arguments.radii) options.radii = named(kRadiiNames, *arguments.radii);
  if (arguments.active_dimensions) {
    options.active_dimensions =
        whole_number("--active-dimensions", *arguments.active_dimensions, 1, kLargestSupport);
  }
  return options;
}

/// What the report and the JSON object say about a run, after its points are written.
struct Outcome {
  io::QuantizeSummary summary;
  std::vector<SchemeTrial> trials;
  std::vector<SchemeFamily> left_out;
  double clipped_variance = 0;
};

Outcome describe(const Context& context, const GaussianMixture& mixture,
                 const Quantization& quantization) {
  const QuantizeStatistics& statistics = quantization.statistics;
  return {.summary = {.certificate = quantization.certificate,
                      .support = quantization.distribution.size(),
                      .family = std::string(name(statistics.family)),
                      .components = mixture.components(),
                      .dimension = mixture.dimension(),
                      .device = context.device(),
                      .scheme_seconds = statistics.scheme_seconds,
                      .apply_seconds = statistics.apply_seconds},
          .trials = statistics.tried,
          .left_out = statistics.left_out,
          .clipped_variance = mixture.clipped_variance()};
}

Outcome quantize_file(const QuantizeArguments& arguments) {
  QuantizeOptions options = options_of(arguments);
  ProgressBar bar(!arguments.quiet);
  options.progress = [&](const Progress& progress) {
    bar.show(progress);
    return !interrupted();
  };

  Outputs outputs(arguments.output, arguments.plot, {{arguments.mixture, "mixture"}});
  const Context context = make_context(arguments.device, arguments.threads);
  const auto mixture = io::read_mixture(context, arguments.mixture, options.progress);
  Quantization quantization = quantize(context, mixture, options);
  if (context.memory_space() != MemorySpace::host) {
    quantization.distribution = quantization.distribution.to_host();
  }
  Outcome result = describe(context, mixture, quantization);
  const auto draw = [&](io::AtomicFile& plot) {
    io::write_plot(plot, result.summary, mixture, quantization.distribution);
  };
  outputs.write(members(result.summary), quantization.distribution, draw, options.progress);
  return result;
}

std::string certificate_lines(const Certificate& certificate) {
  const auto shown = [](double value) { return io::rounded_up(value, 4); };
  return "  √(cells + dropped) + reduction + basis + rounding:\n" +
         line("cells", shown(certificate.cells), "squared distance within the cells") +
         line("dropped", shown(certificate.dropped),
              "squared distance to the spans of the patterns") +
         line("reduction", shown(certificate.reduction), "distance to the reduced mixture") +
         line("basis", shown(certificate.basis), "distance for axes that do not fit a covariance") +
         line("rounding", shown(certificate.rounding), "distance that rounding may hide");
}

std::string trial_lines(const std::vector<SchemeTrial>& trials) {
  std::string text;
  for (const SchemeTrial& trial : trials) {
    text += line(&trial == &trials.front() ? "tried" : "",
                 fmt::format("{:<14} W₂ ≤ {} with {}", name(trial.family),
                             io::rounded_up(trial.w2, 4), io::counted(trial.support, "point")));
  }
  return text;
}

std::string left_out_line(const std::vector<SchemeFamily>& left_out) {
  if (left_out.empty()) return "";
  std::string families;
  for (const SchemeFamily family : left_out) {
    families += (families.empty() ? "" : ", ") + std::string(name(family));
  }
  return line("left out", families + ", for want of time (--seconds) or memory");
}

std::string report(const QuantizeArguments& arguments, const Outcome& outcome) {
  const io::QuantizeSummary& summary = outcome.summary;
  std::string text = fmt::format(
      "W₂ ≤ {} with {} for {} in {}\n\n", io::rounded_up(summary.certificate.w2, 6),
      io::counted(summary.support, "point"), io::counted(summary.components, "component"),
      io::counted(summary.dimension, "dimension"));
  text += certificate_lines(summary.certificate) + "\n";
  text += line("family", summary.family) + trial_lines(outcome.trials) +
          left_out_line(outcome.left_out);
  text += line("device", summary.device);
  text += line("time", fmt::format("{:.3g} s scheme, {:.3g} s apply", summary.scheme_seconds,
                                   summary.apply_seconds));
  if (outcome.clipped_variance > 0) {
    text += line("note", fmt::format("negative eigenvalues, at most {} in sum, were set to zero",
                                     io::rounded_up(outcome.clipped_variance, 3)));
  }
  text += file_lines(arguments.output, arguments.plot);
  return text;
}

}  // namespace

CLI::App* add_quantize_command(CLI::App& program, QuantizeArguments& arguments) {
  CLI::App* command = program.add_subcommand(
      "quantize", "Replace a Gaussian mixture by few points, with a proven bound on W₂");
  command->add_option("mixture", arguments.mixture, "JSON file with the mixture")
      ->required()
      ->type_name("MIXTURE.json");
  command->add_option("--support", arguments.support, "Use at most this many points")
      ->type_name("N");
  command
      ->add_option("--tolerance", arguments.tolerance,
                   "Instead of --support: use as few points as give W₂ ≤ this, proven")
      ->type_name("W2");
  command
      ->add_option(
          "--family", arguments.family,
          "How points are placed: grid, per-component, cross, per-mode, tree, lloyd, or auto "
          "(default) for the best of them")
      ->check(CLI::IsMember(names(kFamilyNames)))
      ->type_name("NAME");
  command
      ->add_option(
          "--radii", arguments.radii,
          "Only with --family cross or auto: how far out the points of crosses lie, optimal "
          "(default), paper or unscented")
      ->check(CLI::IsMember(names(kRadiiNames)))
      ->type_name("NAME");
  command
      ->add_option(
          "--active-dimensions", arguments.active_dimensions,
          "Only with --family cross or auto: the number of axes of each cross (default: as many "
          "as serve best)")
      ->type_name("n");
  command
      ->add_option(
          "--local", arguments.local,
          "Only with --family per-mode or auto: what shapes the grid of a mode, hessian, moments "
          "or best (default)")
      ->check(CLI::IsMember(names(kLocalNames)))
      ->type_name("NAME");
  command
      ->add_option("--reduced-components", arguments.reduced_components,
                   "First reduce the mixture to at most this many components, at a cost that the "
                   "certificate includes")
      ->type_name("K");
  command
      ->add_option(
          "--seconds", arguments.seconds,
          "Only with --family auto: leave out families that are not built after this many seconds "
          "(default 10)")
      ->type_name("S");
  add_common_options(*command, arguments, "Draw the mixture and the points");
  return command;
}

void run_quantize(const QuantizeArguments& arguments) {
  const Outcome outcome = quantize_file(arguments);
  if (arguments.json) {
    print(io::json_object(members(outcome.summary)) + "\n");
  } else if (!arguments.quiet) {
    print(report(arguments, outcome));
  }
}

}  // namespace wquant::tool
