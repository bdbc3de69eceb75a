#include <gtest/gtest.h>

#include "accuracy/instances.hpp"

namespace wquant {
namespace {

using test::Excess;
using test::Kind;
using test::PlainMixture;
using test::Real;

QuantizeOptions options(SchemeFamily family, int trial) {
  return {.support = 2 + trial % 15, .scheme = family};
}

void compare(SchemeFamily family, bool aligned, int trials, std::uint64_t seed) {
  test::Random random(seed);
  const Context context = Context::cpu();
  Excess excess(std::string(name(family)) + (aligned ? "_aligned" : "_turned"));
  for (const Kind kind : test::kKinds)
    for (int trial = 0; trial < trials; ++trial) {
      const std::int64_t count = 1 + trial % 3;
      const PlainMixture plain = test::instance(random, kind, count, 1 + trial / 3 % 3, aligned);
      const GaussianMixture mixture = plain.build(context);
      const auto result = quantize(context, mixture, options(family, trial));
      const Real exact = test::exact_distance(result.scheme, plain);
      const double noise = test::is_delicate(kind)
                               ? test::stored_noise(plain, static_cast<double>(exact), aligned)
                               : 0;
      excess.add(kind, result.certificate.w2, exact, noise);
    }
  excess.expect_small();
}

TEST(GridFamilies, SharedGridAligned) { compare(SchemeFamily::grid, true, 200, 1); }
TEST(GridFamilies, PerComponentAligned) { compare(SchemeFamily::per_component, true, 200, 2); }
TEST(GridFamilies, PerComponentTurned) { compare(SchemeFamily::per_component, false, 200, 3); }
TEST(GridFamilies, PerModeAligned) { compare(SchemeFamily::per_mode, true, 100, 4); }
TEST(GridFamilies, TreeAligned) { compare(SchemeFamily::tree, true, 100, 5); }
TEST(GridFamilies, SharedGridTurned) { compare(SchemeFamily::grid, false, 100, 6); }

}  // namespace
}  // namespace wquant
