#pragma once

#include <string>

#include "io/learn_summary.hpp"
#include "learn_command.hpp"

namespace wquant::tool {

/// What is printed of a run for people.
std::string report(const LearnArguments& arguments, const io::LearnSummary& summary);

}  // namespace wquant::tool
