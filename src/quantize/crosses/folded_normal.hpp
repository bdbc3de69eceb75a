#pragma once

namespace wquant {

/// t = base + local > 0, local ≥ 0 off by up to `error`: beside a narrow density far from 0, a t
/// rounded to one double would be off by too many deviations.
struct Magnitude {
  double base;
  double local;
  double error;
  double value() const { return base + local; }
};

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
  Within within(const Magnitude& t) const;

  struct Value {
    double value;
    double error;  ///< relative.
  };
  /// The density of z at sign · t, sign = ±1.
  Value density(const Magnitude& t, int sign) const;

  struct Mass {
    double value;
    double error;  ///< absolute.
  };
  /// P(begin < sign · z < end), begin < end.
  Mass mass_between(double begin, double end, int sign) const;

  /// ≥ log |f(w)|, respectively log |H(w)|, for w = x + iy, low ≤ x ≤ high, |y| ≤ height; +∞ where
  /// e^{y²/2σ²} overflows. low ≥ −high.
  double log_density_supremum(double low, double high, double height) const;
  double log_mass_supremum(double low, double high, double height) const;

  /// P(|z| > reach) and E[z²; |z| > reach] / reach² are below 1e-300.
  double reach() const;

 private:
  /// (t − sign · mean)/σ, and what it may be off by.
  struct Standard {
    double value;
    double error;
  };
  Standard standard(const Magnitude& t, int sign) const;

  double mean_;
  double deviation_;
};

}  // namespace wquant
