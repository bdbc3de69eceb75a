// Names and places of a parsed module.
#include "module.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "parser.hpp"

namespace ptx {

int size_of(Type t) {
  switch (t) {
    case Type::b8:
    case Type::u8:
    case Type::s8:
      return 1;
    case Type::b16:
    case Type::u16:
    case Type::s16:
      return 2;
    case Type::b32:
    case Type::u32:
    case Type::s32:
    case Type::f32:
      return 4;
    case Type::b64:
    case Type::u64:
    case Type::s64:
    case Type::f64:
      return 8;
    case Type::b128:
      return 16;
    default:
      return 0;
  }
}
bool is_float(Type t) { return t == Type::f32 || t == Type::f64; }
bool is_signed(Type t) {
  return t == Type::s8 || t == Type::s16 || t == Type::s32 || t == Type::s64;
}

Type type_from(std::string_view s) {
  static const std::map<std::string_view, Type> names = {
      {"pred", Type::pred}, {"b8", Type::b8},     {"b16", Type::b16}, {"b32", Type::b32},
      {"b64", Type::b64},   {"b128", Type::b128}, {"u8", Type::u8},   {"u16", Type::u16},
      {"u32", Type::u32},   {"u64", Type::u64},   {"s8", Type::s8},   {"s16", Type::s16},
      {"s32", Type::s32},   {"s64", Type::s64},   {"f32", Type::f32}, {"f64", Type::f64}};
  auto it = names.find(s);
  return it == names.end() ? Type::none : it->second;
}

Function* Module::find(const std::string& name) const {
  auto it = by_name.find(name);
  return it == by_name.end() ? nullptr : it->second;
}

std::string Module::where(const Instr& in) const {
  std::string s;
  if (in.source_line) {
    auto place = [&](int file, int line) {
      auto it = files.find(file);
      std::string f = it == files.end() ? "?" : it->second;
      return f.substr(f.rfind('/') + 1) + ":" + std::to_string(line);
    };
    s = place(in.file, in.source_line);
    if (in.inlined_line) s = place(in.inlined_file, in.inlined_line) + " (inlined from " + s + ")";
    s += ", ";
  }
  return s + "PTX line " + std::to_string(in.line) + ": " + in.text;
}

bool known_special(const std::string& name) {
  static const std::set<std::string> known = {
      "%tid.x",           "%tid.y",       "%tid.z",       "%ntid.x",
      "%ntid.y",          "%ntid.z",      "%ctaid.x",     "%ctaid.y",
      "%ctaid.z",         "%nctaid.x",    "%nctaid.y",    "%nctaid.z",
      "%laneid",          "%warpid",      "%nwarpid",     "%smid",
      "%nsmid",           "%gridid",      "%lanemask_eq", "%lanemask_le",
      "%lanemask_lt",     "%lanemask_ge", "%lanemask_gt", "%dynamic_smem_size",
      "%total_smem_size", "%envreg1",     "%envreg2"};
  return known.count(name);
}

std::vector<std::string> split_dots(std::string_view s) {
  std::vector<std::string> out;
  size_t b = 0;
  while (b <= s.size()) {
    size_t e = std::min(s.find('.', b), s.size());
    if (e > b) out.emplace_back(s.substr(b, e - b));
    b = e + 1;
  }
  return out;
}

}  // namespace ptx
