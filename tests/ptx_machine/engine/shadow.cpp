// Allocation table, uninitialised memory and data races.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "ops.hpp"
#include "runtime.hpp"

namespace ptx {
namespace {

size_t cell_bytes(size_t size) { return (size / 4 + 2) * sizeof(Cell); }

Cell* map_cells(size_t size) {  // zero pages until touched
  void* p = mmap(nullptr, cell_bytes(size), PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  return static_cast<Cell*>(p);
}

std::string hex(uint64_t v) {
  char b[32];
  std::snprintf(b, sizeof b, "0x%llx", (unsigned long long)v);
  return b;
}

[[noreturn]] void bad_access(Warp& w, const Instr& in, int lane, const std::string& kind,
                             const std::string& what) {
  Launch& l = *w.block->launch;
  throw ProgramError(kind, what + "\n    by " + l.who(w, lane) + "\n    at " + l.where(in.id));
}

// The concurrent launch that the block belongs to, or null.
const Footprint* launch_of(const std::vector<Footprint>& concurrent, uint32_t block) {
  for (auto& f : concurrent)
    if (f.first_block <= block && block < f.end_block) return &f;
  return nullptr;
}

// The concurrent copy or fill in conflict with an access to n bytes, or null.
const Footprint* bytes_in_conflict(const std::vector<Footprint>& concurrent, uint64_t address,
                                   size_t n, bool write) {
  for (auto& f : concurrent)
    if ((write || f.write) && address < f.end && f.begin < address + n) return &f;
  return nullptr;
}

// Was the earlier access ordered before what this lane does now?
bool ordered(const Access& a, const Warp& w, int lane) {
  const Block& b = *w.block;
  if (a.block < b.launch->first_block)  // never touched, or by an earlier launch
    return !launch_of(b.launch->engine->concurrent, a.block);
  if (a.block == b.serial) {
    if (a.thread == w.index * 32 + lane) return true;
    int other = a.thread / 32;
    if (other == w.index ? w.seen[lane][a.thread % 32] >= a.clock
                         : b.seen_epoch[w.index][other] >= a.epoch)
      return true;
  }
  auto t = b.acquired.threads.find(uint64_t(a.block) << 16 | a.thread);
  if (t != b.acquired.threads.end() && a.clock <= t->second) return true;
  auto e = b.acquired.blocks.find(a.block);
  return e != b.acquired.blocks.end() && a.epoch < e->second;
}

void race(Warp& w, const Instr& in, int lane, const Place& p, const Access& other,
          const char* before, const char* now) {
  Launch& l = *w.block->launch;
  bool same_block = other.block == w.block->serial;
  const Footprint* concurrent = launch_of(l.engine->concurrent, other.block);
  std::string kind = concurrent                 ? "race between streams"
                     : p.space == Space::shared ? "race in shared memory"
                     : same_block               ? "race in global memory"
                                                : "race between blocks";
  std::string at;
  if (p.space == Space::shared)
    at = "shared byte " + std::to_string(p.address);
  else if (auto* a = l.state->find(p.address))
    at = "byte " + std::to_string(p.address - (uint64_t)a->base) + " of " + a->name + " (" +
         std::to_string(a->size) + " bytes)";
  uint32_t first = other.block - l.first_block;
  std::string who_before = "thread " + l.thread_name(other.thread);
  if (concurrent) {
    who_before = concurrent->name;
  } else if (!same_block) {
    uint32_t x = first % l.grid.x, y = first / l.grid.x % l.grid.y, z = first / l.grid.x / l.grid.y;
    who_before +=
        " of block (" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z) + ")";
  }
  // Unrolled loops have many instructions on one line; one message for each pair of lines is
  // enough.
  auto place = [&](const Instr& i) {
    return i.source_line ? std::to_string(i.file) + ":" + std::to_string(i.source_line)
                         : "#" + std::to_string(i.id);
  };
  l.report(kind, kind + place(in) + "/" + place(*l.state->instrs[other.instr]),
           at + ": " + now + " by " + l.who(w, lane) + "\n    at " + l.where(in.id) +
               "\n    is not ordered after the " + before + " by " + who_before + "\n    at " +
               l.where(other.instr));
}

// Where a global address lies, for messages.
std::string surroundings(Engine::State& state, uint64_t address) {
  auto by = [](uint64_t distance, const char* where, const std::string& name, size_t size) {
    return ", " + std::to_string(distance) + where + name + " (" + std::to_string(size) + " bytes)";
  };
  for (auto& gone : state.absent)
    if (address - gone.first < gone.second.size)
      return by(address - gone.first, " bytes into ", gone.second.name, gone.second.size) +
             (gone.second.freed ? ", which was freed" : ", which is not allocated yet");
  auto it = state.allocations.upper_bound(address);
  if (it != state.allocations.begin()) {
    --it;
    return by(address - (it->first + it->second.size), " bytes past the end of ", it->second.name,
              it->second.size);
  }
  if (state.allocations.empty()) return "";
  return by(it->first - address, " bytes before ", it->second.name, it->second.size);
}

void resolve_global(Warp& w, const Instr& in, int lane, int bytes, bool write, Place& p) {
  Engine::State& state = *w.block->launch->state;
  Allocation* a = state.find(p.address);
  if (!a || p.address + bytes > (uint64_t)a->base + a->size)
    bad_access(w, in, lane, "global memory out of bounds",
               std::string(write ? "write" : "read") + " of " + std::to_string(bytes) +
                   " bytes at " + hex(p.address) + surroundings(state, p.address));
  if (write && a->constant) bad_access(w, in, lane, "write to constant memory", a->name);
  size_t offset = p.address - (uint64_t)a->base;
  p.data = (uint8_t*)p.address;
  p.valid = a->valid.get() + offset;
  if (a->constant || !w.block->launch->options->races) return;
  // Cells count from the base, which is aligned to 4 for everything of 4 bytes and more.
  if (!a->cells) a->cells = map_cells(a->size);
  p.cell = a->cells + offset / 4;
}

}  // namespace

Allocation::~Allocation() {
  if (cells) munmap(cells, cell_bytes(size));
}
Block::~Block() {
  if (shared_cells) munmap(shared_cells, cell_bytes(shared_room));
}

void Knowledge::merge(const Knowledge& o) {
  for (auto& [k, v] : o.blocks) {
    auto& x = blocks[k];
    x = std::max(x, v);
  }
  for (auto& [k, v] : o.threads) {
    auto& x = threads[k];
    x = std::max(x, v);
  }
}

Allocation* Engine::State::find(uint64_t a) {
  if (hot && a - (uint64_t)hot->base < hot->size) return hot;
  auto it = allocations.upper_bound(a);
  if (it == allocations.begin()) return nullptr;
  --it;
  if (a - it->first >= it->second.size) return nullptr;
  return hot = &it->second;
}

void Engine::register_allocation(void* base, size_t size, const std::string& name) {
  Allocation& a = s->allocations[(uintptr_t)base];
  a.base = static_cast<uint8_t*>(base);
  a.size = size;
  a.name = name;
  a.valid.reset(static_cast<uint8_t*>(std::calloc(size, 1)));
  if (!a.valid) throw std::bad_alloc();
  s->absent.erase((uintptr_t)base);
}
void Engine::announce_allocation(void* base, size_t size, const std::string& name) {
  s->absent[(uintptr_t)base] = {size, name, false};
}
void Engine::release_allocation(void* base) {
  auto it = s->allocations.find((uintptr_t)base);
  if (it == s->allocations.end()) return;
  s->absent[it->first] = {it->second.size, it->second.name, true};
  s->allocations.erase(it);
  s->hot = nullptr;
}
namespace {

// The shadow of n bytes from p on, cut to the allocation; size 0 outside of all.
std::span<uint8_t> shadow_of(Engine::State& state, const void* p, size_t n) {
  Allocation* a = state.find((uint64_t)p);
  if (!a) return {};
  const size_t offset = static_cast<const uint8_t*>(p) - a->base;
  return {a->valid.get() + offset, std::min(n, a->size - offset)};
}

}  // namespace

void Engine::poison(void* p, size_t n) { std::ranges::fill(shadow_of(*s, p, n), uint8_t{0}); }
void Engine::mark_initialised(void* p, size_t n) {
  std::ranges::fill(shadow_of(*s, p, n), uint8_t{0xff});
}
const Footprint* Engine::conflict(const void* p, size_t n, bool write) const {
  if (concurrent.empty() || !options.races) return nullptr;
  if (auto* f = bytes_in_conflict(concurrent, (uint64_t)p, n, write)) return f;
  Allocation* a = s->find((uint64_t)p);
  if (!a || !a->cells) return nullptr;
  const size_t offset = static_cast<const uint8_t*>(p) - a->base;
  for (size_t at = offset / 4 * 4; at < offset + n; at += 4) {
    uint8_t bytes = 0;  // of the word
    for (size_t i = 0; i < 4; ++i) bytes |= uint8_t((at + i - offset < n) << i);
    const Cell& cell = a->cells[at / 4];
    for (auto* access : {&cell.write, &cell.read, &cell.other_read})
      if ((access->bytes & bytes) && (write || access == &cell.write))
        if (auto* f = launch_of(concurrent, access->block)) return f;
  }
  return nullptr;
}
bool Engine::covers(const void* p, size_t n) const { return shadow_of(*s, p, n).size() == n; }
void Engine::copy_validity(void* to, const void* from, size_t n) {
  const auto target = shadow_of(*s, to, n), source = shadow_of(*s, from, n);
  std::memmove(target.data(), source.data(), std::min(target.size(), source.size()));
}
ptrdiff_t Engine::first_uninitialised(const void* p, size_t n) const {
  const auto shadow = shadow_of(*s, p, n);
  const auto it = std::ranges::find(shadow, uint8_t{0});
  return it == shadow.end() ? -1 : it - shadow.begin();
}

Place resolve(Warp& w, const Instr& in, int lane, uint64_t address, int bytes, bool write) {
  Block& b = *w.block;
  Space space = in.space;
  if (space == Space::generic) {
    switch (address & kWindowMask) {
      case kSharedWindow:
        space = Space::shared;
        address -= kSharedWindow;
        break;
      case kLocalWindow:
        space = Space::local;
        address -= kLocalWindow;
        break;
      case kParamWindow:
        space = Space::param;
        address -= kParamWindow;
        break;
      default:
        space = Space::global;
    }
  }
  if (address % bytes)
    bad_access(w, in, lane, "misaligned access",
               std::string(write ? "write" : "read") + " of " + std::to_string(bytes) +
                   " bytes at " + hex(address));
  Place p;
  p.address = address;
  p.space = space;
  switch (space) {
    case Space::shared: {
      address = p.address = uint32_t(address);
      size_t n = b.launch->shared_bytes;
      if (address + bytes > n)
        bad_access(w, in, lane, "shared memory out of bounds",
                   std::string(write ? "write" : "read") + " of " + std::to_string(bytes) +
                       " bytes at shared byte " + std::to_string(address) + "; the block has " +
                       std::to_string(n));
      p.data = b.shared.data() + address;
      p.valid = b.shared_valid.data() + address;
      p.cell = b.shared_cells + address / 4;
      break;
    }
    case Space::local:
      address = uint32_t(address);
      if (address + bytes > w.local_size)
        bad_access(w, in, lane, "local memory out of bounds",
                   std::to_string(bytes) + " bytes at local byte " + std::to_string(address));
      p.data = w.local.data() + lane * w.local_size + address;
      p.valid = w.local_valid.data() + lane * w.local_size + address;
      break;
    case Space::param:
      if (address + bytes > (uint64_t)w.frame->fn->param_bytes)
        bad_access(w, in, lane, "parameter space out of bounds",
                   std::to_string(bytes) + " bytes at " + std::to_string(address));
      p.data = w.frame->params.data() + lane * (size_t)w.frame->fn->param_bytes + address;
      p.valid = w.frame->params_set.data() + lane * (size_t)w.frame->fn->param_bytes + address;
      break;
    default:
      resolve_global(w, in, lane, bytes, write, p);
  }
  return p;
}

void note_access(Warp& w, const Instr& in, int lane, const Place& p, int bytes, bool write,
                 AccessKind kind, const uint8_t* value) {
  if (!p.cell || !w.block->launch->options->races) return;
  if (p.space == Space::global)
    if (auto* f = bytes_in_conflict(w.block->launch->engine->concurrent, p.address, bytes, write)) {
      Launch& l = *w.block->launch;
      l.report("race between streams", f->name + std::to_string(in.id),
               std::string(write ? "write" : "read") + " by " + l.who(w, lane) + "\n    at " +
                   l.where(in.id) + "\n    is not ordered after the " + f->name);
    }
  Access me;
  me.block = w.block->serial;
  me.thread = uint16_t(w.index * 32 + lane);
  me.kind = kind;
  me.epoch = w.epoch;
  me.clock = w.clock[lane];
  me.instr = (uint32_t)in.id;
  for (int i = 0; i < bytes; i += 4) {
    Cell& c = p.cell[i / 4];
    me.bytes = bytes >= 4 ? 15 : uint8_t(((1 << bytes) - 1) << (p.address & 3));
    auto conflict = [&](const Access& a) {
      return a.block && (p.space != Space::shared || a.block == me.block) && (a.bytes & me.bytes) &&
             (a.kind == weak_access || kind == weak_access) && !ordered(a, w, lane);
    };
    if (in.read_only && c.write.block >= w.block->launch->first_block &&
        c.write.block) {  // even by this very thread
      Launch& l = *w.block->launch;
      l.report("read-only load of written data", "nc" + std::to_string(in.id),
               "by " + l.who(w, lane) + "\n    at " + l.where(in.id) +
                   "\n    of what this launch wrote at " + l.where(c.write.instr));
    }
    if (conflict(c.write)) {
      if (write && value && !std::memcmp(p.data + i, value + i, std::min(bytes, 4)))
        ++w.block->launch->result.same_value_writes;
      else
        race(w, in, lane, p, c.write, c.write.kind == atomic_access ? "atomic update" : "write",
             kind == atomic_access ? "atomic update"
             : write               ? "write"
                                   : "read");
    }
    if (write) {
      if (conflict(c.read))
        race(w, in, lane, p, c.read, "read", kind == atomic_access ? "atomic update" : "write");
      else if (conflict(c.other_read))
        race(w, in, lane, p, c.other_read, "read",
             kind == atomic_access ? "atomic update" : "write");
      c.write = me;
    } else {
      // A read ordered before this one need not be kept: a write after this one is after both.
      auto over = [&](const Access& a) {
        return !a.block || (p.space == Space::shared && a.block != me.block) || ordered(a, w, lane);
      };
      if (over(c.read))
        c.read = me;
      else
        c.other_read = me;
    }
  }
}

void fence(Warp& w, uint32_t mask) {
  for (; mask; mask &= mask - 1) {
    int l = __builtin_ctz(mask);
    w.fence_clock[l] = w.clock[l]++;
    w.fence_epoch[l] = w.epoch;
  }
}
void release(Warp& w, int l, uint64_t address) {  // the lane has fenced before
  if (!w.fence_clock[l]) return;
  Knowledge& k = w.block->launch->state->released[address];
  auto& e = k.blocks[w.block->serial];
  e = std::max(e, w.fence_epoch[l]);
  k.threads[uint64_t(w.block->serial) << 16 | uint32_t(w.index * 32 + l)] = w.fence_clock[l];
  k.merge(w.block->acquired);
}
void acquire(Warp& w, int, uint64_t address) {
  // Kept for the block, not the thread: a missing barrier after the acquiring thread goes unseen.
  auto& r = w.block->launch->state->released;
  if (auto it = r.find(address); it != r.end()) w.block->acquired.merge(it->second);
}

void Block::start(Launch& l, uint32_t n, Dim3 where) {
  launch = &l;
  serial = n;
  id = where;
  threads = int(l.block.x * l.block.y * l.block.z);
  shared.assign(l.shared_bytes, 0xff);
  shared_valid.assign(l.shared_bytes, 0);
  if (shared_room < l.shared_bytes + 16) {
    if (shared_cells) munmap(shared_cells, cell_bytes(shared_room));
    shared_room = l.shared_bytes + 16;
    shared_cells = map_cells(shared_room);
  }
  std::fill(std::begin(arrived_extra), std::end(arrived_extra), 0);
  acquired = {};
  std::memset(seen_epoch, 0, sizeof seen_epoch);
  warps.resize((threads + 31) / 32);
  for (size_t i = 0; i < warps.size(); ++i) {
    if (!warps[i]) warps[i] = std::make_unique<Warp>();
    warps[i]->start(*this, (int)i, std::min(32, threads - 32 * (int)i), *l.kernel);
  }
}

}  // namespace ptx
