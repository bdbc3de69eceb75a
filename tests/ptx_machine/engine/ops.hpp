// Small enumerations shared by the decoder and the executor (Instr::op and Instr::mode).
#pragma once
#include <cstdint>

namespace ptx {

// Windows of the generic address space. Host pointers are below 2^47, so these never collide.
constexpr uint64_t kSharedWindow = 1ull << 52, kLocalWindow = 2ull << 52, kParamWindow = 3ull << 52,
                   kFunctionWindow = 4ull << 52;
constexpr uint64_t kWindowMask = ~((1ull << 52) - 1);

enum Logic : uint8_t { logic_none, logic_and, logic_or, logic_xor, logic_not, logic_copy };
enum Shuffle : uint8_t { shfl_up, shfl_down, shfl_bfly, shfl_idx };
enum Vote : uint8_t { vote_all, vote_any, vote_uni, vote_ballot };
enum Barrier : uint8_t { bar_sync, bar_arrive, bar_popc, bar_and, bar_or };
enum Atomic : uint8_t {
  atom_add,
  atom_min,
  atom_max,
  atom_exch,
  atom_cas,
  atom_and,
  atom_or,
  atom_xor,
  atom_inc,
  atom_dec
};
enum Clock : uint8_t { clock_low, clock_high, clock_full };

}  // namespace ptx
