#include "io/shuffle.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "io/ask.hpp"

namespace wquant::io {
namespace {

constexpr std::int64_t kRowsPerReport = 1 << 16;

/// Whole numbers from 0 to below − 1, each as likely as another: values in the last, incomplete
/// stretch of `below` are drawn again.
class UniformIndex {
 public:
  explicit UniformIndex(std::uint64_t seed) : seed_(stream_seed(seed, 0)) {}

  std::int64_t operator()(std::int64_t below) {
    const auto n = static_cast<std::uint64_t>(below);
    const std::uint64_t incomplete = (0 - n) % n;  // 2⁶⁴ mod n
    std::uint64_t bits = random_bits(seed_, counter_++);
    while (bits < incomplete) bits = random_bits(seed_, counter_++);
    return static_cast<std::int64_t>(bits % n);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t counter_ = 0;
};

}  // namespace

void shuffle(Samples& samples, std::uint64_t seed, const ProgressCallback& progress) {
  UniformIndex index_below(seed);
  const std::int64_t d = samples.dimension;
  std::visit(
      [&](auto& values) {
        for (std::int64_t i = samples.count - 1; i > 0; --i) {
          const std::int64_t j = index_below(i + 1);
          if (j != i) std::swap_ranges(&values[i * d], &values[i * d] + d, &values[j * d]);
          if (i % kRowsPerReport != 0) continue;
          ask(progress, "shuffling",
              1 - static_cast<double>(i) / static_cast<double>(samples.count));
        }
      },
      samples.values);
}

}  // namespace wquant::io
