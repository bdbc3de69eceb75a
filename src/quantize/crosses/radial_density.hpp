#pragma once

#include <cstdint>

namespace wquant {

/// A density on (0, ∞), up to a constant factor, that is entire: what shell_moments integrates.
class RadialDensity {
 public:
  struct Value {
    double value;
    double error;  ///< relative.
  };

  virtual ~RadialDensity() = default;

  /// f(t) for range().lower < t < range().upper, with the error counted as if t itself were off
  /// by up to `shift`, a few ulp.
  virtual Value at(double t, double shift) const = 0;

  /// ≥ |f(x + iy)| for all low ≤ x ≤ high, |y| ≤ height.
  virtual double supremum(double low, double high, double height) const = 0;

  /// ∫_0^lower f and ∫_upper^∞ (1 + (t − upper)²) f are below kNegligibleMass.
  struct Range {
    double lower;
    double upper;
  };
  virtual Range range() const = 0;
};

inline constexpr double kNegligibleMass = 1e-278;

/// M = max |Z_k| for Z ~ N(0, I_n): f(t) = F'(t), F = (2Φ − 1)^n.
class LargestCoordinateDensity final : public RadialDensity {
 public:
  explicit LargestCoordinateDensity(std::int64_t n) : n_(static_cast<double>(n)) {}
  Value at(double t, double shift) const override;
  double supremum(double low, double high, double height) const override;
  Range range() const override;

 private:
  double n_;
};

/// R = ‖Z‖ for Z ~ N(0, I_n): f(t) = t^{n−1} e^{−t²/2}, divided by its value at √n.
class NormDensity final : public RadialDensity {
 public:
  explicit NormDensity(std::int64_t n);
  Value at(double t, double shift) const override;
  double supremum(double low, double high, double height) const override;
  Range range() const override;

 private:
  double n_;
  double root_;
};

}  // namespace wquant
