#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "wquant/wquant.hpp"

namespace wquant::test {

inline nlohmann::json load_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  return nlohmann::json::parse(file);
}

inline const nlohmann::json& golden() {
  static const nlohmann::json json = load_json(WQUANT_TEST_DATA "/quantization_golden.json");
  return json;
}

/// Numbers of an arbitrarily nested array, in order.
inline void flatten(const nlohmann::json& json, std::vector<double>& out) {
  if (json.is_array())
    for (const auto& item : json) flatten(item, out);
  else
    out.push_back(json.get<double>());
}

inline std::vector<double> flatten(const nlohmann::json& json) {
  std::vector<double> out;
  flatten(json, out);
  return out;
}

}  // namespace wquant::test
