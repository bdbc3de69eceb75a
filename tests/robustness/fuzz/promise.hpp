#pragma once

#include <stdexcept>
#include <string>

#include "io/text.hpp"
#include "wquant/error.hpp"

namespace wquant::fuzz {

inline void promise(bool kept, const std::string& what) {
  if (!kept) throw std::logic_error(what);
}

/// Runs `work`; a refusal is fine if it says why in one line. False after a refusal.
template <class Work>
bool done_or_refused(const Work& work, const std::string& message_start = "") {
  std::string message;
  try {
    work();
    return true;
  } catch (const InvalidArgument& error) {
    message = error.what();
  } catch (const OutOfMemory& error) {
    message = error.what();
  }
  promise(!message.empty() && message == io::printable(message), "not one line: " + message);
  promise(message.starts_with(message_start), "does not name the file: " + message);
  return false;
}

}  // namespace wquant::fuzz
