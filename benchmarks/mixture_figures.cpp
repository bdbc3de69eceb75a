// Certificates and seconds of large and multimodal mixtures, family by family; in brackets the
// certificates aimed at. `mixture_figures DIR [ROW]` reads DIR/letter_gmm_full.json.

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/mixtures.hpp"
#include "wquant/wquant.hpp"

namespace {

using namespace wquant;
using test::MatrixXd;
using test::PlainMixture;
using test::Random;
using test::RowMajor;
using test::VectorXd;

struct Outcome {
  double w2;
  double seconds;
};

Outcome run(const Context& context, const GaussianMixture& mixture, std::int64_t support,
            SchemeFamily family, std::int64_t fine = 0) {
  const auto start = std::chrono::steady_clock::now();

  const Quantization result =
      quantize(context, mixture, {.support = support, .family = family, .fine_support = fine});
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;

  return {result.certificate.w2, elapsed.count()};
}

void print(const Context& context, const std::string& what, const GaussianMixture& mixture,
           std::int64_t support, double target, std::int64_t fine = 0) {
  const Outcome lloyd = run(context, mixture, support, SchemeFamily::lloyd, fine);

  const Outcome plain = run(context, mixture, support, SchemeFamily::per_component);
  std::printf("%-34s %6ld  %8.4f (%6.4f)  %8.3f s  %8.4f\n", what.c_str(),
              static_cast<long>(support), lloyd.w2, target, lloyd.seconds, plain.w2);
  std::fflush(stdout);
}

GaussianMixture standard_normal(const Context& context, std::int64_t d) {
  return test::centred_gaussian(VectorXd::Ones(d)).build(context);
}

/// Means N(0, 3²) per coordinate, deviations U(0.2, 1), Dirichlet(1) weights, one eigenbasis.
GaussianMixture random_plane(const Context& context, std::uint64_t seed) {
  Random random(seed);
  PlainMixture out;
  double sum = 0;
  for (int i = 0; i < 100; ++i) sum += out.weights.emplace_back(-std::log(random.uniform(0, 1)));
  const MatrixXd v = random.rotation(2);
  for (int i = 0; i < 100; ++i) {
    out.weights[i] /= sum;
    out.means.push_back(3 * random.normal_vector(2));
    const VectorXd deviations = VectorXd::NullaryExpr(2, [&] { return random.uniform(0.2, 1); });
    const MatrixXd sigma = v * deviations.cwiseAbs2().asDiagonal() * v.transpose();
    out.covariances.push_back((sigma + sigma.transpose()) / 2);
  }
  return out.build(context);
}

/// Means 3 N(0, I), variances U(0.05, 1), weights in proportion to U(0.5, 1.5), one eigenbasis.
GaussianMixture commuting(const Context& context, std::int64_t count, std::int64_t d) {
  Random random(static_cast<std::uint64_t>(count + d));
  std::vector<double> weights, means, variances;
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += weights.emplace_back(random.uniform(0.5, 1.5));
  for (double& w : weights) w /= sum;
  for (std::int64_t i = 0; i < count * d; ++i) means.push_back(3 * random.normal());
  for (std::int64_t i = 0; i < count * d; ++i) variances.push_back(random.uniform(0.05, 1));
  const RowMajor basis = random.rotation(d);
  return GaussianMixture::eigen(context, {weights.data(), count}, {means.data(), count, d},
                                {variances.data(), count, d}, {basis.data(), 1, d, d});
}

GaussianMixture letter(const Context& context, const std::string& file) {
  const auto json = nlohmann::json::parse(std::ifstream(file));
  const std::vector<double> weights = json.at("weights");
  std::vector<double> means, covariances;
  for (const auto& mean : json.at("means"))
    for (const double x : mean) means.push_back(x);
  for (const auto& matrix : json.at("covariances"))
    for (const auto& row : matrix)
      for (const double x : row) covariances.push_back(x);
  const auto count = static_cast<std::int64_t>(weights.size());
  const std::int64_t d = static_cast<std::int64_t>(means.size()) / count;
  return GaussianMixture::full(context, {weights.data(), count}, {means.data(), count, d},
                               {covariances.data(), count, d, d});
}

/// Mean over ten mixtures of the ratio to `shape` × `shape` points a component.
void print_ratios(const Context& context, std::int64_t support, std::int64_t a_component,
                  double target) {
  double ratio = 0;
  double seconds = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const GaussianMixture mixture = random_plane(context, seed);
    // One grid of the same shape a component: Σ_i w_i Σ_k λ_ik e(n).
    double square = 0;
    for (std::int64_t i = 0; i < mixture.components(); ++i)
      for (std::int64_t k = 0; k < 2; ++k)
        square += mixture.weights()[i] * mixture.eigenvalues()(i, k);
    const double baseline = std::sqrt(square * normal_distortion(a_component));
    const Outcome lloyd = run(context, mixture, support, SchemeFamily::lloyd);
    ratio += lloyd.w2 / baseline / 10;
    seconds += lloyd.seconds / 10;
  }
  std::printf("%-34s %6ld  %8.4f (%6.4f)  %8.3f s\n", "K = 100, d = 2, ratio to plain grids",
              static_cast<long>(support), ratio, target, seconds);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const Context context = Context::cpu();
  std::printf("%-34s %6s  %8s (%6s)  %10s  %8s\n", "mixture", "N", "lloyd", "target", "time",
              "per comp");
  const std::string only = argc > 2 ? argv[2] : "";
  const auto wanted = [&](const char* what) { return only.empty() || only == what; };
  if (wanted("normal2")) {
    print(context, "N(0, I_2)", standard_normal(context, 2), 16, 0.4644);
    print(context, "N(0, I_2)", standard_normal(context, 2), 100, 0.2);
    print(context, "N(0, I_2)", standard_normal(context, 2), 1000, 0.0655);
  }
  if (wanted("normal4")) print(context, "N(0, I_4)", standard_normal(context, 4), 1000, 0.47);
  if (wanted("normal10")) print(context, "N(0, I_10)", standard_normal(context, 10), 1000, 1.9145);
  if (wanted("ratio100")) print_ratios(context, 100, 1, 0.5);
  if (wanted("ratio1000")) print_ratios(context, 1000, 3, 0.39);
  if (wanted("letter") && argc > 1)
    print(context, "letter_gmm_full.json",
          letter(context, argv[1] + std::string("/letter_gmm_full.json")), 1000, 0.2558);
  if (wanted("small")) print(context, "K = 100, d = 2", commuting(context, 100, 2), 958, 0.22);
  if (wanted("small"))
    print(context, "K = 100, d = 2, 8000 cells", commuting(context, 100, 2), 958, 0.22, 8000);
  if (wanted("far")) print(context, "K = 1000, d = 10", commuting(context, 1000, 10), 800, 3.0);
  if (wanted("dense")) print(context, "K = 10^4, d = 2", commuting(context, 10'000, 2), 548, 0.3);
  if (wanted("dense"))
    print(context, "K = 10^4, d = 2, 1.2e6 cells", commuting(context, 10'000, 2), 548, 0.3,
          1'200'000);
}
