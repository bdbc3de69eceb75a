// Covers: quantize. Certificates against those of the Python package of the paper.
#include <gtest/gtest.h>

#include "support/data_files.hpp"
#include "support/golden.hpp"

namespace wquant {
namespace {

/// What the Python package of arXiv 2511.15854 certifies, at the support that it used.
TEST(PeerCases, CertificateIsNoLargerAtTheSameSupport) {
  const Context context = Context::cpu();
  int compared = 0;
  for (const auto& row : test::load_json(test::test_data("peer_cases.json"))) {
    if (row["configuration"] != "grid") continue;
    const auto weights = test::flatten(row["weights"]);
    const auto means = test::flatten(row["means"]);
    const auto covariances = test::flatten(row["covariances"]);
    const auto count = static_cast<std::int64_t>(weights.size());
    const auto d = static_cast<std::int64_t>(means.size()) / count;
    const auto mixture =
        GaussianMixture::full(context, {weights.data(), count}, {means.data(), count, d},
                              {covariances.data(), count, d, d});
    QuantizeOptions options{.support = row["support"].get<std::int64_t>()};
    if (row.value("per_mode", false)) options.family = SchemeFamily::per_mode;
    const auto result = quantize(context, mixture, options);
    EXPECT_LE(result.distribution.size(), row["support"].get<std::int64_t>()) << row["name"];
    EXPECT_LE(result.certificate.w2, row["w2"].get<double>() * (1 + 1e-10)) << row["name"];
    RecordProperty(row["name"].get<std::string>(), std::to_string(result.certificate.w2));
    ++compared;
  }
  EXPECT_EQ(compared, 8);
}

}  // namespace
}  // namespace wquant
