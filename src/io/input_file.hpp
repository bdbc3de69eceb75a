#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "wquant/error.hpp"

namespace wquant::io {

/// Opened for reading; `content` says what it should hold ("a mixture in JSON").
/// Throws InvalidArgument, without the name of the file.
std::ifstream open_input(const std::filesystem::path& path, std::string_view content);

/// From the position of `input` to its end; 0 if that is unknown, as for a pipe.
std::int64_t remaining_bytes(std::istream& input);

/// Runs `read()`; what goes wrong in it is told with the name of the file in front.
template <class Read>
auto in_file(const std::filesystem::path& path, const Read& read);

/// path: message
std::string with_path(const std::filesystem::path& path, std::string_view message);

// ---- implementation --------------------------------------------------------------------------

template <class Read>
auto in_file(const std::filesystem::path& path, const Read& read) {
  try {
    return read();
  } catch (const NotPositiveSemidefinite& error) {
    throw NotPositiveSemidefinite(with_path(path, error.what()));
  } catch (const InvalidArgument& error) {
    throw InvalidArgument(with_path(path, error.what()));
  } catch (const OutOfMemory& error) {
    throw OutOfMemory(with_path(path, error.what()));
  }
}

}  // namespace wquant::io
