#include "io/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <numbers>

#include "io/text.hpp"
#include "wquant/error.hpp"

namespace wquant::io {
namespace {

// Everything in pixels.
constexpr double kLeft = 76;
constexpr double kTop = 88;
constexpr double kRight = 28;
constexpr double kBottom = 62;
constexpr double kLargestDisc = 13;
constexpr double kInk = 0.05;  // part of the picture's area that the discs cover together

constexpr std::string_view kFrameColor = "#c9ced6";
constexpr std::string_view kGridColor = "#eceef1";

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

/// Pixels: radius² of a disc of probability 1, such that all discs together cover kInk of the
/// picture, or less where the largest disc would be too large.
double disc_area(const Frame& frame, const std::vector<PlanePoint>& points) {
  const double ink = kInk * kPlotWidth * frame.height / std::numbers::pi;
  return std::min(ink, kLargestDisc * kLargestDisc / points.front().probability);
}

}  // namespace

void Range::include(double value, double radius) {
  low = std::min(low, value - radius);
  high = std::max(high, value + radius);
}

double Frame::px(double value) const { return kLeft + (value - x.low) / x.length() * kPlotWidth; }
double Frame::py(double value) const { return kTop + (y.high - value) / y.length() * height; }
double Frame::top() const { return kTop; }
double Frame::bottom() const { return kTop + height; }

void check_finite(const Range& range) {
  if (!std::isfinite(range.length())) {
    throw Error("the plot would need coordinates beyond the range of doubles");
  }
}

Frame plane_frame(Range x, Range y) {
  constexpr double kMargin = 1.08;
  check_finite(x);
  check_finite(y);
  double width = std::max(x.length(), y.length() / 0.9) * kMargin;
  if (width == 0) width = 1;
  const double height = std::clamp(y.length() * kMargin, 0.5 * width, 0.9 * width);
  x.widen_to(width);
  y.widen_to(height);
  return {x, y, kPlotWidth * height / width};
}

Frame line_frame(Range x) {
  check_finite(x);
  x.widen_to(x.length() > 0 ? 1.04 * x.length() : 1);
  return {x, {}, 0.5 * kPlotWidth};
}

std::string text_element(double x, double y, double size, std::string_view color,
                         std::string_view anchor, std::string_view text, std::string_view extra) {
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

std::string y_axis(const Frame& frame, std::string_view label, double lowest) {
  std::string svg;
  const double step = tick_step(frame.y.length(), std::max(4, static_cast<int>(frame.height / 80)));
  for (const double tick : ticks(frame.y, step)) {
    if (tick < lowest) continue;
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

std::string principal_axis_label(int axis, double share) {
  return fmt::format("principal axis {} ({:.3g} % of the variance)", axis, 100 * share);
}

std::string discs(const Frame& frame, const std::vector<PlanePoint>& points) {
  std::string svg = fmt::format(
      "<g fill=\"{0}\" fill-opacity=\"0.8\" stroke=\"{0}\" stroke-opacity=\"0.5\" "
      "stroke-width=\"0.4\">\n",
      kRed);
  const double area = disc_area(frame, points);
  for (const PlanePoint& point : points) {
    fmt::format_to(std::back_inserter(svg), "<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.3f}\"/>\n",
                   frame.px(point.x), frame.py(point.y), std::sqrt(area * point.probability));
  }
  return svg + "</g>\n";
}

std::string counted_drawn(std::size_t drawn, std::int64_t all, std::string_view noun) {
  const std::string total = counted(all, noun);
  const bool complete = static_cast<std::int64_t>(drawn) == all;
  return complete ? total : fmt::format("the heaviest {} of {}", drawn, total);
}

void check_plot_name(const std::filesystem::path& path) {
  if (path.extension() == ".svg") return;
  throw InvalidArgument(fmt::format("{}: the extension \"{}\" is not .svg",
                                    printable(path.string()),
                                    printable(path.extension().string())));
}

void write_svg(AtomicFile& file, const Picture& picture, std::string_view title,
               std::string_view caption) {
  const double width = kLeft + kPlotWidth + kRight;
  const double height = kTop + picture.frame.height + kBottom;
  file.write(
      fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
                  "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" "
                  "font-family=\"Helvetica Neue, Helvetica, Arial, DejaVu Sans, sans-serif\">\n"
                  "<title>{2}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
                  width, height, title));
  file.write(text_element(kLeft, 40, 21, kInkColor, "start", title, " font-weight=\"600\""));
  file.write(text_element(kLeft, 67, 13, kQuietColor, "start", caption));
  file.write(picture.svg);
  file.write("</svg>\n");
}

}  // namespace wquant::io
