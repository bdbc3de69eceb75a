// Integer and bit arithmetic.
#include <bit>

#include "handlers.hpp"

namespace ptx {
namespace {

template <class T>
using U = std::make_unsigned_t<T>;
template <class T>
constexpr int width = 8 * sizeof(T);

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

template <class T>
struct Wide;
template <>
struct Wide<int16_t> {
  using type = int32_t;
};
template <>
struct Wide<uint16_t> {
  using type = uint32_t;
};
template <>
struct Wide<int32_t> {
  using type = int64_t;
};
template <>
struct Wide<uint32_t> {
  using type = uint64_t;
};
template <>
struct Wide<int64_t> {
  using type = Int128;
};
template <>
struct Wide<uint64_t> {
  using type = Uint128;
};

template <class T>
T shift_left(T a, uint32_t n) {
  return n >= (uint32_t)width<T> ? T(0) : T(U<T>(a) << n);
}
template <class T>
T shift_right(T a, uint32_t n) {  // arithmetic for signed T; counts are clamped
  if (n >= (uint32_t)width<T>) return std::is_signed_v<T> && a < 0 ? T(-1) : T(0);
  return T(a >> n);
}

template <class T>
T mul_high(T a, T b) {
  using W = typename Wide<T>::type;
  return T((W(a) * W(b)) >> width<T>);
}

template <class T>
T bit_field_extract(T a, uint32_t pos, uint32_t len) {
  pos &= 255;
  len &= 255;
  uint32_t msb = width<T> - 1;
  bool fill = std::is_signed_v<T> && len && (U<T>(a) >> std::min(pos + len - 1, msb) & 1);
  U<T> r = pos > msb ? 0 : U<T>(a) >> pos;
  if (pos > msb) r = 0;
  uint32_t have = len > msb + 1 ? msb + 1 : len;
  U<T> keep = have >= (uint32_t)width<T> ? ~U<T>(0) : (U<T>(1) << have) - 1;
  uint32_t present = pos > msb ? 0 : msb + 1 - pos;  // bits of a that exist from pos on
  U<T> real = present >= (uint32_t)width<T> ? ~U<T>(0) : (U<T>(1) << present) - 1;
  r &= keep & real;
  if (fill) r |= ~(keep & real);
  return T(r);
}

template <class T>
T bit_field_insert(T a, T b, uint32_t pos, uint32_t len) {
  pos &= 255;
  len &= 255;
  T r = b;
  for (uint32_t i = 0; i < len && pos + i < (uint32_t)width<T>; ++i)
    r = (r & ~(T(1) << (pos + i))) | ((a >> i & 1) << (pos + i));
  return r;
}

template <class T>
uint32_t find_top(T a, bool shift_amount) {
  if (std::is_signed_v<T> && a < 0) a = ~a;
  if (!a) return ~0u;
  uint32_t i = width<T> - 1 - std::countl_zero(U<T>(a));
  return shift_amount ? width<T> - 1 - i : i;
}

uint32_t permute_bytes(uint32_t a, uint32_t b, uint32_t sel) {
  uint64_t both = uint64_t(b) << 32 | a;
  uint32_t r = 0;
  for (int i = 0; i < 4; ++i) {
    uint32_t s = sel >> 4 * i & 15;
    uint8_t v = uint8_t(both >> 8 * (s & 7));
    if (s & 8) v = v & 0x80 ? 0xff : 0;  // replicate the sign
    r |= uint32_t(v) << 8 * i;
  }
  return r;
}

void lop3(Warp& w, const Instr& in, uint32_t m) {  // the table is an immediate
  uint64_t *d = w.reg(in.dst[0]), *a = w.reg(in.src[0]), *b = w.reg(in.src[1]),
           *c = w.reg(in.src[2]), *t = w.reg(in.src[3]);
  for_lanes(m, [=](int l) {
    uint32_t r = 0;
    for (int i = 0; i < 8; ++i)
      if (t[l] >> i & 1)
        r |= uint32_t((i & 4 ? a[l] : ~a[l]) & (i & 2 ? b[l] : ~b[l]) & (i & 1 ? c[l] : ~c[l]));
    d[l] = r;
  });
}

// Multi-word arithmetic through the carry flag. `op` says which sum, in.mode bit 0: reads the
// carry, bit 1: writes it.
enum Carry { sum, difference, product_low, product_high };
template <class T, Carry op>
void carry_loop(Warp& w, const Instr& in, uint32_t m) {
  using W = Uint128;
  uint64_t* d = w.reg(in.dst[0]);
  uint32_t carry = w.frame->carry;
  for (uint32_t k = m; k; k &= k - 1) {
    int l = __builtin_ctz(k);
    T a = from_bits<T>(w.reg(in.src[0])[l]), b = from_bits<T>(w.reg(in.src[1])[l]);
    bool c = (in.mode & 1) && (carry >> l & 1);
    W r;
    if constexpr (op == difference)
      r = W(a) - b - c;
    else if constexpr (op == sum)
      r = W(a) + b + c;
    else {
      W p = W(a) * b;
      T half = op == product_low ? T(p) : T(p >> width<T>);
      r = W(half) + from_bits<T>(w.reg(in.src[2])[l]) + c;
    }
    d[l] = T(r);
    if (in.mode & 2) carry = (carry & ~(1u << l)) | uint32_t(r >> width<T> & 1) << l;
  }
  w.frame->carry = carry;
}
template <class T>
Handler carry_handler(const std::string& base, bool high) {
  if (base == "add" || base == "addc") return carry_loop<T, sum>;
  if (base == "sub" || base == "subc") return carry_loop<T, difference>;
  return high ? carry_loop<T, product_high> : carry_loop<T, product_low>;
}

template <class T>
Handler arithmetic(const RawInstr& i) {
  const std::string& b = i.base;
  using W = typename Wide<T>::type;
  if (b == "add")
    return i.has("sat") ? each<[](T x, T y) {
      T r;
      return __builtin_add_overflow(x, y, &r)
                 ? T(x < 0 ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max())
                 : r;
    }>
                        : each<[](T x, T y) { return T(U<T>(x) + U<T>(y)); }>;
  if (b == "sub")
    return i.has("sat") ? each<[](T x, T y) {
      T r;
      return __builtin_sub_overflow(x, y, &r)
                 ? T(x < 0 ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max())
                 : r;
    }>
                        : each<[](T x, T y) { return T(U<T>(x) - U<T>(y)); }>;
  if (b == "mul") {
    if (i.has("hi")) return each<[](T x, T y) { return mul_high(x, y); }>;
    if constexpr (sizeof(T) < 8)
      if (i.has("wide")) return each<[](T x, T y) { return W(W(x) * W(y)); }>;
    return each<[](T x, T y) { return T(uint64_t(x) * uint64_t(y)); }>;
  }
  if (b == "mad") {
    if (i.has("hi")) return each<[](T x, T y, T z) { return T(U<T>(mul_high(x, y)) + U<T>(z)); }>;
    if constexpr (sizeof(T) < 8)
      if (i.has("wide"))
        return each<[](T x, T y, W z) { return W(uint64_t(W(x) * W(y)) + uint64_t(z)); }>;
    return each<[](T x, T y, T z) { return T(uint64_t(x) * uint64_t(y) + uint64_t(z)); }>;
  }
  // The result of a division by zero is unspecified on the device; all ones is what it gives.
  if (b == "div")
    return each<[](T x, T y) {
      return y == 0 ? T(-1) : std::is_signed_v<T> && y == T(-1) ? T(-U<T>(x)) : T(x / y);
    }>;
  if (b == "rem")
    return each<[](T x, T y) {
      return y == 0 ? x : std::is_signed_v<T> && y == T(-1) ? T(0) : T(x % y);
    }>;
  if (b == "min") return each<[](T x, T y) { return x < y ? x : y; }>;
  if (b == "max") return each<[](T x, T y) { return x < y ? y : x; }>;
  if (b == "neg") return each<[](T x) { return T(-U<T>(x)); }>;
  if (b == "abs") return each<[](T x) { return x < 0 ? T(-U<T>(x)) : x; }>;
  if (b == "sad")
    return each<[](T x, T y, T z) {
      return T(U<T>(x < y ? U<T>(y) - U<T>(x) : U<T>(x) - U<T>(y)) + U<T>(z));
    }>;
  return nullptr;
}

template <class T>
Handler bits(const RawInstr& i) {  // T carries width and sign
  const std::string& b = i.base;
  if (b == "and") return each<[](T x, T y) { return T(x & y); }>;
  if (b == "or") return each<[](T x, T y) { return T(x | y); }>;
  if (b == "xor") return each<[](T x, T y) { return T(x ^ y); }>;
  if (b == "not") return each<[](T x) { return T(~x); }>;
  if (b == "cnot") return each<[](T x) { return T(x == 0); }>;
  if (b == "shl") return each<[](T x, uint32_t n) { return shift_left(x, n); }>;
  if (b == "shr") return each<[](T x, uint32_t n) { return shift_right(x, n); }>;
  if constexpr (sizeof(T) >= 4) {
    if (b == "popc") return each<[](T x) { return uint32_t(std::popcount(U<T>(x))); }>;
    if (b == "clz") return each<[](T x) { return uint32_t(std::countl_zero(U<T>(x))); }>;
    if (b == "brev")
      return each<[](T x) {
        U<T> r = 0;
        for (int k = 0; k < width<T>; ++k) r |= (U<T>(x) >> k & 1) << (width<T> - 1 - k);
        return r;
      }>;
    if (b == "bfind")
      return i.has("shiftamt") ? each<[](T x) { return find_top(x, true); }>
                               : each<[](T x) { return find_top(x, false); }>;
    if (b == "bfe")
      return each<[](T x, uint32_t p, uint32_t n) { return bit_field_extract(x, p, n); }>;
    if (b == "bfi")
      return each<[](U<T> x, U<T> y, uint32_t p, uint32_t n) {
        return bit_field_insert(x, y, p, n);
      }>;
  }
  if constexpr (sizeof(T) == 4) {
    if (b == "prmt")
      return i.mods.size() == 1
                 ? each<[](uint32_t x, uint32_t y, uint32_t s) { return permute_bytes(x, y, s); }>
                 : nullptr;
    if (b == "lop3") return lop3;
    if (b == "bmsk")
      return i.has("wrap") ? each<[](uint32_t p, uint32_t n) {
        return shift_left(shift_left(1u, n & 31) - 1, p & 31);
      }>
                           : each<[](uint32_t p, uint32_t n) {
                               return n >= 32 ? shift_left(~0u, p) : shift_left((1u << n) - 1, p);
                             }>;
    if (b == "shf") {
      bool left = i.has("l"), wrap = i.has("wrap");
      if (left)
        return wrap ? each<[](uint32_t lo, uint32_t hi, uint32_t n) {
          return uint32_t(((uint64_t(hi) << 32 | lo) << (n & 31)) >> 32);
        }>
                    : each<[](uint32_t lo, uint32_t hi, uint32_t n) {
                        return uint32_t(((uint64_t(hi) << 32 | lo) << std::min(n, 32u)) >> 32);
                      }>;
      return wrap ? each<[](uint32_t lo, uint32_t hi, uint32_t n) {
        return uint32_t((uint64_t(hi) << 32 | lo) >> (n & 31));
      }>
                  : each<[](uint32_t lo, uint32_t hi, uint32_t n) {
                      return uint32_t((uint64_t(hi) << 32 | lo) >> std::min(n, 32u));
                    }>;
    }
  }
  return nullptr;
}

template <class T>
Handler compare_as(const std::string& c) {
  if (c == "eq") return compare<[](T a, T b) { return a == b; }>;
  if (c == "ne") return compare<[](T a, T b) { return a != b; }>;
  if (c == "lt" || c == "lo") return compare<[](T a, T b) { return a < b; }>;
  if (c == "le" || c == "ls") return compare<[](T a, T b) { return a <= b; }>;
  if (c == "gt" || c == "hi") return compare<[](T a, T b) { return (a > b); }>;
  if (c == "ge" || c == "hs") return compare<[](T a, T b) { return a >= b; }>;
  return nullptr;
}
template <class T, bool ftz>
Handler compare_float(const std::string& c) {
  if (c == "eq")
    return compare<[](T a, T b) { return (ftz ? flush(a) : a) == (ftz ? flush(b) : b); }>;
  if (c == "ne")
    return compare<[](T a, T b) {
      return ((ftz ? flush(a) : a) < (ftz ? flush(b) : b)) ||
             ((ftz ? flush(a) : a) > (ftz ? flush(b) : b));
    }>;
  if (c == "lt")
    return compare<[](T a, T b) { return (ftz ? flush(a) : a) < (ftz ? flush(b) : b); }>;
  if (c == "le")
    return compare<[](T a, T b) { return (ftz ? flush(a) : a) <= (ftz ? flush(b) : b); }>;
  if (c == "gt")
    return compare<[](T a, T b) { return ((ftz ? flush(a) : a) > (ftz ? flush(b) : b)); }>;
  if (c == "ge")
    return compare<[](T a, T b) { return (ftz ? flush(a) : a) >= (ftz ? flush(b) : b); }>;
  if (c == "equ")
    return compare<[](T a, T b) {
      return !((ftz ? flush(a) : a) < (ftz ? flush(b) : b) ||
               (ftz ? flush(a) : a) > (ftz ? flush(b) : b));
    }>;
  if (c == "neu")
    return compare<[](T a, T b) { return (ftz ? flush(a) : a) != (ftz ? flush(b) : b); }>;
  if (c == "ltu")
    return compare<[](T a, T b) { return !((ftz ? flush(a) : a) >= (ftz ? flush(b) : b)); }>;
  if (c == "leu")
    return compare<[](T a, T b) { return !((ftz ? flush(a) : a) > (ftz ? flush(b) : b)); }>;
  if (c == "gtu")
    return compare<[](T a, T b) { return !((ftz ? flush(a) : a) <= (ftz ? flush(b) : b)); }>;
  if (c == "geu")
    return compare<[](T a, T b) { return !((ftz ? flush(a) : a) < (ftz ? flush(b) : b)); }>;
  if (c == "num") return compare<[](T a, T b) { return !std::isnan(a) && !std::isnan(b); }>;
  if (c == "nan") return compare<[](T a, T b) { return std::isnan(a) || std::isnan(b); }>;
  return nullptr;
}

}  // namespace

Handler integer_handler(const RawInstr& i, Type t) {
  const std::string& b = i.base;
  bool cc = i.has("cc");
  if (cc || b == "addc" || b == "subc" || b == "madc")
    return size_of(t) == 8 ? carry_handler<uint64_t>(b, i.has("hi"))
                           : carry_handler<uint32_t>(b, i.has("hi"));
  auto pick = [&](auto sample) {
    using T = decltype(sample);
    Handler h = arithmetic<T>(i);
    return h ? h : bits<T>(i);
  };
  switch (t) {
    case Type::s16:
      return pick(int16_t{});
    case Type::u16:
    case Type::b16:
      return pick(uint16_t{});
    case Type::s32:
      return pick(int32_t{});
    case Type::u32:
    case Type::b32:
      return pick(uint32_t{});
    case Type::s64:
      return pick(int64_t{});
    case Type::u64:
    case Type::b64:
      return pick(uint64_t{});
    default:
      return nullptr;
  }
}

Handler compare_handler(const RawInstr& i, const std::string& c, Type t) {
  bool ftz = i.has("ftz");
  switch (t) {
    case Type::s16:
      return compare_as<int16_t>(c);
    case Type::u16:
    case Type::b16:
      return compare_as<uint16_t>(c);
    case Type::s32:
      return compare_as<int32_t>(c);
    case Type::u32:
    case Type::b32:
      return compare_as<uint32_t>(c);
    case Type::s64:
      return compare_as<int64_t>(c);
    case Type::u64:
    case Type::b64:
      return compare_as<uint64_t>(c);
    case Type::f32:
      return ftz ? compare_float<float, true>(c) : compare_float<float, false>(c);
    case Type::f64:
      return compare_float<double, false>(c);
    default:
      return nullptr;
  }
}

}  // namespace ptx
