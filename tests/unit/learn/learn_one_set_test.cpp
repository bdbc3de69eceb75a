#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/shuffle.hpp"
#include "support/samples.hpp"
#include "wquant/error.hpp"
#include "wquant/learn.hpp"

namespace wquant {
namespace {

const Box kBox = Box::cube(2, -0.5, 0.5);

std::vector<double> values(const DiscreteDistribution& distribution) {
  std::vector<double> out;
  for (const auto& [location, probability] : distribution) {
    out.insert(out.end(), location.begin(), location.end());
    out.push_back(probability);
  }
  return out;
}

template <class T>
void check_split(std::int64_t train_samples, std::int64_t expected_train) {
  const Context context = Context::cpu();
  const std::vector<T> samples = test::truncated_gaussian<T>(3000, 2, 0.01, 1);
  const LearnOptions options{.clusters = {12}, .seed = 7, .train_samples = train_samples};
  const LearnedDistribution learned = learn(context, {samples, 2}, kBox, options);
  EXPECT_EQ(learned.train.total(), expected_train);
  EXPECT_EQ(learned.evaluation.total(), 3000 - expected_train);

  std::vector<T> shuffled = samples;
  shuffle_rows(shuffled.data(), 3000, 2, 7, [](std::int64_t) {});
  const MatrixView<const T> train(shuffled.data(), expected_train, 2);
  const MatrixView<const T> evaluation(train.row(expected_train), 3000 - expected_train, 2);
  const LearnedDistribution by_hand =
      learn(context, train, evaluation, kBox, {.clusters = {12}, .seed = 7});
  EXPECT_EQ(learned.bound, by_hand.bound);
  EXPECT_EQ(learned.partition.fingerprint(), by_hand.partition.fingerprint());
  EXPECT_EQ(values(learned.distribution), values(by_hand.distribution));
}

TEST(LearnOneSet, IsLearnOfTheShuffledSamplesSplit) {
  check_split<double>(0, 750);
  check_split<float>(0, 750);
  check_split<double>(2998, 2998);
}

TEST(LearnOneSet, TakesRowsApart) {
  const Context context = Context::cpu();
  const std::vector<double> packed = test::truncated_gaussian<double>(100, 2, 0.01, 1);
  std::vector<double> wide;
  for (const auto row : MatrixView<const double>(packed, 2))
    wide.insert(wide.end(), {row[0], row[1], 100});
  const MatrixView<const double> apart(wide.data(), 100, 2, 3);
  EXPECT_EQ(learn(context, apart, kBox).bound, learn(context, {packed, 2}, kBox).bound);
}

TEST(LearnOneSet, DependsOnTheSeed) {
  const Context context = Context::cpu();
  const std::vector<double> samples = test::truncated_gaussian<double>(500, 2, 0.01, 1);
  const auto bound = [&](std::uint64_t seed) {
    return learn(context, {samples, 2}, kBox, {.clusters = {8}, .seed = seed}).bound;
  };
  EXPECT_EQ(bound(3), bound(3));
  EXPECT_NE(bound(3), bound(4));
}

TEST(LearnOneSet, AQuarterOfTheSamplesMakesRegions) {
  EXPECT_EQ(automatic_train_samples(3), 1);
  EXPECT_EQ(automatic_train_samples(400), 100);
  EXPECT_EQ(automatic_train_samples(1'000'000), 5000);
}

void expect_refused(MatrixView<const double> samples, const LearnOptions& options,
                    const std::string& message) {
  try {
    learn(Context::cpu(), samples, kBox, options);
    ADD_FAILURE() << message;
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(error.what(), message);
  }
}

TEST(LearnOneSet, NamesWhatIsWrong) {
  std::vector<double> samples(20, 0.25);
  const MatrixView<const double> ten(samples, 2);
  expect_refused({samples.data(), 2, 2}, {},
                 "samples: 2 rows; expected at least 3, 1 to make the regions and 2 to evaluate "
                 "them");
  expect_refused(ten, {.train_samples = 9},
                 "train_samples: 9; expected 0 (automatic) to 8, all samples but 2");
  expect_refused(ten, {.train_samples = -1},
                 "train_samples: -1; expected 0 (automatic) to 8, all samples but 2");
  expect_refused({samples, 4}, {}, "samples dimension: the shape is 4; expected 2");
  samples[13] = 0.75;  // the place is that in the samples as they were given
  samples[16] = NAN;
  expect_refused(ten, {},
                 "samples: 2 of 10 samples lie outside the box; the first is samples[6][1]: 0.75, "
                 "expected a number from -0.5 to 0.5");
}

TEST(LearnOneSet, SamplesThatAreSplitAreNotSplitAgain) {
  const std::vector<double> samples(20, 0.25);
  EXPECT_THROW(learn(Context::cpu(), {samples, 2}, {samples, 2}, kBox, {.train_samples = 5}),
               InvalidArgument);
}

TEST(LearnOneSet, CanBeCancelledWhileItShuffles) {
  const std::vector<double> samples = test::uniform_samples<double>(200'000, 1, 0, 1, 1);
  LearnOptions options;
  bool shuffled = false;
  options.progress = [&](const Progress& progress) {
    shuffled = shuffled || progress.stage == "shuffling";
    return !shuffled;
  };
  EXPECT_THROW(learn(Context::cpu(), {samples, 1}, Box::cube(1, 0, 1), options), Cancelled);
}

}  // namespace
}  // namespace wquant
