// Runs one warp: control flow, divergence and calls.
//
// Lanes that share frame and pc form a group and execute together. With several groups the one
// deepest in calls, then with the lowest pc, goes first: in code laid out by nvcc this brings
// lanes together again at the post-dominator. With a seed the choice is random, and groups are
// also split at random, so nothing can lean on lanes running in lockstep.
#include <cstring>

#include "ops.hpp"
#include "runtime.hpp"

namespace ptx {

struct WarpOps {
  Warp& w;
  Launch& launch;

  size_t choose() {  // the group to run, or groups.size()
    size_t best = w.groups.size();
    int ready = 0;
    for (size_t i = 0; i < w.groups.size(); ++i) {
      auto& g = w.groups[i];
      if (g.state != State::ready) continue;
      ++ready;
      if (launch.options->order
              ? best == w.groups.size() || launch.rng() % ready == 0
              : best == w.groups.size() || g.frame->depth > w.groups[best].frame->depth ||
                    (g.frame->depth == w.groups[best].frame->depth && g.pc < w.groups[best].pc))
        best = i;
    }
    return best;
  }

  void uninitialised(const Instr& in, uint32_t bad, const char* what) {
    int lane = __builtin_ctz(bad);
    launch.report("uninitialised value", "uninit" + std::to_string(in.id),
                  std::string(what) + " of an uninitialised value by " + launch.who(w, lane) +
                      "\n    at " + launch.where(in.id));
  }

  // Sources of arithmetic: either all are initialised, or this is a finding, or it is passed on.
  uint32_t poisoned(const Instr& in, uint32_t m) {
    Frame& f = *w.frame;
    uint32_t bad = 0;
    for (int s : in.src) bad |= f.poison[s];
    if (in.psrc >= 0) bad |= f.pred_poison[in.psrc];
    bad &= m;
    if (bad && !in.tolerant && launch.options->uninit == Options::at_use) {
      uninitialised(in, bad, "use");
      bad = 0;  // once is enough: not again for everything computed from it
    }
    return bad;
  }
  void set_poison(const Instr& in, uint32_t m, uint32_t bad) {
    for (int d : in.dst)
      if (d >= 0) w.frame->poison[d] = (w.frame->poison[d] & ~m) | bad;
  }

  void predicate_logic(const Instr& in, uint32_t m) {
    uint32_t v[2] = {}, bad = 0;
    for (int i = 0; i < in.src.size(); ++i) {
      int s = in.src[i];
      v[i] = s == -1 ? 0 : s == -2 ? ~0u : w.preds[s];
      if (s >= 0) bad |= w.frame->pred_poison[s];
      if (in.mode >> i & 1) v[i] = ~v[i];
    }
    uint32_t r = in.op == logic_and   ? v[0] & v[1]
                 : in.op == logic_or  ? v[0] | v[1]
                 : in.op == logic_xor ? v[0] ^ v[1]
                 : in.op == logic_not ? ~v[0]
                                      : v[0];
    w.preds[in.pdst] = (w.preds[in.pdst] & ~m) | (r & m);
    w.frame->pred_poison[in.pdst] = (w.frame->pred_poison[in.pdst] & ~m) | (bad & m);
  }

  void select_value(const Instr& in, uint32_t m) {
    uint32_t p = w.preds[in.psrc] ^ (in.psrc_negated ? ~0u : 0);
    const uint64_t *a = w.reg(in.src[0]), *b = w.reg(in.src[1]);
    uint64_t* d = w.reg(in.dst[0]);
    for (uint32_t k = m; k; k &= k - 1) {
      int l = __builtin_ctz(k);
      d[l] = p >> l & 1 ? a[l] : b[l];
    }
    auto& po = w.frame->poison;
    uint32_t bad = (p & po[in.src[0]]) | (~p & po[in.src[1]]) | w.frame->pred_poison[in.psrc];
    po[in.dst[0]] = (po[in.dst[0]] & ~m) | (bad & m);
  }

  void pack(const Instr& in, uint32_t m) {
    uint64_t part = in.mode == 64 ? ~0ull : (1ull << in.mode) - 1;
    for (uint32_t k = m; k; k &= k - 1) {
      int l = __builtin_ctz(k);
      uint64_t v = 0;
      for (int i = 0; i < in.src.size(); ++i) v |= (w.reg(in.src[i])[l] & part) << in.mode * i;
      w.reg(in.dst[0])[l] = v;
    }
    set_poison(in, m, poisoned(in, m));
  }
  void unpack(const Instr& in, uint32_t m) {
    uint64_t part = (1ull << in.mode) - 1;
    uint32_t bad = poisoned(in, m);
    for (uint32_t k = m; k; k &= k - 1) {
      int l = __builtin_ctz(k);
      uint64_t v = w.reg(in.src[0])[l];
      for (int i = 0; i < in.dst.size(); ++i)
        if (in.dst[i] >= 0) w.reg(in.dst[i])[l] = v >> in.mode * i & part;
    }
    set_poison(in, m, bad);
  }

