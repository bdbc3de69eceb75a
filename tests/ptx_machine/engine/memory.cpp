// Loads, stores, atomics and asynchronous copies of one warp instruction.
#include <algorithm>
#include <numeric>

#include "handlers.hpp"
#include "ops.hpp"
#include "runtime.hpp"

namespace ptx {
namespace {

uint64_t identity_of(const Warp& w,
                     const Place& p) {  // a key for what atomics at this place publish
  return p.space == Space::shared ? kSharedWindow + (uint64_t(w.block->serial) << 20) + p.address
                                  : p.address;
}

int lane_order(Launch& l, uint32_t mask, int* lanes) {
  int n = 0;
  for (; mask; mask &= mask - 1) lanes[n++] = __builtin_ctz(mask);
  if (l.options->order) std::shuffle(lanes, lanes + n, l.rng);
  return n;
}

uint64_t load_bits(const uint8_t* p, int bytes) {
  uint64_t v = 0;
  std::memcpy(&v, p, bytes);
  return v;
}

bool all_valid(const uint8_t* v, int bytes) {
  for (int i = 0; i < bytes; ++i)
    if (!v[i]) return false;
  return true;
}

uint64_t extend(uint64_t v, Type t) {
  if (t == Type::s8) return uint64_t(int64_t(int8_t(v)));
  if (t == Type::s16) return uint64_t(int64_t(int16_t(v)));
  return v;  // 32-bit registers are read at their own width
}

void addresses_of(Warp& w, const Instr& in, uint32_t mask, uint64_t* a) {
  const uint64_t* base = in.address >= 0 ? w.reg(in.address) : nullptr;
  for (uint32_t m = mask; m; m &= m - 1) {
    int l = __builtin_ctz(m);
    a[l] = (base ? base[l] : 0) + (uint64_t)in.offset;
  }
  if (in.address >= 0) {
    uint32_t& bad = w.frame->poison[in.address];
    if (bad & mask) {
      Launch& la = *w.block->launch;
      if (la.options->uninit != Options::off)
        la.report("uninitialised value", "address" + std::to_string(in.id),
                  "use of an uninitialised address by " + la.who(w, __builtin_ctz(bad & mask)) +
                      "\n    at " + la.where(in.id));
      bad &= ~mask;
    }
  }
}

void load(Warp& w, const Instr& in, uint32_t mask) {
  Launch& la = *w.block->launch;
  uint64_t a[32];
  addresses_of(w, in, mask, a);
  int each = size_of(in.type), n = in.dst.size(), total = each * n;
  uint32_t bad[4] = {};
  Space space = in.space;
  for (uint32_t m = mask; m; m &= m - 1) {
    int l = __builtin_ctz(m);
    Place p = resolve(w, in, l, a[l], total, false);
    space = p.space;
    if (in.acquire) acquire(w, l, identity_of(w, p));
    note_access(w, in, l, p, total, false, in.strong ? strong_access : weak_access, nullptr);
    for (int i = 0; i < n; ++i) {
      if (in.dst[i] < 0) continue;
      w.reg(in.dst[i])[l] = extend(load_bits(p.data + i * each, each), in.type);
      if (!all_valid(p.valid + i * each, each)) bad[i] |= 1u << l;
    }
  }
  for (int i = 0; i < n; ++i) {
    if (in.dst[i] < 0) continue;
    if (bad[i] && la.options->uninit == Options::at_load) {
      int l = __builtin_ctz(bad[i]);
      la.report("uninitialised value", "load" + std::to_string(in.id),
                "load of uninitialised memory by " + la.who(w, l) + "\n    at " + la.where(in.id));
      bad[i] = 0;
    }
    w.frame->poison[in.dst[i]] = (w.frame->poison[in.dst[i]] & ~mask) | bad[i];
  }
  count_addresses(la, in, space, a, mask, total);
}

void store(Warp& w, const Instr& in, uint32_t mask) {
  Launch& la = *w.block->launch;
  uint64_t a[32];
  addresses_of(w, in, mask, a);
  int each = size_of(in.type), n = in.src.size(), total = each * n;
  int lanes[32], count = lane_order(
                     la, mask, lanes);  // which of several writes to one place stays is undefined
  Space space = in.space;
  for (int k = 0; k < count; ++k) {
    int l = lanes[k];
    Place p = resolve(w, in, l, a[l], total, true);
    space = p.space;
    uint8_t value[32];
    for (int i = 0; i < n; ++i) std::memcpy(value + i * each, &w.reg(in.src[i])[l], each);
    if (in.release) {
      fence(w, 1u << l);
      release(w, l, identity_of(w, p));
    } else if (in.strong && w.fence_clock[l])
      release(w, l, identity_of(w, p));
    note_access(w, in, l, p, total, true, in.strong ? strong_access : weak_access, value);
    std::memcpy(p.data, value, total);
    for (int i = 0; i < n; ++i)
      std::memset(p.valid + i * each, w.frame->poison[in.src[i]] >> l & 1 ? 0 : 0xff, each);
  }
  count_addresses(la, in, space, a, mask, total);
}

template <class T>
T float_op(uint8_t op, T old, T v) {
  return op == atom_add ? old + v : op == atom_min ? std::fmin(old, v) : std::fmax(old, v);
}
template <class U>
U integer_op(uint8_t op, U old, U b, U c) {
  using S = std::make_signed_t<U>;
  (void)c;
  switch (op) {
    case atom_add:
      return old + b;
    case atom_exch:
      return b;
    case atom_cas:
      return old == b ? c : old;
    case atom_and:
      return old & b;
    case atom_or:
      return old | b;
    case atom_xor:
      return old ^ b;
    case atom_inc:
      return old >= b ? 0 : old + 1;
    case atom_dec:
      return old == 0 || old > b ? b : old - 1;
    case atom_min + 16:
      return S(old) < S(b) ? old : b;
    case atom_max + 16:
      return S(old) > S(b) ? old : b;
    case atom_min:
      return old < b ? old : b;
    default:
      return old > b ? old : b;
  }
}

void atomic(Warp& w, const Instr& in, uint32_t mask) {
  Launch& la = *w.block->launch;
  uint64_t a[32];
  addresses_of(w, in, mask, a);
  int bytes = size_of(in.type), lanes[32], count = lane_order(la, mask, lanes);
  uint8_t op = in.op;
  if (is_signed(in.type) && (op == atom_min || op == atom_max)) op = uint8_t(op + 16);
  Space space = in.space;
  for (int k = 0; k < count; ++k) {
    int l = lanes[k];
    Place p = resolve(w, in, l, a[l], bytes, true);
    space = p.space;
    for (int s : in.src)
      if (w.frame->poison[s] >> l & 1 && la.options->uninit != Options::off)
        la.report("uninitialised value", "atomic" + std::to_string(in.id),
                  "atomic update with an uninitialised value by " + la.who(w, l) + "\n    at " +
                      la.where(in.id));
    if (op != atom_exch && !all_valid(p.valid, bytes) && la.options->uninit != Options::off)
      la.report("uninitialised value", "target" + std::to_string(in.id),
                "atomic update of uninitialised memory by " + la.who(w, l) + "\n    at " +
                    la.where(in.id));
    uint64_t key = identity_of(w, p);
    if (in.release) fence(w, 1u << l);
    release(w, l, key);
    acquire(w, l, key);  // relaxed atomics followed by a fence acquire; the fence is not waited for
    note_access(w, in, l, p, bytes, true, atomic_access, nullptr);
    uint64_t old = load_bits(p.data, bytes), b = w.reg(in.src[0])[l],
             c = in.src.size() > 1 ? w.reg(in.src[1])[l] : 0, now;
    if (in.type == Type::f64)
      now = to_bits(float_op(op, from_bits<double>(old), from_bits<double>(b)));
    else if (in.type == Type::f32)
      now = to_bits(float_op(op, from_bits<float>(old), from_bits<float>(b)));
    else if (bytes == 8)
      now = integer_op<uint64_t>(op, old, b, c);
    else
      now = integer_op<uint32_t>(op, uint32_t(old), uint32_t(b), uint32_t(c));
    std::memcpy(p.data, &now, bytes);
    std::memset(p.valid, 0xff, bytes);
    if (in.dst[0] >= 0) w.reg(in.dst[0])[l] = old;
  }
  if (in.dst[0] >= 0) w.frame->poison[in.dst[0]] &= ~mask;
  count_addresses(la, in, space, a, mask, bytes);
}

// cp.async: the source is read now, the destination written at the wait, so that a missing wait
// is seen as uninitialised or old data.
void copy_async(Warp& w, const Instr& in, uint32_t mask) {
  uint64_t to[32], from[32];
  addresses_of(w, in, mask, to);
  Launch& la = *w.block->launch;
  int bytes = (int)w.reg(in.src[2])[__builtin_ctz(mask)];
  Instr read = in, write = in;
  read.space = Space::global;
  write.space = Space::shared;
  for (uint32_t m = mask; m; m &= m - 1) {
    int l = __builtin_ctz(m);
    from[l] = w.reg(in.src[0])[l] + w.reg(in.src[1])[l];
    int present = in.src.size() > 3 ? (int)w.reg(in.src[3])[l] : bytes;
    resolve(w, write, l, to[l], bytes, true);
    PendingCopy c{to[l], ~0u, bytes, {}, l};
    if (present) {
      Place p = resolve(w, read, l, from[l], bytes, false);
      note_access(w, read, l, p, bytes, false, weak_access, nullptr);
      std::memcpy(c.data, p.data, present);
      for (int i = 0; i < present; ++i)
        if (!p.valid[i]) c.valid &= ~(1u << i);
    }
    w.copies.back().push_back(c);
  }
  count_addresses(la, read, Space::global, from, mask, bytes);
}
void wait_async(Warp& w, const Instr& in) {
  if (in.offset == 0) w.copies.push_back({});
  Instr write = in;
  write.space = Space::shared;
  while (w.copies.size() > (size_t)in.offset + 1) {
    for (auto& c : w.copies.front()) {
      Place p = resolve(w, write, c.lane, c.to, c.bytes, true);
      note_access(w, write, c.lane, p, c.bytes, true, weak_access, c.data);
      std::memcpy(p.data, c.data, c.bytes);
      for (int i = 0; i < c.bytes; ++i) p.valid[i] = c.valid >> i & 1 ? 0xff : 0;
    }
    w.copies.erase(w.copies.begin());
  }
}

}  // namespace

void memory_instruction(Warp& w, const Instr& in, uint32_t m) {
  switch (in.kind) {
    case Kind::load:
      return load(w, in, m);
    case Kind::store:
      return store(w, in, m);
    case Kind::atomic:
      return atomic(w, in, m);
    case Kind::copy_async:
      return copy_async(w, in, m);
    case Kind::commit_async:
      w.copies.push_back({});
      return;
    default:
      return wait_async(w, in);
  }
}

// printf: the second argument points at the values, in local memory.
void print_from_device(Warp& w, const Instr& in, uint32_t mask) {
  const Function& f = *w.frame->fn;
  for (uint32_t m = mask; m; m &= m - 1) {
    int l = __builtin_ctz(m);
    auto arg = [&](int i) {
      return load_bits(
          w.frame->params.data() + (size_t)l * f.param_bytes + f.params[in.args[i]].offset, 8);
    };
    Instr read = in;
    read.space = Space::generic;
    const char* s = (const char*)resolve(w, read, l, arg(0), 1, false).data;
    uint64_t values = arg(1), at = 0;
    std::string out;
    for (; *s; ++s) {
      if (*s != '%') {
        out += *s;
        continue;
      }
      if (s[1] == '%') {
        out += *s++;
        continue;
      }
      std::string spec = "%";
      int longs = 0;
      for (++s; *s && !std::isalpha((unsigned char)*s); ++s) spec += *s;
      for (; *s == 'l' || *s == 'h' || *s == 'z'; ++s) {
        spec += *s;
        longs += *s != 'h';
      }
      spec += *s;
      bool wide = longs || std::strchr("eEfFgGaApsn", *s);
      if (wide) at = (at + 7) / 8 * 8;
      uint64_t v =
          load_bits(resolve(w, read, l, values + at, wide ? 8 : 4, false).data, wide ? 8 : 4);
      at += wide ? 8 : 4;
      char b[512];
      if (*s == 's')
        std::snprintf(b, sizeof b, spec.c_str(), (const char*)v);
      else if (std::strchr("eEfFgGaA", *s))
        std::snprintf(b, sizeof b, spec.c_str(), from_bits<double>(v));
      else if (wide)
        std::snprintf(b, sizeof b, spec.c_str(), v);
      else
        std::snprintf(b, sizeof b, spec.c_str(), (uint32_t)v);
      out += b;
    }
    std::fputs(out.c_str(), stdout);
  }
  for (int r : in.results)
    std::memset(w.frame->params_set.data(), 0xff, w.frame->params_set.size()), (void)r;
}

}  // namespace ptx
