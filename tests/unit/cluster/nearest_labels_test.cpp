#include "cluster/nearest_labels.hpp"

#include <gtest/gtest.h>

namespace wquant {
namespace {

/// Of two centres at the same distance the first counts.
TEST(NearestLabels, AreThoseOfTheNearestRows) {
  const double points[] = {0, 0, 4, 1, -3, 0.5, 1, 0};
  const double centres[] = {2, 0, 0, 0, -2, 0};
  EXPECT_EQ(nearest_labels(Context::cpu(), {points, 4, 2}, {centres, 3, 2}),
            (std::vector<std::int64_t>{1, 0, 2, 0}));
}

}  // namespace
}  // namespace wquant
