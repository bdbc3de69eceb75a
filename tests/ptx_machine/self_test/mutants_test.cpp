#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "self_test/references.hpp"

namespace ptx::test {
namespace {

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

bool is_barrier(const std::string& line) {
  for (const char* const name : {"bar.sync", "barrier.sync", "bar.warp.sync", "membar.", "fence."})
    if (line.find(name) != std::string::npos) return true;
  return false;
}

/// Barriers and fences of one kernel: lines of the PTX by the source line that they come from, so
/// that the copies of an unrolled barrier are one.
using Barriers = std::map<std::string, std::vector<std::size_t>>;

Barriers barriers_of(const std::vector<std::string>& lines, const std::string& kernel) {
  Barriers found;
  bool inside = false;
  std::string place;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].find(".entry ") != std::string::npos)
      inside = lines[i].find(".entry " + kernel + "(") != std::string::npos;
    if (lines[i].find("\t.loc") != std::string::npos) place = lines[i];
    if (inside && is_barrier(lines[i])) found[place].push_back(i);
  }
  return found;
}

std::string without(std::vector<std::string> lines, const std::vector<std::size_t>& removed) {
  for (const std::size_t i : removed) lines[i].clear();
  std::ostringstream text;
  for (const std::string& line : lines) text << line << '\n';
  return text.str();
}

/// Barriers of the kernel whose removal no order shows.
int unseen(const std::string& kernel, const std::function<Outcome(Device&)>& run,
           std::size_t expected) {
  const auto lines = lines_of(module_path("good"));
  const Barriers barriers = barriers_of(lines, kernel);
  EXPECT_EQ(barriers.size(), expected) << kernel;
  int count = 0;
  for (const auto& [place, removed] : barriers) {
    const std::string mutant = without(lines, removed);
    bool seen = false;
    for (int order = 0; order < 3 && !seen; ++order) {
      Options options = with_order(order);
      options.max_warp_instructions = 1'000'000;
      Engine engine(options);
      engine.load(mutant);
      Device device(std::move(engine));
      const Outcome outcome = run(device);
      seen = !outcome.result.ok() || !outcome.right;
    }
    if (!seen) ++count;
  }
  return count;
}

TEST(BarrierRemoval, IsSeenInEveryKernel) {
  EXPECT_EQ(unseen("jacobi8", run_jacobi, 4), 0);
  EXPECT_EQ(unseen("gemm", run_gemm, 2), 0);
  EXPECT_EQ(unseen("last_block_sum", run_last_block_sum, 3), 0);
}

/// Of the lock's fences the one on the acquiring side is not seen (README, limits); its barrier is.
TEST(BarrierRemoval, IsSeenInALockButForTheAcquiringFence) {
  EXPECT_EQ(unseen("spin_lock", run_spin_lock, 3), 1);
}

}  // namespace
}  // namespace ptx::test
