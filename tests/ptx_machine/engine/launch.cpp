// Loading modules, launching grids, scheduling blocks and warps, block barriers.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "error.hpp"
#include "ops.hpp"
#include "runtime.hpp"

namespace ptx {

Options Options::from_environment() {
  Options o;
  auto number = [](const char* name, int fallback) {
    const char* v = std::getenv(name);
    return v ? std::atoi(v) : fallback;
  };
  o.order = number("PTX_ORDER", 0);
  o.races = number("PTX_RACES", 1);
  o.profile = number("PTX_PROFILE", 1);
  o.resident_blocks = std::max(1, number("PTX_RESIDENT", 1));
  if (const char* v = std::getenv("PTX_UNINIT"))
    o.uninit = !std::strcmp(v, "off") ? off : !std::strcmp(v, "load") ? at_load : at_use;
  return o;
}

Engine::Engine(Options o) : options(o), s(std::make_unique<State>()) {
  s->instrs.push_back(nullptr);
  s->module_of.push_back(nullptr);
}
Engine::Engine(Engine&&) noexcept = default;
Engine::~Engine() = default;

void Engine::load_file(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw ParseError("cannot read " + path);
  std::stringstream text;
  text << in.rdbuf();
  try {
    load(text.str());
  } catch (const ParseError& e) {
    throw ParseError(path + ": " + e.what());
  }
}

void Engine::load(const std::string& text) {
  auto m = parse(text);
  for (auto& f : m->functions) {
    f->index = (int)s->functions.size();
    s->functions.push_back(f.get());
    for (auto& in : f->code) {
      in.id = (int)s->instrs.size();
      s->instrs.push_back(&in);
      s->module_of.push_back(m.get());
    }
  }
  for (auto& [name, v] : m->variables) {
    if (v.space == Space::shared || v.is_extern) continue;
    auto& block = m->storage.emplace_back(new uint8_t[v.size + 256]());
    v.address = ((uint64_t)block.get() + 255) & ~255ull;
    if (!v.init.empty()) std::memcpy((void*)v.address, v.init.data(), v.size);
    register_allocation((void*)v.address, std::max<size_t>(v.size, 1), "variable " + name);
    mark_initialised((void*)v.address, v.size);  // without an initialiser it is zero
    s->allocations[v.address].constant = v.space == Space::constant;
  }
  for (auto& [name, v] : m->variables)
    for (auto& [offset, target] : v.links) {
      uint64_t a = 0;
      if (auto t = m->variables.find(target); t != m->variables.end())
        a = t->second.address;
      else if (auto* f = m->find(target))
        a = kFunctionWindow + 16ull * (unsigned)f->index;
      else
        throw ParseError("initialiser of " + name + " names unknown " + target);
      uint64_t add;
      std::memcpy(&add, (uint8_t*)v.address + offset, 8);
      a += add;
      std::memcpy((uint8_t*)v.address + offset, &a, 8);
    }
  s->modules.push_back(std::move(m));
}

Module* Engine::State::module_with(const std::string& kernel) const {
  for (auto& m : modules)
    if (auto* f = m->find(kernel); f && f->is_entry && f->defined) return m.get();
  return nullptr;
}
bool Engine::has_kernel(const std::string& name) const { return s->module_with(name); }
void* Engine::symbol(const std::string& name, size_t* size) {
  for (auto& m : s->modules)
    if (auto it = m->variables.find(name);
        it != m->variables.end() && it->second.address && it->second.space != Space::shared) {
      if (size) *size = it->second.size;
      return (void*)it->second.address;
    }
  return nullptr;
}

// ---- reports ----------------------------------------------------------------------------------

void Launch::report(const std::string& kind, const std::string& key, const std::string& message) {
  auto [it, fresh] = reported.try_emplace(key, result.findings.size());
  if (!fresh) {
    if (it->second < result.findings.size()) ++result.findings[it->second].times;
    return;
  }
  if ((int)result.findings.size() < options->max_findings)
    result.findings.push_back({kind, message});
}
std::string Launch::where(uint32_t i) const {
  return i ? state->module_of[i]->where(*state->instrs[i]) : "?";
}
std::string Launch::thread_name(uint32_t t) const {
  return "(" + std::to_string(t % block.x) + "," + std::to_string(t / block.x % block.y) + "," +
         std::to_string(t / (block.x * block.y)) + ")";
}
std::string Launch::who(const Warp& w, int lane) const {
  auto& b = w.block->id;
  return "thread " + thread_name(uint32_t(w.index * 32 + lane)) + " of block (" +
         std::to_string(b.x) + "," + std::to_string(b.y) + "," + std::to_string(b.z) + ")";
}

// ---- blocks -----------------------------------------------------------------------------------

int Block::live_threads() const {
  int n = 0;
  for (auto& w : warps) n += __builtin_popcount(w->live);
  return n;
}
bool Block::done() const {
  for (auto& w : warps)
    if (w->live) return false;
  return true;
}

bool Block::release_barriers() {
  bool any = false;
  for (int number = 0; number < 16; ++number) {
    int waiting = 0, expected = 0, yes = 0;
    const Instr* first = nullptr;
    std::string differ;
    for (auto& w : warps)
      for (auto& g : w->groups) {
        if (g.state != State::at_barrier || g.barrier != number) continue;
        const Instr& in = g.frame->fn->code[g.pc];
        if (!first)
          first = &in, expected = g.expected;
        else if (first != &in)
          differ = launch->where(first->id) + "\n    and at " + launch->where(in.id);
        waiting += __builtin_popcount(g.mask);
        yes += __builtin_popcount(g.mask & g.reduce);
      }
    if (!waiting) continue;
    int all = expected ? expected : live_threads();
    if (waiting + arrived_extra[number] < all) continue;
    if (!differ.empty())
      throw ProgramError("divergent barrier", "threads of block (" + std::to_string(id.x) + "," +
                                                  std::to_string(id.y) + "," +
                                                  std::to_string(id.z) +
                                                  ") meet at different barriers: at " + differ);
    arrived_extra[number] = 0;
    any = true;
    uint32_t joined = 0;
    for (auto& w : warps) {
      uint32_t lanes = 0;
      for (size_t i = 0; i < w->groups.size(); ++i) {
        auto& g = w->groups[i];
        if (g.state != State::at_barrier || g.barrier != number) continue;
        const Instr& in = g.frame->fn->code[g.pc];
        lanes |= g.mask;
        bool truth = in.op == bar_and ? yes == waiting : yes > 0;
        if (in.dst.size())
          for (uint32_t m = g.mask; m; m &= m - 1)
            g.frame->regs[32 * (size_t)in.dst[0] + __builtin_ctz(m)] = (uint64_t)yes;
        if (in.dst.size()) g.frame->poison[in.dst[0]] &= ~g.mask;
        if (in.pdst >= 0) {
          g.frame->preds[in.pdst] = (g.frame->preds[in.pdst] & ~g.mask) | (truth ? g.mask : 0);
          g.frame->pred_poison[in.pdst] &= ~g.mask;
        }
        g.state = State::ready;
        ++g.pc;
      }
      if (lanes) {
        w->join_warp(lanes);
        joined |= 1u << w->index;
      }
    }
    uint32_t top[32] = {};
    for (auto& w : warps)
      if (joined >> w->index & 1) {
        for (size_t j = 0; j < 32; ++j) top[j] = std::max(top[j], seen_epoch[w->index][j]);
      }
    for (auto& w : warps)
      if (joined >> w->index & 1) top[w->index] = w->epoch;
    for (auto& w : warps)
      if (joined >> w->index & 1) {
        std::memcpy(seen_epoch[w->index], top, sizeof top);
        ++w->epoch;
      }
  }
  return any;
}

void Block::deadlock() {
  std::string what = "no thread of block (" + std::to_string(id.x) + "," + std::to_string(id.y) +
                     "," + std::to_string(id.z) + ") can go on:",
              kind = "deadlock";
  for (auto& w : warps) {
    what += w->describe_waiting();
    const Instr* sync = nullptr;
    for (auto& g : w->groups)
      if (g.state == State::at_warp_sync) {
        const Instr* in = &g.frame->fn->code[g.pc];
        if (sync && sync != in) kind = "lanes of one warp meet in different instructions";
        sync = in;
      }
  }
  throw ProgramError(kind, what);
}

bool Block::run() {
  std::vector<Warp*> order;
  for (auto& w : warps) order.push_back(w.get());
  if (launch->options->order) std::shuffle(order.begin(), order.end(), launch->rng);
  bool any = false;
  for (auto* w : order)
    if (w->live && w->run()) any = true;
  if (release_barriers()) any = true;
  if (!any && !done()) deadlock();
  return any;
}

// ---- launch -----------------------------------------------------------------------------------

namespace {

uint64_t aligned(uint64_t v, uint64_t a) { return (v + a - 1) / a * a; }

// Places the shared variables that the kernel and the functions it calls name, and resolves all
// symbols whose address does not depend on the frame.
void resolve_symbols(Launch& l) {
  std::set<const Function*> seen;
  uint64_t top = 0;
  std::vector<std::string> dynamic;
  std::function<void(const Function&)> visit = [&](const Function& f) {
    if (!seen.insert(&f).second) return;
    auto& out = l.addresses[&f];
    for (auto& [r, text] : f.symbols) {
      std::string name = text.substr(0, text.rfind('+'));
      uint64_t add = std::stoull(text.substr(text.rfind('+')));
      bool found = false;
      for (auto& v : f.locals) found = found || v.name == name;
      if (found) continue;
      if (auto it = l.module->variables.find(name); it != l.module->variables.end()) {
        const Variable& v = it->second;
        if (v.space != Space::shared) {
          if (!v.address) throw ParseError("variable " + name + " is declared but not defined");
          out.push_back({r, v.address + add});
        } else if (v.size == 0) {
          dynamic.push_back(name);
        } else if (!l.shared_offsets.count(name)) {
          l.shared_offsets[name] = aligned(top, v.align);
          top = l.shared_offsets[name] + v.size;
        }
      } else if (auto* g = l.module->find(name)) {
        out.push_back({r, kFunctionWindow + 16ull * (unsigned)g->index});
        visit(*g);
      } else {
        throw ParseError("unknown symbol " + name + " in " + f.name);
      }
    }
    for (auto& in : f.code)
      if (in.callee && in.callee->defined) visit(*in.callee);
  };
  visit(*l.kernel);
  uint64_t start = dynamic.empty() && !l.dynamic_shared ? top : aligned(top, 16);
  for (auto& name : dynamic) l.shared_offsets[name] = start;
  l.shared_bytes = start + l.dynamic_shared;
  for (auto* f : seen)
    for (auto& [r, text] : f->symbols) {
      auto it = l.shared_offsets.find(text.substr(0, text.rfind('+')));
      if (it != l.shared_offsets.end())
        l.addresses[f].push_back({r, it->second + std::stoull(text.substr(text.rfind('+')))});
    }
}

// The blocks of a launch. As many as the options say are resident and take turns; where one of them
// does not come to an end, it may be waiting for a block that has not begun: another one joins.
class Grid {
 public:
  explicit Grid(Launch& l)
      : launch(l), order(size_t{l.grid.x} * l.grid.y * l.grid.z), room(l.options->resident_blocks) {
    for (size_t i = 0; i < order.size(); ++i) order[i] = (uint32_t)i;
    if (l.options->order) std::shuffle(order.begin(), order.end(), l.rng);
  }

