#include "failing_allocations.hpp"

#include <execinfo.h>
#include <link.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string_view>

extern "C" {
// The linker gives our objects' calls of malloc to __wrap_malloc (--wrap); the C library's own is
// __real_malloc.
void* __real_malloc(std::size_t bytes);
void* __real_realloc(void* memory, std::size_t bytes);
void* __real_calloc(std::size_t count, std::size_t bytes);
void __real_free(void* memory);
}

namespace wquant::test {
namespace {

std::atomic<std::int64_t> live = 0;
std::atomic<std::int64_t> counted = 0;
std::atomic<std::int64_t> first_failing = 0;  // 0: nothing is counted
std::atomic<bool> all_after = false;

struct CodeRange {
  std::uintptr_t begin, end;
};

/// Where the code of the libraries lies whose allocations never fail.
class Exempt {
 public:
  Exempt() { dl_iterate_phdr(add, this); }

  bool holds(const void* address) const {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    return std::any_of(ranges_.begin(), ranges_.begin() + size_, [at](const CodeRange& range) {
      return at >= range.begin && at < range.end;
    });
  }

  /// Whether the code that allocates now was called from there: an event handler that is asked for
  /// a clone of itself.
  bool has_asked() const {
    constexpr int kNear = 7;  // up to four from here to operator new, the clone's maker, who asked
    std::array<void*, kNear> frames{};
    const int count = backtrace(frames.data(), kNear);
    return std::any_of(frames.begin(), frames.begin() + count,
                       [this](const void* frame) { return holds(frame); });
  }

 private:
  static int add(dl_phdr_info* library, std::size_t, void* self) {
    auto& exempt = *static_cast<Exempt*>(self);
    const std::string_view path = library->dlpi_name;
    const std::string_view name = path.substr(path.rfind('/') + 1);
    constexpr std::array kNames = {"libCbc", "libCgl",  "libClp", "libCoinUtils",
                                   "libOsi", "libgomp", "libomp"};
    if (std::none_of(kNames.begin(), kNames.end(),
                     [&](std::string_view start) { return name.starts_with(start); }))
      return 0;
    for (int i = 0; i < library->dlpi_phnum && exempt.size_ < exempt.ranges_.size(); ++i) {
      const auto& segment = library->dlpi_phdr[i];
      if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X)) continue;
      const std::uintptr_t begin = library->dlpi_addr + segment.p_vaddr;
      exempt.ranges_[exempt.size_++] = {begin, begin + segment.p_memsz};
    }
    return 0;
  }

  std::array<CodeRange, 64> ranges_{};
  std::size_t size_ = 0;
};

bool refused(const void* caller) {
  const std::int64_t first = first_failing.load(std::memory_order_relaxed);
  if (first == 0) return false;
  static const Exempt exempt;
  if (exempt.holds(caller)) return false;
  const std::int64_t number = ++counted;
  if (number != first && !(all_after && number > first)) return false;
  return !exempt.has_asked();
}

void* kept(void* memory) {
  if (memory) ++live;
  return memory;
}

void* allocate(std::size_t bytes, const void* caller) {
  return refused(caller) ? nullptr : kept(__real_malloc(std::max<std::size_t>(bytes, 1)));
}

void* allocate(std::size_t bytes, std::align_val_t alignment, const void* caller) {
  if (refused(caller)) return nullptr;
  void* memory = nullptr;
  const auto at_least = std::max(static_cast<std::size_t>(alignment), sizeof(void*));
  return posix_memalign(&memory, at_least, bytes) == 0 ? kept(memory) : nullptr;
}

void release(void* memory) {
  if (!memory) return;
  --live;
  __real_free(memory);
}

void* or_throw(void* memory) {
  if (!memory) throw std::bad_alloc();
  return memory;
}

}  // namespace

FailingAllocations::FailingAllocations(Failing mode, std::int64_t first) {
  counted = 0;
  all_after = mode == Failing::all_from;
  first_failing = first;
}

FailingAllocations::~FailingAllocations() { first_failing = 0; }

std::int64_t FailingAllocations::count() const { return counted; }
std::int64_t live_blocks() { return live; }

}  // namespace wquant::test

using wquant::test::allocate;
using wquant::test::or_throw;
using wquant::test::release;

extern "C" {
void* __wrap_malloc(std::size_t bytes) { return allocate(bytes, __builtin_return_address(0)); }

void* __wrap_calloc(std::size_t count, std::size_t bytes) {
  if (wquant::test::refused(__builtin_return_address(0))) return nullptr;
  return wquant::test::kept(__real_calloc(count, bytes));
}

void* __wrap_realloc(void* memory, std::size_t bytes) {
  if (wquant::test::refused(__builtin_return_address(0))) return nullptr;
  void* const moved = __real_realloc(memory, bytes);
  return memory ? moved : wquant::test::kept(moved);
}

void __wrap_free(void* memory) { release(memory); }
}

void* operator new(std::size_t n) { return or_throw(allocate(n, __builtin_return_address(0))); }
void* operator new[](std::size_t n) { return or_throw(allocate(n, __builtin_return_address(0))); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept {
  return allocate(n, __builtin_return_address(0));
}
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept {
  return allocate(n, __builtin_return_address(0));
}
void* operator new(std::size_t n, std::align_val_t a) {
  return or_throw(allocate(n, a, __builtin_return_address(0)));
}
void* operator new[](std::size_t n, std::align_val_t a) {
  return or_throw(allocate(n, a, __builtin_return_address(0)));
}
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return allocate(n, a, __builtin_return_address(0));
}
void* operator new[](std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return allocate(n, a, __builtin_return_address(0));
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  release(memory);
}
