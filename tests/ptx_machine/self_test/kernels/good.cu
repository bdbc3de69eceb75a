// Correct kernels of several kinds; the driver compares them with host references.
#include <math.h>

#include <cstdio>
#include <cuda/atomic>

// One warp diagonalises one 8x8 symmetric matrix by cyclic Jacobi; lane (i,j) pairs cover the
// matrix.
extern "C" __global__ void jacobi8(const double* a, double* eigenvalues, int count) {
  __shared__ double m[4][8][8];
  int warp = threadIdx.x / 32, lane = threadIdx.x % 32,
      which = blockIdx.x * (blockDim.x / 32) + warp;
  if (which >= count) return;
  double(*s)[8] = m[warp];
  for (int e = lane; e < 64; e += 32) s[e / 8][e % 8] = a[which * 64 + e];
  __syncwarp();
  for (int sweep = 0; sweep < 10; ++sweep)
    for (int p = 0; p < 7; ++p)
      for (int q = p + 1; q < 8; ++q) {
        double apq = s[p][q], app = s[p][p], aqq = s[q][q], c = 1, t = 0, sn = 0;
        if (apq != 0) {
          double theta = (aqq - app) / (2 * apq);
          t = copysign(1.0, theta) / (fabs(theta) + sqrt(theta * theta + 1));
          c = rsqrt(t * t + 1);
          sn = t * c;
        }
        __syncwarp();
        if (lane < 8) {  // rows p and q
          double x = s[p][lane], y = s[q][lane];
          s[p][lane] = c * x - sn * y;
          s[q][lane] = sn * x + c * y;
        }
        __syncwarp();
        if (lane < 8) {  // columns
          double x = s[lane][p], y = s[lane][q];
          s[lane][p] = c * x - sn * y;
          s[lane][q] = sn * x + c * y;
        }
        __syncwarp();
      }
  if (lane < 8) eigenvalues[which * 8 + lane] = s[lane][lane];
}

extern "C" __global__ void gemm(const double* a, const double* b, double* c, int n) {
  constexpr int T = 16;
  __shared__ double ta[T][T + 1], tb[T][T];
  int r = blockIdx.y * T + threadIdx.y, col = blockIdx.x * T + threadIdx.x;
  double sum = 0;
  for (int k = 0; k < n; k += T) {
    ta[threadIdx.y][threadIdx.x] = r < n && k + threadIdx.x < n ? a[r * n + k + threadIdx.x] : 0;
    tb[threadIdx.y][threadIdx.x] =
        k + threadIdx.y < n && col < n ? b[(k + threadIdx.y) * n + col] : 0;
    __syncthreads();
    for (int i = 0; i < T; ++i) sum += ta[threadIdx.y][i] * tb[i][threadIdx.x];
    __syncthreads();
  }
  if (r < n && col < n) c[r * n + col] = sum;
}

// Sums by key inside a warp with match, then atomics between warps.
extern "C" __global__ void segmented_sum(const int* key, const double* x, int n, double* out,
                                         unsigned* counts) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  unsigned here = __ballot_sync(~0u, i < n);
  if (i >= n) return;
  unsigned peers = __match_any_sync(here, key[i]);
  double sum = 0;
  for (unsigned m = peers; __any_sync(here, m != 0); m &= m - 1) {
    double v = __shfl_sync(here, x[i], m ? __ffs(m) - 1 : 0);
    if (m) sum += v;
  }
  if ((threadIdx.x & 31) == __ffs(peers) - 1) {
    atomicAdd(&out[key[i]], sum);
    atomicAdd(&counts[key[i]], __popc(peers));
  }
}

// The last block to finish adds the partial sums: fence and atomic order the blocks.
__device__ unsigned finished;
extern "C" __global__ void last_block_sum(const double* x, int n, double* partial, double* out) {
  __shared__ double s[128];
  __shared__ bool last;
  double v = 0;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) v += x[i];
  s[threadIdx.x] = v;
  for (int h = 64; h; h /= 2) {
    __syncthreads();
    if (threadIdx.x < h) s[threadIdx.x] += s[threadIdx.x + h];
  }
  if (threadIdx.x == 0) {
    partial[blockIdx.x] = s[0];
    __threadfence();
    last = atomicAdd(&finished, 1) == gridDim.x - 1;
  }
  __syncthreads();
  if (last && threadIdx.x == 0) {
    double t = 0;
    for (int b = 0; b < gridDim.x; ++b) t += ((volatile double*)partial)[b];
    *out = t;
    finished = 0;
  }
}

