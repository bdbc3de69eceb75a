#include "refusal.hpp"

#include <gtest/gtest.h>

namespace wquant::test {

void expect_refused(const ToolResult& result, const std::vector<std::string>& fragments) {
  EXPECT_EQ(result.code, 2) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_TRUE(result.err.starts_with("wquant: ")) << result.err;
  for (const std::string& fragment : fragments) {
    EXPECT_NE(result.err.find(fragment), std::string::npos)
        << "expected '" << fragment << "' in: " << result.err;
  }
}

}  // namespace wquant::test