  void leave_lanes(uint32_t m) {  // those waiting for the lanes that left may now go on
    w.live &= ~m;
    for (auto& g : w.groups)
      if (g.state == State::at_warp_sync) g.state = State::ready;
  }

  void call(size_t g, const Instr& in, uint32_t m) {
    const Function* callee = in.callee;
    if (!callee) {
      uint64_t a = w.reg(in.callee_register)[__builtin_ctz(m)];
      size_t i = (a - kFunctionWindow) / 16;
      if ((a & kWindowMask) != kFunctionWindow || i >= launch.state->functions.size())
        throw ProgramError("bad call",
                           "call through an invalid function pointer at " + launch.where(in.id));
      for (uint32_t k = m; k; k &= k - 1)
        if (w.reg(in.callee_register)[__builtin_ctz(k)] != a)
          throw ProgramError("unsupported", "lanes call different functions through a pointer at " +
                                                launch.where(in.id));
      callee = launch.state->functions[i];
    }
    if (!callee->defined) {
      if (callee->name == "vprintf")
        print_from_device(w, in, m);
      else
        throw ProgramError("device assertion",
                           "assertion failed: " + launch.who(w, __builtin_ctz(m)) + "\n    at " +
                               launch.where(in.id));
      w.groups[g].pc = ++w.pc;
      return;
    }
    Frame* from = w.frame;
    Frame* to = w.enter(from, w.pc, *callee);
    activate(w, *to, m);
    for (uint32_t k = m; k; k &= k - 1) {
      size_t l = __builtin_ctz(k);
      for (size_t i = 0; i < in.args.size(); ++i) {
        const Param &a = from->fn->params[in.args[i]],
                    &p = callee->params[callee->formal_results + i];
        size_t n = std::min(a.size, p.size), s = l * from->fn->param_bytes + a.offset,
               d = l * callee->param_bytes + p.offset;
        std::memcpy(to->params.data() + d, from->params.data() + s, n);
        std::memcpy(to->params_set.data() + d, from->params_set.data() + s, n);
      }
    }
    w.groups[g].frame = to;
    w.groups[g].pc = 0;
    w.select(g);
  }

  void ret(size_t g, uint32_t m) {
    Frame *from = w.frame, *to = from->caller;
    const Instr& in = to->fn->code[from->call_pc];
    for (uint32_t k = m; k; k &= k - 1) {
      size_t l = __builtin_ctz(k);
      for (size_t i = 0; i < in.results.size(); ++i) {
        const Param &p = from->fn->params[i], &r = to->fn->params[in.results[i]];
        size_t n = std::min(r.size, p.size), s = l * from->fn->param_bytes + p.offset,
               d = l * to->fn->param_bytes + r.offset;
        std::memcpy(to->params.data() + d, from->params.data() + s, n);
        std::memcpy(to->params_set.data() + d, from->params_set.data() + s, n);
      }
    }
    from->lanes &= ~m;
    w.groups[g].frame = to;
    w.groups[g].pc = from->call_pc + 1;
    w.select(g);
  }

  // Splits the lanes outside `keep` off group g; they stay at the same pc.
  void split(size_t g, uint32_t keep) {
    Group rest = w.groups[g];
    rest.mask &= ~keep;
    rest.pc = w.pc;
    rest.state = State::ready;
    w.groups[g].mask &= keep;
    w.groups.push_back(rest);
  }

  // A .sync instruction: true once all the named lanes are here and it may execute.
  bool gather(size_t g, const Instr& in) {
    const uint64_t* members = w.reg(in.src[in.src.size() - 1]);
    uint32_t m = w.groups[g].mask;
    uint32_t wanted = (uint32_t)members[__builtin_ctz(m)], same = 0;
    for (uint32_t k = m; k; k &= k - 1) {
      int l = __builtin_ctz(k);
      if (!((uint32_t)members[l] >> l & 1)) {
        char b[16];
        std::snprintf(b, sizeof b, "%08x", (uint32_t)members[l]);
        throw ProgramError("lane not in its own mask", "mask " + std::string(b) + " given by " +
                                                           launch.who(w, l) + "\n    at " +
                                                           launch.where(in.id));
      }
      if ((uint32_t)members[l] == wanted) same |= 1u << l;
    }
    if (same != m) {
      split(g, same);
      m = same;
    }
    Group& me = w.groups[g];
    uint32_t need = wanted & w.live;
    if ((need & ~m) == 0) return true;
    if (in.kind == Kind::warp_barrier) {  // these may be different instructions
      uint32_t here = m;
      for (auto& o : w.groups)
        if (o.state == State::at_warp_sync && o.wanted == wanted &&
            o.frame->fn->code[o.pc].kind == Kind::warp_barrier)
          here |= o.mask;
      if ((need & ~here) == 0) {
        w.join_warp(need);
        for (auto& o : w.groups)
          if (o.state == State::at_warp_sync && o.wanted == wanted &&
              o.frame->fn->code[o.pc].kind == Kind::warp_barrier) {
            o.state = State::ready;
            ++o.pc;
          }
        me.pc = ++w.pc;
        return false;
      }
    }
    me.state = State::at_warp_sync;
    me.wanted = wanted;
    return false;
  }

