#include "io/learn_summary.hpp"

#include <variant>

namespace wquant::io {
namespace {

std::string json(bool value) { return value ? "true" : "false"; }

Members parts_of(const SplitBound& split) {
  return {{"moment", json_number(split.moment)},
          {"discrete", json_number(split.discrete)},
          {"routed", json(split.routed)},
          {"capacity", json_number(split.capacity)}};
}

Members parts_of(const DualBound& dual) {
  return {{"lower", json_number(dual.lower)},
          {"rounds", std::to_string(dual.rounds)},
          {"optimal", json(dual.optimal)}};
}

Members parts_of(const ExactBound& exact) {
  return {{"lower", json_number(exact.lower)}, {"optimal", json(exact.optimal)}};
}

Members parts_of(const VertexBound& vertex) {
  return {{"moment", json_number(vertex.moment)}, {"discrete", json_number(vertex.discrete)}};
}

Members parts_of(const FournierBound&) { return {}; }

/// A number, or an object where the bound has parts.
std::string json(const StatedBound& stated) {
  Members parts = std::visit([](const auto& bound) { return parts_of(bound); }, stated.parts);
  if (parts.empty()) return json_number(stated.bound);
  parts.insert(parts.begin(), {"bound", json_number(stated.bound)});
  return json_object(parts);
}

std::string json(const std::vector<ClusterTrial>& trials) {
  std::string text;
  for (const ClusterTrial& trial : trials) {
    if (!text.empty()) text += ", ";
    text += json_object(
        {{"clusters", std::to_string(trial.clusters)}, {"bound", json_number(trial.bound)}});
  }
  return "[" + text + "]";
}

}  // namespace

Members members(const LearnSummary& summary) {
  Members bounds;
  for (const StatedBound& stated : summary.bounds) {
    bounds.push_back({std::string(name(stated.method)), json(stated)});
  }
  const StatedBound& first = summary.bounds.front();
  Members all = {
      {"bound", json_number(first.bound)},          {"method", json_string(name(first.method))},
      {"order", std::to_string(summary.order)},     {"confidence", json_number(summary.confidence)},
      {"support", std::to_string(summary.support)}, {"clusters", std::to_string(summary.clusters)},
      {"train", std::to_string(summary.train)},     {"eval", std::to_string(summary.evaluation)},
      {"outside", std::to_string(summary.outside)}, {"bounds", json_object(bounds)}};
  if (!summary.tried.empty()) all.push_back({"tried", json(summary.tried)});
  all.push_back({"dimension", std::to_string(summary.dimension)});
  all.push_back({"device", json_string(summary.device)});
  all.push_back({"seconds", json_object({{"read", json_number(summary.reading_seconds)},
                                         {"partition", json_number(summary.seconds.partition)},
                                         {"statistics", json_number(summary.seconds.statistics)},
                                         {"bound", json_number(summary.seconds.bound)}})});
  return all;
}

}  // namespace wquant::io
