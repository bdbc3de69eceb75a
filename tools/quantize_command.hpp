#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "common_options.hpp"

namespace wquant::tool {

/// The arguments of `wquant quantize` as they were given.
struct QuantizeArguments : CommonArguments {
  std::string mixture;
  std::optional<std::string> support;
  std::optional<std::string> tolerance;
  std::string family = "auto";
  std::optional<std::string> radii;
  std::optional<std::string> active_dimensions;
  std::optional<std::string> local;
  std::optional<std::string> reduced_components;
  std::optional<std::string> seconds;
};

/// Declares the command. Parsing the command line fills `arguments`, which must outlive the
/// program.
CLI::App* add_quantize_command(CLI::App& program, QuantizeArguments& arguments);

/// Runs the command. Throws wquant::Error, or Cancelled on interruption; then nothing was written.
void run_quantize(const QuantizeArguments& arguments);

}  // namespace wquant::tool
