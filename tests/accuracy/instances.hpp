#pragma once

#include <array>
#include <string>
#include <vector>

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

const char* name(Kind kind);
double random_variance(Random& random, Kind kind);
std::vector<double> random_weights(Random& random, Kind kind, std::int64_t count);

/// aligned: covariances are diagonal; else each has a basis of its own.
PlainMixture instance(Random& random, Kind kind, std::int64_t count, std::int64_t d, bool aligned);

/// What the doubles leave open that a mixture and its points are stored in, in units of length:
/// coordinates are off by up to ε/2 of the farthest, probabilities by as much of themselves, which
/// moves 4η of the spread², and a covariance by ε of its largest variance, which is a square.
/// The factors are those of docs/certificates.md for up to three dimensions and components. Lengths
/// that only matter in kinds where lengths are near 1.
double stored_noise(const PlainMixture& plain, double exact, bool aligned);

/// Whether that may be a good part of the distance.
bool is_delicate(Kind kind);

/// Certificates beside the exact values: never below, and how far above, relative to those.
class Excess {
 public:
  explicit Excess(std::string family) : family_(std::move(family)) {}

  /// noise: a length that the excess may have on top.
  void add(Kind kind, double certified, const Real& exact, double noise = 0);

  /// 1e-9 in ordinary cases, 1e-6 in others; what was seen goes into the test's record.
  void expect_small() const;

  void report() const;

 private:
  struct Record {
    int instances = 0;
    double largest = 0;
  };
  std::string family_;
  std::array<Record, kKinds.size()> records_{};
};

}  // namespace wquant::test
