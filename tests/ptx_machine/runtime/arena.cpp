#include "runtime/arena.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <new>

namespace ptx_machine {
namespace {

constexpr std::size_t kRoom = std::size_t{1} << 40;
constexpr std::size_t kAlignment = 512;  // as cudaMalloc's

const char* arena_begin = nullptr;

void on_segmentation_fault(int, siginfo_t* fault, void*) {
  const auto* const at = static_cast<const char*>(fault->si_addr);
  if (at < arena_begin || at >= arena_begin + kRoom) {
    signal(SIGSEGV, SIG_DFL);  // returns to the instruction, which faults again
    return;
  }
  constexpr char kMessage[] = "ptx machine: host code touches device memory\n";
  if (write(STDERR_FILENO, kMessage, sizeof kMessage - 1) < 0) _Exit(98);
  _Exit(99);
}

}  // namespace

Arena::Arena() {
  void* const room =
      mmap(nullptr, kRoom, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) throw std::bad_alloc();
  begin_ = top_ = static_cast<char*>(room);
  arena_begin = begin_;
  struct sigaction action = {};
  action.sa_sigaction = on_segmentation_fault;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &action, nullptr);
}

char* Arena::reserve(std::size_t bytes) {
  const std::size_t taken = (bytes + kAlignment) / kAlignment * kAlignment;  // and a gap
  if (taken > static_cast<std::size_t>(begin_ + kRoom - top_)) throw std::bad_alloc();
  char* const p = top_;
  top_ += taken;
  return p;
}

void Arena::give_back(char* begin, std::size_t bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const auto first = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) / page * page;
  const auto last = reinterpret_cast<std::uintptr_t>(begin + bytes) / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

bool Arena::contains(const void* p) const { return p >= begin_ && p < begin_ + kRoom; }

void Arena::open() {
  if (depth_++ == 0 && top_ != begin_)
    mprotect(begin_, static_cast<std::size_t>(top_ - begin_), PROT_READ | PROT_WRITE);
}

void Arena::close() {
  if (--depth_ == 0 && top_ != begin_)
    mprotect(begin_, static_cast<std::size_t>(top_ - begin_), PROT_NONE);
}

}  // namespace ptx_machine
