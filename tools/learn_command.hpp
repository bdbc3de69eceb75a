#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common_options.hpp"
#include "wquant/learn.hpp"

namespace wquant::tool {

/// The arguments of `wquant learn` as they were given; the defaults are those of the library.
struct LearnArguments : CommonArguments {
  std::string samples;
  std::vector<std::string> box;
  std::optional<std::string> box_file;
  std::optional<std::string> train;
  std::string clusters = std::to_string(LearnOptions{}.clusters.front());
  std::optional<std::string> select_on;
  std::string order = std::to_string(LearnOptions{}.order);
  std::string confidence = fmt::format("{}", 1 - LearnOptions{}.beta);
  std::string bound{name(LearnOptions{}.method)};
  std::optional<std::string> moment;
  std::optional<std::string> costs;
  std::optional<std::string> time_limit;
  std::string seed = std::to_string(LearnOptions{}.seed);
};

/// Declares the command. Parsing the command line fills `arguments`, which must outlive the
/// program.
CLI::App* add_learn_command(CLI::App& program, LearnArguments& arguments);

/// Runs the command. Throws wquant::Error, or Cancelled on interruption; then nothing was written.
void run_learn(const LearnArguments& arguments);

}  // namespace wquant::tool
