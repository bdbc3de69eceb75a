// From the text of one instruction to its executable form.
#include <cfenv>
#include <map>
#include <set>

#include "error.hpp"
#include "handlers.hpp"
#include "ops.hpp"

namespace ptx {

const char* name_of(Class c) {
  static const char* const names[] = {
      "fma f64", "other f64", "special f64", "fma f32", "other f32", "special f32", "integer",
      "convert", "move",      "memory",      "control", "warp",      "barrier"};
  return names[(int)c];
}

void store_predicate(Warp& w, const Instr& in, uint32_t m, uint32_t r) {
  uint32_t q = ~r;  // the second destination gets the complement, combined in the same way
  if (in.mode != logic_none) {
    uint32_t c = w.preds[in.psrc] ^ (in.psrc_negated ? ~0u : 0);
    auto combine = [&](uint32_t x) {
      return in.mode == logic_and ? x & c : in.mode == logic_or ? x | c : x ^ c;
    };
    r = combine(r);
    q = combine(q);
  }
  if (in.kind != Kind::set_predicate) {  // the set instruction: all ones or 1.0 in a register
    uint64_t* d = w.reg(in.dst[0]);
    uint64_t yes = in.type == Type::f32 ? 0x3f800000u : 0xffffffffu;
    for_lanes(m, [=](int l) { d[l] = r >> l & 1 ? yes : 0; });
    return;
  }
  if (in.pdst >= 0) w.preds[in.pdst] = (w.preds[in.pdst] & ~m) | (r & m);
  if (in.pdst2 >= 0) w.preds[in.pdst2] = (w.preds[in.pdst2] & ~m) | (q & m);
}

namespace {

void move64(Warp& w, const Instr& in, uint32_t m) {
  uint64_t* d = w.reg(in.dst[0]);
  const uint64_t* a = w.reg(in.src[0]);
  for_lanes(m, [=](int l) { d[l] = a[l]; });
}
void with_rounding(Warp& w, const Instr& in, uint32_t m) {
  std::fesetround(in.rounding);
  in.inner(w, in, m);
  std::fesetround(FE_TONEAREST);
}
template <class T>
void saturated(Warp& w, const Instr& in, uint32_t m) {
  in.inner(w, in, m);
  uint64_t* d = w.reg(in.dst[0]);
  for_lanes(m, [=](int l) {
    T v = from_bits<T>(d[l]);
    d[l] = to_bits<T>(v > T(0) ? (v < T(1) ? v : T(1)) : T(0));
  });  // NaN gives 0
}
void with_rounding_and_sat(Warp& w, const Instr& in, uint32_t m) {
  std::fesetround(in.rounding);
  saturated<float>(w, in, m);
  std::fesetround(FE_TONEAREST);
}

class Decoder {
 public:
  Decoder(Scope& s, const RawInstr& r, Instr& i) : scope(s), raw(r), in(i) {
    for (auto& m : raw.mods)
      if (Type t = type_from(m); t != Type::none) types.push_back(t);
    type = types.empty() ? Type::none : types.back();
    in.type = type;
  }
  void run() {
    if (control() || barriers() || synchronisation() || memory() || predicates() || tests() ||
        moves() || arithmetic())
      return;
    unsupported();
  }

 private:
  Scope& scope;
  const RawInstr& raw;
  Instr& in;
  std::vector<Type> types;
  Type type;

