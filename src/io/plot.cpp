#include "io/plot.hpp"

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
#include "io/text.hpp"
#include "wquant/error.hpp"

namespace wquant::io {
namespace {

constexpr std::int64_t kMostPoints = 20'000;
constexpr std::int64_t kMostComponents = 1'000;

// Everything in pixels.
constexpr double kLeft = 76;
constexpr double kTop = 88;
constexpr double kPlotWidth = 800;
constexpr double kRight = 28;
constexpr double kBottom = 62;
constexpr double kLargestDisc = 13;
constexpr double kInk = 0.05;  // part of the picture's area that the discs cover together
constexpr double kThinnest = 0.5;

constexpr std::string_view kComponentColor = "#2f6690";
constexpr std::string_view kPointColor = "#d1495b";
constexpr std::string_view kInkColor = "#22262b";
constexpr std::string_view kQuietColor = "#6b7280";
constexpr std::string_view kFrameColor = "#c9ced6";
constexpr std::string_view kGridColor = "#eceef1";

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value, double radius = 0) {
    low = std::min(low, value - radius);
    high = std::max(high, value + radius);
  }
  double length() const { return high - low; }
  double middle() const { return low + length() / 2; }
  void widen_to(double length) { *this = {middle() - length / 2, middle() + length / 2}; }
};

/// Where the coordinates of the data lie on the picture.
struct Frame {
  Range x;
  Range y;
  double height = 0;

  double px(double value) const { return kLeft + (value - x.low) / x.length() * kPlotWidth; }
  double py(double value) const { return kTop + (y.high - value) / y.length() * height; }
  double bottom() const { return kTop + height; }
};

void check_finite(const Range& range) {
  if (!std::isfinite(range.length())) {
    throw Error("the plot would need coordinates beyond the range of doubles");
  }
}

/// Half the extents of an ellipse at two standard deviations.
double reach_x(const PlaneGaussian& c) {
  return 2 * std::hypot(c.major * std::cos(c.angle), c.minor * std::sin(c.angle));
}
double reach_y(const PlaneGaussian& c) {
  return 2 * std::hypot(c.major * std::sin(c.angle), c.minor * std::cos(c.angle));
}

/// One scale for both axes, and a height between 0.5 and 0.9 of the width.
Frame plane_frame(const PrincipalPlane& plane) {
  constexpr double kMargin = 1.08;
  Frame frame;
  for (const PlaneGaussian& c : plane.components) {
    frame.x.include(c.x, reach_x(c));
    frame.y.include(c.y, reach_y(c));
  }
  for (const PlanePoint& point : plane.points) {
    frame.x.include(point.x);
    frame.y.include(point.y);
  }
  check_finite(frame.x);
  check_finite(frame.y);
  double width = std::max(frame.x.length(), frame.y.length() / 0.9) * kMargin;
  if (width == 0) width = 1;
  const double height = std::clamp(frame.y.length() * kMargin, 0.5 * width, 0.9 * width);
  frame.x.widen_to(width);
  frame.y.widen_to(height);
  frame.height = kPlotWidth * height / width;
  return frame;
}

// ---- Axes ------------------------------------------------------------------------------------

/// 1, 2 or 5 times a power of ten: the step of about `count` ticks.
double tick_step(double length, int count) {
  const double rough = length / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double ratio = rough / power;
  return power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10);
}

int exponent(double value) { return static_cast<int>(std::floor(std::log10(value) + 1e-9)); }

std::string tick_label(double value, double step) {
  const int decimals = std::max(0, -exponent(step));
  const int digits = value == 0 ? 1 : std::max(1, exponent(std::abs(value)) - exponent(step) + 1);
  const bool plain = std::abs(value) < 1e7 && decimals <= 6;
  std::string text = plain ? fmt::format("{:.{}f}", value, decimals)
                           : fmt::format("{:.{}g}", value, std::min(digits, 12));
  if (text.starts_with('-')) text.replace(0, 1, "−");
  return text;
}

