#pragma once

#include <string>

#include "io/learn_summary.hpp"
#include "learn_command.hpp"

namespace wquant::tool {

/// The report on a run that is printed for people; --json prints another for programs.
std::string report(const LearnArguments& arguments, const io::LearnSummary& summary);

}  // namespace wquant::tool