  [[noreturn]] void unsupported() { fail(raw.line, "unsupported instruction '" + raw.op + "'"); }
  const Operand& operand(size_t i) {
    if (i >= raw.operands.size()) fail(raw.line, "'" + raw.op + "' has too few operands");
    return raw.operands[i];
  }
  int use(const Operand& o) {
    switch (o.kind) {
      case Operand::imm:
        return scope.constant(o.value);
      case Operand::symbol:
        if (int p = scope.param(o.name); p >= 0)
          return scope.constant(uint64_t(scope.param_offset(p)) + o.value);
        return scope.symbol(o.name, o.value);
      case Operand::reg:
        return scope.reg(o.name, raw.line);
      default:
        fail(raw.line, "unexpected operand of '" + raw.op + "'");
    }
  }
  void sources(size_t from, size_t count) {
    for (size_t i = 0; i < count; ++i) in.src.push_back(use(operand(from + i)));
  }
  void destination(size_t i = 0) { in.dst.push_back(scope.reg(operand(i).name, raw.line)); }
  void address(const Operand& o) {
    if (o.kind != Operand::address) fail(raw.line, "'" + raw.op + "' needs an address");
    in.offset = (int64_t)o.value;
    if (o.name.empty()) return;
    if (int p = scope.param(o.name); p >= 0)
      in.offset += scope.param_offset(p);
    else if (scope.is_reg(o.name))
      in.address = scope.reg(o.name, raw.line);
    else
      in.address = scope.symbol(o.name, 0);
  }
  Space space() {
    for (auto& m : raw.mods) {
      if (m == "global") return Space::global;
      if (m.starts_with("shared")) {
        if (m == "shared::cluster") unsupported();
        return Space::shared;
      }
      if (m == "local") return Space::local;
      if (m == "const") return Space::constant;
      if (m.starts_with("param")) return Space::param;
    }
    return Space::generic;
  }
  int choose(std::initializer_list<std::pair<const char*, int>> names) {
    for (auto& [n, v] : names)
      if (raw.has(n)) return v;
    unsupported();
  }

  bool control() {
    const std::string& b = raw.base;
    in.cls = Class::control;
    if (b == "bra")
      in.kind = Kind::branch;
    else if (b == "brx") {
      in.kind = Kind::branch_table;
      sources(0, 1);
    } else if (b == "call")
      in.kind = Kind::call;
    else if (b == "ret")
      in.kind = Kind::ret;
    else if (b == "exit")
      in.kind = Kind::exit;
    else if (b == "trap" || b == "brkpt")
      in.kind = Kind::trap;
    else if (b == "nanosleep" || b == "prefetch" || b == "prefetchu" || b == "pmevent" ||
             b == "griddepcontrol" || b == "setmaxnreg" || b == "applypriority" || b == "discard")
      in.kind = Kind::nop;
    else if (b == "membar" || b == "fence") {
      in.kind = Kind::fence;
      if (raw.has("proxy") || raw.has("cluster")) unsupported();
    } else
      return false;
    return true;
  }

  bool barriers() {
    const std::string& b = raw.base;
    in.cls = Class::warp;
    if ((b != "bar" && b != "barrier") || raw.has("cluster")) return false;
    if (raw.has("warp")) {
      in.kind = Kind::warp_barrier;
      sources(0, 1);
      in.cls = Class::barrier;
      return true;
    }
    in.kind = Kind::block_barrier;
    in.cls = Class::barrier;
    in.aligned = b == "bar" || raw.has("aligned");
    if (raw.has("red")) {
      in.op = (uint8_t)choose({{"popc", bar_popc}, {"and", bar_and}, {"or", bar_or}});
      in.psrc = scope.pred(raw.operands.back().name, raw.line);
      in.psrc_negated = raw.operands.back().negated;
      if (in.op == bar_popc)
        destination();
      else
        in.pdst = scope.pred(operand(0).name, raw.line);
      sources(1, raw.operands.size() - 2);
    } else {
      in.op = raw.has("arrive") ? bar_arrive : bar_sync;
      sources(0, raw.operands.size());
    }
    return true;
  }

  bool synchronisation() {
    const std::string& b = raw.base;
    in.cls = Class::warp;
    if (b == "shfl") {
      in.kind = Kind::shuffle;
      in.tolerant = true;
      in.op = (uint8_t)choose(
          {{"up", shfl_up}, {"down", shfl_down}, {"bfly", shfl_bfly}, {"idx", shfl_idx}});
      if (!raw.has("sync")) unsupported();
      destination();
      if (operand(0).kind == Operand::pred_pair) in.pdst = scope.pred(operand(0).second, raw.line);
      sources(1, 4);  // value, lane or delta, clamp and segment mask, members
      return true;
    }
    if (b == "vote") {
      in.kind = Kind::vote;
      in.op = (uint8_t)choose(
          {{"all", vote_all}, {"any", vote_any}, {"uni", vote_uni}, {"ballot", vote_ballot}});
      if (!raw.has("sync")) unsupported();
      if (in.op == vote_ballot)
        destination();
      else
        in.pdst = scope.pred(operand(0).name, raw.line);
      in.psrc = scope.pred(operand(1).name, raw.line);
      in.psrc_negated = operand(1).negated;
      sources(2, 1);
      return true;
    }
    if (b == "match") {
      in.kind = Kind::match;
      in.op = raw.has("all");
      destination();
      if (operand(0).kind == Operand::pred_pair) in.pdst = scope.pred(operand(0).second, raw.line);
      sources(1, 2);
      return true;
    }
    if (b == "redux") {
      in.kind = Kind::redux;
      in.op = (uint8_t)choose({{"add", atom_add},
                               {"min", atom_min},
                               {"max", atom_max},
                               {"and", atom_and},
                               {"or", atom_or},
                               {"xor", atom_xor}});
      destination();
      sources(1, 2);
      return true;
    }
    if (b == "elect") {
      in.kind = Kind::elect;
      in.dst.push_back(operand(0).name == "_" ? -1 : scope.reg(operand(0).name, raw.line));
      in.pdst = scope.pred(operand(0).second, raw.line);
      sources(1, 1);
      return true;
    }
    if (b == "activemask") {
      in.kind = Kind::active_mask;
      destination();
      return true;
    }
    return false;
  }

