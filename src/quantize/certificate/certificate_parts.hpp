#pragma once

#include <string>

#include "base/upper.hpp"
#include "wquant/certificate.hpp"

namespace wquant {

/// What transformations of a certified distribution rely on, in the terms of Totals::certificate
/// (quantization.md §10). There is a coupling of X ~ P with points x_a of probability p_a, at a
/// distance of at most
///     t = √(cells + dropped) + reduction + basis + l;
/// those of D, normalised, are q_a with |q_a − p_a| ≤ 2η p_a. The mass Σ (p_a − q_a)⁺ that leaves
/// its point, whatever X was, takes part in at most M ≥ 4ηt² of the squared cost, and
///     rounding ≥ l + √(t² + M) − t.
/// The functions below bound what of that a certificate does not state.

/// A certificate in the making: its parts, none of which is rounded to below what it stands for.
struct CertificateParts {
  Upper cells, dropped, reduction, basis, rounding, centroid_gap;

  /// Those of a certificate.
  explicit CertificateParts(const Certificate& certificate);
  CertificateParts() = default;

  /// √(cells + dropped), and that + reduction + basis.
  Upper plain() const { return sqrt(cells + dropped); }
  Upper distance() const { return plain() + reduction + basis; }
  /// distance + rounding.
  Upper w2() const { return distance() + rounding; }
  /// All of it: w2 is the sum of the parts, or `least` if that is more, and the gap at most w2.
  Certificate certificate(Upper least = {}) const;
  /// With lengths in other units: times a power of two.
  CertificateParts scaled(double unit) const;
};

/// ≥ the δ that `basis` was made of, the distance between the components and their stand-ins:
/// basis = √((√cells + δ)² + dropped) − √(cells + dropped) is less where something is dropped. For
/// whoever sends the points on, out of the spans that they lay in.
Upper stand_in_distance(const Certificate& certificate);

/// √(t² + root²) − t, for t ≥ 0 from below.
Upper hypotenuse_excess(double t, Upper root);

/// Throws InvalidArgument unless all parts are finite numbers ≥ 0 that account for w2: a bound on
/// what becomes of them would otherwise lose some of it.
void require_parts(const std::string& name, const Certificate& certificate);

/// ≥ η. From M = m (2t + m) with m = √(t² + M) − t ≤ rounding and t ≥ w2 − rounding; where that
/// says little, 1e-9: no probability that the library computes is as far off as that.
Upper probability_error(const Certificate& certificate);

/// The least `rounding` from which `probability_error` of a certificate with that `distance` =
/// √(cells + dropped) + reduction + basis reads at least η.
Upper rounding_that_shows(Upper eta, Upper distance);

/// ≥ √(w² + M) − w with M = 4η (s + w)²: what W₂ ≤ w grows by when the probabilities of D, with
/// spread s² = Σ_a p_a ‖x_a − mean‖², are off by a relative η before they are normalised. A point
/// loses or gains at most 2η of its mass, no point does both, and mass on its way from X in cell a
/// to x_b costs at most 2‖X − mean‖² + 2‖x_b − mean‖².
Upper misplacement(Upper eta, Upper spread, Upper w);

/// ≥ the rounding part of a certificate after points were sent on at a root mean square distance
/// of `moved`, which made √(cells + dropped) grow by at most `growth` ≤ moved.
Upper rounding_sent_on(const Certificate& before, Upper moved, Upper growth);

/// The certificate for P of what was certified for a mixture P' with W₂(P, P') ≤ bound.
Certificate after_reduction(const Certificate& certificate, double bound);

/// The certificate of L-Lipschitz images: lengths times L, squares times L², plus `error`, a
/// distance, in rounding. The gap becomes what holds for any map, w2; affine maps know better.
/// Throws InvalidArgument if w2 exceeds the range of certificates.
Certificate stretched(const Certificate& certificate, Upper lipschitz, Upper error);

}  // namespace wquant
