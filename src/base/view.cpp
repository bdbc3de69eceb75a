#include "wquant/view.hpp"

#include <string>

#include "base/enum_names.hpp"
#include "wquant/error.hpp"

namespace wquant {

template <>
consteval auto names_of<MemorySpace>() {
  return texts("host", "device");
}

std::string_view name(MemorySpace space) { return name_of(space); }

namespace detail {
namespace {

/// Whether the product of the extents, none of them negative, is `size`.
bool fill(std::int64_t size, std::initializer_list<std::int64_t> extents) {
  std::int64_t product = 1;
  for (const std::int64_t extent : extents)
    if (extent < 0 || __builtin_mul_overflow(product, extent, &product)) return false;
  return product == size;
}

}  // namespace

void require_extents(std::int64_t size, std::int64_t rows, std::int64_t cols) {
  if (!fill(size, {rows, cols}))
    throw InvalidArgument("view: " + std::to_string(size) + " values; expected " +
                          std::to_string(rows) + " x " + std::to_string(cols));
}

void require_extents(std::int64_t size, std::int64_t count, std::int64_t rows, std::int64_t cols) {
  if (!fill(size, {count, rows, cols}))
    throw InvalidArgument("view: " + std::to_string(size) + " values; expected " +
                          std::to_string(count) + " x " + std::to_string(rows) + " x " +
                          std::to_string(cols));
}

std::int64_t whole_parts(std::int64_t size, std::int64_t part) {
  if (part < 1 || size % part != 0)
    throw InvalidArgument("view: " + std::to_string(size) + " values; expected parts of " +
                          std::to_string(part) + ", at least 1, none of them incomplete");
  return size / part;
}

}  // namespace detail
}  // namespace wquant
