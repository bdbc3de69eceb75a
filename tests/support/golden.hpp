#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "wquant/wquant.hpp"

extern template class nlohmann::basic_json<>;

namespace wquant::test {

nlohmann::json load_json(const std::string& path);

/// tests/data/quantization_golden.json and learning_golden.json, read once.
const nlohmann::json& golden();
const nlohmann::json& learning_golden();

/// Numbers of an arbitrarily nested array, in order.
void flatten(const nlohmann::json& json, std::vector<double>& out);
std::vector<double> flatten(const nlohmann::json& json);

}  // namespace wquant::test
