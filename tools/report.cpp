#include "report.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "io/text.hpp"
#include "wquant/error.hpp"

namespace wquant::tool {

std::string line(std::string_view label, std::string_view value, std::string_view note) {
  return note.empty() ? fmt::format("  {:<10} {}\n", label, value)
                      : fmt::format("  {:<10} {:<12} {}\n", label, value, note);
}

std::string file_lines(const std::optional<std::string>& output,
                       const std::optional<std::string>& plot) {
  std::string text;
  if (output) text += line("points", io::printable(*output));
  if (plot) text += line("picture", io::printable(*plot));
  return text;
}

void print(std::string_view text) {
  fmt::print("{}", text);
  if (std::fflush(stdout) != 0) throw Error("cannot write to standard output");
}

}  // namespace wquant::tool
