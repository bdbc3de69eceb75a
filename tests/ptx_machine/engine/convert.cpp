// cvt between integer and floating types. Directed rounding to a floating type is done by the
// caller, which changes the rounding mode; rounding to an integer is chosen here.
#include <limits>
#include <utility>

#include "handlers.hpp"

namespace ptx {
namespace {

enum Mode { nearest, zero, down, up };

template <Mode m, class T>
T to_integral(T v) {
  switch (m) {
    case nearest:
      return std::nearbyint(v);  // run with the default rounding mode: ties to even
    case zero:
      return std::trunc(v);
    case down:
      return std::floor(v);
    default:
      return std::ceil(v);
  }
}

template <class I, Mode m, class F>
I to_integer(F v) {
  // Out of range saturates; NaN is 0, or the most negative number when 64 bits are involved.
  if (std::isnan(v)) return sizeof(I) == 8 ? I(uint64_t(1) << 63) : I(0);
  v = to_integral<m>(v);
  constexpr F limit = std::is_signed_v<I> ? F(uint64_t(1) << (8 * sizeof(I) - 1))
                                          : F(2) * F(uint64_t(1) << (8 * sizeof(I) - 1));
  if (v >= limit) return std::numeric_limits<I>::max();
  if (v < (std::is_signed_v<I> ? -limit : F(0))) return std::numeric_limits<I>::min();
  return I(v);
}

template <class To, class From>
To saturated(From v) {
  using L = std::numeric_limits<To>;
  if (std::cmp_less(v, L::min())) return L::min();
  if (std::cmp_greater(v, L::max())) return L::max();
  return To(v);
}

template <class To, class From>
Handler pair(const RawInstr& i) {
  constexpr bool tf = std::is_floating_point_v<To>, ff = std::is_floating_point_v<From>;
  Mode m = i.has("rzi") ? zero : i.has("rmi") ? down : i.has("rpi") ? up : nearest;
  bool integral = i.has("rni") || i.has("rzi") || i.has("rmi") || i.has("rpi");
  if constexpr (!tf && !ff) {
    if (i.has("sat")) return each<[](From v) { return saturated<To>(v); }>;
    if constexpr (std::is_signed_v<From>)
      return each<[](From v) { return int64_t(To(v)); }>;  // sign extends into wider registers
    else
      return each<[](From v) { return To(v); }>;
  } else if constexpr (!tf) {
    bool ftz = i.has("ftz");
    switch (m) {
      case zero:
        return ftz ? each<[](From v) { return to_integer<To, zero>(flush(v)); }>
                   : each<[](From v) { return to_integer<To, zero>(v); }>;
      case down:
        return ftz ? each<[](From v) { return to_integer<To, down>(flush(v)); }>
                   : each<[](From v) { return to_integer<To, down>(v); }>;
      case up:
        return ftz ? each<[](From v) { return to_integer<To, up>(flush(v)); }>
                   : each<[](From v) { return to_integer<To, up>(v); }>;
      default:
        return ftz ? each<[](From v) { return to_integer<To, nearest>(flush(v)); }>
                   : each<[](From v) { return to_integer<To, nearest>(v); }>;
    }
  } else if constexpr (!ff) {
    return each<[](From v) { return To(v); }>;
  } else if (integral) {
    switch (m) {
      case zero:
        return each<[](From v) { return To(to_integral<zero>(v)); }>;
      case down:
        return each<[](From v) { return To(to_integral<down>(v)); }>;
      case up:
        return each<[](From v) { return To(to_integral<up>(v)); }>;
      default:
        return each<[](From v) { return To(to_integral<nearest>(v)); }>;
    }
  } else {
    return i.has("ftz") ? each<[](From v) { return flush(To(flush(v))); }>
                        : each<[](From v) { return To(v); }>;
  }
}

template <class To>
Handler from_any(const RawInstr& i, Type from) {
  switch (from) {
    case Type::s8:
      return pair<To, int8_t>(i);
    case Type::u8:
      return pair<To, uint8_t>(i);
    case Type::s16:
      return pair<To, int16_t>(i);
    case Type::u16:
      return pair<To, uint16_t>(i);
    case Type::s32:
      return pair<To, int32_t>(i);
    case Type::u32:
      return pair<To, uint32_t>(i);
    case Type::s64:
      return pair<To, int64_t>(i);
    case Type::u64:
      return pair<To, uint64_t>(i);
    case Type::f32:
      return pair<To, float>(i);
    case Type::f64:
      return pair<To, double>(i);
    default:
      return nullptr;
  }
}

}  // namespace

Handler convert_handler(const RawInstr& i, Type to, Type from) {
  switch (to) {
    case Type::s8:
      return from_any<int8_t>(i, from);
    case Type::u8:
      return from_any<uint8_t>(i, from);
    case Type::s16:
      return from_any<int16_t>(i, from);
    case Type::u16:
      return from_any<uint16_t>(i, from);
    case Type::s32:
      return from_any<int32_t>(i, from);
    case Type::u32:
      return from_any<uint32_t>(i, from);
    case Type::s64:
      return from_any<int64_t>(i, from);
    case Type::u64:
      return from_any<uint64_t>(i, from);
    case Type::f32:
      return from_any<float>(i, from);
    case Type::f64:
      return from_any<double>(i, from);
    default:
      return nullptr;
  }
}

}  // namespace ptx
