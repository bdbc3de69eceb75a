#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace wquant::io {

/// A file that appears under its name complete or not at all: written beside its destination under
/// a temporary name, moved there by `publish_all`. Destroyed before that, it leaves nothing.
class AtomicFile {
 public:
  /// Creates the temporary file. Throws InvalidArgument if `destination` cannot be written: a
  /// missing folder, no permission, a directory or anything else that is not a regular file.
  explicit AtomicFile(const std::filesystem::path& destination);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  const std::filesystem::path& destination() const { return destination_; }

  /// Appends. Throws Error, e.g. when the disk is full.
  void write(std::string_view bytes);

  /// Brings every file to the disk, then gives all of them their names. Throws Error; then no
  /// file has its name unless the system refused a later renaming.
  static void publish_all(const std::vector<AtomicFile*>& files);

 private:
  void create_temporary();
  void flush();
  void finish();
  void rename();
  void discard() noexcept;

  std::filesystem::path destination_;
  std::filesystem::path target_;  // destination_ behind symbolic links
  std::string temporary_;
  std::string buffer_;
  int descriptor_ = -1;
  int registration_ = -1;
};

/// Removes the temporary files of all AtomicFiles of the process. Safe in a signal handler; the
/// process must end right after.
void remove_unfinished_files() noexcept;

}  // namespace wquant::io
