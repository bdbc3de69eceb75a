#pragma once

#include <string>

namespace wquant::test {

/// The path of a file in tests/data, of one in data at the root of the sources.
std::string test_data(const std::string& name);
std::string data_file(const std::string& name);

}  // namespace wquant::test
