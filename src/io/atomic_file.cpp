#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

#include "io/text.hpp"
#include "wquant/error.hpp"

namespace wquant::io {
namespace {

constexpr std::size_t kBufferSize = std::size_t{1} << 20;
constexpr int kNameAttempts = 1000;

/// Names of the temporary files that exist now, for the signal handler.
std::array<std::atomic<const char*>, 16> unfinished_files;
static_assert(std::atomic<const char*>::is_always_lock_free);

int register_unfinished(const char* name) {
  for (std::size_t i = 0; i < unfinished_files.size(); ++i) {
    const char* expected = nullptr;
    if (unfinished_files[i].compare_exchange_strong(expected, name)) return static_cast<int>(i);
  }
  return -1;
}

void unregister_unfinished(int registration) {
  if (registration >= 0) unfinished_files[static_cast<std::size_t>(registration)] = nullptr;
}

std::string reason(int error) { return std::generic_category().message(error); }

template <class Exception>
[[noreturn]] void refuse(const std::filesystem::path& path, std::string_view why) {
  throw Exception(fmt::format("{}: cannot write: {}", printable(path.string()), why));
}

/// The file behind `path` and its symbolic links, after checking that it may be replaced.
std::filesystem::path replaceable_target(const std::filesystem::path& path) {
  if (path.empty()) refuse<InvalidArgument>("(empty path)", "expected a file name");
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::none) {
    refuse<InvalidArgument>(path, error.message());
  }
  if (!std::filesystem::exists(status)) return path;
  if (std::filesystem::is_directory(status)) refuse<InvalidArgument>(path, "it is a directory");
  if (!std::filesystem::is_regular_file(status)) {
    refuse<InvalidArgument>(path, "it is not a regular file");
  }
  if (access(path.c_str(), W_OK) != 0) refuse<InvalidArgument>(path, reason(errno));
  const auto target = std::filesystem::canonical(path, error);
  return error ? path : target;
}

}  // namespace

AtomicFile::AtomicFile(const std::filesystem::path& destination)
    : destination_(destination), target_(replaceable_target(destination)) {
  create_temporary();
  registration_ = register_unfinished(temporary_.c_str());
  buffer_.reserve(kBufferSize);
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::create_temporary() {
  static std::atomic<int> counter{0};
  for (int attempt = 0; attempt < kNameAttempts && descriptor_ < 0; ++attempt) {
    temporary_ = target_.parent_path() / fmt::format(".wquant-{}-{}.tmp", getpid(), counter++);
    descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) break;
  }
  if (descriptor_ < 0) refuse<InvalidArgument>(destination_, reason(errno));
  struct stat replaced {};
  if (stat(target_.c_str(), &replaced) == 0) fchmod(descriptor_, replaced.st_mode & 07777);
}

void AtomicFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBufferSize) flush();
}

void AtomicFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse<Error>(destination_, reason(errno));
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void AtomicFile::finish() {
  flush();
  const bool synced = fsync(descriptor_) == 0 || errno == EINVAL;  // EINVAL: it cannot be synced
  if (!synced) refuse<Error>(destination_, reason(errno));
  const int descriptor = std::exchange(descriptor_, -1);
  if (close(descriptor) != 0) refuse<Error>(destination_, reason(errno));
}

void AtomicFile::rename() {
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
    refuse<Error>(destination_, reason(errno));
  }
  unregister_unfinished(std::exchange(registration_, -1));
  temporary_.clear();
}

void AtomicFile::publish_all(const std::vector<AtomicFile*>& files) {
  for (AtomicFile* file : files) file->finish();
  for (AtomicFile* file : files) file->rename();
}

void AtomicFile::discard() noexcept {
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
  unregister_unfinished(registration_);
}

void remove_unfinished_files() noexcept {
  for (const auto& slot : unfinished_files) {
    if (const char* name = slot.load()) unlink(name);
  }
}

}  // namespace wquant::io
