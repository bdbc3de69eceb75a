// Order between blocks through atomics with release and acquire, and cooperative groups.
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>

#include <cuda/atomic>
namespace cg = cooperative_groups;

extern "C" __global__ void release_acquire(double* data, unsigned* flag, double* out) {
  if (threadIdx.x) return;
  data[blockIdx.x] = blockIdx.x;
  cuda::atomic_ref<unsigned, cuda::thread_scope_device> f(*flag);
  if (f.fetch_add(1, cuda::memory_order_acq_rel) == gridDim.x - 1) {
    double t = 0;
    for (int i = 0; i < gridDim.x; ++i) t += data[i];
    *out = t;
  }
}
// Block 0 waits for the last block: runs only when blocks are interleaved (resident_blocks > 1).
extern "C" __global__ void wait_for_later(unsigned* flag, double* data) {
  cuda::atomic_ref<unsigned, cuda::thread_scope_device> f(*flag);
  if (blockIdx.x == gridDim.x - 1) {
    data[threadIdx.x] = threadIdx.x;
    __syncthreads();
    if (threadIdx.x == 0) f.store(1, cuda::memory_order_release);
  }
  if (blockIdx.x == 0) {
    if (threadIdx.x == 0)
      while (!f.load(cuda::memory_order_acquire)) {
      }
    __syncthreads();
    data[64 + threadIdx.x] = data[threadIdx.x] * 2;
  }
}
extern "C" __global__ void groups(double* x) {
  auto b = cg::this_thread_block();
  auto t = cg::tiled_partition<8>(b);
  double v = b.thread_rank();
  double s = cg::reduce(t, v, cg::plus<double>());
  b.sync();
  if (b.thread_rank() % 3 == 0) {
    auto c = cg::coalesced_threads();
    s += c.size() * 1000 + c.shfl(v, 0) * 0;
  }
  x[b.thread_rank()] = s;
}
extern "C" __global__ void patterns(const float* x,
                                    float* y) {  // one warp; the driver knows the exact counts
  __shared__ float s[33 * 32];
  __shared__ double d[32];
  s[threadIdx.x * 32] = x[threadIdx.x];          // 32 passes; 4 sectors
  s[threadIdx.x * 33 + 1] = x[threadIdx.x * 2];  // 1 pass; 8 sectors
  d[threadIdx.x] = x[threadIdx.x * 8 + 1];       // 2 passes (one a half warp); 32 sectors
  __syncwarp();
  y[threadIdx.x] =
      s[0] + (float)d[5] +
      s[threadIdx.x * 2 % 32 * 32];  // broadcasts 1 and 2; 16 distinct words in one bank; 4 sectors
}
