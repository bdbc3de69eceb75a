#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "quantize/search/per_mode.hpp"
#include "wquant/quantize.hpp"

namespace wquant {

/// Tries supports: builds schemes of the families that the options ask for, certifies them, and
/// remembers the one with the fewest points that meets options.tolerance. Which supports are tried
/// is for others to say, with ever smaller ones after a success (bisect_support,
/// interpolate_support, grow_tree).
class SupportProbe {
 public:
  /// `reduction` is part of every certificate, and less than the tolerance. All of these but the
  /// number must outlive this object.
  SupportProbe(const Context& context, const GaussianMixture& mixture,
               const QuantizeOptions& options, double reduction);

  const Context& context() const { return context_; }
  const GaussianMixture& mixture() const { return mixture_; }
  const QuantizeOptions& options() const { return options_; }
  /// What the reduction leaves of the tolerance.
  double tolerance() const { return options_.tolerance - reduction_; }

  /// Whether a scheme with at most this many points meets the tolerance. The families are asked one
  /// after the other, the one with the last success first.
  bool try_support(std::int64_t support);

  struct Outcome {
    bool met;
    double w2;  ///< to be compared with tolerance(); ∞ where the scheme does not fit the workspace.
  };
  /// The same where there is one family.
  Outcome try_only_family(std::int64_t support);
  /// Certifies a scheme that the only family has made elsewhere, and keeps it if that meets the
  /// tolerance.
  void offer(Scheme scheme);

  /// For each family the last scheme that met the tolerance, or else the one with the smallest
  /// certificate; w2 is ∞ where there is none.
  std::span<const SchemeTrial> trials() const { return trials_; }
  /// The scheme of the last success.
  std::optional<Scheme>& found() { return scheme_; }
  /// Adds what was tried, and the family of the last success.
  void report_to(QuantizeStatistics& statistics) const;

 private:
  Scheme make(const QuantizeOptions& options, SchemeFamily family);
  double certificate(Scheme scheme, SchemeTrial& trial);
  double certificate(std::int64_t support, SchemeTrial& trial);

  const Context& context_;
  const GaussianMixture& mixture_;
  const QuantizeOptions& options_;
  double reduction_;
  std::vector<SchemeTrial> trials_;
  std::optional<std::vector<ModeGroup>> groups_;  // modes do not depend on the support
  std::optional<Scheme> scheme_;
  SchemeFamily family_ = SchemeFamily::automatic;
};

}  // namespace wquant
