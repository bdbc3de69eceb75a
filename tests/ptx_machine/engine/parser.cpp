// From tokens to functions, variables and instructions.
#include "parser.hpp"

#include <array>
#include <cstring>
#include <set>

#include "error.hpp"
#include "lexer.hpp"

namespace ptx {

namespace {

class Parser : Scope {
 public:
  Parser(Module& m, std::vector<Token> t) : module(m), tokens(std::move(t)) {}

  void run() {
    while (peek().kind != Token::end) top_level();
    for (auto& f : module.functions)
      for (auto& in : f->code)
        if (in.callee && !in.callee->defined && in.callee->name != "vprintf" &&
            in.callee->name != "__assertfail")
          fail(in.line, "call of undefined function " + in.callee->name);
  }

 private:
  Module& module;
  std::vector<Token> tokens;
  size_t at = 0;
  Function* fn = nullptr;
  struct Reg {
    int index;
    bool pred;
  };
  std::vector<std::unordered_map<std::string, Reg>> regs;  // one map per { } scope
  std::vector<std::unordered_map<std::string, int>> params;
  std::unordered_map<uint64_t, int> constants;
  std::map<std::string, int> specials;
  std::map<std::string, int> labels;
  std::map<std::string, std::vector<std::string>> label_lists;
  std::vector<std::pair<int, std::vector<std::string>>> fixups;  // instruction -> label names
  int file = 0, source_line = 0, inlined_file = 0, inlined_line = 0;
  using Location = std::array<int, 3>;  // file, line, column
  std::map<Location, Location> inlined_at;
  Location location() {
    int f = (int)number(), l = (int)number(), c = (int)number();
    return {f, l, c};
  }

  const Token& peek(int k = 0) { return tokens[std::min(at + k, tokens.size() - 1)]; }
  const Token& next() { return tokens[at < tokens.size() - 1 ? at++ : at]; }
  bool accept(std::string_view s) {
    if (peek().is(s)) {
      next();
      return true;
    }
    return false;
  }
  void expect(std::string_view s) {
    if (!accept(s))
      fail(peek().line,
           "expected '" + std::string(s) + "', found '" + std::string(peek().text) + "'");
  }
  std::string word() {
    if (peek().kind != Token::word)
      fail(peek().line, "expected a name, found '" + std::string(peek().text) + "'");
    return std::string(next().text);
  }
  uint64_t number() {
    bool negative = accept("-");
    const Token& t = next();
    if (t.kind != Token::number)
      fail(t.line, "expected a number, found '" + std::string(t.text) + "'");
    std::string s(t.text);
    uint64_t v;
    if (s.size() > 2 && s[0] == '0' && (s[1] == 'f' || s[1] == 'F'))
      v = std::stoull(s.substr(2), nullptr, 16);
    else if (s.size() > 2 && s[0] == '0' && (s[1] == 'd' || s[1] == 'D'))
      v = std::stoull(s.substr(2), nullptr, 16);
    else if (s.find('.') != std::string::npos) {
      double d = std::stod(s);
      std::memcpy(&v, &d, 8);
    } else {
      if (s.back() == 'U') s.pop_back();
      v = std::stoull(s, nullptr, 0);
    }
    return negative ? -v : v;
  }
  void skip_braces() {
    int depth = 0;
    do {
      if (peek().is("{")) ++depth;
      if (peek().is("}")) --depth;
      next();
    } while (depth && peek().kind != Token::end);
  }

  // ---- module level -----------------------------------------------------------------------
  void top_level() {
    bool is_extern = false;
    while (true) {
      if (accept(".visible") || accept(".weak") || accept(".common")) continue;
      if (accept(".extern")) {
        is_extern = true;
        continue;
      }
      break;
    }
    int line = peek().line;
    std::string d = word();
    if (d == ".version" || d == ".address_size") {
      next();
      return;
    }
    if (d == ".target") {
      word();
      while (accept(",")) word();
      return;
    }
    if (d == ".file") return file_directive();
    if (d == ".section") {
      word();
      skip_braces();
      return;
    }
    if (d == ".entry" || d == ".func") return function(d == ".entry");
    if (d == ".global" || d == ".const" || d == ".shared") {
      Variable v = variable(d);
      v.is_extern = is_extern;
      module.variables.emplace(v.name, v);
      return;
    }
    fail(line, "unsupported directive '" + d + "'");
  }

  void file_directive() {
    int n = (int)number();
    if (peek().kind == Token::string) module.files[n] = std::string(next().text);
    while (accept(",")) number();
  }

  static Space space_of(std::string_view d) {
    return d == ".const"    ? Space::constant
           : d == ".shared" ? Space::shared
           : d == ".local"  ? Space::local
                            : Space::global;
  }

