// What kernels did, kernel by kernel.
#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <regex>

#include "runtime/machine.hpp"

namespace ptx_machine {
namespace {

std::string demangled(const std::string& mangled) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? name.get() : mangled;
}

}  // namespace

std::string readable_name(const std::string& mangled) {
  static const std::regex scope(R"((\w+|\(anonymous namespace\))::)");
  static const std::regex result(R"(^void )");
  const std::string name =
      std::regex_replace(std::regex_replace(demangled(mangled), scope, ""), result, "");
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    depth += (name[i] == '<') - (name[i] == '>');
    if (name[i] == '(' && depth == 0) return name.substr(0, i);
  }
  return name;
}

std::map<std::string, KernelCounts> kernel_counts() {
  run_pending();
  return Machine::get().counts;
}

void reset_counts() {
  run_pending();
  Machine::get().counts.clear();
}

}  // namespace ptx_machine
