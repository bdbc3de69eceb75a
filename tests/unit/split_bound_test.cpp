#include "wquant/split_bound.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/golden.hpp"
#include "support/split.hpp"
#include "wquant/wquant.hpp"

namespace wquant {
namespace {

using test::empty_statistics;
using test::set_moments;

const nlohmann::json& learning_golden() {
  static const nlohmann::json json = test::load_json(WQUANT_TEST_DATA "/learning_golden.json");
  return json;
}

Partition golden_partition(const nlohmann::json& json) {
  std::vector<double> centres = test::flatten(json["locations"]);
  std::vector<double> radii = json["radii"];
  centres.resize(centres.size() - json["lo"].size());
  radii.pop_back();
  const std::vector<double> lo = json["lo"];
  const std::vector<double> hi = json["hi"];
  // The Python means of a constant coordinate leave the box by a rounding.
  for (std::size_t i = 0; i < centres.size(); ++i)
    centres[i] = std::clamp(centres[i], lo[i % lo.size()], hi[i % lo.size()]);
  return {Box(lo, hi), centres, radii};
}

/// The golden case's summary numbers: all that lies inside in region 0.
RegionStatistics golden_statistics(const nlohmann::json& json, const Partition& partition) {
  RegionStatistics out = empty_statistics(partition, json["rho"]);
  out.count = json["counts"].get<std::vector<std::int64_t>>();
  double total = 0;
  for (const std::int64_t count : out.count) total += static_cast<double>(count);
  set_moments(out, 0, json["z_inside_mean"], json["z_inside_variance"], total);
  RegionStatistics all = out;
  set_moments(all, 0, json["z_mean"], json["z_variance"], total);
  out.sum.back().high = all.sum[0].high - out.sum[0].high;
  out.square.back().high = std::max(0.0, all.square[0].high - out.square[0].high);
  return out;
}

void expect_close(double value, double expected) { EXPECT_NEAR(value, expected, 1e-6 * expected); }

TEST(SplitBound, ReproducesGoldenCases) {
  const Context context = Context::cpu();
  for (const auto& json : learning_golden()) {
    SCOPED_TRACE(json["name"].get<std::string>());
    const Partition partition = golden_partition(json);
    const RegionStatistics statistics = golden_statistics(json, partition);
    SplitOptions options{.beta = json["beta"], .discrete = DiscreteTerm::tree};
    const SplitBound bound =
        SplitRule(context, partition, statistics, 10000, options).bound(statistics);
    const auto& split = json["expected"]["split"];
    expect_close(bound.moment, split["moment"]);
    expect_close(bound.discrete, split["discrete"]);
    expect_close(bound.bound, split["bound"]);
    options.moment = Moment::bernstein;
    expect_close(SplitRule(context, partition, statistics, 10000, options).bound(statistics).moment,
                 json["expected"]["moment_bernstein"]);
  }
}

}  // namespace
}  // namespace wquant