  // The rest of: .global .align 8 .b8 name[16] = {...};
  Variable variable(const std::string& directive) {
    Variable v;
    v.space = space_of(directive);
    Type type = Type::none;
    int lanes = 1, align = 0;
    while (peek().text.starts_with(".")) {
      std::string d = word();
      if (d == ".align")
        align = (int)number();
      else if (d == ".v2")
        lanes = 2;
      else if (d == ".v4")
        lanes = 4;
      else if ((type = type_from(d.substr(1))) == Type::none)
        fail(peek().line, "unsupported attribute '" + d + "'");
    }
    int line = peek().line;
    v.name = word();
    size_t element = size_of(type) * lanes, count = 1;
    if (!element) fail(line, "variable " + v.name + " has an unsupported type");
    while (accept("[")) {
      if (accept("]")) {
        count = 0;
        break;
      }
      count *= number();
      expect("]");
    }
    v.align = align ? align : (int)element;
    if (accept("=")) initialiser(v, size_of(type));
    v.size = count ? element * count : v.init.size();
    if (!v.init.empty()) v.init.resize(v.size);
    expect(";");
    return v;
  }

  void initialiser(Variable& v, int element) {
    if (accept("{")) {
      if (!peek().is("}")) do
          initialiser(v, element);
        while (accept(","));
      expect("}");
      return;
    }
    uint64_t value = 0;
    if (peek().kind == Token::word) {
      std::string name = word();
      if (name == "generic") {
        expect("(");
        name = word();
        expect(")");
      }
      if (accept("+")) value = number();
      if (element != 8)
        fail(peek().line, "address initialiser in a variable that is not 64 bits wide");
      v.links.push_back({v.init.size(), name});
    } else {
      value = number();
    }
    for (int i = 0; i < element; ++i) v.init.push_back(uint8_t(value >> 8 * i));
  }

  // ---- functions --------------------------------------------------------------------------
  Function* declare(const std::string& name) {
    auto& f = module.by_name[name];
    if (!f) {
      module.functions.push_back(std::make_unique<Function>());
      f = module.functions.back().get();
      f->name = name;
      f->index = (int)module.functions.size() - 1;
    }
    return f;
  }

  int add_param(std::vector<Param>& list, int& bytes) {  // after .param
    Param p;
    Type type = Type::none;
    p.align = 0;
    while (peek().text.starts_with(".")) {
      std::string d = word();
      if (d == ".align")
        p.align = (int)number();
      else if (d == ".ptr" || d == ".global" || d == ".shared" || d == ".const" || d == ".local")
        continue;
      else if ((type = type_from(d.substr(1))) == Type::none)
        fail(peek().line, "unsupported parameter attribute '" + d + "'");
    }
    p.name = word();
    p.size = size_of(type);
    if (!p.align) p.align = p.size;
    if (accept("[")) {
      p.size *= (int)number();
      expect("]");
    }
    p.offset = (bytes + p.align - 1) / p.align * p.align;
    bytes = p.offset + p.size;
    list.push_back(p);
    return (int)list.size() - 1;
  }

  void param_list(std::vector<Param>& list, int& bytes, int& count) {
    expect("(");
    while (!accept(")")) {
      int line = peek().line;
      if (!accept(".param"))
        fail(line, "only .param arguments are supported, found '" + std::string(peek().text) + "'");
      add_param(list, bytes);
      ++count;
      accept(",");
    }
  }

  void function(bool entry) {
    std::vector<Param> list;
    int bytes = 0, results = 0, args = 0;
    if (peek().is("(")) param_list(list, bytes, results);
    Function* f = declare(word());
    f->is_entry = entry;
    if (peek().is("(")) param_list(list, bytes, args);
    f->formal_results = results;
    f->formal_args = args;
    f->params = list;
    f->param_bytes = bytes;
    while (peek().text.starts_with(".")) {
      std::string d = word();
      int product = 1;
      while (peek().kind == Token::number) {
        product *= (int)number();
        accept(",");
      }
      if (d == ".maxntid" || d == ".reqntid") f->max_threads = product;
    }
    if (accept(";")) return;
    fn = f;
    f->defined = true;
    body();
    fn = nullptr;
  }