  void run() {
    while (resident.size() < std::min(room, order.size())) begin_another();
    for (size_t turn = 0; !resident.empty(); ++turn) {
      const size_t k = (launch.options->order ? launch.rng() : turn) % resident.size();
      const uint64_t before = launch.warp_instructions;
      resident[k].block->run();
      resident[k].spent += launch.warp_instructions - before;
      if (resident[k].block->done()) {
        finish(k);
      } else if (resident[k].spent > kPatience && resident.size() < kMostResident &&
                 started < order.size()) {
        resident[k].spent = 0;
        begin_another();
      }
    }
  }

 private:
  static constexpr uint64_t kPatience = 1'000'000;  // warp instructions
  static constexpr size_t kMostResident = 264;      // two blocks on each multiprocessor of an H100

  struct Resident {
    std::unique_ptr<Block> block = std::make_unique<Block>();
    uint64_t spent = 0;
  };

  void begin(Block& block) {
    const uint32_t i = order[started++];
    const Dim3 g = launch.grid;
    block.start(launch, launch.first_block + i, {i % g.x, i / g.x % g.y, i / g.x / g.y});
  }
  void begin_another() { begin(*resident.emplace_back().block); }
  void finish(size_t k) {
    resident[k].spent = 0;
    if (started < order.size())
      begin(*resident[k].block);
    else
      resident.erase(resident.begin() + (long)k);
  }