extern "C" __global__ void functions64(const double* x, double* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  double v = x[i], s, c, *o = y + i;
  sincos(v * 1000, &s, &c);
  o[0] = erf(v);
  o[n] = erfc(v);
  o[2 * n] = lgamma(v);
  o[3 * n] = exp(v);
  o[4 * n] = log(fabs(v));
  o[5 * n] = pow(fabs(v), 1.7);
  o[6 * n] = s;
  o[7 * n] = c;
  o[8 * n] = erfcinv(1 + v / 10);
  o[9 * n] = tgamma(v);
  o[10 * n] = cbrt(v);
  o[11 * n] = atan2(v, 0.3);
  o[12 * n] = fmod(v, 0.37);
  o[13 * n] = sin(v * 1e15);
  o[14 * n] = tanh(v);
  o[15 * n] = 1 / v;
  o[16 * n] = sqrt(fabs(v));
  o[17 * n] = rsqrt(fabs(v));
  o[18 * n] = expm1(v);
  o[19 * n] = log1p(fabs(v));
  o[20 * n] = hypot(v, 2.0);
  o[21 * n] = rint(v * 10);
  o[22 * n] = (double)(long long)(v * 1e5) + __double2int_rn(v * 10);
  o[23 * n] = __dadd_ru(v, 1e-17);
  o[24 * n] = __ddiv_rd(v, 3.0);
  o[25 * n] = acos(v / 10);
  o[26 * n] = ldexp(v, -1030);
  o[27 * n] = normcdf(v);
}
extern "C" __global__ void functions32(const float* x, float* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  float v = x[i], s, c, *o = y + i;
  sincosf(v * 3, &s, &c);
  o[0] = erff(v);
  o[n] = erfcf(v);
  o[2 * n] = lgammaf(v);
  o[3 * n] = expf(v);
  o[4 * n] = logf(fabsf(v));
  o[5 * n] = powf(fabsf(v), 1.7f);
  o[6 * n] = s;
  o[7 * n] = c;
  o[8 * n] = tanhf(v);
  o[9 * n] = 1 / v;
  o[10 * n] = sqrtf(fabsf(v));
  o[11 * n] = rsqrtf(fabsf(v));
}

extern "C" __global__ void integers(const unsigned* x, unsigned long long* y, int n) {
  int i = threadIdx.x;
  unsigned a = x[i], b = x[(i + 1) % n];
  unsigned long long w = (unsigned long long)a << 32 | b, u = w * 0x9e3779b97f4a7c15ull, h = 0;
  auto mix = [&](unsigned long long v) { h = (h ^ v) * 1099511628211ull; };
  mix(__popc(a));
  mix(__clz(b));
  mix(__brev(a));
  mix(__ffs(a & b));
  mix(__byte_perm(a, b, a & 0x7777));
  mix(__funnelshift_l(a, b, b));
  mix(__funnelshift_rc(a, b, a & 63));
  mix(__umulhi(a, b));
  mix(__mulhi((int)a, (int)b));
  mix(__umul64hi(w, u));
  mix(__mul64hi(w, u));
  mix(a / (b | 1));
  mix((int)a / ((int)b | 1));
  mix(w % (b | 1));
  mix(u / (w | 1));
  mix((long long)u / ((long long)b | 3));
  mix((signed char)a);
  mix((short)b);
  mix(a >> (b & 31));
  mix((unsigned)((int)a >> (b & 31)));
  mix(u << (a & 63));
  mix(min((int)a, (int)b));
  mix(max(a, b));
  mix(abs((int)a));
  mix(__clzll(u));
  mix(__popcll(u));
  mix(__sad((int)a, (int)b, 1));
  mix((a ^ b) & (a | ~b));
  switch (a % 9) {
    case 0:
      mix(b);
      break;
    case 1:
      mix(b * 3);
      break;
    case 2:
      mix(b ^ a);
      break;
    case 3:
      mix(b / 7);
      break;
    case 4:
      mix(77);
      break;
    case 5:
      mix(a + 9);
      break;
    case 6:
      mix(a * b);
      break;
    case 7:
      mix(b >> 3);
      break;
    default:
      mix(b - 1);
  }
  y[i] = h;
}

// Lanes take a lock one after another: needs independent progress of the lanes of a warp.
__device__ int lock_word, guarded;
extern "C" __global__ void spin_lock(int* out) {
  bool done = false;
  while (!done) {
    if (atomicCAS(&lock_word, 0, 1) == 0) {
      __threadfence();
      ((volatile int*)&guarded)[0] = guarded + 1;
      __threadfence();
      atomicExch(&lock_word, 0);
      done = true;
    }
  }
  __syncthreads();
  if (threadIdx.x == 0) *out = guarded;
}

__device__ __noinline__ double recursive(double x, int n) {
  return n <= 0 ? x : recursive(x * 0.5, n - 1) + 1;
}
__device__ __noinline__ double warp_total(double v) {
  for (int o = 16; o; o /= 2) v += __shfl_xor_sync(~0u, v, o);
  return v;
}
struct Big {
  double v[6];
  int n;
};
extern "C" __global__ void calls(Big b, double* out) {
  double v = recursive(threadIdx.x, threadIdx.x % 5);  // lanes leave at different depths
  double local[6];
  for (int i = 0; i < 6; ++i) local[i] = b.v[i] + v;
  out[threadIdx.x] = warp_total(local[threadIdx.x % b.n]);
  if (threadIdx.x == 3) printf("lane %d says %.3f and %s\n", threadIdx.x, v, "hello");
}

// Four threads share rows of a tile through cp.async.
extern "C" __global__ void async_copy(const double* x, double* y) {
  __shared__ alignas(16) double s[64];
  unsigned to = (unsigned)__cvta_generic_to_shared(s + 2 * threadIdx.x);
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(x + 2 * threadIdx.x));
  asm volatile("cp.async.commit_group;");
#ifndef BUG_NOWAIT
  asm volatile("cp.async.wait_group 0;" ::: "memory");
#endif
  __syncthreads();
  y[threadIdx.x] = s[63 - threadIdx.x] * 2;
}