  void body() {
    regs.assign(1, {});
    params.assign(1, {});
    for (size_t i = 0; i < fn->params.size(); ++i) params[0][fn->params[i].name] = (int)i;
    constants.clear();
    specials.clear();
    labels.clear();
    label_lists.clear();
    fixups.clear();
    source_line = inlined_file = inlined_line = file = 0;
    expect("{");
    int depth = 1;
    while (depth) {
      if (accept("{")) {
        ++depth;
        regs.emplace_back();
        params.emplace_back();
        continue;
      }
      if (accept("}")) {
        --depth;
        regs.pop_back();
        params.pop_back();
        continue;
      }
      statement();
    }
    Instr end;  // running off the end of a function returns
    end.kind = fn->is_entry ? Kind::exit : Kind::ret;
    end.text = "end of function";
    end.line = peek().line;
    fn->code.push_back(end);
    for (auto& [index, names] : fixups) {
      Instr& in = fn->code[index];
      for (auto& name : names) {
        auto it = labels.find(name);
        if (it == labels.end()) fail(in.line, "unknown label " + name);
        in.targets.push_back(it->second);
      }
      in.target = in.targets[0];
    }
  }

  void statement() {
    const Token& t = peek();
    if (t.kind == Token::end) fail(t.line, "unexpected end of file");
    if (t.kind == Token::word && peek(1).is(":")) {
      std::string name = word();
      expect(":");
      if (peek().is(".branchtargets")) {
        word();
        auto& list = label_lists[name];
        do list.push_back(word());
        while (accept(","));
        expect(";");
      } else if (peek().is(".callprototype")) {
        while (!accept(";")) next();
      } else {
        labels[name] = (int)fn->code.size();
      }
      return;
    }
    if (t.text.starts_with(".") && t.kind == Token::word) return directive();
    instruction();
  }

  void directive() {
    int line = peek().line;
    std::string d = word();
    if (d == ".reg") return registers();
    if (d == ".param") {
      int index = add_param(fn->params, fn->param_bytes);
      params.back()[fn->params[index].name] = index;
      expect(";");
    } else if (d == ".local") {
      Variable v = variable(d);
      v.address = (fn->local_bytes + v.align - 1) / v.align * v.align;
      fn->local_bytes = int(v.address + v.size);
      fn->locals.push_back(v);
    } else if (d == ".shared") {
      Variable v = variable(d);
      fn->shared.push_back(v);
      module.variables.emplace(v.name, v);
    } else if (d == ".loc") {
      Location here = location();
      file = here[0];
      source_line = here[1];
      inlined_file = inlined_line = 0;
      while (accept(",")) {
        std::string what = word();
        if (what == "function_name") {
          word();
          if (accept("+")) number();
        }
        // The call site, which may itself be inlined: follow to the kernel's own text.
        if (what == "inlined_at") {
          Location outer = inlined_at[here] = location();
          for (int depth = 0; depth < 50 && inlined_at.count(outer); ++depth)
            outer = inlined_at[outer];
          inlined_file = outer[0];
          inlined_line = outer[1];
        }
      }
    } else if (d == ".pragma") {
      next();
      expect(";");
    } else if (d == ".global" || d == ".const") {
      Variable v = variable(d);
      module.variables.emplace(v.name, v);
    } else {
      fail(line, "unsupported directive '" + d + "' in a function");
    }
  }

  void registers() {
    std::string d = word();
    Type type = type_from(d.substr(1));
    if (type == Type::none || type == Type::b128)
      fail(peek().line, "unsupported register type " + d);
    do {
      std::string name = word();
      int count = 1;
      bool range = accept("<");
      if (range) {
        count = (int)number();
        expect(">");
      }
      for (int i = 0; i < count; ++i) {
        std::string n = range ? name + std::to_string(i) : name;
        regs.back()[n] =
            type == Type::pred ? Reg{fn->predicates++, true} : Reg{fn->registers++, false};
      }
    } while (accept(","));
    expect(";");
  }

  Operand operand() {
    Operand o;
    if (accept("!")) o.negated = true;
    if (accept("{")) {
      o.kind = Operand::vector;
      do o.parts.push_back(operand());
      while (accept(","));
      expect("}");
      return o;
    }
    if (accept("[")) {
      o.kind = Operand::address;
      if (peek().kind == Token::word) o.name = word();
      if (o.name.empty())
        o.value = number();
      else if (accept("+"))
        o.value = number();
      else if (peek().is("-"))
        o.value = number();
      expect("]");
      return o;
    }
    if (peek().kind == Token::number || peek().is("-")) {
      o.kind = Operand::imm;
      o.value = number();
      return o;
    }
    o.name = word();
    if (accept("|")) {
      o.kind = Operand::pred_pair;
      o.second = word();
      return o;
    }
    o.kind = o.name[0] == '%' || find_reg(o.name) ? Operand::reg : Operand::symbol;
    if (accept("+")) o.value = number();
    return o;
  }

