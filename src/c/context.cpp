#include "wquant/context.hpp"

#include "c/guard.hpp"
#include "c/handles.hpp"
#include "c/structs.hpp"

namespace wquant::c {
namespace {

wquant_cpu_options cpu_defaults() {
  const CpuOptions d;
  return {.size = sizeof(wquant_cpu_options),
          .workspace_limit = d.workspace_limit,
          .threads = d.threads,
          .reserved = 0};
}

wquant_cuda_options cuda_defaults() {
  const CudaOptions d;
  return {.size = sizeof(wquant_cuda_options),
          .workspace_limit = d.workspace_limit,
          .stream = d.stream,
          .device = d.device,
          .reserved = 0};
}

CpuOptions cpu_options(const wquant_cpu_options* given) {
  const wquant_cpu_options options = read_struct("options", given, cpu_defaults());
  require_reserved("options", options.reserved);
  return {.threads = options.threads, .workspace_limit = options.workspace_limit};
}

CudaOptions cuda_options(const wquant_cuda_options* given) {
  const wquant_cuda_options options = read_struct("options", given, cuda_defaults());
  require_reserved("options", options.reserved);
  return {.device = options.device,
          .stream = options.stream,
          .workspace_limit = options.workspace_limit};
}

std::unique_ptr<wquant_context> handle(Context context, int cuda_device, bool own_stream) {
  const bool on_cuda = context.memory_space() == MemorySpace::device;
  const DLDevice device = on_cuda ? DLDevice{kDLCUDA, cuda_device} : DLDevice{kDLCPU, 0};
  return std::make_unique<wquant_context>(
      wquant_context{std::move(context), device, on_cuda && own_stream});
}

}  // namespace
}  // namespace wquant::c

using namespace wquant::c;

wquant_status wquant_cpu_options_init(wquant_cpu_options* options, size_t size) {
  return guarded([&] { write_defaults("options", cpu_defaults(), options, size); });
}

wquant_status wquant_cuda_options_init(wquant_cuda_options* options, size_t size) {
  return guarded([&] { write_defaults("options", cuda_defaults(), options, size); });
}

wquant_status wquant_context_create_cpu(const wquant_cpu_options* options,
                                        wquant_context** context) {
  return make_handle("context", context,
                     [&] { return handle(wquant::Context::cpu(cpu_options(options)), 0, false); });
}

wquant_status wquant_context_create_cuda(const wquant_cuda_options* options,
                                         wquant_context** context) {
  return make_handle("context", context, [&] {
    const wquant::CudaOptions wanted = cuda_options(options);
    return handle(wquant::Context::cuda(wanted), wanted.device, wanted.stream == nullptr);
  });
}

wquant_status wquant_context_create_best(const wquant_cpu_options* otherwise,
                                         wquant_context** context) {
  return make_handle("context", context, [&] {
    return handle(wquant::Context::best(cpu_options(otherwise)), 0, true);
  });
}

void wquant_context_destroy(wquant_context* context) { delete context; }

wquant_status wquant_context_device(const wquant_context* context, DLDevice* device) {
  return guarded([&] { required("device", device) = required("context", context).device; });
}

wquant_status wquant_context_workspace_limit(const wquant_context* context, size_t* bytes) {
  return guarded(
      [&] { required("bytes", bytes) = required("context", context).context.workspace_limit(); });
}
