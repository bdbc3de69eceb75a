#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace wquant::test {

/// Rows of (probability, x1, …, xd).
using Rows = std::vector<std::vector<double>>;

/// The points in a result file.
Rows parse_json(const std::string& text);
Rows parse_csv(const std::string& text, std::string& header);
Rows parse_npy(const std::string& text);

std::set<std::string> keys(const nlohmann::json& object);

}  // namespace wquant::test