  bool memory() {
    const std::string& b = raw.base;
    in.cls = Class::memory;
    if (b == "ld" || b == "ldu" || b == "st") {
      bool load = b != "st";
      in.kind = load ? Kind::load : Kind::store;
      in.tolerant = true;
      in.space = space();
      in.acquire = raw.has("acquire");
      in.release = raw.has("release");
      in.read_only = raw.has("nc");
      in.strong =
          in.acquire || in.release || raw.has("volatile") || raw.has("relaxed") || raw.has("mmio");
      if (type == Type::none || type == Type::b128) unsupported();
      address(operand(load ? 1 : 0));
      const Operand& v = operand(load ? 0 : 1);
      auto add = [&](const Operand& o) {
        if (load)
          in.dst.push_back(o.name == "_" ? -1 : scope.reg(o.name, raw.line));
        else
          in.src.push_back(use(o));
      };
      if (v.kind == Operand::vector) {
        if (v.parts.size() > 4) unsupported();
        for (auto& p : v.parts) add(p);
      } else
        add(v);
      return true;
    }
    if (b == "atom" || b == "red") {
      in.kind = Kind::atomic;
      in.space = space();
      in.op = (uint8_t)choose({{"add", atom_add},
                               {"min", atom_min},
                               {"max", atom_max},
                               {"exch", atom_exch},
                               {"cas", atom_cas},
                               {"and", atom_and},
                               {"or", atom_or},
                               {"xor", atom_xor},
                               {"inc", atom_inc},
                               {"dec", atom_dec}});
      in.acquire = raw.has("acquire") || raw.has("acq_rel");
      in.release = raw.has("release") || raw.has("acq_rel");
      in.strong = true;
      if (size_of(type) != 4 && size_of(type) != 8) unsupported();
      size_t first = b == "atom" ? 1 : 0;
      in.dst.push_back(first && operand(0).name != "_" ? scope.reg(operand(0).name, raw.line) : -1);
      address(operand(first));
      sources(first + 1, in.op == atom_cas ? 2 : 1);
      return true;
    }
    if (b == "cp" && raw.has("async") && !raw.has("bulk")) {
      if (raw.has("commit_group"))
        in.kind = Kind::commit_async;
      else if (raw.has("wait_group")) {
        in.kind = Kind::wait_async;
        in.offset = (int64_t)operand(0).value;
      } else if (raw.has("wait_all")) {
        in.kind = Kind::wait_async;
        in.offset = 0;
      } else if (raw.has("mbarrier"))
        unsupported();
      else {
        in.kind = Kind::copy_async;
        address(operand(0));
        in.src.push_back(operand(1).name.empty()         ? scope.constant(operand(1).value)
                         : scope.is_reg(operand(1).name) ? scope.reg(operand(1).name, raw.line)
                                                         : scope.symbol(operand(1).name, 0));
        in.src.push_back(scope.constant(operand(1).name.empty() ? 0 : operand(1).value));
        // bytes, and how many of them come from memory
        sources(2, raw.operands.size() > 3 ? 2 : 1);
      }
      return true;
    }
    return false;
  }