std::vector<double> ticks(const Range& range, double step) {
  std::vector<double> result;
  const double first = std::ceil(range.low / step);
  const double last = std::floor(range.high / step);
  if (last - first > 100) return result;  // the step is lost beside the coordinates' magnitude
  const int count = static_cast<int>(last - first);
  for (int k = 0; k <= count; ++k) result.push_back((first + k) * step);
  return result;
}

std::string text_element(double x, double y, double size, std::string_view color,
                         std::string_view anchor, std::string_view text,
                         std::string_view extra = "") {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:g}\" fill=\"{}\" text-anchor=\"{}\"{}>{}"
      "</text>\n",
      x, y, size, color, anchor, extra, text);
}

std::string x_axis(const Frame& frame, std::string_view label) {
  std::string svg;
  const double step = tick_step(frame.x.length(), 9);
  for (const double tick : ticks(frame.x, step)) {
    const double x = frame.px(tick);
    svg += fmt::format("<path d=\"M{:.2f} {:.2f}V{:.2f}\" stroke=\"{}\"/>\n", x, kTop,
                       frame.bottom(), kGridColor);
    svg += text_element(x, frame.bottom() + 18, 12, kQuietColor, "middle", tick_label(tick, step));
  }
  return svg +
         text_element(kLeft + kPlotWidth / 2, frame.bottom() + 42, 13, kInkColor, "middle", label);
}

std::string y_axis(const Frame& frame, std::string_view label) {
  std::string svg;
  const double step = tick_step(frame.y.length(), std::max(4, static_cast<int>(frame.height / 80)));
  for (const double tick : ticks(frame.y, step)) {
    const double y = frame.py(tick);
    svg += fmt::format("<path d=\"M{:.2f} {:.2f}H{:.2f}\" stroke=\"{}\"/>\n", kLeft, y,
                       kLeft + kPlotWidth, kGridColor);
    svg += text_element(kLeft - 8, y + 4, 12, kQuietColor, "end", tick_label(tick, step));
  }
  const double middle = kTop + frame.height / 2;
  return svg + text_element(22, middle, 13, kInkColor, "middle", label,
                            fmt::format(" transform=\"rotate(-90 22 {:.1f})\"", middle));
}

