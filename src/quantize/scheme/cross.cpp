#include "wquant/cross.hpp"

#include <cmath>
#include <ostream>
#include <string>

#include "base/enum_names.hpp"
#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {

template <>
consteval auto names_of<Cross::Shells>() {
  return texts("largest-coordinate", "norm");
}

std::string_view name(Cross::Shells shells) { return name_of(shells); }

namespace {

constexpr double kSameRatio = 1e-9;

}  // namespace

Cross::Cross(Axes axes, std::vector<double> radii, Shells shells)
    : axes_(std::move(axes)), radii_(std::move(radii)), shells_(shells) {
  require_enumerator(shells_);
  if (axes_.rank() < 1) throw InvalidArgument("axes: rank 0; expected at least one direction");
  if (radii_.empty()) throw InvalidArgument("radii: none; expected at least one");
  for (std::size_t j = 0; j < radii_.size(); ++j)
    if (!(radii_[j] > (j > 0 ? radii_[j - 1] : 0)) || !std::isfinite(radii_[j]))
      throw_bad_value("radii", {static_cast<std::int64_t>(j)}, radii_[j],
                      "positive finite radii in ascending order");
}

Cross Cross::unscented(Axes axes) {
  const double radius = std::sqrt(static_cast<double>(axes.rank()));
  return Cross(std::move(axes), {radius});
}

Cross Cross::rebase(const Axes& axes) const {
  const std::vector<AxisMatch> matches = match_axes(axes_, axes);
  const double ratio = axes_.scales()[matches.front().from] / axes.scales().front();
  std::int64_t k = 0;
  for (const AxisMatch& match : matches) {
    const double here = axes_.scales()[match.from] / axes.scales()[k];
    if (std::fabs(here - ratio) > kSameRatio * ratio)
      throw_bad_value("axes: scales", {k}, axes.scales()[k],
                      "the same multiple of the old scales for all axes");
    if (std::fabs(match.shift) > kSameRatio * axes_.scales()[match.from])
      throw InvalidArgument("axes: offset moved by " + number_text(match.shift) +
                            " along direction " + std::to_string(k) +
                            "; expected the centre of the cross");
    ++k;
  }
  std::vector<double> radii = radii_;
  for (double& r : radii) r *= ratio;
  return Cross(axes, std::move(radii), shells_);
}

std::vector<double> Cross::location(std::int64_t a) const {
  if (a < 0 || a >= size())
    throw InvalidArgument("location: " + std::to_string(a) + "; expected 0 to " +
                          std::to_string(size() - 1));
  const auto m = static_cast<std::int64_t>(radii_.size());
  std::vector<double> z(axes_.scales().size());
  z[a / (2 * m)] = (a / m % 2 == 0 ? 1 : -1) * radii_[a % m];
  return axes_.from_local(z);
}

std::ostream& operator<<(std::ostream& out, const Cross& cross) {
  out << "cross of " << cross.axes().rank() << " axes, radii";
  for (const double r : cross.radii()) out << ' ' << r;
  out << ", scales";
  for (const double s : cross.axes().scales()) out << ' ' << s;
  return out;
}

}  // namespace wquant
