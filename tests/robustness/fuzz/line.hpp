#pragma once

#include <vector>

namespace wquant::fuzz {

/// A mixture of Gaussians and atoms on the line.
struct Line {
  std::vector<long double> weights;  // with sum 1
  std::vector<long double> means;
  std::vector<long double> variances;  // ≥ 0
};

/// W₂ between the mixture and the points with these probabilities, divided by their sum: the cost
/// of the monotone coupling, and what that evaluation may err by.
struct LineDistance {
  long double value;
  long double error;
};

LineDistance line_distance(const Line& line, const std::vector<long double>& points,
                           const std::vector<long double>& probabilities);

}  // namespace wquant::fuzz
