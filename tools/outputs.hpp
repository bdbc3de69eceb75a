#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/atomic_file.hpp"
#include "io/results.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/progress.hpp"

namespace wquant::tool {

/// A file that the program reads, and what it is called: an output must be another.
struct InputFile {
  std::string path;
  std::string_view noun;
};

/// The output files that were asked for, opened before any work so that it cannot be in vain.
class Outputs {
 public:
  /// Throws InvalidArgument.
  Outputs(const std::optional<std::string>& output, const std::optional<std::string>& plot,
          const std::vector<InputFile>& inputs);

  /// Fills the files and gives them their names; `draw` writes the picture, if there is one.
  void write(const io::Members& members, const DiscreteDistribution& distribution,
             const std::function<void(io::AtomicFile&)>& draw, const ProgressCallback& progress);

 private:
  io::ResultFormat format_{};
  std::optional<io::AtomicFile> result_;
  std::optional<io::AtomicFile> plot_;
};

}  // namespace wquant::tool
