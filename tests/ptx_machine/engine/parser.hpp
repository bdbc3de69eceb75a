// What the parser hands to the decoder: one instruction, still as text.
#pragma once
#include <string>
#include <vector>

#include "module.hpp"

namespace ptx {

struct Operand {
  enum Kind { reg, imm, symbol, address, vector, pred_pair } kind = reg;
  std::string name;            // reg, symbol, or base of address
  std::string second;          // d|p: the predicate
  bool negated = false;        // !p
  uint64_t value = 0;          // imm, or address offset
  std::vector<Operand> parts;  // vector
};

struct RawInstr {
  std::string op;                 // the full dotted name
  std::vector<std::string> mods;  // its parts after the first
  std::string base;
  std::vector<Operand> operands;
  std::vector<std::string> args, results;  // call
  std::string callee;
  std::vector<std::string> labels;
  int line = 0;
  bool has(std::string_view m) const {
    for (auto& x : mods)
      if (x == m) return true;
    return false;
  }
};

// Resolves names while a function body is decoded.
struct Scope {
  virtual int reg(const std::string& name, int line) = 0;  // register index
  virtual int pred(const std::string& name, int line) = 0;
  virtual bool is_pred(const std::string& name) = 0;
  virtual bool is_reg(const std::string& name) = 0;
  virtual int constant(uint64_t bits) = 0;                        // register holding it
  virtual int symbol(const std::string& name, uint64_t add) = 0;  // register holding its address
  virtual int special(const std::string& name) = 0;
  virtual int param(const std::string& name) = 0;  // index into Function::params, -1
  virtual int64_t param_offset(int index) = 0;
  virtual ~Scope() = default;
};

Type type_from(std::string_view);
bool known_special(const std::string& name);  // %tid.x and friends
std::vector<std::string> split_dots(std::string_view);
void decode(Module&, Scope&, const RawInstr&, Instr&);

}  // namespace ptx
