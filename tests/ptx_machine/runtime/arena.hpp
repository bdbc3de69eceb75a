#pragma once

#include <cstddef>
#include <cstdint>

namespace ptx_machine {

/// Addresses of device memory. None is given out twice, so that every use after free is seen; the
/// host may touch them only while the device works: otherwise the process ends with a finding.
class Arena {
 public:
  Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  char* reserve(std::size_t bytes);
  void give_back(char* begin, std::size_t bytes);
  bool contains(const void* p) const;

  /// Open while the device works.
  class Access {
   public:
    explicit Access(Arena& arena) : arena_(arena) { arena_.open(); }
    ~Access() { arena_.close(); }
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;

   private:
    Arena& arena_;
  };

 private:
  void open();
  void close();

  char* begin_;
  char* top_;
  int depth_ = 0;
};

}  // namespace ptx_machine
