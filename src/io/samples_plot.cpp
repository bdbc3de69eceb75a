#include "io/samples_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "io/projection.hpp"
#include "io/svg.hpp"
#include "io/text.hpp"

namespace wquant::io {
namespace {

constexpr std::int64_t kMostSamples = 4'000;
constexpr std::int64_t kMostPoints = 20'000;
constexpr std::int64_t kMostBalls = 1'000;
constexpr std::string_view kBallColor = "#b7791f";

struct PlaneBall {
  double x = 0;
  double y = 0;
  double radius = 0;
};

/// Samples, centres and balls as the picture shows them.
struct LearnedPlane {
  std::vector<std::array<double, 2>> samples;
  std::vector<PlanePoint> points;
  std::vector<PlaneBall> balls;
  std::array<double, 2> share{};
};

RowMajor drawn_samples(const Samples& samples, std::int64_t first) {
  const std::int64_t last = std::min(samples.count, first + kMostSamples);
  return with_rows(samples, first, last, [](const auto& rows) {
    RowMajor copy(rows.rows, rows.cols);
    std::copy(rows.data, rows.data + rows.rows * rows.cols, copy.data());
    return copy;
  });
}

Projection axes_of(const RowMajor& rows) {
  const Eigen::RowVectorXd mean = rows.colwise().mean();
  const RowMajor centred = rows.rowwise() - mean;
  return principal_axes(mean, centred.transpose() * centred /
                                  static_cast<double>(std::max<Eigen::Index>(1, rows.rows())));
}

LearnedPlane project(const RowMajor& rows, const Partition& partition,
                     const DiscreteDistribution& distribution) {
  const Projection projection = axes_of(rows);
  LearnedPlane plane;
  plane.share = projection.share;
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    const Eigen::RowVector2d at = projection(rows.row(i));
    plane.samples.push_back({at[0], at[1]});
  }
  plane.points = project_heaviest(projection, distribution, kMostPoints);
  const auto centres = map(partition.locations());
  for (std::int64_t k = 0; k < std::min(partition.clusters(), kMostBalls); ++k) {
    const Eigen::RowVector2d at = projection(centres.row(k));
    plane.balls.push_back({at[0], at[1], partition.radii()[static_cast<std::size_t>(k)]});
  }
  return plane;
}

std::string dots(const Frame& frame, const std::vector<std::array<double, 2>>& samples) {
  std::string svg = fmt::format(
      "<path stroke=\"{}\" stroke-opacity=\"{:.2f}\" stroke-width=\"3\" stroke-linecap=\"round\" "
      "d=\"",
      kBlue, samples.size() > 1000 ? 0.45 : 0.7);
  for (const auto& [x, y] : samples) {
    fmt::format_to(std::back_inserter(svg), "M{:.1f} {:.1f}h0", frame.px(x), frame.py(y));
  }
  return svg + "\"/>\n";
}

/// How many balls lie over a place in the frame, on average.
double layers(const Frame& frame, const std::vector<PlaneBall>& balls) {
  const double area = frame.x.length() * frame.y.length();
  double covered = 0;
  for (const PlaneBall& ball : balls) {
    covered += std::min(area, std::numbers::pi * ball.radius * ball.radius);
  }
  return covered / area;
}

/// Inside the frame only: a ball may reach far beyond the samples. Fainter where there are many.
std::string circles(const Frame& frame, const std::vector<PlaneBall>& balls) {
  const double depth = std::max(1.0, layers(frame, balls));
  std::string svg = fmt::format(
      "<clipPath id=\"frame\"><rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\"/>"
      "</clipPath>\n<g clip-path=\"url(#frame)\" fill=\"{}\" fill-opacity=\"{:.3f}\" stroke=\"{}\" "
      "stroke-opacity=\"{:.2f}\" stroke-width=\"1\">\n",
      frame.px(frame.x.low), frame.top(), kPlotWidth, frame.height, kBallColor,
      depth > 8 ? 0.0 : 0.12 / depth, kBallColor, std::clamp(1.2 / std::sqrt(depth), 0.15, 0.7));
  const double scale = kPlotWidth / frame.x.length();
  for (const PlaneBall& ball : balls) {
    fmt::format_to(std::back_inserter(svg),
                   "<ellipse cx=\"{0:.2f}\" cy=\"{1:.2f}\" rx=\"{2:.2f}\" ry=\"{2:.2f}\"/>\n",
                   frame.px(ball.x), frame.py(ball.y), ball.radius * scale);
  }
  return svg + "</g>\n";
}

Picture draw_plane(const LearnedPlane& plane) {
  Range x;
  Range y;
  for (const auto& sample : plane.samples) {
    x.include(sample[0]);
    y.include(sample[1]);
  }
  for (const PlanePoint& point : plane.points) {
    x.include(point.x);
    y.include(point.y);
  }
  const Frame frame = plane_frame(x, y);
  return {frame, x_axis(frame, principal_axis_label(1, plane.share[0])) +
                     y_axis(frame, principal_axis_label(2, plane.share[1])) +
                     circles(frame, plane.balls) + dots(frame, plane.samples) +
                     discs(frame, plane.points) + border(frame)};
}

// ---- One dimension ---------------------------------------------------------------------------

/// Density of the samples in bars of equal width.
std::vector<double> histogram(const Range& range,
                              const std::vector<std::array<double, 2>>& samples) {
  const auto bars = static_cast<std::size_t>(
      std::clamp(2 * std::sqrt(static_cast<double>(samples.size())), 10.0, 100.0));
  std::vector<double> heights(bars, 0);
  const double width = range.length() / static_cast<double>(bars);
  const double unit = 1 / (width * static_cast<double>(samples.size()));
  for (const auto& sample : samples) {
    const double place = (sample[0] - range.low) / width;
    heights[std::min(bars - 1, static_cast<std::size_t>(place))] += unit;
  }
  return heights;
}

std::string bars(const Frame& frame, const Range& range, const std::vector<double>& heights) {
  std::string svg = fmt::format(
      "<g fill=\"{0}\" fill-opacity=\"0.3\" stroke=\"{0}\" stroke-opacity=\"0.6\">\n", kBlue);
  const double width = range.length() / static_cast<double>(heights.size());
  const double pixels = width / frame.x.length() * kPlotWidth;
  for (std::size_t bar = 0; bar < heights.size(); ++bar) {
    if (heights[bar] == 0) continue;
    const double top = frame.py(heights[bar]);
    fmt::format_to(std::back_inserter(svg),
                   "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\"/>\n",
                   frame.px(range.low + static_cast<double>(bar) * width), top, pixels,
                   frame.py(0) - top);
  }
  return svg + "</g>\n";
}

/// c_k ± θ_k as lines on a few levels, from y = high downwards, in the order of c_k.
std::string intervals(const Frame& frame, std::vector<PlaneBall> balls, double high, double low) {
  std::sort(balls.begin(), balls.end(),
            [](const PlaneBall& a, const PlaneBall& b) { return a.x < b.x; });
  const std::size_t levels = std::min<std::size_t>(balls.size(), 8);
  std::string svg = fmt::format(
      "<g stroke=\"{}\" stroke-opacity=\"0.7\" stroke-width=\"2\" stroke-linecap=\"round\">\n",
      kBallColor);
  for (std::size_t k = 0; k < balls.size(); ++k) {
    const double level = (static_cast<double>(k % levels) + 0.5) / static_cast<double>(levels);
    const double left = std::max(frame.x.low, balls[k].x - balls[k].radius);
    const double right = std::min(frame.x.high, balls[k].x + balls[k].radius);
    fmt::format_to(std::back_inserter(svg), "<path d=\"M{:.2f} {:.2f}H{:.2f}\"/>\n", frame.px(left),
                   frame.py(high + (low - high) * level), frame.px(right));
  }
  return svg + "</g>\n";
}

Picture draw_line(const LearnedPlane& plane) {
  Range range;
  for (const auto& sample : plane.samples) range.include(sample[0]);
  Range x = range;
  for (const PlanePoint& point : plane.points) x.include(point.x);
  Frame frame = line_frame(x);
  if (range.length() == 0) range = frame.x;
  const std::vector<double> heights = histogram(range, plane.samples);
  const double peak = *std::max_element(heights.begin(), heights.end());
  frame.y = {-0.3 * peak, 1.06 * peak};
  std::vector<PlanePoint> points = plane.points;
  for (PlanePoint& point : points) point.y = -0.06 * peak;
  return {frame, x_axis(frame, "x") + y_axis(frame, "density", 0) + bars(frame, range, heights) +
                     intervals(frame, plane.balls, -0.12 * peak, -0.28 * peak) +
                     discs(frame, points) + border(frame)};
}

// ---- Words -----------------------------------------------------------------------------------

std::string title(const LearnSummary& summary) {
  const StatedBound& stated = summary.bounds.front();
  return fmt::format("W{} ≤ {} with confidence {} · {} · d = {}", summary.order == 1 ? "₁" : "₂",
                     rounded_up(stated.bound, 4), summary.confidence,
                     counted(summary.support, "point"), summary.dimension);
}

std::string key(std::string_view color, std::string_view sign, std::string_view text) {
  return fmt::format("<tspan fill=\"{}\">{}</tspan> {}", color, sign, text);
}

std::string caption(const LearnedPlane& plane, const LearnSummary& summary) {
  constexpr std::string_view kSpace = "&#160;&#160;&#160;&#160;";
  const bool line = summary.dimension == 1;
  const auto drawn = static_cast<std::int64_t>(plane.samples.size());
  const std::string samples = fmt::format(
      "{}{} that evaluate it", drawn < summary.evaluation ? fmt::format("{} of ", drawn) : "",
      counted(summary.evaluation, "sample"));
  std::string text =
      key(kRed, "●",
          counted_drawn(plane.points.size(), summary.support, "point") + ", area ∝ probability");
  text += fmt::format("{}{}", kSpace, key(kBlue, line ? "▮" : "•", samples));
  if (plane.balls.empty()) return text;
  const auto balls = static_cast<std::int64_t>(plane.balls.size());
  text += fmt::format(
      "{}{}", kSpace,
      key(kBallColor, line ? "—" : "◯",
          fmt::format("{}{}", balls < summary.clusters ? fmt::format("{} of ", balls) : "",
                      counted(summary.clusters, line ? "interval" : "ball"))));
  return text;
}

}  // namespace

void write_plot(AtomicFile& file, const LearnSummary& summary, const Samples& samples,
                std::int64_t first, const Partition& partition,
                const DiscreteDistribution& distribution) {
  const RowMajor rows = drawn_samples(samples, first);
  LearnedPlane plane = project(rows, partition, distribution);
  if (summary.bounds.front().method == BoundMethod::fournier)
    plane.balls.clear();  // has no regions
  write_svg(file, summary.dimension == 1 ? draw_line(plane) : draw_plane(plane), title(summary),
            caption(plane, summary));
}

}  // namespace wquant::io
