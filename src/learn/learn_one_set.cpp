#include <algorithm>
#include <string>
#include <vector>

#include "backend/transfer.hpp"
#include "base/pulse.hpp"
#include "base/shuffle.hpp"
#include "base/validation.hpp"
#include "learn/regions/named_statistics.hpp"
#include "wquant/error.hpp"
#include "wquant/learn.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kMostAutomatic = 5000;
constexpr std::int64_t kLeastEvaluation = 2;
constexpr std::int64_t kRowsPerReport = 1 << 16;

/// How many samples make the regions. Throws InvalidArgument.
std::int64_t train_samples(std::int64_t count, std::int64_t wanted) {
  if (count < 1 + kLeastEvaluation)
    throw InvalidArgument(
        "samples: " + std::to_string(count) +
        " rows; expected at least 3, 1 to make the regions and 2 to evaluate them");
  if (wanted < 0 || wanted > count - kLeastEvaluation)
    throw InvalidArgument("train_samples: " + std::to_string(wanted) +
                          "; expected 0 (automatic) to " +
                          std::to_string(count - kLeastEvaluation) + ", all samples but 2");
  return wanted > 0 ? wanted : automatic_train_samples(count);
}

/// Asks for all rows whether to go on, and reports some of them.
class RowSteps {
 public:
  RowSteps(std::string_view stage, std::int64_t rows) : stage_(stage), rows_(rows) {}

  void done(std::int64_t row) {
    steps_.beat();
    if (row % kRowsPerReport == 0)
      Pulse::report(stage_, static_cast<double>(row) / static_cast<double>(rows_));
  }

 private:
  std::string_view stage_;
  std::int64_t rows_;
  ShortSteps steps_;
};

/// Refuses samples outside the box while their places are still those that the caller knows.
template <class T>
void require_inside(MatrixView<const T> samples, const Box& box) {
  RowSteps steps("checking", samples.rows);
  std::int64_t outside = 0;
  std::int64_t first = 0;
  for (std::int64_t i = 0; i < samples.rows; ++i) {
    const T* const x = samples.row(i);
    bool inside = true;
    for (std::int64_t k = 0; k < samples.cols; ++k)
      inside = inside && x[k] >= box.lower()[k] && x[k] <= box.upper()[k];
    if (!inside && outside++ == 0) first = i;
    steps.done(i);
  }
  if (outside == 0) return;
  throw_outside("samples", {samples.row(first), samples.row(first) + samples.cols}, first, box,
                outside, samples.rows);
}

template <class T>
LearnedDistribution learn_one_set(const Context& context, MatrixView<const T> samples,
                                  const Box& box, const LearnOptions& options) {
  const Pulse pulse(options.progress);
  const std::int64_t n = samples.rows;
  const std::int64_t d = samples.cols;
  const std::int64_t train = train_samples(n, options.train_samples);
  require_shape("samples dimension", {d}, {box.dimension()});
  require_reachable(context, "samples", samples.space);
  std::vector<T> values = host_values(context, samples);
  require_inside(MatrixView<const T>(values.data(), n, d), box);
  RowSteps steps("shuffling", n);
  shuffle_rows(values.data(), n, d, options.seed, [&](std::int64_t i) { steps.done(n - i); });
  LearnOptions of_split = options;
  of_split.train_samples = 0;
  of_split.progress = {};
  const T* const evaluation = values.data() + train * d;
  return learn(context, MatrixView<const T>(values.data(), train, d),
               MatrixView<const T>(evaluation, n - train, d), box, of_split);
}

}  // namespace

std::int64_t automatic_train_samples(std::int64_t samples) {
  return std::clamp<std::int64_t>(samples / 4, 1, kMostAutomatic);
}

LearnedDistribution learn(const Context& context, MatrixView<const double> samples, const Box& box,
                          const LearnOptions& options) {
  return learn_one_set(context, samples, box, options);
}

LearnedDistribution learn(const Context& context, MatrixView<const float> samples, const Box& box,
                          const LearnOptions& options) {
  return learn_one_set(context, samples, box, options);
}

}  // namespace wquant
