#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include "byte_source.hpp"
#include "promise.hpp"
#include "targets.hpp"
#include "wquant/wquant.hpp"

namespace wquant::fuzz {
namespace {

constexpr std::size_t kWorkspace = std::size_t{64} << 20;

Box draw_box(ByteSource& source, std::int64_t dimension) {
  std::vector<double> lower = source.numbers(dimension);
  std::vector<double> upper = source.numbers(dimension);
  if (!source.one_in(16))
    for (std::int64_t k = 0; k < dimension; ++k)
      if (lower[k] > upper[k]) std::swap(lower[k], upper[k]);
  return {std::move(lower), std::move(upper)};
}

/// Mostly in the box, many of them on its faces or equal.
template <class T>
std::vector<T> draw_samples(ByteSource& source, const Box& box, std::int64_t count) {
  std::vector<T> out;
  for (std::int64_t i = 0; i < count; ++i)
    for (std::int64_t k = 0; k < box.dimension(); ++k) {
      const double low = box.lower()[k];
      const double high = box.upper()[k];
      const int kind = source.byte();
      const double inside = low + (high - low) * (std::min(kind, 250) / 250.0);
      out.push_back(static_cast<T>(kind == 255 ? source.number() : std::clamp(inside, low, high)));
    }
  return out;
}

LearnOptions draw_options(ByteSource& source) {
  LearnOptions options;
  options.order = static_cast<int>(source.whole(1, 2));
  if (source.one_in(4)) options.beta = std::abs(source.number());
  options.method = static_cast<BoundMethod>(source.whole(0, 4));
  options.clusters = {source.whole(1, 8)};
  if (source.one_in(4)) options.clusters.push_back(source.whole(0, 12));
  if (source.one_in(16)) options.clusters.clear();
  options.select_on = static_cast<SelectOn>(source.whole(0, 1));
  options.moment = static_cast<Moment>(source.whole(0, 2));
  options.discrete = static_cast<DiscreteTerm>(source.whole(0, 2));
  options.costs = static_cast<Costs>(source.whole(0, 1));
  options.time_limit = source.one_in(8) ? 0 : 0.5;
  if (source.one_in(8)) options.radius_factor = source.number();
  if (source.one_in(8)) options.neighbour_fraction = source.number();
  options.seed = source.byte();
  options.iterations = source.whole(0, 20);
  return options;
}

void check(const LearnedDistribution& learned, const Box& box, std::int64_t evaluation) {
  promise(std::isfinite(learned.bound) && learned.bound >= 0,
          "the bound is " + std::to_string(learned.bound));
  promise(std::visit([](const auto& parts) { return parts.bound; }, learned.parts) <= learned.bound,
          "the bound is below its parts");
  const DiscreteDistribution& points = learned.distribution;
  promise(points.size() >= 1, "no points");
  double sum = 0;
  for (std::int64_t a = 0; a < points.size(); ++a) {
    sum += points.probabilities()(a);
    promise(points.probabilities()(a) > 0, "a point without samples");
    promise(box.contains(points[a].location), "a point outside the box");
  }
  promise(std::abs(sum - 1) <= 1e-9, "probabilities do not sum to 1");
  promise(learned.evaluation.count.empty() || learned.evaluation.total() == evaluation,
          "samples were lost");
}

template <class T>
void learn_as(ByteSource& source) {
  static const Context context = Context::cpu({.threads = 1, .workspace_limit = kWorkspace});
  const std::int64_t dimension = source.whole(1, 3);
  const std::int64_t train = source.whole(0, 24);
  const std::int64_t evaluation = source.whole(0, 40);
  const LearnOptions options = draw_options(source);
  done_or_refused([&] {
    const Box box = draw_box(source, dimension);
    const std::vector<T> samples = draw_samples<T>(source, box, train + evaluation);
    const MatrixView<const T> first(samples.data(), train, dimension);
    const MatrixView<const T> second(samples.data() + train * dimension, evaluation, dimension);
    const LearnedDistribution learned = wquant::learn(context, first, second, box, options);
    check(learned, box, evaluation);
    if (const auto* dual = std::get_if<DualBound>(&learned.parts)) {
      const Verification verification = verify(dual->certificate, learned.evaluation);
      promise(verification.valid, "the dual certificate: " + verification.reason);
    }
  });
}

}  // namespace

void learn(Bytes bytes) {
  ByteSource source(bytes);
  if (source.one_in(2)) {
    learn_as<float>(source);
  } else {
    learn_as<double>(source);
  }
}

}  // namespace wquant::fuzz
