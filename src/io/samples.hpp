#pragma once

#include <cstdint>
#include <filesystem>
#include <type_traits>
#include <variant>
#include <vector>

#include "wquant/progress.hpp"
#include "wquant/view.hpp"

namespace wquant::io {

/// n samples in R^d, row-major, all finite: float where the file's type is exact in it.
struct Samples {
  std::int64_t count = 0;
  std::int64_t dimension = 0;
  std::variant<std::vector<float>, std::vector<double>> values;
};

/// `use` of rows first … last − 1 (each n × d), as MatrixView<const float> or <const double>.
template <class Use>
auto with_rows(const Samples& samples, std::int64_t first, std::int64_t last, const Use& use) {
  return std::visit(
      [&](const auto& values) {
        using Value = typename std::remove_cvref_t<decltype(values)>::value_type;
        return use(MatrixView<const Value>(values.data() + first * samples.dimension, last - first,
                                           samples.dimension));
      },
      samples.values);
}

/// Samples in a file, .npy (NumPy's, any real type) or .csv. Throws InvalidArgument with one line
/// that names the file, the place in it, what was found there and what was expected; OutOfMemory;
/// Cancelled.
Samples read_samples(const std::filesystem::path& path, const ProgressCallback& progress = {});

}  // namespace wquant::io
