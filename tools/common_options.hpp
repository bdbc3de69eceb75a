#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace wquant::tool {

/// The arguments that every command takes, as they were given.
struct CommonArguments {
  std::string device = "auto";
  std::string threads = "0";
  std::optional<std::string> output;
  std::optional<std::string> plot;
  bool json = false;
  bool quiet = false;
};

/// Declares them; `picture` is the help text of --plot, which says what it draws.
void add_common_options(CLI::App& command, CommonArguments& arguments, const std::string& picture);

}  // namespace wquant::tool