  bool predicates() {
    const std::string& b = raw.base;
    in.cls = Class::integer;
    if (b == "setp" || b == "set") {
      bool p = b == "setp";
      in.kind = p ? Kind::set_predicate : Kind::alu;
      std::string cmp = raw.mods.at(0);
      in.mode = raw.has("and")   ? logic_and
                : raw.has("or")  ? logic_or
                : raw.has("xor") ? logic_xor
                                 : logic_none;
      in.exec = compare_handler(raw, cmp, type);
      if (!in.exec) unsupported();
      if (is_float(type)) in.cls = type == Type::f64 ? Class::fp64 : Class::fp32;
      if (p) {
        in.pdst = scope.pred(operand(0).name, raw.line);
        if (operand(0).kind == Operand::pred_pair)
          in.pdst2 = scope.pred(operand(0).second, raw.line);
      } else {
        destination();
        in.type = types.at(0);
      }
      sources(1, 2);
      if (in.mode != logic_none) {
        in.psrc = scope.pred(operand(3).name, raw.line);
        in.psrc_negated = operand(3).negated;
      }
      return true;
    }
    if (b == "selp") {
      in.kind = Kind::select;
      in.tolerant = true;
      destination();
      sources(1, 2);
      in.psrc = scope.pred(operand(3).name, raw.line);
      in.psrc_negated = operand(3).negated;
      return true;
    }
    if (type == Type::pred && (b == "and" || b == "or" || b == "xor" || b == "not" || b == "mov")) {
      in.kind = Kind::predicate_logic;
      in.tolerant = true;
      in.op = b == "and"   ? logic_and
              : b == "or"  ? logic_or
              : b == "xor" ? logic_xor
              : b == "not" ? logic_not
                           : logic_copy;
      in.pdst = scope.pred(operand(0).name, raw.line);
      // src holds predicates here; -1 and -2 are false and true
      for (size_t i = 1; i < raw.operands.size(); ++i) {
        const Operand& o = operand(i);
        in.src.push_back(o.kind == Operand::imm ? (o.value ? -2 : -1)
                                                : scope.pred(o.name, raw.line));
        if (o.negated) in.mode |= uint8_t(1 << (i - 1));
      }
      return true;
    }
    return false;
  }

  bool tests() {
    const std::string& b = raw.base;
    in.cls = Class::integer;
    if (b == "testp") {
      in.kind = Kind::set_predicate;
      in.cls = type == Type::f64 ? Class::fp64 : Class::fp32;
      in.pdst = scope.pred(operand(0).name, raw.line);
      sources(1, 1);
      in.src.push_back(in.src[0]);
      auto test = [&]<class T>(T) -> Handler {
        if (raw.has("finite")) return compare<[](T a, T) { return std::isfinite(a); }>;
        if (raw.has("infinite")) return compare<[](T a, T) { return std::isinf(a); }>;
        if (raw.has("number")) return compare<[](T a, T) { return !std::isnan(a); }>;
        if (raw.has("notanumber")) return compare<[](T a, T) { return std::isnan(a); }>;
        if (raw.has("normal")) return compare<[](T a, T) { return std::isnormal(a); }>;
        if (raw.has("subnormal"))
          return compare<[](T a, T) { return std::fpclassify(a) == FP_SUBNORMAL; }>;
        return nullptr;
      };
      in.exec = type == Type::f64 ? test(0.0) : test(0.f);
      if (!in.exec) unsupported();
      return true;
    }
    if (b == "isspacep") {
      in.kind = Kind::set_predicate;
      in.pdst = scope.pred(operand(0).name, raw.line);
      sources(1, 1);
      Space s = space();
      in.src.push_back(scope.constant(s == Space::shared  ? kSharedWindow
                                      : s == Space::local ? kLocalWindow
                                      : s == Space::param ? kParamWindow
                                                          : 0));
      in.exec = compare<[](uint64_t a, uint64_t window) { return (a & kWindowMask) == window; }>;
      return true;
    }
    return false;
  }

