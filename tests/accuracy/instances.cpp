#include "accuracy/instances.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <sstream>

namespace wquant::test {

const char* name(Kind kind) {
  constexpr std::array names = {"ordinary", "nearly_singular", "ill_conditioned", "tiny",
                                "huge",     "far_apart",       "faint",           "coincident"};
  return names[static_cast<std::size_t>(kind)];
}

double random_variance(Random& random, Kind kind) {
  if (kind == Kind::ill_conditioned) return std::pow(10, random.uniform(-16, 0));
  if (kind == Kind::nearly_singular && random.uniform(0, 1) < 0.5)
    return random.uniform(0, 1) < 0.3 ? 0 : std::pow(10, random.uniform(-30, -10));
  return random.uniform(0.05, 2);
}

std::vector<double> random_weights(Random& random, Kind kind, std::int64_t count) {
  if (kind != Kind::faint || count == 1) return random.weights(count);
  std::vector<double> out{1};
  while (static_cast<std::int64_t>(out.size()) < count)
    out.push_back(std::pow(10, random.uniform(-300, -3)));
  double sum = 0;
  for (const double w : out) sum += w;
  for (double& w : out) w /= sum;
  return out;
}

PlainMixture instance(Random& random, Kind kind, std::int64_t count, std::int64_t d, bool aligned) {
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

double stored_noise(const PlainMixture& plain, double exact, bool aligned) {
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

bool is_delicate(Kind kind) {
  return kind == Kind::nearly_singular || kind == Kind::ill_conditioned || kind == Kind::far_apart;
}

void Excess::add(Kind kind, double certified, const Real& exact, double noise) {
  Record& record = records_[static_cast<std::size_t>(kind)];
  ++record.instances;
  EXPECT_GE(Real(certified), exact)
      << family_ << ' ' << test::name(kind) << ' ' << record.instances;
  const Real above = Real(certified) - exact - noise;
  if (above > 0)
    record.largest =
        std::max(record.largest, exact > 0 ? static_cast<double>(above / exact) : INFINITY);
}

void Excess::expect_small() const {
  report();
  for (const Kind kind : kKinds)
    EXPECT_LE(records_[static_cast<std::size_t>(kind)].largest,
              kind == Kind::ordinary ? 1e-9 : 1e-6)
        << family_ << ' ' << test::name(kind);
}

void Excess::report() const {
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

}  // namespace wquant::test
