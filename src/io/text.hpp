#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wquant::io {

/// `text` with control characters and bytes that are not UTF-8 written as \xNN, so that a message
/// that contains it stays on one line.
std::string printable(std::string_view text);

/// The same of the beginning of `text`, for messages that quote it.
std::string shortened(std::string_view text);

/// NaN, Infinity, -inf, …: letters, perhaps after a sign.
bool is_name(std::string_view word);

/// "1 point", "2 points".
std::string counted(std::int64_t count, std::string_view noun);

/// `value` ≥ 0 to `digits` significant digits, rounded up: what is printed of an upper bound is
/// still an upper bound.
std::string rounded_up(double value, int digits);

}  // namespace wquant::io
