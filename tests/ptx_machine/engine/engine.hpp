// Public interface: load PTX, tell the engine about device memory, launch kernels.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ptx {

struct Dim3 {
  uint32_t x = 1, y = 1, z = 1;
};

struct Options {
  int order = 0;  // 0: lanes, warps and blocks in order; else the seed of a random order
  enum Uninit { off, at_load, at_use } uninit = at_use;
  bool races = true;
  bool profile = true;  // count sectors and bank conflicts (counts of instructions are always kept)
  int resident_blocks = 1;                         // blocks that run interleaved from the start
  uint64_t max_warp_instructions = 1'000'000'000;  // per launch; then it counts as an endless loop
  int max_findings = 20;                           // per launch
  static Options from_environment();  // PTX_ORDER, PTX_UNINIT, PTX_RACES, PTX_PROFILE, PTX_RESIDENT
};

struct Finding {
  std::string kind, message;
  bool fatal = false;
  uint64_t times = 1;
};

// Instruction classes of the statistics; special: divisions, roots, elementary functions.
enum class Class : uint8_t {
  fma64,
  fp64,
  special64,
  fma32,
  fp32,
  special32,
  integer,
  convert,
  move,
  memory,
  control,
  warp,
  barrier,
  count
};
const char* name_of(Class);

struct InstructionCount {
  uint64_t warps = 0;                // executed
  uint64_t standing = 0, lanes = 0;  // lanes at it; those whose guard is true
  uint64_t requests = 0, bytes = 0;  // of memory
  uint64_t sectors = 0, least_sectors = 0, passes = 0, least_passes = 0;
  InstructionCount& operator+=(const InstructionCount&);
};

// A load, store or atomic on global or shared memory.
struct MemoryInstruction {
  std::string place;
  InstructionCount count;
};

// What launches did.
struct Counts {
  uint64_t warp_instructions = 0, lane_instructions = 0;
  uint64_t standing_lanes = 0;  // lanes at each instruction, whatever their guard
  uint64_t by_class[(int)Class::count] = {}, warps_by_class[(int)Class::count] = {};
  uint64_t global_read_bytes = 0, global_write_bytes = 0, shared_read_bytes = 0,
           shared_write_bytes = 0;
  // sectors × 32, each sector once a launch: what a cache that keeps all would still move
  uint64_t distinct_read_bytes = 0, distinct_write_bytes = 0;
  // 32-byte sectors of global memory: touched by each request; enough for its bytes
  uint64_t sectors = 0, least_sectors = 0;
  uint64_t passes = 0, least_passes = 0;    // of shared memory: with bank conflicts; without
  std::map<int, MemoryInstruction> memory;  // by the number of the instruction
  Counts& operator+=(const Counts&);
};

// What an operation touched: a launch by its blocks, else bytes of global memory.
struct Footprint {
  std::string name;
  uint32_t first_block = 0, end_block = 0;
  uintptr_t begin = 0, end = 0;
  bool write = false;
};

struct Result : Counts {
  std::vector<Finding> findings;
  std::string profile;             // text report
  uint64_t same_value_writes = 0;  // unordered writes of the same value: not counted as races
  double seconds = 0;
  Footprint footprint;
  bool ok() const { return findings.empty(); }
};

// What the runtime needs to know before a launch.
struct KernelInfo {
  int max_threads = 0;  // .maxntid or .reqntid, 0 when absent
  size_t static_shared = 0;
  struct Argument {
    size_t offset, size;
  };
  std::vector<Argument> arguments;
};

class Engine {
 public:
  explicit Engine(Options = Options::from_environment());
  Engine(Engine&&) noexcept;
  ~Engine();
  void load(const std::string& ptx_text);
  void load_file(const std::string& path);
  KernelInfo info(const std::string& mangled_name);
  bool has_kernel(const std::string& mangled_name) const;
  void* symbol(const std::string& name,
               size_t* size = nullptr);  // a __device__ or __constant__ variable

  // Device memory is host memory the engine has been told about.
  void register_allocation(void* base, size_t size, const std::string& name = "allocation");
  void release_allocation(void* base);
  // An address range that will be registered later: only for the messages.
  void announce_allocation(void* base, size_t size, const std::string& name);
  void poison(void* p, size_t n);              // contents become uninitialised
  bool covers(const void* p, size_t n) const;  // all n bytes lie in one allocation
  void copy_validity(void* to, const void* from, size_t n);
  void mark_initialised(void* p, size_t n);  // written by a copy or memset
  ptrdiff_t first_uninitialised(const void* p,
                                size_t n) const;  // -1 when none: for copies to the host

  // args: one pointer per kernel argument, as for cudaLaunchKernel
  Result launch(const std::string& mangled_name, Dim3 grid, Dim3 block, size_t dynamic_shared,
                void* const* args);
  // The same, with the arguments laid out as the kernel wants them.
  Result launch(const std::string& mangled_name, Dim3 grid, Dim3 block, size_t dynamic_shared,
                std::vector<uint8_t> packed);
  std::vector<uint8_t> pack(const std::string& mangled_name, void* const* args);

  // Earlier operations that are not ordered before the next: what they touched, it may not write,
  // nor may it read what they wrote.
  std::vector<Footprint> concurrent;
  // The first of them that an operation on n bytes is in conflict with, or null.
  const Footprint* conflict(const void* p, size_t n, bool write) const;

  Options options;
  struct State;
  State& state() { return *s; }

 private:
  std::unique_ptr<State> s;
};

}  // namespace ptx
