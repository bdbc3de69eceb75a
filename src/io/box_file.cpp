#include "io/box_file.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "io/ask.hpp"
#include "io/input_file.hpp"
#include "io/text.hpp"

namespace wquant::io {
namespace {

constexpr std::int64_t kRowsPerReport = 1 << 16;
constexpr std::string_view kExpectedKeys = "an object with the keys lower and upper";

std::vector<double> bounds(const nlohmann::json& object, const char* key) {
  if (!object.contains(key)) {
    throw InvalidArgument(fmt::format("missing key {}; expected {}", key, kExpectedKeys));
  }
  const nlohmann::json& array = object.at(key);
  if (!array.is_array()) {
    throw InvalidArgument(
        fmt::format("{}: expected an array of numbers, found {}", key, array.type_name()));
  }
  std::vector<double> values;
  for (const nlohmann::json& value : array) {
    if (!value.is_number()) {
      throw InvalidArgument(fmt::format("{}[{}]: expected a number, found {}", key, values.size(),
                                        value.type_name()));
    }
    values.push_back(value.get<double>());
  }
  return values;
}

Box read_box_json(const std::filesystem::path& path) {
  std::ifstream input = open_input(path, "a box in JSON");
  try {
    const auto object = nlohmann::json::parse(input);
    if (!object.is_object()) {
      throw InvalidArgument(
          fmt::format("expected {}, found {}", kExpectedKeys, object.type_name()));
    }
    for (const auto& [key, value] : object.items()) {
      if (key == "lower" || key == "upper") continue;
      throw InvalidArgument(
          fmt::format("unknown key \"{}\"; expected {}", shortened(key), kExpectedKeys));
    }
    return {bounds(object, "lower"), bounds(object, "upper")};
  } catch (const nlohmann::json::exception& error) {
    std::string_view message = error.what();  // "[json.exception.parse_error.101] parse error …"
    message.remove_prefix(message.find("] ") + 2);
    throw InvalidArgument(fmt::format("not valid JSON: {}", printable(message)));
  } catch (const std::ios_base::failure& error) {
    throw InvalidArgument(fmt::format("cannot read: {}", error.what()));
  }
}

Box read_box_rows(const std::filesystem::path& path) {
  const Samples rows = read_samples(path);
  if (rows.count != 2) {
    throw InvalidArgument(with_path(
        path, fmt::format("expected two rows, the lower bounds and the upper ones, found {}",
                          rows.count)));
  }
  const auto row = [&](std::int64_t i) {
    return with_rows(rows, i, i + 1, [](const auto& view) {
      return std::vector<double>(view.data, view.data + view.cols);
    });
  };
  return in_file(path, [&] { return Box(row(0), row(1)); });
}

/// Of the samples outside a box.
struct Outside {
  std::int64_t count = 0;
  std::array<std::int64_t, 2> first{};  // row and column
  double value = 0;
};

template <class T>
Outside outside(MatrixView<const T> rows, const Box& box, const ProgressCallback& progress) {
  Outside found;
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    const T* row = rows.row(i);
    const auto is_inside = [&](std::int64_t k) {
      return row[k] >= box.lower()[k] && row[k] <= box.upper()[k];
    };
    std::int64_t k = 0;
    while (k < rows.cols && is_inside(k)) ++k;
    if (k < rows.cols && found.count++ == 0) {
      found.first = {i, k};
      found.value = row[k];
    }
    if (i % kRowsPerReport == 0) {
      ask(progress, "checking", static_cast<double>(i) / static_cast<double>(rows.rows));
    }
  }
  return found;
}

}  // namespace

Box read_box(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".npy" || extension == ".csv") return read_box_rows(path);
  return in_file(path, [&] {
    if (extension == ".json") return read_box_json(path);
    throw InvalidArgument(
        fmt::format("the extension \"{}\" is none of .json, .csv and .npy", printable(extension)));
  });
}

void check_inside(const Samples& samples, const Box& box, const ProgressCallback& progress) {
  const Outside found = with_rows(samples, 0, samples.count,
                                  [&](const auto& rows) { return outside(rows, box, progress); });
  if (found.count == 0) return;
  const auto [row, column] = found.first;
  throw InvalidArgument(fmt::format(
      "[{}][{}]: expected a number from {} to {}, found {}; {} of {} samples lie outside the box, "
      "this one first",
      row, column, box.lower()[column], box.upper()[column], found.value, found.count,
      samples.count));
}

}  // namespace wquant::io
