// A warp: registers laid out [register][lane], and groups of lanes that share a program counter.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "module.hpp"

namespace ptx {

struct Block;

// One activation of a function. All lanes that called from the same place share a frame, whenever
// they did so: their storage is separate by lane, and they can meet again inside.
struct Frame {
  const Function* fn = nullptr;
  Frame* caller = nullptr;
  int call_pc = -1;  // in the caller
  int depth = 0;
  uint32_t lanes = 0;  // lanes inside this frame or its callees
  std::vector<uint64_t> regs;
  std::vector<uint32_t> poison;  // per register: lanes whose value is uninitialised
  std::vector<uint32_t> preds, pred_poison;
  uint32_t carry = 0;               // the CC register, one bit a lane
  std::vector<uint8_t> params;      // [lane][param_bytes]
  std::vector<uint8_t> params_set;  // the same: byte was stored
  int local_base = 0;
  std::vector<std::unique_ptr<Frame>> callees;
};

enum class State : uint8_t { ready, at_warp_sync, at_barrier };

struct Group {
  Frame* frame = nullptr;
  int pc = 0;
  uint32_t mask = 0;
  State state = State::ready;
  uint32_t wanted = 0;            // at_warp_sync: the named lanes
  int barrier = 0, expected = 0;  // at_barrier: its number, threads it waits for (0: all)
  uint32_t reduce = 0;            // at_barrier: predicate of bar.red, by lane
};

struct PendingCopy {
  uint64_t to;
  uint32_t valid;
  int bytes;
  uint8_t data[16];
  int lane;
};

struct Warp {
  Block* block = nullptr;
  int index = 0;
  uint32_t live = 0, started = 0;  // lanes that have not left; lanes that exist
  std::vector<Group> groups;
  std::unique_ptr<Frame> root;
  // of the running group
  Frame* frame = nullptr;
  uint64_t* regs = nullptr;
  uint32_t* preds = nullptr;
  int pc = 0;
  // happens-before inside the warp: seen[i][j] is the last clock of lane j ordered before lane i
  uint32_t clock[32], seen[32][32];
  uint32_t fence_clock[32], fence_epoch[32];  // at the lane's last fence; 0: none yet
  uint32_t epoch = 1;                         // joined block barriers
  uint32_t local_top = 0;
  std::vector<uint8_t> local, local_valid;  // [lane][bytes]
  size_t local_size = 0;
  std::vector<std::vector<PendingCopy>> copies;  // cp.async groups; the last one is open

  uint64_t* reg(int r) { return regs + 32 * (size_t)r; }
  void start(Block&, int index, int threads, const Function&);
  bool run();  // until nothing in the warp is ready; true if it did anything
  bool done() const { return live == 0; }
  std::string describe_waiting() const;
  void join_warp(uint32_t mask);  // lanes in mask synchronise

 private:
  friend struct WarpOps;
  Frame* enter(Frame* caller, int call_pc, const Function&);
  void select(size_t g);
  bool merge(size_t& g);
};

}  // namespace ptx
