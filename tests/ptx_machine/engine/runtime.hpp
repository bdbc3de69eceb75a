// Internal: memory with shadows, blocks and launches.
#pragma once
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <unordered_map>

#include "engine.hpp"
#include "warp.hpp"

namespace ptx {

// A defect of the interpreted program after which it cannot go on.
struct ProgramError : std::runtime_error {
  std::string kind;
  ProgramError(std::string k, const std::string& what)
      : std::runtime_error(what), kind(std::move(k)) {}
};

enum AccessKind : uint8_t { weak_access, strong_access, atomic_access };

struct Access {        // who touched a 4-byte word last, and when
  uint32_t block = 0;  // serial number over all launches; 0: nobody
  uint16_t thread = 0;
  uint8_t bytes = 0;  // which of the four
  AccessKind kind = weak_access;
  uint32_t epoch = 0;  // block barriers joined by the thread's warp
  uint32_t clock = 0;  // the lane's own clock
  uint32_t instr = 0;
};
// Of the readers not ordered among each other the first and the last are kept: a write ordered
// after these two but not after a third goes unnoticed.
struct Cell {
  Access write, read, other_read;
};

struct Allocation {
  uint8_t* base = nullptr;
  size_t size = 0;
  bool constant = false;
  std::string name;
  std::unique_ptr<uint8_t, decltype(&std::free)> valid{nullptr, &std::free};  // 0xff once written
  Cell* cells = nullptr;  // mapped lazily, one a 4-byte word
  ~Allocation();
};

// What a thread has learnt through fences and atomics: which other threads' accesses are over.
struct Knowledge {
  std::unordered_map<uint32_t, uint32_t> blocks;  // block -> accesses of earlier epochs are over
  std::unordered_map<uint64_t, uint32_t>
      threads;  // block << 16 | thread -> accesses up to this clock
  void merge(const Knowledge&);
};

struct Launch;

struct Block {
  Launch* launch = nullptr;
  uint32_t serial = 0;
  Dim3 id;
  int threads = 0;
  std::vector<std::unique_ptr<Warp>> warps;
  std::vector<uint8_t> shared, shared_valid;
  Cell* shared_cells = nullptr;
  size_t shared_room = 0;
  int arrived_extra[16] = {};  // bar.arrive
  Knowledge acquired;
  uint32_t seen_epoch[32]
                     [32];  // [warp][other warp]: last epoch of the other that is ordered before

  ~Block();
  void start(Launch&, uint32_t serial, Dim3 id);
  bool run();  // one round over the warps; true if anything happened
  bool done() const;
  int live_threads() const;
  bool release_barriers();
  [[noreturn]] void deadlock();
};

// An address range that kernels may not touch, now or any more.
struct Absent {
  size_t size = 0;
  std::string name;
  bool freed = false;
};

struct Engine::State {
  std::vector<std::unique_ptr<Module>> modules;
  std::map<uintptr_t, Allocation> allocations;
  std::map<uintptr_t, Absent> absent;  // for messages
  Allocation* hot = nullptr;           // the last one used
  std::vector<const Instr*> instrs;    // by Instr::id
  std::vector<const Module*> module_of;
  std::vector<Function*> functions;                  // by function address
  std::unordered_map<uint64_t, Knowledge> released;  // address -> what atomics there carry
  uint32_t next_block = 1;
  Allocation* find(uint64_t address);
  Module* module_with(const std::string& kernel) const;
};

// Sectors of global memory.
class SectorSet {
 public:
  void insert(uint64_t sector) {
    if (!bits || sector / 64 != page) bits = &pages[page = sector / 64];
    *bits |= uint64_t(1) << sector % 64;
  }
  uint64_t bytes() const;

 private:
  std::unordered_map<uint64_t, uint64_t> pages;
  uint64_t page = 0, *bits = nullptr;  // the last one used
};

struct Launch {
  Engine* engine;
  Engine::State* state;
  const Options* options;
  Module* module;
  const Function* kernel;
  Dim3 grid, block;
  size_t dynamic_shared = 0, shared_bytes = 0;
  std::vector<uint8_t> args;
  std::unordered_map<std::string, uint64_t> shared_offsets;
  std::unordered_map<const Function*, std::vector<std::pair<int, uint64_t>>>
      addresses;             // registers holding symbol addresses
  uint32_t first_block = 0;  // serial numbers below belong to earlier launches
  std::mt19937 rng;
  std::vector<InstructionCount> counts;
  SectorSet read, written;
  uint64_t warp_instructions = 0;
  Result result;
  std::map<std::string, size_t> reported;

  void report(const std::string& kind, const std::string& key, const std::string& message);
  std::string where(uint32_t instr) const;
  std::string who(const Warp&, int lane) const;
  std::string thread_name(uint32_t thread) const;
  bool random(int one_in) { return options->order && rng() % one_in == 0; }
};

// Memory access with all checks. `data` points at the bytes; valid and cell may be null.
struct Place {
  uint8_t* data = nullptr;
  uint8_t* valid = nullptr;
  Cell* cell = nullptr;
  uint64_t address = 0;
  Space space{};
};
void activate(Warp&, Frame&, uint32_t lanes);  // registers of lanes that enter a function
Place resolve(Warp&, const Instr&, int lane, uint64_t address, int bytes, bool write);
void note_access(Warp&, const Instr&, int lane, const Place&, int bytes, bool write, AccessKind,
                 const uint8_t* new_value);
void fence(Warp&, uint32_t mask);
void acquire(Warp&, int lane, uint64_t address);
void release(Warp&, int lane, uint64_t address);

void memory_instruction(Warp&, const Instr&, uint32_t mask);
void count_addresses(Launch&, const Instr&, Space, const uint64_t* address, uint32_t mask,
                     int bytes);
void print_from_device(Warp&, const Instr&, uint32_t mask);
void warp_collective(Warp&, const Instr&, uint32_t mask);  // shuffle, vote, match, redux, elect
std::string make_profile(const Launch&);
void summarise(Launch&);

}  // namespace ptx
