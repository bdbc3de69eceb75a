#include <cfenv>
#include <cmath>
#include <functional>

#include "self_test/device.hpp"

namespace ptx::test {
namespace {

using Function = std::function<double(double)>;

Function rounded(int mode, Function f) {
  return [mode, f](double v) {
    std::fesetround(mode);
    const volatile double argument = v;
    const volatile double result = f(argument);
    std::fesetround(FE_TONEAREST);
    return result;
  };
}

struct Row {
  int index;  // of the output in functions64
  const char* name;
  double tolerance;  // relative
  Function reference;
};

/// CUDA's double functions are PTX like any other, so they are tested as shipped.
std::vector<Row> double_functions() {
  return {
      {0, "erf", 1e-15, [](double v) { return std::erf(v); }},
      {1, "erfc", 2e-15, [](double v) { return std::erfc(v); }},
      {2, "lgamma", 2e-14, [](double v) { return std::lgamma(v); }},
      {3, "exp", 5e-16, [](double v) { return std::exp(v); }},
      {4, "log", 5e-16, [](double v) { return std::log(std::fabs(v)); }},
      {5, "pow", 1e-15, [](double v) { return std::pow(std::fabs(v), 1.7); }},
      {6, "sin", 1e-15, [](double v) { return std::sin(v * 1000); }},
      {7, "cos", 1e-15, [](double v) { return std::cos(v * 1000); }},
      {9, "tgamma", 5e-15, [](double v) { return std::tgamma(v); }},
      {10, "cbrt", 5e-16, [](double v) { return std::cbrt(v); }},
      {11, "atan2", 6e-16, [](double v) { return std::atan2(v, 0.3); }},
      {12, "fmod", 0, [](double v) { return std::fmod(v, 0.37); }},
      {13, "sin of large", 1e-15, [](double v) { return std::sin(v * 1e15); }},
      {14, "tanh", 6e-16, [](double v) { return std::tanh(v); }},
      {15, "1/x", 0, [](double v) { return 1 / v; }},
      {16, "sqrt", 0, [](double v) { return std::sqrt(std::fabs(v)); }},
      {17, "rsqrt", 4e-16, [](double v) { return 1 / std::sqrt(std::fabs(v)); }},
      {18, "expm1", 5e-16, [](double v) { return std::expm1(v); }},
      {19, "log1p", 5e-16, [](double v) { return std::log1p(std::fabs(v)); }},
      {20, "hypot", 5e-16, [](double v) { return std::hypot(v, 2.0); }},
      {21, "rint", 0, [](double v) { return std::rint(v * 10); }},
      {23, "sum rounded up", 0, rounded(FE_UPWARD, [](double v) { return v + 1e-17; })},
      {24, "quotient rounded down", 0, rounded(FE_DOWNWARD, [](double v) { return v / 3.0; })},
      {25, "acos", 5e-16, [](double v) { return std::acos(v / 10); }},
      {26, "ldexp", 0, [](double v) { return std::ldexp(v, -1030); }},
      {27, "normcdf", 2e-14, [](double v) { return 0.5 * std::erfc(-v * 0.70710678118654752440); }},
  };
}

double relative_error(double found, double wanted) {
  if (found == wanted || (std::isnan(found) && std::isnan(wanted))) return 0;
  return std::fabs(found - wanted) / std::max(std::fabs(wanted), 1e-300);
}

TEST(Functions, OfDoublesAgreeWithTheHost) {
  const int n = 300;
  Random random;
  std::vector<double> x(n);
  for (double& value : x) value = random() * 8 - 4;
  const double special[] = {0, 1, -1, INFINITY, NAN, 1e-310, 26.5};
  std::copy(std::begin(special), std::end(special), x.begin());
  Device device("good");
  double* const y = device.make<double>(28 * n);
  EXPECT_TRUE(clean(device.launch("functions64", {3}, {128}, device.make(x), y, n)));
  for (const Row& row : double_functions())
    for (int i = 0; i < n; ++i)
      EXPECT_LE(relative_error(y[row.index * n + i], row.reference(x[i])), row.tolerance)
          << row.name << " at " << x[i];
  for (int i = 0; i < n; ++i) {
    if (std::fabs(x[i]) < 5 && x[i] != 0) {
      EXPECT_LE(relative_error(std::erfc(y[8 * n + i]), 1 + x[i] / 10), 1e-13) << "erfcinv";
    }
    if (std::isfinite(x[i])) {
      const double converted =
          static_cast<double>(static_cast<long long>(x[i] * 1e5)) + std::nearbyint(x[i] * 10);
      EXPECT_EQ(y[22 * n + i], converted);
    }
  }
}

void check_floats(const char* module, double tolerance, double lgamma_tolerance) {
  const int n = 300;
  Random random;
  std::vector<float> x(n);
  for (float& value : x) value = static_cast<float>(random() * 8 - 4);
  Device device(module);
  float* const y = device.make<float>(12 * n);
  EXPECT_TRUE(clean(device.launch("functions32", {3}, {128}, device.make(x), y, n)));
  const Function references[] = {
      [](double v) { return std::erf(v); },
      [](double v) { return std::erfc(v); },
      [](double v) { return std::lgamma(v); },
      [](double v) { return std::exp(v); },
      [](double v) { return std::log(std::fabs(v)); },
      [](double v) { return std::pow(std::fabs(v), 1.7); },
      [](double v) { return std::sin(static_cast<float>(v * 3)); },
      [](double v) { return std::cos(static_cast<float>(v * 3)); },
      [](double v) { return std::tanh(v); },
      [](double v) { return 1 / v; },
      [](double v) { return std::sqrt(std::fabs(v)); },
      [](double v) { return 1 / std::sqrt(std::fabs(v)); },
  };
  for (int k = 0; k < 12; ++k)
    for (int i = 0; i < n; ++i) {
      const double wanted = references[k](x[i]);
      const double error = std::fabs(y[k * n + i] - wanted) / std::max(std::fabs(wanted), 0.05);
      EXPECT_LT(error, k == 2 ? lgamma_tolerance : tolerance) << "function " << k << " at " << x[i];
    }
}

TEST(Functions, OfFloatsAgreeWithTheHost) {
  check_floats("good", 1e-6, 1e-5);  // lgammaf loses digits near its zeros
}

TEST(Functions, OfFloatsInFastMath) { check_floats("fast", 3e-5, 3e-5); }

using Word = std::uint32_t;
using Long = std::uint64_t;
__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

Word permuted(Word a, Word b, Word selector) {
  const Long bytes = Long{b} << 32 | a;
  Word result = 0;
  for (int i = 0; i < 4; ++i)
    result |= static_cast<Word>(bytes >> 8 * (selector >> 4 * i & 7) & 255) << 8 * i;
  return result;
}

Word reversed(Word a) {
  Word result = 0;
  for (int i = 0; i < 32; ++i) result |= (a >> i & 1) << (31 - i);
  return result;
}

Word switched(Word a, Word b) {
  const Word cases[] = {b, b * 3, b ^ a, b / 7, 77, a + 9, a * b, b >> 3, b - 1};
  return cases[a % 9];
}

/// The hash that the kernel `integers` makes of 29 operations, which sign-extend what is signed.
Long integer_hash(Word a, Word b) {
  const auto sa = static_cast<int>(a);
  const auto sb = static_cast<int>(b);
  const Long w = Long{a} << 32 | b;
  const Long u = w * 0x9e3779b97f4a7c15ull;
  const Long ab = Long{b} << 32 | a;
  const auto sw = static_cast<long long>(w);
  const auto su = static_cast<long long>(u);
  Long hash = 0;
  const auto mix = [&](auto value) { hash = (hash ^ static_cast<Long>(value)) * 1099511628211ull; };
  mix(__builtin_popcount(a));
  mix(b ? __builtin_clz(b) : 32);
  mix(reversed(a));
  mix(__builtin_ffs(static_cast<int>(a & b)));
  mix(permuted(a, b, a & 0x7777));
  mix(static_cast<Word>(ab << (b & 31) >> 32));
  mix(static_cast<Word>(ab >> std::min(a & 63, 32u)));
  mix(static_cast<Word>(Long{a} * b >> 32));
  mix(static_cast<int>(static_cast<long long>(sa) * sb >> 32));
  mix(static_cast<Long>(Wide{w} * u >> 64));
  mix(static_cast<long long>(SignedWide{sw} * su >> 64));
  mix(a / (b | 1));
  mix(sa / (sb | 1));
  mix(w % (b | 1));
  mix(u / (w | 1));
  mix(su / (static_cast<long long>(b) | 3));
  mix(static_cast<signed char>(a));
  mix(static_cast<short>(b));
  mix(a >> (b & 31));
  mix(static_cast<Word>(sa >> (b & 31)));
  mix(u << (a & 63));
  mix(std::min(sa, sb));
  mix(std::max(a, b));
  mix(sa == INT32_MIN ? sa : std::abs(sa));
  mix(u ? __builtin_clzll(u) : 64);
  mix(__builtin_popcountll(u));
  mix(static_cast<Word>(std::abs(static_cast<long long>(sa) - sb)) + 1);
  mix((a ^ b) & (a | ~b));
  mix(switched(a, b));
  return hash;
}

TEST(Integers, HashesOfManyOperationsEqualTheHosts) {
  const int n = 256;
  Random random;
  std::vector<Word> x(n);
  for (Word& value : x)
    value = static_cast<Word>(random() * 4294967296.0) >> (static_cast<int>(random() * 4) * 8);
  Device device("good");
  auto* const y = device.make<Long>(n);
  EXPECT_TRUE(clean(device.launch("integers", {1}, {256}, device.make(x), y, n)));
  for (int i = 0; i < n; ++i) EXPECT_EQ(y[i], integer_hash(x[i], x[(i + 1) % n])) << i;
}

}  // namespace
}  // namespace ptx::test
