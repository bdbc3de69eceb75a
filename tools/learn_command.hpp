#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common_options.hpp"

namespace wquant::tool {

/// The arguments of `wquant learn` as they were given.
struct LearnArguments : CommonArguments {
  std::string samples;
  std::vector<std::string> box;
  std::optional<std::string> box_file;
  std::optional<std::string> train;
  std::string clusters = "100";
  std::optional<std::string> select_on;
  std::string order = "2";
  std::string confidence = "0.999999";
  std::string bound = "split";
  std::optional<std::string> moment;
  std::optional<std::string> costs;
  std::optional<std::string> time_limit;
  std::string seed = "0";
};

/// Declares the command. Parsing the command line fills `arguments`, which must outlive the
/// program.
CLI::App* add_learn_command(CLI::App& program, LearnArguments& arguments);

/// Runs the command. Throws wquant::Error, or Cancelled on interruption; then nothing was written.
void run_learn(const LearnArguments& arguments);

}  // namespace wquant::tool
