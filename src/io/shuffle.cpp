#include "io/shuffle.hpp"

#include "base/shuffle.hpp"
#include "io/ask.hpp"

namespace wquant::io {
namespace {

constexpr std::int64_t kRowsPerReport = 1 << 16;

}  // namespace

void shuffle(Samples& samples, std::uint64_t seed, const ProgressCallback& progress) {
  const auto step = [&](std::int64_t i) {
    if (i % kRowsPerReport == 0)
      ask(progress, "shuffling", 1 - static_cast<double>(i) / static_cast<double>(samples.count));
  };
  std::visit(
      [&](auto& values) {
        shuffle_rows(values.data(), samples.count, samples.dimension, seed, step);
      },
      samples.values);
}

}  // namespace wquant::io
