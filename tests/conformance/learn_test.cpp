#include "wquant/learn.hpp"

#include <cmath>

#include "conformance/contexts.hpp"
#include "support/samples.hpp"

namespace wquant {
namespace {

using test::on_host;
using test::placed;
using test::rows;

class Learning : public test::EveryContext {
 protected:
  Context cpu_ = Context::cpu();
};
INSTANTIATE_TEST_SUITE_P(Contexts, Learning, test::all_backends(), test::backend_name);

template <class T>
void check_kmeans(const Context& context, const Context& cpu) {
  const std::vector<T> points = test::truncated_gaussian<T>(700, 3, 0.02, 5);
  const KmeansOptions<T> options{.clusters = 9, .seed = 3, .iterations = 6};
  const KmeansResult<T> host = kmeans(context, rows(points, 3), options);
  const KmeansResult<T> wanted = kmeans(cpu, rows(points, 3), options);
  const Array<T> own = placed(context, points, 3);
  const KmeansResult<T> device = kmeans(context, own.view(), options);
  EXPECT_EQ(on_host(device.centres), on_host(host.centres));
  EXPECT_NEAR(host.objective, wanted.objective, 1e-12 * wanted.objective);
}

TEST_P(Learning, KmeansAgreesWithTheCpu) {
  check_kmeans<double>(context(), cpu_);
  check_kmeans<float>(context(), cpu_);
}

TEST_P(Learning, KmeansOfAnyMagnitude) {
  std::vector<double> points = test::truncated_gaussian<double>(200, 2, 0.02, 5);
  const KmeansOptions<double> options{.clusters = 4, .seed = 3, .iterations = 4};
  const double plain = kmeans(context(), rows(points, 2), options).objective;
  for (double& x : points) x *= 0x1p400;
  const Array<double> own = placed(context(), points, 2);
  EXPECT_EQ(kmeans(context(), own.view(), options).objective, plain * 0x1p400 * 0x1p400);
  points[2 * 150 + 1] = NAN;
  const Array<double> bad = placed(context(), points, 2);
  try {
    kmeans(context(), bad.view(), options);
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(std::string(error.what()).rfind("points[150][1]: nan", 0), 0) << error.what();
  }
}

TEST_P(Learning, BoundsAgreeWithTheCpu) {
  const Box box = Box::cube(2, -0.5, 0.5);
  const auto train = test::truncated_gaussian<double>(300, 2, 0.01, 1);
  const auto evaluation = test::truncated_gaussian<double>(2000, 2, 0.01, 2);
  const Array<double> own_train = placed(context(), train, 2);
  const Array<double> own_evaluation = placed(context(), evaluation, 2);
  for (const BoundMethod method : {BoundMethod::split, BoundMethod::dual, BoundMethod::vertex}) {
    LearnOptions options;
    options.method = method;
    options.clusters = {8};
    options.iterations = 5;
    const LearnedDistribution found =
        learn(context(), own_train.view(), own_evaluation.view(), box, options);
    const LearnedDistribution wanted =
        learn(cpu_, rows(train, 2), rows(evaluation, 2), box, options);
    EXPECT_EQ(found.evaluation.count, wanted.evaluation.count);
    EXPECT_NEAR(found.bound, wanted.bound, 1e-9 * wanted.bound) << name(method);
  }
}

TEST_P(Learning, SamplesOutsideTheBoxAreNamed) {
  const Box box = Box::cube(2, -0.5, 0.5);
  auto train = test::truncated_gaussian<float>(60, 2, 0.01, 1);
  const auto evaluation = test::truncated_gaussian<float>(60, 2, 0.01, 2);
  train[2 * 33] = 2;
  const Array<float> own_train = placed(context(), train, 2);
  const Array<float> own_evaluation = placed(context(), evaluation, 2);
  try {
    learn(context(), own_train.view(), own_evaluation.view(), box, {});
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_NE(std::string(error.what()).find("train[33][0]: 2"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace wquant
