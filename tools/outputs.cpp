#include "outputs.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "interrupt.hpp"
#include "io/svg.hpp"
#include "wquant/error.hpp"

namespace wquant::tool {
namespace {

void open(std::optional<io::AtomicFile>& file, const std::optional<std::string>& path,
          const std::vector<InputFile>& inputs) {
  if (!path) return;
  for (const InputFile& input : inputs) {
    std::error_code error;
    if (std::filesystem::equivalent(*path, input.path, error)) {
      throw InvalidArgument(
          fmt::format("{}: cannot write: it is the {} file itself", *path, input.noun));
    }
  }
  file.emplace(*path);
}

}  // namespace

Outputs::Outputs(const std::optional<std::string>& output, const std::optional<std::string>& plot,
                 const std::vector<InputFile>& inputs) {
  if (output) format_ = io::result_format(*output);
  if (plot) io::check_plot_name(*plot);
  open(result_, output, inputs);
  open(plot_, plot, inputs);
}

void Outputs::write(const io::Members& members, const DiscreteDistribution& distribution,
                    const std::function<void(io::AtomicFile&)>& draw,
                    const ProgressCallback& progress) {
  if (result_) io::write_result(*result_, format_, members, distribution, progress);
  if (plot_) draw(*plot_);
  if (interrupted()) throw Cancelled("interrupted");
  std::vector<io::AtomicFile*> files;
  if (result_) files.push_back(&*result_);
  if (plot_) files.push_back(&*plot_);
  io::AtomicFile::publish_all(files);
}

}  // namespace wquant::tool
