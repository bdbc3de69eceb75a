#include "io/mixture_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numbers>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/principal_plane.hpp"
#include "io/svg.hpp"
#include "io/text.hpp"

namespace wquant::io {
namespace {

constexpr std::int64_t kMostPoints = 20'000;
constexpr std::int64_t kMostComponents = 1'000;
constexpr double kThinnest = 0.5;  // pixels

/// Half the extents of an ellipse at two standard deviations.
double reach_x(const PlaneGaussian& c) {
  return 2 * std::hypot(c.major * std::cos(c.angle), c.minor * std::sin(c.angle));
}
double reach_y(const PlaneGaussian& c) {
  return 2 * std::hypot(c.major * std::sin(c.angle), c.minor * std::cos(c.angle));
}

Frame frame_of(const PrincipalPlane& plane) {
  Range x;
  Range y;
  for (const PlaneGaussian& c : plane.components) {
    x.include(c.x, reach_x(c));
    y.include(c.y, reach_y(c));
  }
  for (const PlanePoint& point : plane.points) {
    x.include(point.x);
    y.include(point.y);
  }
  return plane_frame(x, y);
}

// ---- Contents --------------------------------------------------------------------------------

/// Fainter where many components overlap.
double crowd(std::size_t components) {
  return std::min(1.0, 3 / std::sqrt(static_cast<double>(components)));
}

std::string ellipse(const Frame& frame, const PlaneGaussian& c, double deviations) {
  const double scale = deviations * kPlotWidth / frame.x.length();
  return fmt::format("<ellipse rx=\"{:.2f}\" ry=\"{:.2f}\"/>", std::max(kThinnest, c.major * scale),
                     std::max(kThinnest, c.minor * scale));
}

std::string ellipses(const Frame& frame, const std::vector<PlaneGaussian>& components) {
  std::string svg = fmt::format("<g fill=\"{0}\" stroke=\"{0}\" stroke-width=\"1\">\n", kBlue);
  const double faintness = crowd(components.size());
  for (const PlaneGaussian& c : components) {
    const double weight = c.weight / components.front().weight;
    svg += fmt::format(
        "<g fill-opacity=\"{:.3f}\" stroke-opacity=\"{:.3f}\" "
        "transform=\"translate({:.2f} {:.2f}) rotate({:.2f})\">{}{}</g>\n",
        (0.02 + 0.13 * weight) * faintness, (0.25 + 0.55 * weight) * std::sqrt(faintness),
        frame.px(c.x), frame.py(c.y), -c.angle * 180 / std::numbers::pi, ellipse(frame, c, 2),
        ellipse(frame, c, 1));
  }
  return svg + "</g>\n";
}

/// The density of a mixture on the line, as pairs (x, density). Components narrower than a pixel
/// are drawn a pixel wide.
std::vector<std::pair<double, double>> density(const Range& range,
                                               const std::vector<PlaneGaussian>& components) {
  constexpr int kSamples = 1600;
  const double pixel = range.length() / kPlotWidth;
  std::vector<std::pair<double, double>> curve;
  for (int sample = 0; sample <= kSamples; ++sample) {
    const double x = range.low + range.length() * sample / kSamples;
    double sum = 0;
    for (const PlaneGaussian& c : components) {
      const double deviation = std::max(c.major, pixel);
      const double z = (x - c.x) / deviation;
      sum += c.weight * std::exp(-z * z / 2) / (deviation * std::sqrt(2 * std::numbers::pi));
    }
    curve.emplace_back(x, sum);
  }
  return curve;
}

double tallest(const std::vector<std::pair<double, double>>& curve) {
  double peak = 0;
  for (const auto& [x, y] : curve) peak = std::max(peak, y);
  return peak;
}

/// The components that set the scale of the density: all but those a few pixels wide, whose peaks
/// leave the picture; all, if there are no others.
std::vector<PlaneGaussian> without_spikes(const Range& range,
                                          const std::vector<PlaneGaussian>& components) {
  std::vector<PlaneGaussian> wide;
  const double few_pixels = 4 * range.length() / kPlotWidth;
  std::copy_if(components.begin(), components.end(), std::back_inserter(wide),
               [&](const PlaneGaussian& c) { return c.major >= few_pixels; });
  return wide.empty() ? components : wide;
}

std::string curve_element(const Frame& frame, const std::vector<std::pair<double, double>>& curve) {
  std::string path;
  for (const auto& [x, y] : curve) {
    const double top = std::max(frame.py(y), frame.top());
    path += fmt::format("{}{:.2f} {:.2f}", path.empty() ? "M" : "L", frame.px(x), top);
  }
  return fmt::format(
      "<path d=\"{}\" fill=\"{}\" fill-opacity=\"0.14\" stroke=\"{}\" stroke-width=\"1.5\"/>\n",
      path, kBlue, kBlue);
}

// ---- Pictures --------------------------------------------------------------------------------

Picture draw_plane(const PrincipalPlane& plane) {
  const Frame frame = frame_of(plane);
  return {frame, x_axis(frame, principal_axis_label(1, plane.share[0])) +
                     y_axis(frame, principal_axis_label(2, plane.share[1])) +
                     ellipses(frame, plane.components) + discs(frame, plane.points) +
                     border(frame)};
}

Picture draw_line(const PrincipalPlane& plane) {
  Range x;
  for (const PlaneGaussian& c : plane.components) x.include(c.x, 2 * reach_x(c));
  for (const PlanePoint& point : plane.points) x.include(point.x);
  Frame frame = line_frame(x);
  const auto curve = density(frame.x, plane.components);
  const double peak = tallest(density(frame.x, without_spikes(frame.x, plane.components)));
  frame.y = {-0.12 * peak, 1.06 * peak};
  std::vector<PlanePoint> points = plane.points;
  for (PlanePoint& point : points) point.y = -0.06 * peak;
  return {frame, x_axis(frame, "x") + y_axis(frame, "density") + curve_element(frame, curve) +
                     discs(frame, points) + border(frame)};
}

std::string title(const QuantizeSummary& summary) {
  return fmt::format("W₂ ≤ {} · {} · scheme {} · d = {}", rounded_up(summary.certificate.w2, 4),
                     counted(summary.support, "point"), summary.family, summary.dimension);
}

std::string caption(const PrincipalPlane& plane, const QuantizeSummary& summary) {
  const std::string components =
      counted_drawn(plane.components.size(), summary.components, "component");
  const std::string points = counted_drawn(plane.points.size(), summary.support, "point");
  const bool line = summary.dimension == 1;
  return fmt::format(
      "<tspan fill=\"{}\">●</tspan> {}, area ∝ probability&#160;&#160;&#160;&#160;"
      "<tspan fill=\"{}\">{}</tspan> {}{}",
      kRed, points, kBlue, line ? "—" : "◯", line ? "density of " : "",
      components + (line ? "" : " at 1σ and 2σ, darker = heavier"));
}

}  // namespace

void write_plot(AtomicFile& file, const QuantizeSummary& summary, const GaussianMixture& mixture,
                const DiscreteDistribution& distribution) {
  const PrincipalPlane plane = project(mixture, distribution, kMostPoints, kMostComponents);
  write_svg(file, summary.dimension == 1 ? draw_line(plane) : draw_plane(plane), title(summary),
            caption(plane, summary));
}

}  // namespace wquant::io
