#include "support/data_files.hpp"

namespace wquant::test {

// The paths of this checkout stand in the command that compiles this file, and in no other.
std::string test_data(const std::string& name) { return WQUANT_TEST_DATA "/" + name; }

std::string data_file(const std::string& name) { return WQUANT_DATA "/" + name; }

}  // namespace wquant::test
