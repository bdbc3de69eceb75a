#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "backend/backend.hpp"

namespace wquant::roofline {

struct Workload {
  std::string name;
  std::string unit;
  std::function<std::int64_t(Backend&)> run;  // on views of host memory; how many units it did
};

std::vector<Workload> workloads();

/// What `roofline --check` limits: sectors and passes of the worst hot line, as multiples of the
/// least, and the part of the lanes that is active.
enum class Figure { sectors, passes, lanes };

/// A kernel (its template arguments left out) that need not keep the limit of all, and why.
struct Allowance {
  std::string kernel;
  Figure figure;
  double limit;
  std::string reason;
};

const std::vector<Allowance>& allowances();

}  // namespace wquant::roofline
