// A parsed PTX module: variables, functions and decoded instructions.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine.hpp"

namespace ptx {

enum class Type : uint8_t {
  none,
  pred,
  b8,
  b16,
  b32,
  b64,
  b128,
  u8,
  u16,
  u32,
  u64,
  s8,
  s16,
  s32,
  s64,
  f32,
  f64
};
enum class Space : uint8_t { generic, global, shared, local, constant, param };

int size_of(Type);
bool is_float(Type);
bool is_signed(Type);

// What the run loop must know about an instruction; everything arithmetic is `alu`.
enum class Kind : uint8_t {
  alu,
  set_predicate,
  predicate_logic,
  select,
  move,
  pack,
  unpack,
  read_clock,
  load,
  store,
  atomic,
  copy_async,
  commit_async,
  wait_async,
  branch,
  branch_table,
  call,
  ret,
  exit,
  trap,
  nop,
  fence,
  block_barrier,
  warp_barrier,
  shuffle,
  vote,
  match,
  redux,
  elect,
  active_mask,
};

// A short list of register numbers, kept inside the instruction.
struct RegList {
  int n = 0, r[4] = {-1, -1, -1, -1};
  void push_back(int x) { r[n++] = x; }
  int operator[](int i) const { return r[i]; }
  int size() const { return n; }
  const int* begin() const { return r; }
  const int* end() const { return r + n; }
};

struct Warp;
struct Instr;
using Handler = void (*)(Warp&, const Instr&, uint32_t mask);

// Register operands are indices into the frame's register file; predicates into its predicate file.
// Immediates and special registers are extra registers, filled when the frame is made, so that
// the arithmetic loops know one kind of operand only.
struct Instr {
  Handler exec = nullptr;
  Kind kind = Kind::nop;
  Class cls = Class::control;
  Type type = Type::none;
  Space space = Space::generic;
  int16_t guard = -1;  // predicate register, or -1
  bool guard_negated = false;
  bool strong = false;     // volatile, relaxed, acquire, release
  bool read_only = false;  // ld.global.nc: what it reads must not change during the launch
  bool acquire = false, release = false;
  bool tolerant = false;  // passes uninitialised values on instead of reporting them
  bool aligned = true;    // barrier that whole warps must meet
  uint16_t rounding = 0;  // 0 nearest, else the fesetround mode is changed around exec
  bool saturate = false;
  Handler inner = nullptr;   // the unwrapped handler when rounding or saturate is set
  uint8_t op = 0, mode = 0;  // meaning depends on kind (atomic operation, comparison, ...)
  RegList dst, src;          // registers
  int pdst = -1, pdst2 = -1, psrc = -1;  // predicate operands
  bool psrc_negated = false;
  int address = -1;          // register holding the base address, -1 when absolute
  int64_t offset = 0;        // added to it
  int target = -1;           // branch: instruction index; block of params for calls
  std::vector<int> targets;  // branch table
  struct Function* callee = nullptr;
  int callee_register = -1;
  std::vector<int> args, results;  // param variables of the caller (indices into Function::params)
  int id = 0;                      // unique over all modules: index of the statistics
  int line = 0, file = 0, source_line = 0;
  int inlined_file = 0,
      inlined_line = 0;  // the outermost call site when the instruction was inlined
  std::string text;
};

struct Variable {
  std::string name;
  Space space{};
  int align = 1;
  size_t size = 0;
  bool is_extern = false;
  std::vector<uint8_t> init;  // empty: zero for global, undefined for shared
  std::vector<std::pair<size_t, std::string>>
      links;             // byte offset -> symbol whose generic address goes there
  uint64_t address = 0;  // host address (global, const) or offset (shared)
};

struct Param {
  std::string name;
  int align = 1;
  int size = 0;
  int offset = 0;
};

struct Function {
  std::string name;
  bool is_entry = false, defined = false;
  int index = 0;
  std::vector<Param> params;  // formal ones first, then those declared in call sequences
  int formal_results = 0;     // params[0..formal_results) are results, then formal arguments
  int formal_args = 0;
  int param_bytes = 0;  // size of one lane's param area (or the kernel's argument buffer)
  int registers = 0, predicates = 0;
  int local_bytes = 0;
  int max_threads = 0;  // .maxntid or .reqntid, 0 when absent
  std::vector<Variable> locals;
  std::vector<Variable> shared;  // demoted into the function body
  std::vector<Instr> code;
  std::vector<std::pair<int, uint64_t>> constants;    // register <- value
  std::vector<std::pair<int, std::string>> specials;  // register <- %tid.x and friends
  std::vector<std::pair<int, std::string>> symbols;   // register <- address of a symbol
};

struct Module {
  std::vector<std::unique_ptr<Function>> functions;
  std::unordered_map<std::string, Function*> by_name;
  std::map<std::string, Variable> variables;
  std::map<int, std::string> files;
  std::vector<std::unique_ptr<uint8_t[]>> storage;  // of .global and .const variables
  std::string source;

  Function* find(const std::string& name) const;
  std::string where(const Instr&) const;  // "file.cu:12 (PTX line 345: ld.global.f64 ...)"
};

std::unique_ptr<Module> parse(std::string source);

}  // namespace ptx
