#include "quantize/search/families.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "wquant/error.hpp"

namespace wquant {
namespace {

using Families = std::vector<SchemeFamily>;
using enum SchemeFamily;

/// `count` components of unit covariance in d dimensions, three apart along the first.
GaussianMixture row_of(std::int64_t count, std::int64_t d) {
  const std::vector<double> weights(static_cast<std::size_t>(count),
                                    1 / static_cast<double>(count));
  std::vector<double> means(static_cast<std::size_t>(count * d));
  for (std::int64_t i = 0; i < count; ++i) means[i * d] = 3 * static_cast<double>(i);
  const std::vector<double> ones(means.size(), 1.0);
  return GaussianMixture::diagonal(Context::cpu(), {weights.data(), count},
                                   {means.data(), count, d}, {ones.data(), count, d});
}

TEST(Families, OneThatIsAskedForIsTriedAlone) {
  for (const SchemeFamily family : kFamilies)
    EXPECT_EQ(families_to_try(row_of(2, 2), {.family = family}), Families{family});
}

TEST(Families, AutomaticTriesThoseThatMayServe) {
  EXPECT_EQ(families_to_try(row_of(1, 1), {}), Families{grid});
  EXPECT_EQ(families_to_try(row_of(2, 1), {}), (Families{grid, per_component}));
  EXPECT_EQ(families_to_try(row_of(1, 2), {}), (Families{grid, cross}));
  EXPECT_EQ(families_to_try(row_of(2, 2), {}), (Families{grid, per_component, cross}));
  const QuantizeOptions with_time{.seconds = 1};
  EXPECT_EQ(families_to_try(row_of(1, 2), with_time), (Families{grid, cross, tree, lloyd}));
  EXPECT_EQ(families_to_try(row_of(2, 2), with_time),
            (Families{grid, per_component, cross, per_mode, tree, lloyd}));
  // A tolerance is met by those that need no time first.
  EXPECT_EQ(families_to_try(row_of(1, 2), {.tolerance = 0.1, .seconds = 1}),
            (Families{grid, cross}));
}

TEST(Families, StandOnceInEitherOrder) {
  EXPECT_TRUE(std::is_permutation(std::begin(kFamilies), std::end(kFamilies), std::begin(kByTime),
                                  std::end(kByTime)));
  for (const SchemeFamily family : kFamilies)
    EXPECT_EQ(std::count(std::begin(kFamilies), std::end(kFamilies), family), 1);
}

TEST(Families, EachMakesASchemeWithinTheSupport) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = row_of(2, 2);
  for (const SchemeFamily family : kFamilies) {
    const Scheme scheme = make_family_scheme(context, mixture, {.support = 12}, family);
    EXPECT_LE(scheme.support(), 12) << name(family);
    EXPECT_GT(scheme.support(), 6) << name(family);
    EXPECT_EQ(scheme.components(), 2) << name(family);
  }
  EXPECT_THROW(make_family_scheme(context, mixture, {.support = 12}, automatic), InvalidArgument);
}

}  // namespace
}  // namespace wquant
