#pragma once

#include <string>
#include <vector>

#include "tool_process.hpp"

namespace wquant::test {

/// Bad input: status 2 and one line that holds all fragments.
void expect_refused(const ToolResult& result, const std::vector<std::string>& fragments);

}  // namespace wquant::test
