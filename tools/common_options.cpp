#include "common_options.hpp"

namespace wquant::tool {

void add_common_options(CLI::App& command, CommonArguments& arguments, const std::string& picture) {
  command
      .add_option("--device", arguments.device,
                  "Where to compute: auto (default: a GPU if there is one), cpu or cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->type_name("NAME");
  command
      .add_option("--threads", arguments.threads,
                  "Number of threads on the CPU; 0 (default) uses all")
      ->type_name("T");
  command
      .add_option("--output", arguments.output,
                  "Write the points to this file, .json, .csv or .npy")
      ->type_name("FILE");
  command.add_option("--plot", arguments.plot, picture)->type_name("FILE.svg");
  command.add_flag("--json", arguments.json,
                   "Print the result as one JSON object instead of a report");
  command.add_flag("--quiet", arguments.quiet, "Print neither a report nor a progress bar");
}

}  // namespace wquant::tool