  void instruction() {
    Instr in;
    RawInstr raw;
    raw.line = in.line = peek().line;
    size_t first = at;
    if (accept("@")) {
      in.guard_negated = accept("!");
      in.guard = (int16_t)pred(word(), raw.line);
    }
    raw.op = word();
    raw.mods = split_dots(raw.op);
    raw.base = raw.mods[0];
    raw.mods.erase(raw.mods.begin());
    if (raw.base == "call")
      call(raw);
    else if (!peek().is(";"))
      do raw.operands.push_back(operand());
      while (accept(","));
    for (size_t i = first; i < at; ++i) {
      if (i > first && tokens[i].kind != Token::punct && tokens[i - 1].kind != Token::punct)
        in.text += ' ';
      if (i > first && tokens[i - 1].is(",")) in.text += ' ';
      if (i > first && tokens[i - 1].kind == Token::word &&
          (tokens[i].is("[") || tokens[i].is("{") || tokens[i].is("(")))
        in.text += ' ';
      in.text += tokens[i].text;
    }
    expect(";");
    in.file = file;
    in.source_line = source_line;
    in.inlined_file = inlined_file;
    in.inlined_line = inlined_line;
    if (raw.base == "bra") raw.labels = {raw.operands.at(0).name};
    if (raw.base == "brx") {
      auto it = label_lists.find(raw.operands.at(1).name);
      if (it == label_lists.end()) fail(raw.line, "brx.idx without a .branchtargets list");
      raw.labels = it->second;
    }
    if (!raw.labels.empty()) fixups.push_back({(int)fn->code.size(), raw.labels});
    decode(module, *this, raw, in);
    if (raw.base == "call") {
      if (auto it = module.by_name.find(raw.callee); it != module.by_name.end())
        in.callee = it->second;
      else
        in.callee_register = reg(raw.callee, raw.line);
      for (auto& a : raw.args) in.args.push_back(param(a));
      for (auto& r : raw.results) in.results.push_back(param(r));
    }
    fn->code.push_back(std::move(in));
  }

  void call(RawInstr& raw) {
    auto list = [&](std::vector<std::string>& out) {
      while (!accept(")")) {
        out.push_back(word());
        accept(",");
      }
    };
    if (accept("(")) {
      list(raw.results);
      expect(",");
    }
    raw.callee = word();
    if (accept(",") && accept("(")) list(raw.args);
    if (accept(",")) word();  // the prototype of an indirect call
    for (auto* l : {&raw.args, &raw.results})
      for (auto& name : *l)
        if (param(name) < 0)
          fail(raw.line, "call argument '" + name + "' is not a .param variable");
  }

  // ---- Scope ------------------------------------------------------------------------------
  const Reg* find_reg(const std::string& name) {
    for (auto it = regs.rbegin(); it != regs.rend(); ++it)
      if (auto f = it->find(name); f != it->end()) return &f->second;
    return nullptr;
  }
  int reg(const std::string& name, int line) override {
    if (name == "_") return -1;
    auto* r = find_reg(name);
    if (!r && name[0] == '%' && known_special(name)) return special(name);
    if (!r || r->pred)
      fail(line, "'" + name + "' is not a register, or a special register that is not supported");
    return r->index;
  }
  int pred(const std::string& name, int line) override {
    if (name == "_") return -1;
    auto* r = find_reg(name);
    if (!r || !r->pred) fail(line, "'" + name + "' is not a predicate");
    return r->index;
  }
  bool is_pred(const std::string& name) override {
    auto* r = find_reg(name);
    return r && r->pred;
  }
  bool is_reg(const std::string& name) override { return find_reg(name) != nullptr; }
  int constant(uint64_t bits) override {
    auto [it, fresh] = constants.try_emplace(bits, fn->registers);
    if (fresh) fn->constants.push_back({fn->registers++, bits});
    return it->second;
  }
  int special(const std::string& name) override {
    auto [it, fresh] = specials.try_emplace(name, fn->registers);
    if (fresh) fn->specials.push_back({fn->registers++, name});
    return it->second;
  }
  int symbol(const std::string& name, uint64_t add) override {
    std::string key = "&" + name + "+" + std::to_string(add);
    auto [it, fresh] = specials.try_emplace(key, fn->registers);
    if (fresh) fn->symbols.push_back({fn->registers++, name + "+" + std::to_string(add)});
    return it->second;
  }
  int64_t param_offset(int index) override { return fn->params[index].offset; }
  // Names repeat: every call sequence declares its own param0.
  int param(const std::string& name) override {
    for (auto it = params.rbegin(); it != params.rend(); ++it)
      if (auto f = it->find(name); f != it->end()) return f->second;
    return -1;
  }
};

}  // namespace

std::unique_ptr<Module> parse(std::string source) {
  auto m = std::make_unique<Module>();
  m->source = std::move(source);
  Parser(*m, tokenise(m->source)).run();
  return m;
}

}  // namespace ptx
