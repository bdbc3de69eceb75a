// What each CUDA kernel asks of a GPU, counted on the PTX machine and in ptxas's report.
//   roofline [report.ptxas…]                the tables; those of registers need the reports
//   roofline --json [report.ptxas…]         the same for programs
//   roofline --document docs/gpu.md [report.ptxas…]   puts them between that file's marks
//   roofline --check                        fails where a hot access or kernel wastes too much
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <sstream>

#include "backend/backend.hpp"
#include "conformance/host_views.hpp"
#include "model.hpp"
#include "resources.hpp"
#include "runtime/ptx_machine.hpp"
#include "workloads.hpp"
#include "wquant/error.hpp"

namespace wquant::roofline {
namespace {

/// A kernel under a workload.
struct Row {
  const Workload* workload;
  double units;
  std::string kernel;
  ptx_machine::KernelCounts did;
  bool hot;  // a good part of the workload's instructions
};

constexpr double kHotShare = 0.1;

double ratio(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? 0 : static_cast<double>(a) / static_cast<double>(b);
}

std::vector<Row> run(const std::vector<Workload>& all) {
  if (ptx_machine::order() != 0)
    throw InvalidArgument("PTX_ORDER: " + std::to_string(ptx_machine::order()) +
                          " splits warps at random; expected 0, or counts mean nothing");
  const auto backend = test::on_host_views(make_cuda_backend({}));
  std::vector<Row> rows;
  for (const Workload& workload : all) {
    ptx_machine::reset_counts();
    double units = 0;
    try {
      units = static_cast<double>(workload.run(*backend));
    } catch (const NotCompiled& error) {
      std::fprintf(stderr, "%s: left out: %s\n", workload.name.c_str(), error.what());
      continue;
    }
    const auto kernels = ptx_machine::kernel_counts();
    const auto instructions = [](const auto& kernel) {
      return kernel.second.counts.warp_instructions;
    };
    const std::uint64_t sum = std::transform_reduce(kernels.begin(), kernels.end(),
                                                    std::uint64_t{0}, std::plus<>(), instructions);
    if (sum == 0) throw InvalidArgument("roofline: " + workload.name + " launches no kernel");
    for (const auto& kernel : kernels)
      rows.push_back({&workload, units, kernel.first, kernel.second,
                      ratio(instructions(kernel), sum) >= kHotShare});
  }
  return rows;
}

double active_lanes(const ptx::Counts& counts) {
  return ratio(counts.standing_lanes, 32 * counts.warp_instructions);
}

std::uint64_t global_requests(const ptx::Counts& counts) {
  std::uint64_t sum = 0;
  for (const auto& [id, instruction] : counts.memory)
    if (instruction.count.sectors > 0) sum += instruction.count.requests;
  return sum;
}

std::string format(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}
std::string figures(double value) { return format("%.3g", value); }
/// Where nothing was asked for there is no ratio.
std::string per(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? "–" : format("%.2f", ratio(a, b));
}
std::string percent(double part) { return format("%.0f %%", 100 * part); }

/// A Markdown table whose columns are also aligned as they stand.
class Table {
 public:
  explicit Table(std::vector<std::string> head) : rows_{std::move(head)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  std::string text() const {
    std::vector<std::size_t> widths(rows_[0].size());
    for (const auto& row : rows_)
      for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width(row[c]));
    std::string out;
    for (const auto& row : rows_) {
      for (std::size_t c = 0; c < row.size(); ++c)
        out += "| " + row[c] + std::string(widths[c] - width(row[c]) + 1, ' ');
      out += "|\n";
      if (&row != &rows_[0]) continue;
      for (const std::size_t w : widths) out += "|" + std::string(w + 2, '-');
      out += "|\n";
    }
    return out;
  }

 private:
  static std::size_t width(const std::string& text) {  // characters of UTF-8
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
  }

