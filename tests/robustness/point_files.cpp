#include "point_files.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace wquant::test {

using nlohmann::json;

Rows parse_json(const std::string& text) {
  const json object = json::parse(text);
  Rows rows;
  for (std::size_t a = 0; a < object.at("locations").size(); ++a) {
    rows.push_back({object.at("probabilities").at(a).get<double>()});
    for (const json& x : object.at("locations").at(a)) rows.back().push_back(x.get<double>());
  }
  return rows;
}

Rows parse_csv(const std::string& text, std::string& header) {
  std::istringstream lines(text);
  std::getline(lines, header);
  Rows rows;
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(std::stod(cell));
  }
  return rows;
}

Rows parse_npy(const std::string& text) {
  EXPECT_EQ(text.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  const std::size_t length =
      static_cast<unsigned char>(text.at(8)) + 256U * static_cast<unsigned char>(text.at(9));
  const std::size_t start = 10 + length;
  EXPECT_EQ(start % 64, 0U);
  EXPECT_EQ(text.at(start - 1), '\n');
  std::smatch shape;
  const std::string header = text.substr(10, length);
  const std::regex expected(
      R"(\{'descr': '<f8', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \} *\n)");
  if (!std::regex_match(header, shape, expected)) throw std::runtime_error(header);
  Rows rows(std::stoul(shape[1]), std::vector<double>(std::stoul(shape[2])));
  EXPECT_EQ(text.size(), start + rows.size() * rows[0].size() * sizeof(double));
  const char* bytes = text.data() + start;
  for (auto& row : rows) {
    std::memcpy(row.data(), bytes, row.size() * sizeof(double));
    bytes += row.size() * sizeof(double);
  }
  return rows;
}

std::set<std::string> keys(const json& object) {
  std::set<std::string> result;
  for (const auto& [key, value] : object.items()) result.insert(key);
  return result;
}

}  // namespace wquant::test
