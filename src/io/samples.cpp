#include "io/samples.hpp"

#include <fmt/format.h>

#include "io/csv_file.hpp"
#include "io/input_file.hpp"
#include "io/npy_file.hpp"
#include "io/text.hpp"

namespace wquant::io {

Samples read_samples(const std::filesystem::path& path, const ProgressCallback& progress) {
  return in_file(path, [&] {
    const std::string extension = path.extension().string();
    if (extension != ".npy" && extension != ".csv") {
      throw InvalidArgument(
          fmt::format("the extension \"{}\" is neither .npy nor .csv", printable(extension)));
    }
    std::ifstream input = open_input(path, "numbers");
    return extension == ".npy" ? read_npy(input, progress) : read_csv(input, progress);
  });
}

}  // namespace wquant::io