  std::vector<std::vector<std::string>> rows_;
};

/// A name that fits a column: a long list of template arguments is left out.
std::string short_name(const std::string& kernel) {
  constexpr std::size_t kMost = 48;
  return kernel.size() <= kMost ? kernel : kernel.substr(0, kernel.find('<')) + "[…]";
}

/// The source line that wastes most, of those that move a good part of the kernel's sectors or
/// passes: how many times the least, and where. Lanes that share a value make up for nothing.
struct Worst {
  double waste = 0;
  std::string place;
};
Worst worst_line(const ptx::Counts& counts, std::uint64_t ptx::InstructionCount::*moved,
                 std::uint64_t ptx::InstructionCount::*least) {
  struct Sums {
    std::uint64_t moved = 0, least = 0;
  };
  std::map<std::string, Sums> lines;
  std::uint64_t all = 0;
  for (const auto& [id, instruction] : counts.memory) {
    const std::uint64_t here = instruction.count.*moved;
    Sums& line = lines[instruction.place.substr(0, instruction.place.find(", PTX line"))];
    line.moved += here;
    line.least += std::min(here, instruction.count.*least);
    all += here;
  }
  Worst worst;
  for (const auto& [place, line] : lines)
    if (const double waste = ratio(line.moved, line.least);
        ratio(line.moved, all) >= kHotShare && waste > worst.waste)
      worst = {waste, place};
  return worst;
}

Worst worst_sectors(const ptx::Counts& counts) {
  return worst_line(counts, &ptx::InstructionCount::sectors, &ptx::InstructionCount::least_sectors);
}
Worst worst_passes(const ptx::Counts& counts) {
  return worst_line(counts, &ptx::InstructionCount::passes, &ptx::InstructionCount::least_passes);
}

std::string counts_table(const std::vector<Row>& rows) {
  Table table({"workload", "kernel", "unit", "bytes", "operations", "warp instructions",
               "sectors/request", "sectors/ideal", "passes/ideal", "lanes", "FMA", "limit",
               "ps/unit"});
  for (const Row& row : rows) {
    const ptx::Counts& counts = row.did.counts;
    const Limit limit = longest(counts);
    const auto bytes =
        static_cast<double>(counts.distinct_read_bytes + counts.distinct_write_bytes);
    table.add({row.workload->name, short_name(row.kernel), row.workload->unit,
               figures(bytes / row.units), figures(operations(counts) / row.units),
               figures(static_cast<double>(counts.warp_instructions) / row.units),
               per(counts.sectors, global_requests(counts)),
               per(counts.sectors, counts.least_sectors), per(counts.passes, counts.least_passes),
               percent(active_lanes(counts)), percent(fma_fraction(counts)), limit.resource,
               figures(1e12 * limit.seconds / row.units)});
  }
  return table.text();
}

/// The kernels of `rows` that the reports know, once each.
template <class Body>
void for_each_resources(const std::vector<Row>& rows, const ResourceTable& resources,
                        const Body& body) {
  std::set<std::string> seen;
  for (const Row& row : rows)
    if (const auto found = resources.find(row.kernel);
        found != resources.end() && seen.insert(row.kernel).second)
      body(row, found->second);
}

double occupancy_of(const Row& row, int architecture, const Resources& resources) {
  return occupancy(architecture, resources, row.did.threads_per_block, row.did.dynamic_shared);
}

std::string resources_table(const std::vector<Row>& rows, const ResourceTable& resources) {
  std::vector<std::string> head{"kernel", "threads", "shared"};
  if (resources.empty()) return "";
  for (const auto& [architecture, of] : resources.begin()->second)
    head.push_back("sm_" + std::to_string(architecture));
  Table table(head);
  for_each_resources(rows, resources, [&](const Row& row, const auto& by_architecture) {
    std::vector<std::string> cells{short_name(row.kernel),
                                   std::to_string(row.did.threads_per_block),
                                   std::to_string(by_architecture.begin()->second.shared_bytes +
                                                  static_cast<int>(row.did.dynamic_shared))};
    for (const auto& [architecture, of] : by_architecture)
      cells.push_back(std::to_string(of.registers) + ", " + std::to_string(of.spill_bytes) + ", " +
                      percent(occupancy_of(row, architecture, of)));
    table.add(cells);
  });
  return "Registers per thread, bytes spilled, occupancy (cuda_occupancy.h):\n\n" + table.text();
}

nlohmann::json json(const std::vector<Row>& rows, const ResourceTable& resources) {
  nlohmann::json out{{"workloads", nlohmann::json::array()}, {"kernels", nlohmann::json::object()}};
  for (const Row& row : rows) {
    const ptx::Counts& counts = row.did.counts;
    nlohmann::json at{
        {"workload", row.workload->name},
        {"unit", row.workload->unit},
        {"units", row.units},
        {"kernel", row.kernel},
        {"launches", row.did.launches},
        {"threads_per_block", row.did.threads_per_block},
        {"warp_instructions", counts.warp_instructions},
        {"lane_instructions", counts.lane_instructions},
        {"active_lanes", active_lanes(counts)},
        {"global_read_bytes", counts.global_read_bytes},
        {"global_write_bytes", counts.global_write_bytes},
        {"distinct_read_bytes", counts.distinct_read_bytes},
        {"distinct_write_bytes", counts.distinct_write_bytes},
        {"operations", operations(counts)},
        {"fma_fraction", fma_fraction(counts)},
        {"requests", global_requests(counts)},
        {"sectors", counts.sectors},
        {"least_sectors", counts.least_sectors},
        {"passes", counts.passes},
        {"least_passes", counts.least_passes},
        {"limit", longest(counts).resource},
    };
    for (int c = 0; c < static_cast<int>(ptx::Class::count); ++c)
      at["lane_instructions_by_class"][ptx::name_of(static_cast<ptx::Class>(c))] =
          counts.by_class[c];
    for (const auto& [name, worst] : {std::pair{"worst_sectors", worst_sectors(counts)},
                                      std::pair{"worst_passes", worst_passes(counts)}})
      at[name] = {{"line", worst.place}, {"times_least", worst.waste}};
    for (const Limit& limit : busy(counts)) at["seconds"][limit.resource] = limit.seconds;
    out["workloads"].push_back(at);
  }
  for_each_resources(rows, resources, [&](const Row& row, const auto& by_architecture) {
    for (const auto& [architecture, of] : by_architecture)
      out["kernels"][row.kernel]["sm_" + std::to_string(architecture)] = {
          {"registers", of.registers},
          {"static_shared_bytes", of.shared_bytes},
          {"spill_bytes", of.spill_bytes},
          {"occupancy", occupancy_of(row, architecture, of)}};
  });
  return out;
}

std::string text(const std::vector<Row>& rows, const ResourceTable& resources) {
  return counts_table(rows) + "\n" + resources_table(rows, resources);
}

/// Replaces what stands between the two marks.
void write_into(const std::string& path, const std::string& tables) {
  const std::string begin = "<!-- roofline: begin -->\n";
  const std::string end = "<!-- roofline: end -->";
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  std::string all = content.str();
  const std::size_t from = all.find(begin);
  const std::size_t to = all.find(end);
  if (from == std::string::npos || to == std::string::npos)
    throw InvalidArgument("roofline: " + path + " lacks the marks of the tables");
  all.replace(from + begin.size(), to - from - begin.size(), tables);
  std::ofstream(path) << all;
}

double limit_of(const Row& row, Figure figure) {
  const std::string kernel = row.kernel.substr(0, row.kernel.find('<'));
  for (const Allowance& allowance : allowances())
    if (allowance.kernel == kernel && allowance.figure == figure) return allowance.limit;
  return figure == Figure::sectors ? 1.1 : figure == Figure::passes ? 1.05 : 0.95;
}

/// What of the row is beyond its limit, a line each.
std::vector<std::string> failures(const Row& row) {
  const ptx::Counts& counts = row.did.counts;
  std::vector<std::string> out;
  const auto expect = [&](Figure figure, const char* name, const Worst& worst) {
    if (const double limit = limit_of(row, figure); worst.waste > limit)
      out.push_back(figures(worst.waste) + " times the least " + name + " at " + worst.place +
                    "; expected at most " + figures(limit));
  };
  expect(Figure::sectors, "sectors", worst_sectors(counts));
  expect(Figure::passes, "passes", worst_passes(counts));
  if (const double limit = limit_of(row, Figure::lanes); active_lanes(counts) < limit)
    out.push_back(percent(active_lanes(counts)) + " of lanes active; expected at least " +
                  percent(limit));
  return out;
}

int check(const std::vector<Row>& rows) {
  int failed = 0;
  for (const Row& row : rows) {
    if (!row.hot) continue;
    for (const std::string& line : failures(row)) {
      std::cout << row.workload->name << ": " << row.kernel << ": " << line << "\n";
      ++failed;
    }
  }
  std::cout << rows.size() << " rows, " << failed << " failures\n";
  return failed == 0 && !rows.empty() ? 0 : 1;
}

int run_program(std::vector<std::string> arguments) {
  const auto take = [&](const std::string& name) {
    const bool found = !arguments.empty() && arguments[0] == name;
    if (found) arguments.erase(arguments.begin());
    return found;
  };
  const bool checks = take("--check");
  const bool as_json = take("--json");
  std::string document;
  if (take("--document") && !arguments.empty()) {
    document = arguments[0];
    take(document);
  }
  const ResourceTable resources = read_resources(arguments);
  const std::vector<Workload> all = workloads();
  const std::vector<Row> rows = run(all);
  if (checks) return check(rows);
  if (as_json)
    std::cout << json(rows, resources).dump(2) << "\n";
  else if (document.empty())
    std::cout << text(rows, resources);
  else
    write_into(document, "\n" + text(rows, resources) + "\n");
  return 0;
}

}  // namespace
}  // namespace wquant::roofline

int main(int argc, char** argv) try {
  return wquant::roofline::run_program({argv + 1, argv + argc});
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
