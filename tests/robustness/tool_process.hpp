#pragma once

#include <sys/types.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace wquant::test {

/// A folder that disappears with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(std::string_view name) const { return path_ / name; }
  /// Writes a file and returns its path.
  std::string write(std::string_view name, std::string_view content) const;
  /// The names in it, hidden ones included, sorted.
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::string& path);

/// How a program ended, and what it printed. `code` is 128 + signal if a signal ended it.
struct ToolResult {
  int code = -1;
  std::string out;
  std::string err;
};

/// The tool, started with its output going to files or to a given descriptor.
class ToolProcess {
 public:
  explicit ToolProcess(const std::vector<std::string>& arguments, int err_descriptor = -1);
  ~ToolProcess();
  ToolProcess(const ToolProcess&) = delete;
  ToolProcess& operator=(const ToolProcess&) = delete;

  void signal(int number) const;
  bool running();
  ToolResult wait();

 private:
  TemporaryFolder folder_;
  pid_t process_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

/// Runs the tool to its end.
ToolResult run_tool(const std::vector<std::string>& arguments);

/// `wquant quantize` with these arguments; under auto with no time for more than one family, so
/// that the clock has no say.
ToolResult quantize(std::vector<std::string> arguments);

/// `wquant learn` with these arguments.
ToolResult learn(std::vector<std::string> arguments);

/// Runs a line of shell in which "$0" is the tool.
ToolResult run_shell(const std::string& line, const std::vector<std::string>& arguments = {});

bool is_one_line(std::string_view text);

}  // namespace wquant::test
