// Launch statistics: what a roofline and a look at memory efficiency need.
#include <algorithm>
#include <cstdio>

#include "ops.hpp"
#include "runtime.hpp"

namespace ptx {
namespace {

// Global memory moves in sectors of 32 bytes.
void count_sectors(Launch& l, const Instr& in, const uint64_t* a, uint32_t mask, int bytes) {
  uint64_t seen[64];
  int n = 0;
  for (uint32_t m = mask; m; m &= m - 1) {
    uint64_t s = a[__builtin_ctz(m)] / 32;
    if (n && seen[n - 1] == s) continue;
    if (std::find(seen, seen + n, s) == seen + n) seen[n++] = s;
  }
  InstructionCount& c = l.counts[in.id];
  c.sectors += (unsigned)n;
  c.least_sectors += (uint64_t)(__builtin_popcount(mask) * bytes + 31) / 32;
  for (int i = 0; i < n; ++i) {
    if (in.kind != Kind::store) l.read.insert(seen[i]);
    if (in.kind == Kind::store || in.kind == Kind::atomic) l.written.insert(seen[i]);
  }
}

// Shared memory has 32 banks of 4 bytes. Requests wider than 4 bytes are served for half or
// quarter warps. Lanes that read the same word share it.
void count_passes(InstructionCount& c, const uint64_t* a, uint32_t mask, int bytes) {
  int words = std::max(1, bytes / 4), step = 32 / words;
  for (int first = 0; first < 32; first += step) {
    uint32_t part = mask & (step == 32 ? ~0u : ((1u << step) - 1) << first);
    if (!part) continue;
    uint32_t in_bank[32][32];
    uint8_t used[32] = {};
    int worst = 1;
    for (; part; part &= part - 1) {
      uint32_t w0 = uint32_t(a[__builtin_ctz(part)]) / 4;
      for (int i = 0; i < words; ++i) {
        uint32_t w = w0 + (uint32_t)i, b = w % 32;
        if (std::find(in_bank[b], in_bank[b] + used[b], w) != in_bank[b] + used[b] || used[b] == 32)
          continue;
        in_bank[b][used[b]++] = w;
        worst = std::max<int>(worst, used[b]);
      }
    }
    c.passes += (unsigned)worst;
    ++c.least_passes;
  }
}

void line(std::string& s, const char* format, auto... v) {
  char b[600];
  std::snprintf(b, sizeof b, format, v...);
  s += b;
}

}  // namespace

uint64_t SectorSet::bytes() const {
  uint64_t sectors = 0;
  for (auto& [_, held] : pages) sectors += (uint64_t)__builtin_popcountll(held);
  return 32 * sectors;
}

InstructionCount& InstructionCount::operator+=(const InstructionCount& o) {
  warps += o.warps;
  standing += o.standing;
  lanes += o.lanes;
  requests += o.requests;
  bytes += o.bytes;
  sectors += o.sectors;
  least_sectors += o.least_sectors;
  passes += o.passes;
  least_passes += o.least_passes;
  return *this;
}

Counts& Counts::operator+=(const Counts& o) {
  warp_instructions += o.warp_instructions;
  lane_instructions += o.lane_instructions;
  standing_lanes += o.standing_lanes;
  for (int c = 0; c < (int)Class::count; ++c) {
    by_class[c] += o.by_class[c];
    warps_by_class[c] += o.warps_by_class[c];
  }
  global_read_bytes += o.global_read_bytes;
  global_write_bytes += o.global_write_bytes;
  shared_read_bytes += o.shared_read_bytes;
  shared_write_bytes += o.shared_write_bytes;
  distinct_read_bytes += o.distinct_read_bytes;
  distinct_write_bytes += o.distinct_write_bytes;
  sectors += o.sectors;
  least_sectors += o.least_sectors;
  passes += o.passes;
  least_passes += o.least_passes;
  for (auto& [id, instruction] : o.memory) {
    memory[id].place = instruction.place;
    memory[id].count += instruction.count;
  }
  return *this;
}

void count_addresses(Launch& l, const Instr& in, Space space, const uint64_t* a, uint32_t mask,
                     int bytes) {
  auto& c = l.counts[in.id];
  uint64_t total = (uint64_t)__builtin_popcount(mask) * bytes;
  c.bytes += total;
  ++c.requests;
  bool write = in.kind == Kind::store;
  Result& r = l.result;
  if (space == Space::global || space == Space::generic) {
    (write ? r.global_write_bytes : r.global_read_bytes) += total;
    if (in.kind == Kind::atomic) r.global_write_bytes += total;
    if (l.options->profile) count_sectors(l, in, a, mask, bytes);
  } else if (space == Space::shared) {
    (write ? r.shared_write_bytes : r.shared_read_bytes) += total;
    if (in.kind == Kind::atomic) r.shared_write_bytes += total;
    if (l.options->profile) count_passes(c, a, mask, bytes);
  }
}

void summarise(Launch& l) {
  for (size_t i = 1; i < l.counts.size(); ++i) {
    auto& c = l.counts[i];
    if (!c.warps) continue;
    const int cls = (int)l.state->instrs[i]->cls;
    l.result.by_class[cls] += c.lanes;
    l.result.warps_by_class[cls] += c.warps;
    l.result.standing_lanes += c.standing;
    l.result.lane_instructions += c.lanes;
    l.result.sectors += c.sectors;
    l.result.least_sectors += c.least_sectors;
    l.result.passes += c.passes;
    l.result.least_passes += c.least_passes;
    if (c.sectors || c.passes) l.result.memory[(int)i] = {l.where((uint32_t)i), c};
  }
  l.result.distinct_read_bytes = l.read.bytes();
  l.result.distinct_write_bytes = l.written.bytes();
  l.result.warp_instructions = l.warp_instructions;
}

std::string make_profile(const Launch& l) {
  const Result& r = l.result;
  std::string s;
  line(s, "%s <<<(%u,%u,%u), (%u,%u,%u)>>>, %zu bytes of shared memory\n", l.kernel->name.c_str(),
       l.grid.x, l.grid.y, l.grid.z, l.block.x, l.block.y, l.block.z, l.shared_bytes);
  line(s,
       "  %llu warp instructions, %llu lane instructions, %.1f of 32 lanes active, %.3f s (%.0f "
       "million lane instructions/s)\n",
       (unsigned long long)r.warp_instructions, (unsigned long long)r.lane_instructions,
       r.warp_instructions ? double(r.lane_instructions) / double(r.warp_instructions) : 0,
       r.seconds, double(r.lane_instructions) / std::max(r.seconds, 1e-9) / 1e6);
  s += "  lane instructions:";
  for (int c = 0; c < (int)Class::count; ++c)
    if (r.by_class[c]) line(s, " %s %llu;", name_of((Class)c), (unsigned long long)r.by_class[c]);
  line(s, "\n  bytes asked for: global read %llu, written %llu; shared read %llu, written %llu\n",
       (unsigned long long)r.global_read_bytes, (unsigned long long)r.global_write_bytes,
       (unsigned long long)r.shared_read_bytes, (unsigned long long)r.shared_write_bytes);
  if (r.same_value_writes)
    line(s, "  %llu unordered writes of the same value\n", (unsigned long long)r.same_value_writes);
  uint64_t sectors = r.sectors, least = r.least_sectors, passes = r.passes,
           least_passes = r.least_passes;
  std::vector<std::pair<double, size_t>> worst;
  for (size_t i = 1; i < l.counts.size(); ++i) {
    auto& c = l.counts[i];
    double waste = double(c.passes - c.least_passes) +
                   double(c.sectors > c.least_sectors ? c.sectors - c.least_sectors : 0);
    if (waste > 0) worst.push_back({waste, i});
  }
  if (sectors)
    line(s, "  global: %llu sectors of 32 bytes moved, %llu would hold the bytes asked for\n",
         (unsigned long long)sectors, (unsigned long long)least);
  if (passes)
    line(s, "  shared: %llu passes, %llu without bank conflicts\n", (unsigned long long)passes,
         (unsigned long long)least_passes);
  std::sort(worst.rbegin(), worst.rend());
  for (size_t i = 0; i < worst.size() && i < 3; ++i) {
    auto& c = l.counts[worst[i].second];
    if (c.sectors)
      line(s, "  %.1f sectors a request (%.1f at best) at %s\n",
           double(c.sectors) / double(c.requests), double(c.least_sectors) / double(c.requests),
           l.where((uint32_t)worst[i].second).c_str());
    else
      line(s, "  %.1f passes a request (%.1f at best) at %s\n",
           double(c.passes) / double(c.requests), double(c.least_passes) / double(c.requests),
           l.where((uint32_t)worst[i].second).c_str());
  }
  return s;
}

}  // namespace ptx
