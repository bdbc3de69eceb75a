// Covers also: learn/names, learn/split/names, learn/transport/names, quantize/search/names.
#include "base/enum_names.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "wquant/wquant.hpp"

namespace wquant {

enum class Colour { red, green_blue, automatic };
template <>
consteval auto names_of<Colour>() {
  return texts("red", "green-blue", "auto");
}

enum class Nameless { first };

enum class Incomplete { first, second };
template <>
consteval auto names_of<Incomplete>() {
  return texts("first");
}

enum class TooMany { first };
template <>
consteval auto names_of<TooMany>() {
  return texts("first", "second");
}

enum class Unordered { first, second };
template <>
consteval auto names_of<Unordered>() {
  return texts("second", "first");
}

enum class Misspelt { first, second };
template <>
consteval auto names_of<Misspelt>() {
  return texts("first", "seconds");
}

namespace {

static_assert(has_all_names<Colour>());
static_assert(!has_all_names<Nameless>());
static_assert(!has_all_names<Incomplete>());
static_assert(!has_all_names<TooMany>());
static_assert(!has_all_names<Unordered>());
static_assert(!has_all_names<Misspelt>());
static_assert(type_name<GaussianMixture::Basis>() == "GaussianMixture::Basis");

TEST(EnumNames, AreThoseOfTheTable) {
  EXPECT_EQ(name_of(Colour::red), "red");
  EXPECT_EQ(name_of(Colour::green_blue), "green-blue");
}

TEST(EnumNames, WhatIsNoEnumeratorIsRefused) {
  for (const int value : {-1, 3, 1000}) {
    try {
      name_of(static_cast<Colour>(value));
      ADD_FAILURE() << value;
    } catch (const InvalidArgument& error) {
      EXPECT_EQ(error.what(), "Colour: " + std::to_string(value) + "; expected 0 to 2");
    }
  }
}

/// The names of `count` enumerators; those beside them have none.
template <class Enum>
std::vector<std::string> names(int count) {
  std::vector<std::string> out;
  for (int value = 0; value < count; ++value) out.emplace_back(name(static_cast<Enum>(value)));
  EXPECT_EQ(std::set<std::string>(out.begin(), out.end()).size(), out.size());
  for (const int value : {-1, count}) EXPECT_THROW(name(static_cast<Enum>(value)), InvalidArgument);
  return out;
}

TEST(EnumNames, EveryPublicEnumHasThem) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(names<MemorySpace>(2), (Names{"host", "device"}));
  EXPECT_EQ(names<GaussianMixture::Basis>(3), (Names{"identity", "shared", "separate"}));
  EXPECT_EQ(names<Cross::Shells>(2), (Names{"largest-coordinate", "norm"}));
  EXPECT_EQ(names<SchemeFamily>(7),
            (Names{"auto", "grid", "per-component", "cross", "per-mode", "tree", "lloyd"}));
  EXPECT_EQ(names<CrossRadii>(3), (Names{"optimal", "paper", "unscented"}));
  EXPECT_EQ(names<LocalScale>(3), (Names{"hessian", "moments", "best"}));
  EXPECT_EQ(names<BoundMethod>(5), (Names{"split", "dual", "exact", "vertex", "fournier"}));
  EXPECT_EQ(names<SelectOn>(2), (Names{"train", "eval"}));
  EXPECT_EQ(names<Moment>(3), (Names{"stratified", "bernstein", "betting"}));
  EXPECT_EQ(names<DiscreteTerm>(3), (Names{"auto", "tree", "routed"}));
  EXPECT_EQ(names<Costs>(2), (Names{"tight", "paper"}));
}

TEST(EnumNames, OptionsWithoutOneAreRefused) {
  const Context context = Context::cpu();
  const double mean[] = {0}, variance[1][1] = {{1}};
  const auto normal = GaussianMixture::gaussian(context, mean, variance);
  EXPECT_THROW(quantize(context, normal, {.family = static_cast<SchemeFamily>(7)}),
               InvalidArgument);
  EXPECT_THROW(quantize(context, normal, {.radii = static_cast<CrossRadii>(-1)}), InvalidArgument);
  EXPECT_THROW(quantize(context, normal, {.local = static_cast<LocalScale>(3)}), InvalidArgument);
  EXPECT_THROW(Cross(Axes::standard({0}), {1}, static_cast<Cross::Shells>(2)), InvalidArgument);
  const double samples[5][1] = {{0.1}, {0.2}, {0.3}, {0.4}, {0.5}};
  const Box box = Box::cube(1, 0, 1);
  const auto refused = [&](const LearnOptions& options) {
    EXPECT_THROW(learn(context, samples, box, options), InvalidArgument);
  };
  refused({.method = static_cast<BoundMethod>(5)});
  refused({.select_on = static_cast<SelectOn>(2)});
  refused({.moment = static_cast<Moment>(3)});
  refused({.discrete = static_cast<DiscreteTerm>(3)});
  refused({.costs = static_cast<Costs>(2)});
  const Partition partition = make_partition(context, samples, box, {.clusters = 2});
  const RegionStatistics seen = region_statistics(context, partition, samples, 1);
  EXPECT_THROW(dual_bound(context, partition, seen, {.costs = static_cast<Costs>(2)}),
               InvalidArgument);
  EXPECT_THROW(SplitRule(context, partition, seen, 5, {.moment = static_cast<Moment>(3)}),
               InvalidArgument);
}

}  // namespace
}  // namespace wquant
