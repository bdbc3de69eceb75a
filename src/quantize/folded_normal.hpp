#pragma once

namespace wquant {

/// |z| for z ~ N(mean, deviation²), deviation > 0: what cross_cells needs of one coordinate.
class FoldedNormal {
 public:
  FoldedNormal(double mean, double deviation) : mean_(mean), deviation_(deviation) {}

  /// z given |z| ≤ t.
  struct Within {
    double mass;          ///< H(t) = P(|z| ≤ t).
    double mass_error;    ///< relative.
    double centre;        ///< E[z | |z| ≤ t], farther from 0 the larger t is.
    double centre_error;  ///< absolute.
    double second;        ///< E[z² | |z| ≤ t].
    double second_error;  ///< absolute.
  };
  /// Errors are counted as if t were off by up to `shift`, a few ulp.
  Within within(double t, double shift) const;

  struct Value {
    double value;
    double error;  ///< relative.
  };
  /// The density of z at x, with the same meaning of `shift`.
  Value density(double x, double shift) const;

  /// ≥ log |f(w)|, respectively log |H(w)|, for w = x + iy, low ≤ x ≤ high, |y| ≤ height; +∞ where
  /// e^{y²/2σ²} overflows. low ≥ −high.
  double log_density_supremum(double low, double high, double height) const;
  double log_mass_supremum(double low, double high, double height) const;

  /// P(|z| > reach) and E[z²; |z| > reach] / reach² are below 1e-300.
  double reach() const;

 private:
  double mean_;
  double deviation_;
};

}  // namespace wquant
