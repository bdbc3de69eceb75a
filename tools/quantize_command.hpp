#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace wquant::tool {

/// The arguments of `wquant quantize` as they were given.
struct QuantizeArguments {
  std::string mixture;
  std::optional<std::string> support;
  std::optional<std::string> tolerance;
  std::string scheme = "auto";
  std::optional<std::string> radii;
  std::optional<std::string> active_dimensions;
  std::string device = "auto";
  std::string threads = "0";
  std::optional<std::string> output;
  std::optional<std::string> plot;
  bool json = false;
  bool quiet = false;
};

/// Declares the command; `arguments` are filled in by parsing.
CLI::App* add_quantize_command(CLI::App& program, QuantizeArguments& arguments);

/// Throws wquant::Error, Cancelled on interruption; then nothing was written.
void run_quantize(const QuantizeArguments& arguments);

}  // namespace wquant::tool
