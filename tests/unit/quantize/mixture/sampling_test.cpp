#include "wquant/sampling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::VectorXd;

std::vector<double> values(const Array<double>& array) {
  return {array.data(), array.data() + array.size()};
}

std::string message(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

DiscreteDistribution three_points() {
  return {Array<double>::from_host({0, 0, 1, 2, 3, 4}, 2), Array<double>::from_host({0.5, 0, 0.5})};
}

TEST(Sampling, IsTheSameForAnyNumberOfThreads) {
  Random random(131);
  const PlainMixture plain = random.mixture(5, 3, 2);
  const auto bits = [&](int threads) {
    const Context context = Context::cpu({.threads = threads});
    return values(sample(context, plain.build(context), 100'001, 7));
  };
  EXPECT_EQ(bits(1), bits(2));
  EXPECT_EQ(bits(1), bits(8));
  const auto discrete_bits = [](int threads) {
    return values(sample(Context::cpu({.threads = threads}), three_points(), 100'001, 7));
  };
  EXPECT_EQ(discrete_bits(1), discrete_bits(2));
  EXPECT_EQ(discrete_bits(1), discrete_bits(8));
}

TEST(Sampling, ALongerSampleBeginsWithTheShorter) {
  const Context context = Context::cpu();
  Random random(132);
  for (const std::int64_t d : {1, 2, 3, 7}) {
    const GaussianMixture mixture = random.mixture(4, d, 2).build(context);
    const std::vector<double> longer = values(sample(context, mixture, 5001, 9));
    for (const std::int64_t count : {1, 2, 1023, 2000}) {
      const std::vector<double> shorter = values(sample(context, mixture, count, 9));
      EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin())) << d << ' ' << count;
    }
  }
}

TEST(Sampling, SeedsDiffer) {
  const Context context = Context::cpu();
  Random random(133);
  const GaussianMixture mixture = random.mixture(4, 2, 2).build(context);
  const std::vector<double> one = values(sample(context, mixture, 1000, 0));
  const std::vector<double> other = values(sample(context, mixture, 1000, 1));
  for (std::size_t j = 0; j < one.size(); ++j) EXPECT_NE(one[j], other[j]);
}

TEST(Sampling, LabelsSayWhichComponentMadeARow) {
  const Context context = Context::cpu();
  PlainMixture plain{{0.3, 0, 0.7}, {}, {}};
  for (int i = 0; i < 3; ++i) {
    plain.means.push_back(VectorXd{{100.0 * i, 0.0}});
    plain.covariances.push_back(MatrixXd::Identity(2, 2));
  }
  const auto [points, labels] = sample_with_labels(context, plain.build(context), 10'000, 3);
  ASSERT_EQ(labels.rows(), 10'000);
  for (std::int64_t s = 0; s < 10'000; ++s) {
    EXPECT_NE(labels(s), 1);  // it has no weight
    EXPECT_NEAR(points(s, 0), 100.0 * static_cast<double>(labels(s)), 10);
  }
}

TEST(Sampling, OfSingularComponentsStaysOnTheirSupports) {
  const Context context = Context::cpu();
  Random random(134);
  PlainMixture plain = random.mixture(4, 3, 3);
  const VectorXd u = random.normal_vector(3);
  const MatrixXd v = random.rotation(3);
  plain.covariances[0] = u * u.transpose();
  plain.covariances[1] = MatrixXd::Zero(3, 3);
  plain.covariances[2] = test::centred_gaussian(VectorXd{{1.0, 1e-8, 0.0}})
                             .moved(v, 1, VectorXd::Zero(3))
                             .covariances[0];
  const GaussianMixture mixture = plain.build(context);
  const auto [points, labels] = sample_with_labels(context, mixture, 20'000, 5);
  for (std::int64_t i = 0; i < 3; ++i) {
    const Array<double> log_p =
        log_density(context, mixture.select(std::vector<std::int64_t>{i}), points.view());
    for (std::int64_t s = 0; s < points.rows(); ++s)
      EXPECT_EQ(std::isfinite(log_p(s)), labels(s) == i) << i << ' ' << s;
  }
}

TEST(Sampling, DiscreteSamplesAreLocationsOfPositiveProbability) {
  const DiscreteDistribution distribution = three_points();
  const auto [points, labels] = sample_with_labels(Context::cpu(), distribution, 10'000, 3);
  for (std::int64_t s = 0; s < 10'000; ++s) {
    EXPECT_NE(labels(s), 1);
    for (int k = 0; k < 2; ++k) EXPECT_EQ(points(s, k), distribution.locations()(labels(s), k));
  }
}

TEST(Sampling, NamesWhatIsWrong) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = test::centred_gaussian(VectorXd::Ones(2)).build(context);
  EXPECT_EQ(message([&] { sample(context, mixture, 0, 1); }), "count: 0; expected at least 1");
  EXPECT_EQ(message([&] { sample(context, three_points(), -1, 1); }),
            "count: -1; expected at least 1");
  EXPECT_EQ(message([&] { sample(context, mixture, 1, 1, {.rank_tolerance = 2}); }),
            "rank_tolerance: 2; expected a number below 1");
  EXPECT_NE(message([&] {
              sample(Context::cpu({.workspace_limit = 100'000}), mixture, 10'000, 1);
            }).find("count: 10000 samples in dimension 2: "),
            std::string::npos);
  EXPECT_THROW(sample(context, mixture, std::int64_t{1} << 62, 1), OutOfMemory);
  EXPECT_THROW(sample(context, mixture, 10, 1, {.progress = [](const Progress&) { return false; }}),
               Cancelled);
}

}  // namespace
}  // namespace wquant
