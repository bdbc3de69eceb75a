#include "cluster/seeding.hpp"

#include <algorithm>
#include <cmath>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/random.hpp"
#include "base/summation.hpp"
#include "wquant/array.hpp"

namespace wquant {
namespace {

/// Draws indices with probabilities in proportion to numbers ≥ 0.
class Lottery {
 public:
  void add(double share) { cumulative_.push_back(total() + share); }
  double total() const { return cumulative_.empty() ? 0 : cumulative_.back(); }

  /// The index that the fraction u of all falls on; always one of positive share.
  std::int64_t draw(double u) const {
    const auto at = std::upper_bound(cumulative_.begin(), cumulative_.end(), u * total());
    const auto last = std::lower_bound(cumulative_.begin(), cumulative_.end(), total());
    return std::min(at, last) - cumulative_.begin();
  }

 private:
  std::vector<double> cumulative_;
};

template <class T>
class Seeding {
 public:
  Seeding(const Context& context, const WeightedPoints<T>& sample, std::uint64_t seed)
      : context_(context),
        backend_(context.backend()),
        sample_(sample),
        n_(sample.points.rows),
        d_(sample.points.cols),
        seed_(seed),
        squares_(
            on_context(context, std::vector<double>(static_cast<std::size_t>(n_), kInfinity))) {}

  std::vector<T> run(std::int64_t clusters) {
    const auto tries = 2 + static_cast<std::int64_t>(std::log(static_cast<double>(clusters)));
    std::vector<T> centres = rows(first_point(), 1);
    pass(centres);
    std::int64_t chosen = 0;
    for (std::int64_t j = 1; j < clusters; ++j) {
      Pulse::report("seeding", static_cast<double>(j) / static_cast<double>(clusters));
      const Lottery blocks = block_lottery(chosen);
      if (!(blocks.total() > 0)) break;
      std::vector<T> candidates(centres.end() - d_, centres.end());
      for (std::int64_t c = 0; c < tries; ++c) {
        const std::vector<T> point = draw(blocks, candidates.data());
        candidates.insert(candidates.end(), point.begin(), point.end());
      }
      pass(candidates);
      chosen = cheapest();
      centres.insert(centres.end(), candidates.begin() + chosen * d_,
                     candidates.begin() + (chosen + 1) * d_);
    }
    return centres;
  }

 private:
  double next() { return uniform(seed_, counter_++); }
  double weight(std::int64_t i) const {
    return sample_.host_weights.empty() ? 1 : sample_.host_weights[i];
  }

  std::int64_t first_point() {
    Lottery lottery;
    for (std::int64_t i = 0; i < n_; ++i) lottery.add(weight(i));
    return lottery.total() > 0 ? lottery.draw(next()) : 0;
  }

  std::vector<T> rows(std::int64_t first, std::int64_t count) const {
    const std::int64_t stride = sample_.points.row_stride;
    std::vector<T> raw(static_cast<std::size_t>((count - 1) * stride + d_));
    backend_.copy_to_host(raw.data(), sample_.points.row(first), sizeof(T) * raw.size());
    for (std::int64_t i = 1; i < count; ++i)
      std::copy(raw.begin() + i * stride, raw.begin() + i * stride + d_, raw.begin() + i * d_);
    raw.resize(static_cast<std::size_t>(count * d_));
    return raw;
  }

  /// Costs of all candidates, the first of them the centre chosen last.
  void pass(const std::vector<T>& candidates) {
    const Array<T> there = on_context(context_, candidates, d_);
    const std::int64_t blocks = (n_ + kSeedingBlock - 1) / kSeedingBlock;
    Array<double> costs(context_, blocks, there.rows());
    backend_.seeding_step(sample_.points, sample_.weights, there.view(), flat_view(squares_),
                          costs.view());
    candidates_ = there.rows();
    costs_.resize(static_cast<std::size_t>(costs.size()));
    backend_.copy_to_host(costs_.data(), costs.data(), sizeof(double) * costs_.size());
  }

  std::int64_t cheapest() const {
    std::int64_t best = 1;
    double least = INFINITY;
    for (std::int64_t c = 1; c < candidates_; ++c) {
      CompensatedSum cost;
      for (std::size_t b = static_cast<std::size_t>(c); b < costs_.size(); b += candidates_)
        cost += costs_[b];
      if (cost.value() < least) {
        least = cost.value();
        best = c;
      }
    }
    return best;
  }

  Lottery block_lottery(std::int64_t candidate) const {
    Lottery lottery;
    for (std::size_t b = static_cast<std::size_t>(candidate); b < costs_.size(); b += candidates_)
      lottery.add(costs_[b]);
    return lottery;
  }

  /// A point with probability in proportion to w min(squares, ‖x − latest‖²).
  std::vector<T> draw(const Lottery& blocks, const T* latest) {
    const std::int64_t first = blocks.draw(next()) * kSeedingBlock;
    const std::int64_t count = std::min(kSeedingBlock, n_ - first);
    const std::vector<T> block = rows(first, count);
    std::vector<double> squares(static_cast<std::size_t>(count));
    backend_.copy_to_host(squares.data(), squares_.data() + first, sizeof(double) * count);
    Lottery points;
    for (std::int64_t i = 0; i < count; ++i) {
      T square = 0;
      for (std::int64_t k = 0; k < d_; ++k) {
        const T difference = block[i * d_ + k] - latest[k];
        square += difference * difference;
      }
      points.add(weight(first + i) * std::min(squares[i], static_cast<double>(square)));
    }
    const auto at = block.begin() + points.draw(next()) * d_;
    return {at, at + d_};
  }

  const Context& context_;
  Backend& backend_;
  const WeightedPoints<T>& sample_;
  std::int64_t n_, d_;
  std::uint64_t seed_, counter_ = 0;
  Array<double> squares_;      // to the nearest centre but the one chosen last
  std::vector<double> costs_;  // blocks × candidates
  std::int64_t candidates_ = 0;
};

}  // namespace

template <class T>
std::vector<T> seeded_centres(const Context& context, const WeightedPoints<T>& sample,
                              std::int64_t clusters, std::uint64_t seed) {
  return Seeding<T>(context, sample, seed).run(clusters);
}

template std::vector<double> seeded_centres(const Context&, const WeightedPoints<double>&,
                                            std::int64_t, std::uint64_t);
template std::vector<float> seeded_centres(const Context&, const WeightedPoints<float>&,
                                           std::int64_t, std::uint64_t);

}  // namespace wquant
