#include "cpu/cpu_backend.hpp"

#include <unistd.h>

#include <cstring>
#include <new>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr std::size_t kAlignment = 64;

std::size_t half_of_physical_memory() {
  return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) / 2;
}

}  // namespace

std::shared_ptr<Backend> make_cpu_backend(const CpuOptions& options) {
  if (options.threads < 0 || options.threads > kMostThreads)
    throw InvalidArgument("threads: " + std::to_string(options.threads) +
                          " is not a thread count; expected 0 (all) to " +
                          std::to_string(kMostThreads));
  return std::make_shared<CpuBackend>(
      options.threads == 0 ? default_threads() : options.threads,
      options.workspace_limit == 0 ? half_of_physical_memory() : options.workspace_limit);
}

CpuBackend::CpuBackend(int threads, std::size_t workspace_limit)
    : threads_(threads), workspace_limit_(workspace_limit) {}

void* CpuBackend::allocate(std::size_t bytes) {
  if (bytes > workspace_limit_)
    throw OutOfMemory("workspace: " + human_bytes(static_cast<double>(bytes)) +
                      " needed at once, the limit is " +
                      human_bytes(static_cast<double>(workspace_limit_)));
  void* const memory = ::operator new (bytes, std::align_val_t{kAlignment}, std::nothrow);
  if (!memory)
    throw MemoryRefused("workspace: the system refused " + human_bytes(static_cast<double>(bytes)));
  return memory;
}

void CpuBackend::deallocate(void* memory) noexcept {
  ::operator delete (memory, std::align_val_t{kAlignment});
}

void CpuBackend::copy_to_host(void* to, const void* from, std::size_t bytes) {
  if (bytes > 0) std::memcpy(to, from, bytes);  // of nothing, either may be null
}

void CpuBackend::copy_from_host(void* to, const void* from, std::size_t bytes) {
  if (bytes > 0) std::memcpy(to, from, bytes);  // of nothing, either may be null
}

}  // namespace wquant