  void block_barrier(size_t g, const Instr& in, uint32_t m) {
    Group& me = w.groups[g];
    int id = in.src.size() ? (int)w.reg(in.src[0])[__builtin_ctz(m)] : 0;
    if (id < 0 || id > 15)
      throw ProgramError("bad barrier",
                         "barrier number " + std::to_string(id) + " at " + launch.where(in.id));
    me.barrier = id;
    me.expected = in.src.size() > 1 ? (int)w.reg(in.src[1])[__builtin_ctz(m)] : 0;
    me.reduce = in.psrc >= 0 ? w.preds[in.psrc] ^ (in.psrc_negated ? ~0u : 0) : 0;
    if (in.op == bar_arrive) {
      w.block->arrived_extra[id] += __builtin_popcount(m);
      me.pc = ++w.pc;
      return;
    }
    me.state = State::at_barrier;
  }

  // Data is computed or moved: true if `in` was such an instruction.
  bool compute(const Instr& in, uint32_t m) {
    switch (in.kind) {
      case Kind::alu:
      case Kind::move: {
        uint32_t bad = poisoned(in, m);
        in.exec(w, in, m);
        int d = in.dst[0];
        w.frame->poison[d] = (w.frame->poison[d] & ~m) | bad;
        return true;
      }
      case Kind::set_predicate: {
        uint32_t bad = poisoned(in, m);
        in.exec(w, in, m);
        for (int p : {in.pdst, in.pdst2})
          if (p >= 0) w.frame->pred_poison[p] = (w.frame->pred_poison[p] & ~m) | bad;
        return true;
      }
      case Kind::predicate_logic:
        predicate_logic(in, m);
        return true;
      case Kind::select:
        select_value(in, m);
        return true;
      case Kind::pack:
        pack(in, m);
        return true;
      case Kind::unpack:
        unpack(in, m);
        return true;
      case Kind::read_clock:
        read_clock(in, m);
        return true;
      case Kind::load:
      case Kind::store:
      case Kind::atomic:
      case Kind::copy_async:
      case Kind::commit_async:
      case Kind::wait_async:
        if (m) memory_instruction(w, in, m);
        return true;
      case Kind::nop:
        return true;
      case Kind::fence:
        fence(w, m);
        return true;
      case Kind::active_mask:
        for (uint32_t k = m; k; k &= k - 1) w.reg(in.dst[0])[__builtin_ctz(k)] = m;
        set_poison(in, m, 0);
        return true;
      default:
        return false;
    }
  }

  void read_clock(const Instr& in, uint32_t m) {
    uint64_t t = launch.warp_instructions;
    for (uint32_t k = m; k; k &= k - 1)
      w.reg(in.dst[0])[__builtin_ctz(k)] = in.op == clock_low    ? uint32_t(t)
                                           : in.op == clock_high ? t >> 32
                                                                 : t;
    set_poison(in, m, 0);
  }

  enum class Then { next, branched, called, leave };

  // The lanes whose guard is false go on behind the instruction.
  void skip_others(size_t g, uint32_t m) {
    if (m == w.groups[g].mask) return;
    split(g, m);
    ++w.groups.back().pc;
  }

  Then branch(size_t g, const Instr& in, uint32_t m) {
    if (!m) return Then::next;
    skip_others(g, m);
    w.groups[g].pc = w.pc = in.target;
    return Then::branched;
  }

  Then branch_table(size_t g, const Instr& in, uint32_t m) {
    const uint64_t* a = w.reg(in.src[0]);
    uint32_t k = (uint32_t)a[__builtin_ctz(m)], same = 0;
    for (uint32_t q = m; q; q &= q - 1)
      if ((uint32_t)a[__builtin_ctz(q)] == k) same |= q & -q;
    if (same != w.groups[g].mask) split(g, same);  // the others come back to this instruction
    if (k >= in.targets.size())
      throw ProgramError("bad branch",
                         "brx.idx index " + std::to_string(k) + " at " + launch.where(in.id));
    w.groups[g].pc = in.targets[k];
    return Then::leave;
  }

