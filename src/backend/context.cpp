#include "wquant/context.hpp"

#include "backend/backend.hpp"
#include "wquant/error.hpp"

namespace wquant {

Context::Context(std::shared_ptr<Backend> backend) : backend_(std::move(backend)) {}
Context::Context(Context&&) noexcept = default;
Context& Context::operator=(Context&&) noexcept = default;
Context::~Context() = default;

Context Context::cpu(const CpuOptions& options) { return Context(make_cpu_backend(options)); }

Context Context::cuda(const CudaOptions& options) { return Context(make_cuda_backend(options)); }

Context Context::best(const CpuOptions& otherwise) {
  try {
    return cuda();
  } catch (const NotCompiled&) {
  } catch (const DeviceError&) {
  }
  return cpu(otherwise);
}

MemorySpace Context::memory_space() const { return backend_->memory_space(); }
std::string Context::device() const { return backend_->device(); }
std::size_t Context::workspace_limit() const { return backend_->workspace_limit(); }

}  // namespace wquant
