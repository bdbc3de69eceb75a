#include "tool_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace wquant::test {
namespace {

pid_t spawn(const std::vector<std::string>& command, const std::string& out, const std::string& err,
            int err_descriptor) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), kFlags, 0600);
  if (err_descriptor >= 0) {
    posix_spawn_file_actions_adddup2(&actions, err_descriptor, STDERR_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), kFlags, 0600);
  }
  std::vector<char*> pointers;
  pointers.reserve(command.size() + 1);
  for (const std::string& word : command) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  // Shells let what they start in the background ignore SIGINT; its children would too.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t ignored_above;
  sigemptyset(&ignored_above);
  sigaddset(&ignored_above, SIGINT);
  posix_spawnattr_setsigdefault(&attributes, &ignored_above);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t process = -1;
  const int error =
      posix_spawn(&process, pointers[0], &actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + command[0]);
  return process;
}

std::vector<std::string> tool_command(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{WQUANT_TOOL};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

int exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "wquant-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(std::string_view name, std::string_view content) const {
  std::string path = *this / name;
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

std::vector<std::string> TemporaryFolder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

ToolProcess::ToolProcess(const std::vector<std::string>& arguments, int err_descriptor)
    : process_(spawn(tool_command(arguments), folder_ / "out", folder_ / "err", err_descriptor)) {}

ToolProcess::~ToolProcess() {
  if (ended_) return;
  signal(SIGKILL);
  waitpid(process_, nullptr, 0);
}

void ToolProcess::signal(int number) const {
  if (!ended_) kill(process_, number);
}

bool ToolProcess::running() {
  if (!ended_) ended_ = waitpid(process_, &status_, WNOHANG) == process_;
  return !ended_;
}

ToolResult ToolProcess::wait() {
  if (!ended_) ended_ = waitpid(process_, &status_, 0) == process_;
  const std::string err = folder_ / "err";
  return {exit_code(status_), read_file(folder_ / "out"),
          std::filesystem::exists(err) ? read_file(err) : ""};
}

ToolResult run_tool(const std::vector<std::string>& arguments) {
  return ToolProcess(arguments).wait();
}

ToolResult quantize(std::vector<std::string> arguments) {
  const auto given = [&](const char* option) {
    return std::count(arguments.begin(), arguments.end(), option) > 0;
  };
  if (!given("--family") && !given("--seconds"))
    arguments.insert(arguments.begin(), "--seconds=1e-9");
  arguments.insert(arguments.begin(), "quantize");
  return run_tool(arguments);
}

ToolResult learn(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "learn");
  return run_tool(arguments);
}

ToolResult run_shell(const std::string& line, const std::vector<std::string>& arguments) {
  std::vector<std::string> command{"/bin/sh", "-c", line, WQUANT_TOOL};
  command.insert(command.end(), arguments.begin(), arguments.end());
  TemporaryFolder folder;
  int status = 0;
  waitpid(spawn(command, folder / "out", folder / "err", -1), &status, 0);
  return {exit_code(status), read_file(folder / "out"), read_file(folder / "err")};
}

bool is_one_line(std::string_view text) {
  return text.find('\n') + 1 == text.size() && !text.empty();
}

}  // namespace wquant::test
