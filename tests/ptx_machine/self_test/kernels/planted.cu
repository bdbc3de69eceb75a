// Each kernel has one defect, which the engine must name.
extern "C" __global__ void block_race(double* y) {
  y[blockIdx.x / 2] = threadIdx.x + blockIdx.x;
}  // blocks 0 and 1 write one place
extern "C" __global__ void block_race_read(double* y) {
  if (threadIdx.x == 0) y[blockIdx.x] = y[(blockIdx.x + 1) % gridDim.x] + 1;
}
extern "C" __global__ void thread_race(double* y) {
  int i = threadIdx.x;
  y[i] = 1;
  y[64 + i] = y[(i + 1) % 64];
}  // no barrier between
extern "C" __global__ void mixed_atomic(int* y) {
  if (threadIdx.x == 40)
    y[0] = 5;
  else
    atomicAdd(y, 1);
}  // plain store and atomics
extern "C" __global__ void missing_barrier(double* y) {
  __shared__ double s[64];
  s[threadIdx.x] = threadIdx.x;
  y[threadIdx.x] = s[63 - threadIdx.x];
}
extern "C" __global__ void missing_syncwarp(double* y) {
  __shared__ double s[32];
  s[threadIdx.x] = threadIdx.x;
  y[threadIdx.x] = s[31 - threadIdx.x];
}
extern "C" __global__ void one_past(const double* x, double* y, int n) {
  int i = threadIdx.x;
  if (i < n) y[i] = x[i] + x[i + 1];
}
extern "C" __global__ void misaligned(const char* x, double* y) {
  y[threadIdx.x] = *(const double*)(x + 4);
}
extern "C" __global__ void uninitialised_shared(double* y) {
  __shared__ double s[64];
  if (threadIdx.x < 63) s[threadIdx.x] = 1;
  __syncthreads();
  y[threadIdx.x] = s[63 - threadIdx.x] + 1;
}
extern "C" __global__ void divergent_shuffle(double* y) {
  double v = threadIdx.x;
  if (threadIdx.x < 16) {
    v = __shfl_xor_sync(~0u, v, 1);
    y[0] = v;
  } else {
    v = __shfl_xor_sync(~0u, v, 2);
    y[1] = v;
  }
  __syncwarp();
  y[2 + threadIdx.x] = v;
}
extern "C" __global__ void barrier_missed(double* y) {
  if (threadIdx.x < 32) {
    __syncthreads();
    y[0] = 1;
  } else {
    __syncthreads();
    y[1] = 1;
    __syncthreads();
    y[2] = 2;
  }
}
extern "C" __global__ void not_in_mask(double* y) {
  y[threadIdx.x] = __shfl_sync(0xffff, (double)threadIdx.x, 3);
}
extern "C" __global__ void waits_forever(volatile int* y) {
  while (y[0] == 0) {
  }
  y[1] = 1;
}
extern "C" __global__ void unfenced(
    double* data, unsigned* flag, double* out) {  // the fence of the last-block pattern is missing
  if (threadIdx.x) return;
  data[blockIdx.x] = blockIdx.x;
  if (atomicAdd(flag, 1) == gridDim.x - 1) {
    double t = 0;
    for (int i = 0; i < gridDim.x; ++i) t += data[i];
    *out = t;
  }
}
extern "C" __global__ void stale_read_only(
    const double* x, double* y) {  // x and y overlap, yet x is read through the read-only cache
  int i = threadIdx.x;
  y[i] = i;
  y[64 + i] = __ldg(x + i);
}
