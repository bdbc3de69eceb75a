#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <iostream>
#include <sstream>
#include <string>

#include "accuracy/exact_coupling.hpp"
#include "support/mixtures.hpp"

namespace wquant::test {

/// What the mixtures that certificates are tested on are like.
enum class Kind {
  ordinary,
  nearly_singular,  ///< some variances 0, or 1e-30 to 1e-10 of the others
  ill_conditioned,  ///< variances from 1e-16 to 1
  tiny,             ///< lengths of 1e-150
  huge,             ///< lengths of 1e147
  far_apart,        ///< means 1e8 apart
  faint,            ///< weights down to 1e-300
  coincident,       ///< equal means
};
inline constexpr std::array kKinds = {
    Kind::ordinary, Kind::nearly_singular, Kind::ill_conditioned, Kind::tiny,
    Kind::huge,     Kind::far_apart,       Kind::faint,           Kind::coincident};

inline const char* name(Kind kind) {
  constexpr std::array names = {"ordinary", "nearly_singular", "ill_conditioned", "tiny",
                                "huge",     "far_apart",       "faint",           "coincident"};
  return names[static_cast<std::size_t>(kind)];
}

inline double random_variance(Random& random, Kind kind) {
  if (kind == Kind::ill_conditioned) return std::pow(10, random.uniform(-16, 0));
  if (kind == Kind::nearly_singular && random.uniform(0, 1) < 0.5)
    return random.uniform(0, 1) < 0.3 ? 0 : std::pow(10, random.uniform(-30, -10));
  return random.uniform(0.05, 2);
}

inline std::vector<double> random_weights(Random& random, Kind kind, std::int64_t count) {
  if (kind != Kind::faint || count == 1) return random.weights(count);
  std::vector<double> out{1};
  while (static_cast<std::int64_t>(out.size()) < count)
    out.push_back(std::pow(10, random.uniform(-300, -3)));
  double sum = 0;
  for (const double w : out) sum += w;
  for (double& w : out) w /= sum;
  return out;
}

/// aligned: covariances are diagonal; else each has a basis of its own.
inline PlainMixture instance(Random& random, Kind kind, std::int64_t count, std::int64_t d,
                             bool aligned) {
  const double scale = kind == Kind::tiny   ? 1e-150 * random.uniform(1, 9)
                       : kind == Kind::huge ? 1e146 * random.uniform(1, 9)
                                            : 1;
  const double spread = kind == Kind::far_apart ? 1e8 : std::pow(10, random.uniform(-1, 1));
  PlainMixture out{random_weights(random, kind, count), {}, {}};
  for (std::int64_t i = 0; i < count; ++i) {
    VectorXd mean = spread * random.normal_vector(d);
    if (kind == Kind::coincident && i > 0) mean = out.means.front() / scale;
    out.means.push_back(scale * mean);
    const VectorXd variances =
        VectorXd::NullaryExpr(d, [&] { return random_variance(random, kind); });
    MatrixXd sigma = variances.asDiagonal();
    if (!aligned) {
      const MatrixXd v = random.rotation(d);
      sigma = v * sigma * v.transpose();
      sigma = (sigma + sigma.transpose()).eval() / 2;
    }
    out.covariances.push_back(scale * (scale * sigma));
  }
  return out;
}

/// What the doubles leave open that a mixture and its points are stored in, in units of length:
/// coordinates are off by up to ε/2 of the farthest, probabilities by as much of themselves, which
/// moves 4η of the spread², and a covariance by ε of its largest variance, which is a square.
/// The factors are those of docs/certificates.md for up to three dimensions and components. Lengths
/// that only matter in kinds where lengths are near 1.
inline double stored_noise(const PlainMixture& plain, double exact, bool aligned) {
  constexpr double kEpsilon = 0x1p-52;
  const VectorXd centre = plain.mean();
  double farthest = 0;
  double spread = 0;
  double variance = 0;
  for (std::size_t i = 0; i < plain.weights.size(); ++i) {
    farthest = std::max(farthest, plain.means[i].norm());
    variance = std::max(variance, plain.covariances[i].trace());
    spread +=
        plain.weights[i] * (plain.covariances[i].trace() + (plain.means[i] - centre).squaredNorm());
  }
  const double misplaced = 4 * 192 * kEpsilon * std::pow(std::sqrt(spread) + exact, 2);
  return 128 * kEpsilon * farthest + misplaced / (exact + std::sqrt(exact * exact + misplaced)) +
         (aligned ? 0 : 8 * std::sqrt(kEpsilon * variance));
}

/// Whether that may be a good part of the distance.
inline bool is_delicate(Kind kind) {
  return kind == Kind::nearly_singular || kind == Kind::ill_conditioned || kind == Kind::far_apart;
}

/// Certificates beside the exact values: never below, and how far above, relative to those.
class Excess {
 public:
  explicit Excess(std::string family) : family_(std::move(family)) {}

  /// noise: a length that the excess may have on top.
  void add(Kind kind, double certified, const Real& exact, double noise = 0) {
    Record& record = records_[static_cast<std::size_t>(kind)];
    ++record.instances;
    EXPECT_GE(Real(certified), exact)
        << family_ << ' ' << test::name(kind) << ' ' << record.instances;
    const Real above = Real(certified) - exact - noise;
    if (above > 0)
      record.largest =
          std::max(record.largest, exact > 0 ? static_cast<double>(above / exact) : INFINITY);
  }

  /// 1e-9 in ordinary cases, 1e-6 in others; what was seen goes into the test's record.
  void expect_small() const {
    report();
    for (const Kind kind : kKinds)
      EXPECT_LE(records_[static_cast<std::size_t>(kind)].largest,
                kind == Kind::ordinary ? 1e-9 : 1e-6)
          << family_ << ' ' << test::name(kind);
  }

  void report() const {
    int instances = 0;
    double adversarial = 0;
    for (const Kind kind : kKinds) {
      const Record& record = records_[static_cast<std::size_t>(kind)];
      instances += record.instances;
      if (kind != Kind::ordinary) adversarial = std::max(adversarial, record.largest);
    }
    std::ostringstream line;
    line << instances << " instances, excess " << records_[0].largest << " in ordinary cases, "
         << adversarial << " in others";
    std::cout << family_ << ": " << line.str() << '\n';
    ::testing::Test::RecordProperty(family_, line.str());
  }

 private:
  struct Record {
    int instances = 0;
    double largest = 0;
  };
  std::string family_;
  std::array<Record, kKinds.size()> records_{};
};

}  // namespace wquant::test
