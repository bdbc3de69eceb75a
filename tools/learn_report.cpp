#include "learn_report.hpp"

#include <fmt/format.h>

#include <string_view>
#include <variant>

#include "io/text.hpp"
#include "report.hpp"

namespace wquant::tool {
namespace {

using io::counted;

std::string shown(double bound) { return io::rounded_up(bound, 4); }

std::string_view distance(int order) { return order == 1 ? "W₁" : "W₂"; }

std::string note(const SplitBound& split) {
  return fmt::format("{} to the centres + {} between the probabilities, {}", shown(split.moment),
                     shown(split.discrete),
                     split.routed ? "routed along neighbours" : "through a tree");
}

std::string note(const DualBound& dual) {
  return fmt::format("Theorem 3.1 without integers{}", dual.optimal ? "" : ", stopped early");
}

std::string note(const ExactBound& exact) {
  return fmt::format("Theorem 3.1, {}", exact.optimal ? "solved to the end" : "stopped early");
}

std::string note(const VertexBound& vertex) {
  return fmt::format("Proposition 3.2: {} + {}", shown(vertex.moment), shown(vertex.discrete));
}

std::string note(const FournierBound&) {
  return "Fournier's bound, with the samples themselves as points";
}

std::string bound_lines(const io::LearnSummary& summary) {
  std::string text;
  if (summary.bounds.size() > 1) {
    text += fmt::format("  {} ≤, each alone with probability {}, not all of them at once:\n",
                        distance(summary.order), summary.confidence);
  }
  for (const io::StatedBound& stated : summary.bounds) {
    text += line(name(stated.method), shown(stated.bound),
                 std::visit([](const auto& parts) { return note(parts); }, stated.parts));
  }
  return text;
}

std::string trial_lines(const io::LearnSummary& summary) {
  std::string text;
  for (const ClusterTrial& trial : summary.tried) {
    text += line(
        &trial == &summary.tried.front() ? "tried" : "",
        fmt::format("{:<6} {} ≤ {}", trial.clusters, distance(summary.order), shown(trial.bound)));
  }
  return text;
}

}  // namespace

std::string report(const LearnArguments& arguments, const io::LearnSummary& summary) {
  std::string text =
      fmt::format("{} ≤ {} with probability {}, by {} in {}\n\n", distance(summary.order),
                  io::rounded_up(summary.bounds.front().bound, 6), summary.confidence,
                  counted(summary.support, "point"), counted(summary.dimension, "dimension"));
  text += bound_lines(summary) + "\n";
  text += line("samples", fmt::format("{} make the regions, {} evaluate them, {} of these in the "
                                      "outer region",
                                      summary.train, summary.evaluation, summary.outside));
  text += line("clusters", std::to_string(summary.clusters)) + trial_lines(summary);
  text += line("device", summary.device);
  text +=
      line("time",
           fmt::format("{:.3g} s reading, {:.3g} s regions, {:.3g} s statistics, {:.3g} s bounds",
                       summary.reading_seconds, summary.seconds.partition,
                       summary.seconds.statistics, summary.seconds.bound));
  return text + file_lines(arguments.output, arguments.plot);
}

}  // namespace wquant::tool
