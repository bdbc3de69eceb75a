#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wquant::tool {

/// A line of a report: label, value and perhaps a note beside it.
std::string line(std::string_view label, std::string_view value, std::string_view note = "");

/// The lines that name the files written.
std::string file_lines(const std::optional<std::string>& output,
                       const std::optional<std::string>& plot);

/// Writes to standard output. Throws Error if that fails.
void print(std::string_view text);

}  // namespace wquant::tool
