#include "cuda/eigh.cuh"

namespace wquant {

void launch_eigh(TensorView<const double> matrices, const EighOutputs& out,
                 CusolverHandle& cusolver, Backend& backend, cudaStream_t stream) {
  if (matrices.count == 0) return;
  if (matrices.rows <= 3)
    launch_small_eigh(matrices, out, stream);
  else if (matrices.rows <= 32)
    launch_warp_eigh(matrices, out, stream);
  else
    launch_large_eigh(matrices, out, cusolver, backend, stream);
}

}  // namespace wquant
