#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/progress.hpp"

namespace wquant::test {

/// A call into the library on inputs of its own, large enough to be cut into several chunks, which
/// yields all bytes of what the library returned, times aside.
struct Operation {
  std::string name;
  std::function<std::string(const Context&, const ProgressCallback&)> run;
};

/// One for every public operation: mixtures and their quantisation; points and samples.
std::vector<Operation> mixture_operations();
std::vector<Operation> sample_operations();

/// All of them.
const std::vector<Operation>& operations();
/// The name of one of them in letters, digits and underlines.
std::string test_name(std::size_t operation);

}  // namespace wquant::test
