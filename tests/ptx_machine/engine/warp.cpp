// A warp's frames, groups and clocks.
#include "warp.hpp"

#include <algorithm>
#include <cstring>

#include "ops.hpp"
#include "runtime.hpp"

namespace ptx {
namespace {

void fill(Frame& f, int r, uint32_t lanes, uint64_t v) {
  uint64_t* d = f.regs.data() + 32 * (size_t)r;
  for (; lanes; lanes &= lanes - 1) d[__builtin_ctz(lanes)] = v;
}

uint64_t special_value(const Warp& w, const std::string& n, uint32_t lane) {
  const Launch& l = *w.block->launch;
  uint32_t t = w.index * 32 + lane, x = l.block.x, y = l.block.y;
  if (n == "%tid.x") return t % x;
  if (n == "%tid.y") return t / x % y;
  if (n == "%tid.z") return t / (x * y);
  if (n == "%ntid.x") return l.block.x;
  if (n == "%ntid.y") return l.block.y;
  if (n == "%ntid.z") return l.block.z;
  if (n == "%ctaid.x") return w.block->id.x;
  if (n == "%ctaid.y") return w.block->id.y;
  if (n == "%ctaid.z") return w.block->id.z;
  if (n == "%nctaid.x") return l.grid.x;
  if (n == "%nctaid.y") return l.grid.y;
  if (n == "%nctaid.z") return l.grid.z;
  if (n == "%laneid") return lane;
  if (n == "%warpid") return (uint64_t)w.index;
  if (n == "%nwarpid") return 64;
  if (n == "%nsmid") return 1;
  if (n == "%lanemask_eq") return 1u << lane;
  if (n == "%lanemask_lt") return (1u << lane) - 1;
  if (n == "%lanemask_le") return (2u << lane) - 1;
  if (n == "%lanemask_gt") return ~((2u << lane) - 1);
  if (n == "%lanemask_ge") return ~((1u << lane) - 1);
  if (n == "%dynamic_smem_size") return l.dynamic_shared;
  if (n == "%total_smem_size") return l.shared_bytes;
  return 0;
}

void init_frame(Frame& f, const Function& fn, Frame* caller, int call_pc) {
  f.fn = &fn;
  f.caller = caller;
  f.call_pc = call_pc;
  f.depth = caller ? caller->depth + 1 : 0;
  f.local_base = caller ? (caller->local_base + caller->fn->local_bytes + 15) / 16 * 16 : 0;
  f.lanes = 0;
  f.regs.resize(32 * (size_t)fn.registers);
  f.poison.assign(fn.registers, ~0u);
  f.preds.assign(fn.predicates + 1, 0);
  f.pred_poison.assign(fn.predicates + 1, ~0u);
  f.params.assign(32 * (size_t)fn.param_bytes, 0);
  f.params_set.assign(32 * (size_t)fn.param_bytes, 0);
}

}  // namespace

void activate(Warp& w, Frame& f, uint32_t lanes) {  // registers of lanes that enter
  for (auto& p : f.poison) p |= lanes;
  for (auto& p : f.pred_poison) p |= lanes;
  auto known = [&](int r) { f.poison[r] &= ~lanes; };
  for (auto& [r, v] : f.fn->constants) {
    fill(f, r, lanes, v);
    known(r);
  }
  for (auto& [r, v] : w.block->launch->addresses.at(f.fn)) {
    fill(f, r, lanes, v);
    known(r);
  }
  for (auto& [r, name] : f.fn->symbols) {
    std::string base = name.substr(0, name.rfind('+'));
    for (auto& v : f.fn->locals)
      if (v.name == base) {
        fill(f, r, lanes, f.local_base + v.address + std::stoull(name.substr(name.rfind('+'))));
        known(r);
      }
  }
  for (auto& [r, name] : f.fn->specials) {
    for (uint32_t m = lanes; m; m &= m - 1)
      f.regs[32 * (size_t)r + __builtin_ctz(m)] = special_value(w, name, __builtin_ctz(m));
    known(r);
  }
  f.lanes |= lanes;
  for (uint32_t m = lanes; m; m &= m - 1) {
    int l = __builtin_ctz(m);
    if (f.fn->local_bytes)
      std::memset(w.local_valid.data() + l * w.local_size + f.local_base, 0, f.fn->local_bytes);
    if (!f.params_set.empty())
      std::memset(f.params_set.data() + (size_t)l * f.fn->param_bytes, 0, f.fn->param_bytes);
  }
}

void Warp::start(Block& b, int i, int lanes, const Function& fn) {
  block = &b;
  index = i;
  live = started = lanes == 32 ? ~0u : (1u << lanes) - 1;
  epoch = 1;
  std::fill(clock, clock + 32, 1);
  std::memset(seen, 0, sizeof seen);
  std::memset(fence_clock, 0, sizeof fence_clock);
  std::memset(fence_epoch, 0, sizeof fence_epoch);
  copies.assign(1, {});
  local_size = std::max<size_t>(local_size, (fn.local_bytes + 15) / 16 * 16);
  local.resize(32 * local_size);
  local_valid.resize(32 * local_size);
  if (!root || root->fn != &fn) {
    root = std::make_unique<Frame>();
    init_frame(*root, fn, nullptr, -1);
  }
  root->lanes = 0;
  activate(*this, *root, live);
  for (int l = 0; l < lanes; ++l) {
    std::memcpy(root->params.data() + (size_t)l * fn.param_bytes, b.launch->args.data(),
                b.launch->args.size());
    std::memset(root->params_set.data() + (size_t)l * fn.param_bytes, 0xff, b.launch->args.size());
  }
  Group g;
  g.frame = root.get();
  g.mask = live;
  groups = {g};
}

Frame* Warp::enter(Frame* caller, int call_pc, const Function& fn) {
  for (auto& f : caller->callees)
    if (f->call_pc == call_pc && f->fn == &fn) return f.get();
  auto f = std::make_unique<Frame>();
  init_frame(*f, fn, caller, call_pc);
  if (f->depth > 200)
    throw ProgramError("stack overflow", "calls nested more than 200 deep in " + fn.name);
  size_t need = f->local_base + (fn.local_bytes + 15) / 16 * 16;
  if (need > local_size) {  // keep what the lanes have
    std::vector<uint8_t> l(32 * need), v(32 * need);
    for (int i = 0; i < 32; ++i) {
      if (!local_size) break;
      std::memcpy(l.data() + i * need, local.data() + i * local_size, local_size);
      std::memcpy(v.data() + i * need, local_valid.data() + i * local_size, local_size);
    }
    local.swap(l);
    local_valid.swap(v);
    local_size = need;
  }
  caller->callees.push_back(std::move(f));
  return caller->callees.back().get();
}

void Warp::select(size_t g) {
  frame = groups[g].frame;
  pc = groups[g].pc;
  regs = frame->regs.data();
  preds = frame->preds.data();
}

bool Warp::merge(size_t& g) {  // joins groups that stand where group g stands
  bool any = false;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (i == g || groups[i].frame != groups[g].frame || groups[i].pc != groups[g].pc ||
        groups[i].state == State::at_barrier)
      continue;
    groups[g].mask |= groups[i].mask;
    groups[g].state = State::ready;
    groups.erase(groups.begin() + (long)i);
    if (i < g) --g;
    --i;
    any = true;
  }
  return any;
}

