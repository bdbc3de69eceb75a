// f32 and f64 arithmetic. Compiled without contraction; fused operations are true fmas.
// The .approx operations are computed with the host's libm, which is closer to exact than the
// device's units: results differ by up to about 2 units in the last place of f32.
#include "handlers.hpp"

namespace ptx {
namespace {

template <class T>
T minimum(T a, T b, bool nan_wins) {
  if (std::isnan(a) || std::isnan(b)) {
    if (nan_wins || (std::isnan(a) && std::isnan(b))) return std::numeric_limits<T>::quiet_NaN();
    return std::isnan(a) ? b : a;
  }
  if (a == b) return std::signbit(a) ? a : b;  // -0 is below +0
  return a < b ? a : b;
}
template <class T>
T maximum(T a, T b, bool nan_wins) {
  if (std::isnan(a) || std::isnan(b)) {
    if (nan_wins || (std::isnan(a) && std::isnan(b))) return std::numeric_limits<T>::quiet_NaN();
    return std::isnan(a) ? b : a;
  }
  if (a == b) return std::signbit(a) ? b : a;
  return a < b ? b : a;
}

inline double high_word(double v) { return from_bits<double>(to_bits(v) & 0xffffffff00000000ull); }

template <class T, bool ftz>
Handler family(const RawInstr& i) {
  constexpr bool single = std::is_same_v<T, float>;
  const std::string& b = i.base;
  bool nan = i.has("NaN"), approx = i.has("approx");
#define IN(x) (ftz ? flush(x) : (x))
#define OUT(x) (ftz ? flush(T(x)) : T(x))
  if (b == "add") return each<[](T x, T y) { return OUT(IN(x) + IN(y)); }>;
  if (b == "sub") return each<[](T x, T y) { return OUT(IN(x) - IN(y)); }>;
  if (b == "mul") return each<[](T x, T y) { return OUT(IN(x) * IN(y)); }>;
  if (b == "fma" || b == "mad")
    return each<[](T x, T y, T z) { return OUT(std::fma(IN(x), IN(y), IN(z))); }>;
  if (b == "div") return each<[](T x, T y) { return OUT(IN(x) / IN(y)); }>;
  if (b == "neg") return each<[](T x) { return OUT(-x); }>;
  if (b == "abs") return each<[](T x) { return OUT(std::fabs(x)); }>;
  if (b == "min")
    return nan ? each<[](T x, T y) { return minimum(IN(x), IN(y), true); }>
               : each<[](T x, T y) { return minimum(IN(x), IN(y), false); }>;
  if (b == "max")
    return nan ? each<[](T x, T y) { return maximum(IN(x), IN(y), true); }>
               : each<[](T x, T y) { return maximum(IN(x), IN(y), false); }>;
  if (b == "copysign") return each<[](T sign, T x) { return std::copysign(x, sign); }>;
  if (b == "sqrt") return each<[](T x) { return OUT(std::sqrt(IN(x))); }>;
  if constexpr (single) {
    if (b == "rcp") return each<[](T x) { return OUT(1.f / IN(x)); }>;
    if (b == "rsqrt") return each<[](T x) { return OUT(1.0 / std::sqrt(double(IN(x)))); }>;
    if (b == "ex2") return each<[](T x) { return OUT(std::exp2(IN(x))); }>;
    if (b == "lg2") return each<[](T x) { return OUT(std::log2(IN(x))); }>;
    if (b == "sin") return each<[](T x) { return OUT(std::sin(double(IN(x)))); }>;
    if (b == "cos") return each<[](T x) { return OUT(std::cos(double(IN(x)))); }>;
    if (b == "tanh") return each<[](T x) { return OUT(std::tanh(IN(x))); }>;
  } else {
    // The device seeds Newton iterations with the high word of a reciprocal; so does this.
    if (b == "rcp")
      return approx ? each<[](T x) {
        return high_word(1 / (std::fabs(x) < 0x1p-1022 ? std::copysign(0., x) : x));
      }>
                    : each<[](T x) { return 1 / x; }>;
    if (b == "rsqrt")
      return i.has("ftz") ? each<[](T x) {
        return high_word(1 / std::sqrt(std::fabs(x) < 0x1p-1022 ? std::copysign(0., x) : x));
      }>
                          : each<[](T x) { return 1 / std::sqrt(x); }>;
  }
#undef IN
#undef OUT
  return nullptr;
}

}  // namespace

Handler float_handler(const RawInstr& i, Type t) {
  if (t == Type::f64) return family<double, false>(i);
  if (t == Type::f32) return i.has("ftz") ? family<float, true>(i) : family<float, false>(i);
  return nullptr;
}

}  // namespace ptx