  Launch& launch;
  std::vector<uint32_t> order;
  size_t room;
  size_t started = 0;
  std::vector<Resident> resident;
};

Launch make_launch(Engine& engine, const std::string& name) {
  Launch l;
  l.engine = &engine;
  l.state = &engine.state();
  l.options = &engine.options;
  l.module = l.state->module_with(name);
  if (!l.module) throw ParseError("no kernel " + name + " in the loaded PTX");
  l.kernel = l.module->find(name);
  return l;
}

}  // namespace

KernelInfo Engine::info(const std::string& name) {
  Launch l = make_launch(*this, name);
  resolve_symbols(l);
  KernelInfo found{l.kernel->max_threads, l.shared_bytes, {}};
  for (int i = 0; i < l.kernel->formal_args; ++i)
    found.arguments.push_back(
        {(size_t)l.kernel->params[i].offset, (size_t)l.kernel->params[i].size});
  return found;
}

std::vector<uint8_t> Engine::pack(const std::string& name, void* const* args) {
  std::vector<uint8_t> packed;
  size_t i = 0;
  for (auto [offset, size] : info(name).arguments) {
    packed.resize(offset + size);
    std::memcpy(packed.data() + offset, args[i++], size);
  }
  return packed;
}

Result Engine::launch(const std::string& name, Dim3 grid, Dim3 block, size_t dynamic_shared,
                      void* const* args) {
  return launch(name, grid, block, dynamic_shared, pack(name, args));
}

Result Engine::launch(const std::string& name, Dim3 grid, Dim3 block, size_t dynamic_shared,
                      std::vector<uint8_t> packed) {
  Launch l = make_launch(*this, name);
  l.grid = grid;
  l.block = block;
  l.dynamic_shared = dynamic_shared;
  if (l.kernel->max_threads && block.x * block.y * block.z > (uint32_t)l.kernel->max_threads)
    throw ParseError("kernel " + name + " is bounded to " + std::to_string(l.kernel->max_threads) +
                     " threads a block");
  l.args = std::move(packed);
  l.rng.seed((unsigned)options.order);
  l.counts.resize(s->instrs.size());
  l.first_block = s->next_block;
  s->next_block += grid.x * grid.y * grid.z;
  s->released.clear();
  auto t0 = std::chrono::steady_clock::now();
  resolve_symbols(l);
  try {
    Grid(l).run();
  } catch (const ProgramError& e) {
    l.result.findings.push_back({e.kind, e.what(), true});
  }
  l.result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count();
  summarise(l);
  l.result.profile = make_profile(l);
  l.result.footprint = {name, l.first_block, s->next_block};
  return std::move(l.result);
}

}  // namespace ptx
