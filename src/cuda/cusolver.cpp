// Nothing else lives here: the conformance tests link their own cusolver() in its place.
#include "cuda/cusolver.hpp"

#include <dlfcn.h>

#include <string>

#include "wquant/error.hpp"

namespace wquant {
namespace {

#define WQUANT_TEXT_OF(x) #x
#define WQUANT_TEXT(x) WQUANT_TEXT_OF(x)
constexpr const char* kName = "libcusolver.so." WQUANT_TEXT(CUSOLVER_VER_MAJOR);

/// By the loader's own rules, else beside the toolkit that the library was built with.
void* open_library() {
  if (void* const library = dlopen(kName, RTLD_NOW | RTLD_LOCAL)) return library;
  const std::string reason = dlerror();
  const std::string toolkit = WQUANT_CUDA_LIBRARY_DIR "/";
  if (void* const library = dlopen((toolkit + kName).c_str(), RTLD_NOW | RTLD_LOCAL))
    return library;
  throw DeviceError("cuda: eigenvectors beyond 32 dimensions need cuSOLVER of the CUDA toolkit: " +
                    reason);
}

template <class Function>
void find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  if (!function)
    throw DeviceError(std::string("cuda: ") + kName + " has no " + name +
                      "; expected that of CUDA 12.8 or newer");
}

Cusolver load() {
  void* const library = open_library();
  Cusolver calls{};
  find(library, "cusolverDnCreate", calls.create);
  find(library, "cusolverDnDestroy", calls.destroy);
  find(library, "cusolverDnSetStream", calls.set_stream);
  find(library, "cusolverDnCreateParams", calls.create_params);
  find(library, "cusolverDnDestroyParams", calls.destroy_params);
  find(library, "cusolverDnXsyevBatched_bufferSize", calls.syev_batched_buffer_size);
  find(library, "cusolverDnXsyevBatched", calls.syev_batched);
  return calls;
}

}  // namespace

const Cusolver& cusolver() {
  static const Cusolver calls = load();
  return calls;
}

}  // namespace wquant
