// What the fuzzers found worth keeping, and what once went wrong, without a fuzzer.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>

#include "fuzz/targets.hpp"
#include "tool_process.hpp"

namespace wquant::fuzz {

std::ostream& operator<<(std::ostream& out, const Target& target) { return out << target.name; }

namespace {

class FuzzCorpus : public testing::TestWithParam<Target> {};

TEST_P(FuzzCorpus, keeps_every_promise) {
  const std::filesystem::path folder = std::filesystem::path(WQUANT_FUZZ_CORPUS) / GetParam().name;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string content = test::read_file(entry.path());
    EXPECT_NO_THROW(
        GetParam().run({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()}))
        << entry.path();
    ++files;
  }
  EXPECT_GT(files, 0);
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzCorpus, testing::ValuesIn(kTargets),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace wquant::fuzz
