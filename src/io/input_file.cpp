#include "io/input_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "io/text.hpp"

namespace wquant::io {

std::ifstream open_input(const std::filesystem::path& path, std::string_view content) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw InvalidArgument(fmt::format("cannot read: it is a directory; expected {}", content));
  }
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_character_file(status) || std::filesystem::is_block_file(status)) {
    // Some, such as /dev/zero, never end.
    throw InvalidArgument(fmt::format("cannot read: it is a device; expected {}", content));
  }
  std::ifstream input(path, std::ios::binary);
  if (!input) {
    throw InvalidArgument(fmt::format("cannot read: {}", std::generic_category().message(errno)));
  }
  return input;
}

std::int64_t remaining_bytes(std::istream& input) {
  std::streambuf& buffer = *input.rdbuf();
  const auto here = buffer.pubseekoff(0, std::ios::cur, std::ios::in);
  const auto end = buffer.pubseekoff(0, std::ios::end, std::ios::in);
  if (here < 0 || end <= here) return 0;
  buffer.pubseekpos(here, std::ios::in);
  return end - here;
}

std::string with_path(const std::filesystem::path& path, std::string_view message) {
  return fmt::format("{}: {}", printable(path.string()), message);
}

}  // namespace wquant::io
