#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "io/atomic_file.hpp"
#include "io/plane_point.hpp"

namespace wquant::io {

inline constexpr double kPlotWidth = 800;  // pixels
inline constexpr std::string_view kBlue = "#2f6690";
inline constexpr std::string_view kRed = "#d1495b";
inline constexpr std::string_view kInkColor = "#22262b";
inline constexpr std::string_view kQuietColor = "#6b7280";

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value, double radius = 0);
  double length() const { return high - low; }
  double middle() const { return low + length() / 2; }
  void widen_to(double length) { *this = {middle() - length / 2, middle() + length / 2}; }
};

/// Where the coordinates of the data lie on the picture, in pixels.
struct Frame {
  Range x;
  Range y;
  double height = 0;

  double px(double value) const;
  double py(double value) const;
  double top() const;
  double bottom() const;
};

/// A picture between its title and its caption.
struct Picture {
  Frame frame;
  std::string svg;
};

/// Throws Error if a range is beyond that of doubles.
void check_finite(const Range& range);

/// Holds both ranges and a margin: one scale for both axes, height between 0.5 and 0.9 of the
/// width.
Frame plane_frame(Range x, Range y);
/// Holds x and a margin, half as tall as wide; y is left open.
Frame line_frame(Range x);

std::string text_element(double x, double y, double size, std::string_view color,
                         std::string_view anchor, std::string_view text,
                         std::string_view extra = "");
std::string x_axis(const Frame& frame, std::string_view label);
/// Ticks from `lowest` upwards.
std::string y_axis(const Frame& frame, std::string_view label,
                   double lowest = -std::numeric_limits<double>::infinity());
/// "principal axis 1 (76.2 % of the variance)"
std::string principal_axis_label(int axis, double share);
std::string border(const Frame& frame);

/// Discs of area ∝ probability; their thin outline lets even a negligible point be seen. The points
/// in descending order of probability, at least one.
std::string discs(const Frame& frame, const std::vector<PlanePoint>& points);

/// "12 points" or "the heaviest 10 of 12 points".
std::string counted_drawn(std::size_t drawn, std::int64_t all, std::string_view noun);

/// Throws InvalidArgument unless the name ends in .svg.
void check_plot_name(const std::filesystem::path& path);

/// The whole file. `caption` is markup.
void write_svg(AtomicFile& file, const Picture& picture, std::string_view title,
               std::string_view caption);

}  // namespace wquant::io