void Warp::join_warp(uint32_t mask) {
  uint32_t top[32] = {};
  for (uint32_t m = mask; m; m &= m - 1) {
    int i = __builtin_ctz(m);
    for (int j = 0; j < 32; ++j) top[j] = std::max(top[j], seen[i][j]);
  }
  for (uint32_t m = mask; m; m &= m - 1) top[__builtin_ctz(m)] = clock[__builtin_ctz(m)];
  for (uint32_t m = mask; m; m &= m - 1) {
    int i = __builtin_ctz(m);
    std::memcpy(seen[i], top, sizeof top);
    ++clock[i];
  }
}

std::string Warp::describe_waiting() const {
  std::string s;
  for (auto& g : groups) {
    const Instr& in = g.frame->fn->code[g.pc];
    char mask[16];
    std::snprintf(mask, sizeof mask, "%08x", g.mask);
    s += "\n    warp " + std::to_string(index) + " lanes " + mask;
    if (g.state == State::at_barrier)
      s += " wait at barrier " + std::to_string(g.barrier);
    else if (g.state == State::at_warp_sync) {
      std::snprintf(mask, sizeof mask, "%08x", g.wanted & live & ~g.mask);
      s += std::string(" wait for lanes ") + mask;
    }
    s += " at " + block->launch->where(in.id);
  }
  return s;
}

}  // namespace ptx
