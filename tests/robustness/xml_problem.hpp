#pragma once

#include <string>
#include <string_view>

namespace wquant::test {

/// Empty if tags, attributes and entities are well-formed XML, or what is wrong.
std::string xml_problem(std::string_view xml);

}  // namespace wquant::test
