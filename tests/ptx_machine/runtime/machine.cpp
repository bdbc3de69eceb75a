#include "runtime/machine.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace ptx_machine {
namespace {

thread_local cudaError_t last_error = cudaSuccess;

ptx::Options options() { return ptx::Options::from_environment(); }

void end_with_finding(const std::string& message) {
  std::fflush(stdout);
  std::fprintf(stderr, "ptx machine: %s\n", message.c_str());
  std::_Exit(99);
}

}  // namespace

Machine::Machine() : engine(options()), streams(options().order), on_finding(end_with_finding) {
  std::atexit(run_pending);  // findings of work that nobody waited for
}

Machine& Machine::get() {
  static Machine& machine = *new Machine;  // outlives the program's static objects
  return machine;
}

const DeviceBlock* Machine::block_of(const void* p, std::size_t n) const {
  auto it = blocks.upper_bound(static_cast<const char*>(p));
  if (it == blocks.begin()) return nullptr;
  --it;
  const auto offset = static_cast<std::size_t>(static_cast<const char*>(p) - it->first);
  const DeviceBlock& block = it->second;
  return !block.freed && offset <= block.size && n <= block.size - offset ? &block : nullptr;
}

void Machine::load(FatBinary& binary) {
  if (binary.loaded) return;
  if (binary.ptx.empty())
    throw std::runtime_error(
        "no readable PTX in the program: compile with nvcc --no-compress for a virtual "
        "architecture up to compute_90");
  const Arena::Access access(arena);
  engine.load(binary.ptx);
  binary.loaded = true;
}

void Machine::report(const std::string& message) { on_finding(message); }

cudaError_t Machine::take_failure() { return std::exchange(failure, cudaSuccess); }

void Machine::begin_operation() {
  std::erase_if(traces_,
                [this](const Trace& trace) { return streams.over(trace.stream, trace.serial); });
  const Operation& now = streams.current();
  engine.concurrent.clear();
  for (const Trace& trace : traces_)
    if (!now.clock.holds(trace.stream, trace.serial)) engine.concurrent.push_back(trace.footprint);
}

void Machine::touch(const std::string& what, const void* p, std::size_t n, bool write) {
  if (const ptx::Footprint* const other = engine.conflict(p, n, write))
    report("race between streams: " + what + " of " + std::to_string(n) +
           " bytes of device memory is not ordered after the " + other->name);
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  remember_footprint({what, 0, 0, begin, begin + n, write});
}

void Machine::remember_footprint(const ptx::Footprint& footprint) {
  traces_.push_back({streams.current().stream, streams.current().serial, footprint});
}

cudaError_t remember(cudaError_t error) {
  if (error != cudaSuccess && error != cudaErrorNotReady) last_error = error;
  return error;
}

void on_finding(FindingHandler handler) {
  Machine& machine = Machine::get();
  const std::lock_guard lock(machine.mutex);
  machine.on_finding = handler ? std::move(handler) : end_with_finding;
}

void run_pending() {
  Machine& machine = Machine::get();
  const std::lock_guard lock(machine.mutex);
  machine.streams.wait_for_all();
  machine.take_failure();
}

std::uint64_t launches() { return Machine::get().launches; }

std::size_t bytes_in_use() {
  run_pending();
  return Machine::get().bytes_in_use;
}

int order() { return Machine::get().engine.options.order; }

}  // namespace ptx_machine

extern "C" {

cudaError_t cudaGetLastError() { return std::exchange(ptx_machine::last_error, cudaSuccess); }
cudaError_t cudaPeekAtLastError() { return ptx_machine::last_error; }

}  // extern "C"
