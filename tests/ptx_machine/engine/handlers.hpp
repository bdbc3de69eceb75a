// Turns a captureless lambda on C++ values into a loop over the active lanes of a warp.
#pragma once
#include <cmath>
#include <cstring>
#include <type_traits>

#include "parser.hpp"
#include "warp.hpp"

namespace ptx {

template <class T>
inline T from_bits(uint64_t b) {
  T v;
  std::memcpy(&v, &b, sizeof v);
  return v;
}
template <class T>
inline uint64_t to_bits(T v) {
  uint64_t b = 0;
  std::memcpy(&b, &v, sizeof v);
  return b;
}

template <class F>
inline void for_lanes(uint32_t mask, F f) {
  if (mask == ~0u) {
#pragma GCC ivdep  // lanes are independent even when an instruction overwrites its own operand
    for (int l = 0; l < 32; ++l) f(l);
  } else {
    for (; mask; mask &= mask - 1) f(__builtin_ctz(mask));
  }
}

template <auto F, class R, class A>
void loop(Warp& w, const Instr& in, uint32_t m) {
  uint64_t* d = w.reg(in.dst[0]);
  const uint64_t* a = w.reg(in.src[0]);
  for_lanes(m, [=](int l) { d[l] = to_bits<R>(F(from_bits<A>(a[l]))); });
}
template <auto F, class R, class A, class B>
void loop(Warp& w, const Instr& in, uint32_t m) {
  uint64_t* d = w.reg(in.dst[0]);
  const uint64_t *a = w.reg(in.src[0]), *b = w.reg(in.src[1]);
  for_lanes(m, [=](int l) { d[l] = to_bits<R>(F(from_bits<A>(a[l]), from_bits<B>(b[l]))); });
}
template <auto F, class R, class A, class B, class C>
void loop(Warp& w, const Instr& in, uint32_t m) {
  uint64_t* d = w.reg(in.dst[0]);
  const uint64_t *a = w.reg(in.src[0]), *b = w.reg(in.src[1]), *c = w.reg(in.src[2]);
  for_lanes(m, [=](int l) {
    d[l] = to_bits<R>(F(from_bits<A>(a[l]), from_bits<B>(b[l]), from_bits<C>(c[l])));
  });
}
template <auto F, class R, class A, class B, class C, class D>
void loop(Warp& w, const Instr& in, uint32_t m) {
  uint64_t* d = w.reg(in.dst[0]);
  const uint64_t *a = w.reg(in.src[0]), *b = w.reg(in.src[1]), *c = w.reg(in.src[2]),
                 *e = w.reg(in.src[3]);
  for_lanes(m, [=](int l) {
    d[l] = to_bits<R>(
        F(from_bits<A>(a[l]), from_bits<B>(b[l]), from_bits<C>(c[l]), from_bits<D>(e[l])));
  });
}
template <auto F, class R, class... A>
constexpr Handler handler_of(R (*)(A...)) {
  return &loop<F, R, A...>;
}
template <auto F>
constexpr Handler each = handler_of<F>(+F);

// A comparison: its results are gathered into one bit a lane.
void store_predicate(Warp&, const Instr&, uint32_t mask, uint32_t result);
template <auto F, class A>
void compare_loop(Warp& w, const Instr& in, uint32_t m) {
  const uint64_t *a = w.reg(in.src[0]), *b = w.reg(in.src[1]);
  uint32_t r = 0;
  for_lanes(m, [&](int l) { r |= uint32_t(F(from_bits<A>(a[l]), from_bits<A>(b[l]))) << l; });
  store_predicate(w, in, m, r);
}
template <auto F, class R, class A>
constexpr Handler comparer_of(R (*)(A, A)) {
  return &compare_loop<F, A>;
}
template <auto F>
constexpr Handler compare = comparer_of<F>(+F);

template <class T>
inline T flush(T v) {  // subnormals to zero of the same sign, as .ftz does
  if constexpr (std::is_same_v<T, float>)
    return std::fabs(v) < 0x1p-126f ? std::copysign(0.f, v) : v;
  else
    return v;
}

// Each returns nullptr when the operation is not of its family.
Handler integer_handler(const RawInstr&, Type);
Handler float_handler(const RawInstr&, Type);
Handler convert_handler(const RawInstr&, Type to, Type from);
Handler compare_handler(const RawInstr&, const std::string& cmp, Type);

}  // namespace ptx
