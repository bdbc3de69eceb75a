// Warp-wide operations; every lane of mask is present.
#include "handlers.hpp"
#include "ops.hpp"
#include "runtime.hpp"

namespace ptx {
namespace {

void shuffle(Warp& w, const Instr& in, uint32_t mask) {
  Launch& la = *w.block->launch;
  const uint64_t *a = w.reg(in.src[0]), *bs = w.reg(in.src[1]), *cs = w.reg(in.src[2]);
  auto& poison = w.frame->poison;
  uint64_t out[32];
  uint32_t inside = 0, bad = 0;
  for (uint32_t m = mask; m; m &= m - 1) {
    int l = __builtin_ctz(m);
    uint32_t b = bs[l] & 31, c = (uint32_t)cs[l], clamp = c & 31, segment = c >> 8 & 31;
    int top = int((l & segment) | (clamp & ~segment)), low = int(l & segment), j;
    bool ok;
    switch (in.op) {
      case shfl_up:
        j = l - (int)b;
        ok = j >= top;
        break;  // clamp is 0 for up: top is the segment's start
      case shfl_down:
        j = l + (int)b;
        ok = j <= top;
        break;
      case shfl_bfly:
        j = l ^ (int)b;
        ok = j <= top;
        break;
      default:
        j = low | int(b & ~segment);
        ok = j <= top;
        break;
    }
    if (!ok)
      j = l;
    else
      inside |= 1u << l;
    out[l] = uint32_t(a[j]);
    if (!(mask >> j & 1))
      bad |= 1u << l;  // reads a lane that does not take part: undefined
    else if (poison[in.src[0]] >> j & 1)
      bad |= 1u << l;
  }
  for (uint32_t k : {in.src[1], in.src[2], in.src[3]})
    if (poison[k] & mask && la.options->uninit == Options::at_use) {
      la.report("uninitialised value", "shfl" + std::to_string(in.id),
                "shuffle with an uninitialised lane number by " +
                    la.who(w, __builtin_ctz(poison[k] & mask)) + "\n    at " + la.where(in.id));
    }
  uint64_t* d = w.reg(in.dst[0]);
  for (uint32_t m = mask; m; m &= m - 1) d[__builtin_ctz(m)] = out[__builtin_ctz(m)];
  poison[in.dst[0]] = (poison[in.dst[0]] & ~mask) | bad;
  if (in.pdst >= 0) {
    w.preds[in.pdst] = (w.preds[in.pdst] & ~mask) | inside;
    w.frame->pred_poison[in.pdst] &= ~mask;
  }
}

void set_lanes(Warp& w, int r, uint32_t mask, uint32_t v) {
  for (uint32_t m = mask; m; m &= m - 1) w.reg(r)[__builtin_ctz(m)] = v;
  w.frame->poison[r] &= ~mask;
}
void set_predicate(Warp& w, int p, uint32_t mask, bool v) {
  w.preds[p] = (w.preds[p] & ~mask) | (v ? mask : 0);
  w.frame->pred_poison[p] &= ~mask;
}

void match(Warp& w, const Instr& in, uint32_t mask) {
  const uint64_t* a = w.reg(in.src[0]);
  uint64_t width = size_of(in.type) == 8 ? ~0ull : 0xffffffffu;
  uint32_t out[32];
  bool all = true;
  for (uint32_t m = mask; m; m &= m - 1) {
    int l = __builtin_ctz(m);
    out[l] = 0;
    for (uint32_t k = mask; k; k &= k - 1)
      if (((a[l] ^ a[__builtin_ctz(k)]) & width) == 0) out[l] |= k & -k;
    all = all && out[l] == mask;
  }
  for (uint32_t m = mask; m; m &= m - 1)
    set_lanes(w, in.dst[0], m & -m, in.op ? (all ? mask : 0) : out[__builtin_ctz(m)]);
  if (in.pdst >= 0) set_predicate(w, in.pdst, mask, all);
}

void redux(Warp& w, const Instr& in, uint32_t mask) {
  uint32_t r = (uint32_t)w.reg(in.src[0])[__builtin_ctz(mask)];
  for (uint32_t m = mask & (mask - 1); m; m &= m - 1) {
    uint32_t v = (uint32_t)w.reg(in.src[0])[__builtin_ctz(m)];
    bool less = in.type == Type::s32 ? int32_t(v) < int32_t(r) : v < r;
    switch (in.op) {
      case atom_add:
        r += v;
        break;
      case atom_and:
        r &= v;
        break;
      case atom_or:
        r |= v;
        break;
      case atom_xor:
        r ^= v;
        break;
      case atom_min:
        r = less ? v : r;
        break;
      default:
        r = less ? r : v;
    }
  }
  set_lanes(w, in.dst[0], mask, r);
}

}  // namespace

void warp_collective(Warp& w, const Instr& in, uint32_t mask) {
  Launch& la = *w.block->launch;
  uint32_t bad = 0;
  if (in.kind == Kind::vote) bad = w.frame->pred_poison[in.psrc] & mask;
  if (in.kind == Kind::match || in.kind == Kind::redux) bad = w.frame->poison[in.src[0]] & mask;
  if (bad && la.options->uninit == Options::at_use)
    la.report("uninitialised value", "vote" + std::to_string(in.id),
              "warp operation on an uninitialised value by " + la.who(w, __builtin_ctz(bad)) +
                  "\n    at " + la.where(in.id));
  switch (in.kind) {
    case Kind::shuffle:
      return shuffle(w, in, mask);
    case Kind::match:
      return match(w, in, mask);
    case Kind::redux:
      return redux(w, in, mask);
    case Kind::elect:
      if (in.dst[0] >= 0) set_lanes(w, in.dst[0], mask, (uint32_t)__builtin_ctz(mask));
      set_predicate(w, in.pdst, mask, false);
      set_predicate(w, in.pdst, mask & -mask, true);
      return;
    default: {
      uint32_t p = (w.preds[in.psrc] ^ (in.psrc_negated ? ~0u : 0)) & mask;
      if (in.op == vote_ballot)
        set_lanes(w, in.dst[0], mask, p);
      else
        set_predicate(w, in.pdst, mask,
                      in.op == vote_all   ? p == mask
                      : in.op == vote_any ? p != 0
                                          : p == 0 || p == mask);
    }
  }
}

}  // namespace ptx
