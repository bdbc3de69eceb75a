#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/results.hpp"
#include "wquant/learn.hpp"

namespace wquant::io {

/// One of the bounds on W_ρ(P, P̂), what it is made of, and its value with everything charged.
struct StatedBound {
  BoundMethod method = BoundMethod::split;
  double bound = 0;
  LearnedBound parts;
};

/// What a learned distribution is reported by; everything but the points.
struct LearnSummary {
  int order = 2;
  double confidence = 0;
  std::vector<StatedBound> bounds;  ///< the first is that of the distribution
  std::int64_t support = 0;
  std::int64_t clusters = 0;
  std::int64_t train = 0;
  std::int64_t evaluation = 0;
  std::int64_t outside = 0;         ///< evaluation samples in the outer region
  std::vector<ClusterTrial> tried;  ///< empty without a choice
  std::int64_t dimension = 0;
  std::string device;
  LearnSeconds seconds;
  double reading_seconds = 0;
};

/// Of the result object.
Members members(const LearnSummary& summary);

}  // namespace wquant::io
