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

/// A file that the program reads, and the noun that messages call it by. No output may replace it.
struct InputFile {
  std::string path;
  std::string_view noun;
};

/// The output files that were asked for. They are opened before any work is done, so that no work
/// is lost because a file cannot be written.
class Outputs {
 public:
  /// Throws InvalidArgument where a name is of no known format or a file cannot be opened.
  Outputs(const std::optional<std::string>& output, const std::optional<std::string>& plot,
          const std::vector<InputFile>& inputs);

  /// Fills the files, and gives them their names once all are complete. `draw` is called to write
  /// the picture, if one was asked for.
  void write(const io::Members& members, const DiscreteDistribution& distribution,
             const std::function<void(io::AtomicFile&)>& draw, const ProgressCallback& progress);

 private:
  io::ResultFormat format_{};
  std::optional<io::AtomicFile> result_;
  std::optional<io::AtomicFile> plot_;
};

}  // namespace wquant::tool