  Then leave_function(size_t g, const Instr& in, uint32_t m) {
    if (in.kind == Kind::ret && w.frame->caller) {
      ret(g, m);
      return Then::called;
    }
    w.groups.erase(w.groups.begin() + (long)g);
    leave_lanes(m);
    return Then::leave;
  }

  Then synchronise(size_t g, const Instr& in) {
    w.groups[g].pc = w.pc;
    if (!gather(g, in)) return Then::leave;
    if (in.kind == Kind::warp_barrier)
      w.join_warp(w.groups[g].mask);
    else
      warp_collective(w, in, w.groups[g].mask);
    return Then::next;
  }

  Then control(size_t g, const Instr& in, uint32_t m) {
    if (in.kind == Kind::branch) return branch(g, in, m);
    if (!m) return Then::next;
    if (in.kind == Kind::branch_table) return branch_table(g, in, m);
    if (in.kind == Kind::trap)
      throw ProgramError("trap", "trap executed by " + launch.who(w, __builtin_ctz(m)) +
                                     "\n    at " + launch.where(in.id));
    skip_others(g, m);
    switch (in.kind) {
      case Kind::call:
        call(g, in, m);
        return Then::called;
      case Kind::ret:
      case Kind::exit:
        return leave_function(g, in, m);
      case Kind::block_barrier:
        block_barrier(g, in, m);
        return Then::leave;
      default:
        return synchronise(g, in);
    }
  }

  // The lanes of `all` whose guard is true.
  uint32_t guarded(const Instr& in, uint32_t all) {
    if (in.guard < 0) return all;
    const uint32_t p = w.preds[in.guard];
    if (uint32_t bad = w.frame->pred_poison[in.guard] & all) {
      if (launch.options->uninit == Options::at_use)
        uninitialised(in, bad, "branch on or predication by a result");
      w.frame->pred_poison[in.guard] &= ~bad;
    }
    return all & (in.guard_negated ? ~p : p);
  }

  void count(const Instr& in, uint32_t all, uint32_t m) {
    if (++launch.warp_instructions > launch.options->max_warp_instructions)
      throw ProgramError("endless loop", "the launch ran " +
                                             std::to_string(launch.options->max_warp_instructions) +
                                             " warp instructions; now at " + launch.where(in.id));
    auto& counted = launch.counts[in.id];
    ++counted.warps;
    counted.standing += (unsigned)__builtin_popcount(all);
    counted.lanes += (unsigned)__builtin_popcount(m);
  }

  // Runs group g until it waits, ends, or another group should be considered.
  void run_group(size_t g) {
    w.select(g);
    int patience =
        launch.options->order ? 1 + int(launch.rng() % 64) : 4096;  // before others get a turn
    if (w.groups[g].mask != (w.groups[g].mask & -w.groups[g].mask) && launch.random(8)) {
      uint32_t keep = w.groups[g].mask & (uint32_t)launch.rng();
      if (keep && keep != w.groups[g].mask) split(g, keep);
    }
    while (true) {
      bool several = w.groups.size() > 1;
      if (several && w.merge(g)) several = w.groups.size() > 1;
      const Instr& in = w.frame->fn->code[w.pc];
      const uint32_t m = guarded(in, w.groups[g].mask);
      count(in, w.groups[g].mask, m);
      if (!compute(in, m)) {
        const Then then = control(g, in, m);
        if (then == Then::leave) return;
        if (then != Then::next) {
          if (w.groups.size() > 1) return;
          if (then == Then::branched && (launch.options->order || --patience < 0)) return;
          continue;
        }
      }
      const bool reconsider = in.kind == Kind::nop;
      w.groups[g].pc = ++w.pc;
      if (w.groups.size() > 1 && (!several || reconsider || --patience < 0)) return;
      if (reconsider && --patience < 0) return;
    }
  }
};

bool Warp::run() {
  Launch& l = *block->launch;
  WarpOps ops{*this, l};
  bool any = false;
  uint64_t stop = l.warp_instructions +
                  (l.options->order ? 1 + l.rng() % 1000 : 200000);  // then other warps get a turn
  size_t last = ~size_t(0);
  int same = 0;
  while (l.warp_instructions < stop) {
    size_t g = ops.choose();
    if (g == groups.size()) break;
    if (!l.options->order && groups.size() > 1) {
      // A group that spins must not keep the one it waits for from running.
      same = g == last ? same + 1 : 0;
      last = g;
      if (same > 200)
        for (size_t i = 1; i < groups.size(); ++i) {
          size_t o = (g + i) % groups.size();
          if (groups[o].state == State::ready) {
            g = o;
            break;
          }
        }
    }
    any = true;
    ops.run_group(g);
  }
  return any;
}

}  // namespace ptx
