#include "progress_bar.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace wquant::tool {
namespace {

constexpr int kWidth = 30;
constexpr std::chrono::milliseconds kPause{100};
constexpr const char* kEraseLine = "\r\x1b[K";

}  // namespace

ProgressBar::ProgressBar(bool enabled) : enabled_(enabled && isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (visible_) fmt::print(stderr, "{}", kEraseLine);
}

void ProgressBar::show(const Progress& progress) {
  if (!enabled_) return;
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + kPause;
  visible_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  fmt::print(stderr, "{}{}", kEraseLine, line(progress, seconds));
  std::fflush(stderr);
}

std::string ProgressBar::line(const Progress& progress, double seconds) const {
  const double fraction = std::clamp(progress.fraction, 0.0, 1.0);
  const int done = static_cast<int>(fraction * kWidth);
  std::string bar;
  for (int i = 0; i < kWidth; ++i) bar += i < done ? "█" : "░";
  return fmt::format("{:<13} {} {:3.0f} %  {:.0f} s", progress.stage, bar, 100 * fraction, seconds);
}

}  // namespace wquant::tool
