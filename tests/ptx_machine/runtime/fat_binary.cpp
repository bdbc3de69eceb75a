#include "runtime/fat_binary.hpp"

#include <cstdint>
#include <cstring>
#include <string_view>

namespace ptx_machine {
namespace {

/// The layout, as nvcc 13 writes it.
struct Wrapper {
  std::uint32_t magic;
  std::uint32_t version;
  const char* image;
};
struct Header {
  std::uint32_t magic;
  std::uint16_t version;
  std::uint16_t header_bytes;
  std::uint64_t bytes;  // behind the header
};
struct Entry {
  std::uint16_t kind;
  std::uint16_t version;
  std::uint32_t header_bytes;
  std::uint64_t bytes;  // behind the entry's header, with padding
  std::uint64_t unused;
  std::uint32_t code_version;
  std::uint32_t architecture;
};

constexpr std::uint32_t kWrapperMagic = 0x466243b1;
constexpr std::uint32_t kImageMagic = 0xba55ed50;
constexpr std::uint16_t kPtx = 1;
constexpr std::uint32_t kArchitecture = 90;

template <class T>
T read(const char* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

bool is_text(const char* p, std::size_t n) {
  return std::string_view(p, n).find(".version") != std::string_view::npos;
}

}  // namespace

std::string ptx_of(const void* wrapper) {
  const auto outer = read<Wrapper>(static_cast<const char*>(wrapper));
  if (outer.magic != kWrapperMagic) return "";
  const auto header = read<Header>(outer.image);
  if (header.magic != kImageMagic) return "";
  const char* const end = outer.image + header.header_bytes + header.bytes;
  std::string best;
  std::uint32_t best_architecture = 0;
  for (const char* p = outer.image + header.header_bytes; p + sizeof(Entry) <= end;) {
    const auto entry = read<Entry>(p);
    const char* const text = p + entry.header_bytes;
    if (entry.kind == kPtx && entry.architecture <= kArchitecture &&
        entry.architecture > best_architecture && is_text(text, entry.bytes)) {
      best.assign(text, strnlen(text, entry.bytes));
      best_architecture = entry.architecture;
    }
    p = text + entry.bytes;
  }
  return best;
}

}  // namespace ptx_machine