  bool moves() {
    const std::string& b = raw.base;
    in.cls = Class::move;
    if (b == "mov") {
      in.tolerant = true;
      const Operand &d = operand(0), &s = operand(1);
      if (d.kind == Operand::vector) {
        in.kind = Kind::unpack;
        if (d.parts.size() > 4) unsupported();
        for (auto& p : d.parts) in.dst.push_back(p.name == "_" ? -1 : scope.reg(p.name, raw.line));
        sources(1, 1);
        in.mode = uint8_t(8 * size_of(type) / d.parts.size());
      } else if (s.kind == Operand::vector) {
        in.kind = Kind::pack;
        if (s.parts.size() > 4) unsupported();
        destination();
        for (auto& p : s.parts) in.src.push_back(use(p));
        in.mode = uint8_t(8 * size_of(type) / s.parts.size());
      } else if (s.name == "%clock" || s.name == "%clock64" || s.name == "%clock_hi" ||
                 s.name == "%globaltimer") {
        in.kind = Kind::read_clock;
        in.op = s.name == "%clock" ? clock_low : s.name == "%clock_hi" ? clock_high : clock_full;
        destination();
      } else {
        in.kind = Kind::move;
        in.exec = move64;
        destination();
        sources(1, 1);
      }
      return true;
    }
    if (b == "cvta") {
      bool to = raw.has("to");
      Space s = space();
      uint64_t window = s == Space::shared  ? kSharedWindow
                        : s == Space::local ? kLocalWindow
                        : s == Space::param ? kParamWindow
                                            : 0;
      in.kind = Kind::alu;
      destination();
      sources(1, 1);
      in.src.push_back(scope.constant(to ? -window : window));
      in.exec = each<[](uint64_t a, uint64_t w) {
        return a ? a + w : (w >> 63 ? a : a + w);
      }>;  // null stays null on the way out of generic
      return true;
    }
    return false;
  }

  bool arithmetic() {
    const std::string& b = raw.base;
    in.kind = Kind::alu;
    if (b == "cvt") {
      if (types.size() != 2) unsupported();
      in.exec = convert_handler(raw, types[0], types[1]);
      in.cls = Class::convert;
      in.type = types[0];
      in.tolerant = !is_float(types[0]) && !is_float(types[1]);
      destination();
      sources(1, 1);
    } else if (b == "slct") {
      in.cls = Class::integer;
      in.exec = type == Type::f32
                    ? each<[](uint64_t x, uint64_t y, float c) { return c >= 0 ? x : y; }>
                    : each<[](uint64_t x, uint64_t y, int32_t c) { return c >= 0 ? x : y; }>;
      destination();
      sources(1, 3);
    } else {
      if (is_float(type)) {
        in.exec = float_handler(raw, type);
        bool d = type == Type::f64;
        static const std::set<std::string> special = {"rcp", "rsqrt", "sqrt", "ex2", "lg2",
                                                      "sin", "cos",   "tanh", "div"};
        in.cls = b == "fma" || b == "mad" ? (d ? Class::fma64 : Class::fma32)
                 : special.count(b)       ? (d ? Class::special64 : Class::special32)
                 : d                      ? Class::fp64
                                          : Class::fp32;
        in.tolerant = false;
      } else {
        in.exec = integer_handler(raw, type);
        in.cls = Class::integer;
        in.mode = uint8_t((b == "addc" || b == "subc" || b == "madc") | raw.has("cc") << 1);
        static const std::set<std::string> bitwise = {"and",  "or",  "xor", "not", "shl", "shr",
                                                      "prmt", "bfe", "bfi", "shf", "lop3"};
        in.tolerant = bitwise.count(b);
      }
      if (!in.exec) return false;
      destination();
      sources(1, raw.operands.size() - 1);
    }
    if (!in.exec) unsupported();
    if (is_float(in.type)) {
      in.rounding = 0;
      int mode = raw.has("rz")   ? FE_TOWARDZERO
                 : raw.has("rm") ? FE_DOWNWARD
                 : raw.has("rp") ? FE_UPWARD
                                 : FE_TONEAREST;
      bool sat = raw.has("sat");
      if (mode != FE_TONEAREST || sat) {
        static_assert(FE_TONEAREST == 0 && FE_TOWARDZERO < 65536);
        in.inner = in.exec;
        in.saturate = sat;
        in.rounding = (uint16_t)mode;
        in.exec = sat ? (mode                   ? with_rounding_and_sat
                         : in.type == Type::f64 ? saturated<double>
                                                : saturated<float>)
                      : with_rounding;
      }
    }
    return true;
  }
};

}  // namespace

void decode(Module&, Scope& scope, const RawInstr& raw, Instr& in) {
  Decoder(scope, raw, in).run();
}

}  // namespace ptx
