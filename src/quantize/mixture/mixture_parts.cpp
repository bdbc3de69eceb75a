#include "quantize/mixture/mixture_parts.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string_view>
#include <unordered_set>

#include "base/limits.hpp"
#include "base/summation.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant {
namespace {

/// ≥ the relative error of stored weights: where the constructor charges nothing the rounded sum
/// of the given weights was 1, so their exact sum is within ε of it.
double stored_error(const GaussianMixture& mixture) {
  return std::max(mixture.weight_error(), kEpsilon);
}

/// For w_i = ŵ_i (1 + θ_i), |θ_i| ≤ e: w_i / Σ w_j against ŵ_i / Σ ŵ_j is off by a factor of at
/// most (1 + e) / (1 − e), times 1 + 4ε for the sum (3ε) and the division.
double renormalised_error(double e) {
  if (!(e < 1)) return INFINITY;
  return Upper::relative(2 * e / (1 - e) + 4 * kEpsilon * (1 + e) / (1 - e), 14).value();
}

std::string_view bytes(const double* values, std::int64_t count) {
  return {reinterpret_cast<const char*>(values), static_cast<std::size_t>(count) * sizeof(double)};
}

/// The doubles that make a component, as bytes: mean, eigenvalues and own eigenvectors.
struct ComponentBytes {
  const GaussianMixture& mixture;

  std::string_view mean(std::int64_t i) const {
    return bytes(mixture.means().row(i), mixture.dimension());
  }
  std::string_view eigenvalues(std::int64_t i) const {
    return bytes(mixture.eigenvalues().row(i), mixture.dimension());
  }
  std::string_view eigenvectors(std::int64_t i) const {
    if (mixture.basis() != GaussianMixture::Basis::separate) return {};
    return bytes(mixture.eigenvectors(i).data, mixture.dimension() * mixture.dimension());
  }

  std::size_t operator()(std::int64_t i) const {  // hash
    std::size_t hash = 0;
    for (const std::string_view part : {mean(i), eigenvalues(i), eigenvectors(i)})
      hash = hash * 0x9e3779b97f4a7c15u + std::hash<std::string_view>()(part);
    return hash;
  }
  bool operator()(std::int64_t i, std::int64_t j) const {  // equality
    return mean(i) == mean(j) && eigenvalues(i) == eigenvalues(j) &&
           eigenvectors(i) == eigenvectors(j);
  }
};

/// first_equal[i] = the first component that is i bit for bit.
std::vector<std::int64_t> first_equals(const GaussianMixture& mixture) {
  const ComponentBytes key{mixture};
  const auto count = static_cast<std::size_t>(mixture.components());
  std::unordered_set<std::int64_t, ComponentBytes, ComponentBytes> seen(count, key, key);
  std::vector<std::int64_t> out;
  out.reserve(count);
  for (std::int64_t i = 0; i < mixture.components(); ++i) out.push_back(*seen.insert(i).first);
  return out;
}

}  // namespace

GaussianMixture GaussianMixture::without_weights(std::span<const std::int64_t> indices) const {
  GaussianMixture out;
  out.dimension_ = dimension_;
  out.basis_ = basis_;
  out.clipped_variance_ = clipped_variance_;
  const auto append = [&](std::vector<double>& to, const std::vector<double>& from,
                          std::int64_t length) {
    to.reserve(indices.size() * static_cast<std::size_t>(length));
    for (const std::int64_t i : indices)
      to.insert(to.end(), from.begin() + i * length, from.begin() + (i + 1) * length);
  };
  append(out.means_, means_, dimension_);
  append(out.eigenvalues_, eigenvalues_, dimension_);
  if (basis_ == Basis::separate)
    append(out.eigenvectors_, eigenvectors_, dimension_ * dimension_);
  else
    out.eigenvectors_ = eigenvectors_;
  if (!factor_error_.empty()) append(out.factor_error_, factor_error_, 1);
  return out;
}

GaussianMixture GaussianMixture::select(std::span<const std::int64_t> indices) const {
  if (indices.empty()) throw InvalidArgument("indices: none; expected at least one component");
  std::vector<bool> selected(weights_.size());
  CompensatedSum sum;
  for (std::size_t at = 0; at < indices.size(); ++at) {
    const std::int64_t i = indices[at];
    if (i < 0 || i >= components() || selected[i])
      throw InvalidArgument("indices[" + std::to_string(at) + "]: " + std::to_string(i) +
                            "; expected an index from 0 to " + std::to_string(components() - 1) +
                            " that has not come before");
    selected[i] = true;
    sum += weights_[i];
  }
  if (!(sum.value() > 0))
    throw InvalidArgument("indices: the selected weights sum to 0; expected a positive weight");

  bool any_left_out = false;
  for (std::size_t i = 0; i < weights_.size(); ++i)
    any_left_out = any_left_out || (!selected[i] && weights_[i] > 0);
  GaussianMixture out = without_weights(indices);
  out.weights_.reserve(indices.size());
  for (const std::int64_t i : indices)
    out.weights_.push_back(any_left_out ? weights_[i] / sum.value() : weights_[i]);
  out.weight_error_ = any_left_out ? renormalised_error(stored_error(*this)) : weight_error_;
  return out;
}

GaussianMixture GaussianMixture::merge_duplicates() const {
  const std::vector<std::int64_t> first = first_equals(*this);
  std::vector<std::int64_t> place(weights_.size());
  std::int64_t kept = 0;
  for (std::int64_t i = 0; i < components(); ++i)
    place[i] = first[i] == i ? kept++ : place[first[i]];
  return MixtureParts::merged(*this, groups_of(place, kept));
}

GaussianMixture MixtureParts::merged(const GaussianMixture& mixture, const Groups& groups) {
  std::vector<std::int64_t> kept;
  kept.reserve(static_cast<std::size_t>(groups.count()));
  for (std::int64_t j = 0; j < groups.count(); ++j) kept.push_back(*groups.group(j));
  GaussianMixture out = mixture.without_weights(kept);
  out.weights_.reserve(kept.size());
  for (std::int64_t j = 0; j < groups.count(); ++j) {
    CompensatedSum sum;
    std::for_each(groups.group(j), groups.group(j) + groups.size(j), [&](std::int64_t i) {
      sum += mixture.weights_[i];
      if (!mixture.factor_error_.empty())
        out.factor_error_[j] = std::max(out.factor_error_[j], mixture.factor_error_[i]);
    });
    out.weights_.push_back(sum.value());
  }
  // A sum of weights within 1 ± e of theirs is within 1 ± e of its own, and the addition adds 3ε.
  const double e = stored_error(mixture);
  const bool summed = groups.count() < static_cast<std::int64_t>(groups.members.size());
  out.weight_error_ =
      summed ? Upper::relative(e + 3 * kEpsilon * (1 + e), 14).value() : mixture.weight_error_;
  return out;
}

void MixtureParts::replace(GaussianMixture& mixture, std::int64_t i, const double* mean,
                           const double* eigenvalues, const double* eigenvectors) {
  const std::int64_t d = mixture.dimension_;
  std::copy_n(mean, d, mixture.means_.begin() + i * d);
  std::copy_n(eigenvalues, d, mixture.eigenvalues_.begin() + i * d);
  if (mixture.basis_ == GaussianMixture::Basis::separate)
    std::copy_n(eigenvectors, d * d, mixture.eigenvectors_.begin() + i * d * d);
  if (!mixture.factor_error_.empty()) mixture.factor_error_[i] = 0;
}

}  // namespace wquant