std::string border(const Frame& frame) {
  return fmt::format(
      "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{:.2f}\" fill=\"none\" stroke=\"{}\"/>\n",
      kLeft, kTop, kPlotWidth, frame.height, kFrameColor);
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
  std::string svg =
      fmt::format("<g fill=\"{0}\" stroke=\"{0}\" stroke-width=\"1\">\n", kComponentColor);
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

/// Pixels: radius² of a disc of probability 1, such that all discs together cover kInk of the
/// picture, or less where the largest disc would be too large.
double disc_area(const Frame& frame, const std::vector<PlanePoint>& points) {
  const double ink = kInk * kPlotWidth * frame.height / std::numbers::pi;
  return std::min(ink, kLargestDisc * kLargestDisc / points.front().probability);
}

/// Area ∝ probability; the thin outline lets even a negligible point be seen.
std::string discs(const Frame& frame, const std::vector<PlanePoint>& points) {
  std::string svg = fmt::format(
      "<g fill=\"{0}\" fill-opacity=\"0.8\" stroke=\"{0}\" stroke-opacity=\"0.5\" "
      "stroke-width=\"0.4\">\n",
      kPointColor);
  const double area = disc_area(frame, points);
  for (const PlanePoint& point : points) {
    fmt::format_to(std::back_inserter(svg), "<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.3f}\"/>\n",
                   frame.px(point.x), frame.py(point.y), std::sqrt(area * point.probability));
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
    const double top = std::max(frame.py(y), kTop);
    path += fmt::format("{}{:.2f} {:.2f}", path.empty() ? "M" : "L", frame.px(x), top);
  }
  return fmt::format(
      "<path d=\"{}\" fill=\"{}\" fill-opacity=\"0.14\" stroke=\"{}\" stroke-width=\"1.5\"/>\n",
      path, kComponentColor, kComponentColor);
}

// ---- Pictures --------------------------------------------------------------------------------

/// The picture between the title and the caption, and how tall it is.
struct Picture {
  std::string svg;
  double plot_height = 0;
};

Picture draw_plane(const PrincipalPlane& plane) {
  const Frame frame = plane_frame(plane);
  const auto label = [&](std::size_t axis) {
    return fmt::format("principal axis {} ({:.3g} % of the variance)", axis + 1,
                       100 * plane.share[axis]);
  };
  return {x_axis(frame, label(0)) + y_axis(frame, label(1)) + ellipses(frame, plane.components) +
              discs(frame, plane.points) + border(frame),
          frame.height};
}

Picture draw_line(const PrincipalPlane& plane) {
  Frame frame;
  frame.height = 0.5 * kPlotWidth;
  for (const PlaneGaussian& c : plane.components) frame.x.include(c.x, 2 * reach_x(c));
  for (const PlanePoint& point : plane.points) frame.x.include(point.x);
  check_finite(frame.x);
  frame.x.widen_to(frame.x.length() > 0 ? 1.04 * frame.x.length() : 1);

  const auto curve = density(frame.x, plane.components);
  const double peak = tallest(density(frame.x, without_spikes(frame.x, plane.components)));
  frame.y = {-0.12 * peak, 1.06 * peak};
  std::vector<PlanePoint> points = plane.points;
  for (PlanePoint& point : points) point.y = -0.06 * peak;
  return {x_axis(frame, "x") + y_axis(frame, "density") + curve_element(frame, curve) +
              discs(frame, points) + border(frame),
          frame.height};
}

std::string title(const ResultSummary& summary) {
  return fmt::format("W₂ ≤ {} · {} point{} · scheme {} · d = {}",
                     rounded_up(summary.certificate.w2, 4), summary.support,
                     summary.support == 1 ? "" : "s", summary.scheme, summary.dimension);
}

std::string count_drawn(std::size_t drawn, std::int64_t all, std::string_view noun) {
  const std::string total = fmt::format("{} {}{}", all, noun, all == 1 ? "" : "s");
  const bool complete = static_cast<std::int64_t>(drawn) == all;
  return complete ? total : fmt::format("the heaviest {} of {}", drawn, total);
}

std::string caption(const PrincipalPlane& plane, const ResultSummary& summary) {
  const std::string components =
      count_drawn(plane.components.size(), summary.components, "component");
  const std::string points = count_drawn(plane.points.size(), summary.support, "point");
  const bool line = summary.dimension == 1;
  return fmt::format(
      "<tspan fill=\"{}\">●</tspan> {}, area ∝ probability&#160;&#160;&#160;&#160;"
      "<tspan fill=\"{}\">{}</tspan> {}{}",
      kPointColor, points, kComponentColor, line ? "—" : "◯", line ? "density of " : "",
      components + (line ? "" : " at 1σ and 2σ, darker = heavier"));
}

}  // namespace

void check_plot_name(const std::filesystem::path& path) {
  if (path.extension() == ".svg") return;
  throw InvalidArgument(fmt::format("{}: the extension \"{}\" is not .svg",
                                    printable(path.string()),
                                    printable(path.extension().string())));
}

void write_plot(AtomicFile& file, const ResultSummary& summary, const GaussianMixture& mixture,
                const DiscreteDistribution& distribution) {
  const PrincipalPlane plane = project(mixture, distribution, kMostPoints, kMostComponents);
  const Picture picture = summary.dimension == 1 ? draw_line(plane) : draw_plane(plane);
  const double width = kLeft + kPlotWidth + kRight;
  const double height = kTop + picture.plot_height + kBottom;
  file.write(
      fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
                  "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" "
                  "font-family=\"Helvetica Neue, Helvetica, Arial, DejaVu Sans, sans-serif\">\n"
                  "<title>{2}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
                  width, height, title(summary)));
  file.write(
      text_element(kLeft, 40, 21, kInkColor, "start", title(summary), " font-weight=\"600\""));
  file.write(text_element(kLeft, 67, 13, kQuietColor, "start", caption(plane, summary)));
  file.write(picture.svg);
  file.write("</svg>\n");
}

}  // namespace wquant::io
