#pragma once

#include <string>
#include <string_view>

namespace wquant::io {

/// `text` with control characters and bytes that are not UTF-8 written as \xNN, so that a message
/// that contains it stays on one line.
std::string printable(std::string_view text);

/// `value` ≥ 0 to `digits` significant digits, rounded up: what is printed of an upper bound is
/// still an upper bound.
std::string rounded_up(double value, int digits);

}  // namespace wquant::io
