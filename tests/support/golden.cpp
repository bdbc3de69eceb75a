#include "support/golden.hpp"

#include <fstream>
#include <stdexcept>

#include "support/data_files.hpp"

template class nlohmann::basic_json<>;

namespace wquant::test {

nlohmann::json load_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  return nlohmann::json::parse(file);
}

const nlohmann::json& golden() {
  static const nlohmann::json json = load_json(test_data("quantization_golden.json"));
  return json;
}

const nlohmann::json& learning_golden() {
  static const nlohmann::json json = load_json(test_data("learning_golden.json"));
  return json;
}

void flatten(const nlohmann::json& json, std::vector<double>& out) {
  if (json.is_array())
    for (const auto& item : json) flatten(item, out);
  else
    out.push_back(json.get<double>());
}

std::vector<double> flatten(const nlohmann::json& json) {
  std::vector<double> out;
  flatten(json, out);
  return out;
}

}  // namespace wquant::test
