#include <cub/cub.cuh>
using Reduce = cub::BlockReduce<double, 128>;
using WarpRed = cub::WarpReduce<double>;
using Scan = cub::BlockScan<int, 128>;
using Sort = cub::BlockRadixSort<unsigned, 128, 4, int>;
extern "C" __global__ void cub_reduce(const double* x, double* y) {
  __shared__ typename Reduce::TempStorage t;
  __shared__ typename WarpRed::TempStorage w[4];
  double s = Reduce(t).Sum(x[threadIdx.x]);
  double m = WarpRed(w[threadIdx.x / 32]).Reduce(x[threadIdx.x], cuda::maximum<>{});
  if (threadIdx.x == 0) y[0] = s;
  if (threadIdx.x % 32 == 0) y[1 + threadIdx.x / 32] = m;
}
extern "C" __global__ void cub_scan(const int* x, int* y) {
  __shared__ typename Scan::TempStorage t;
  int o, total;
  Scan(t).ExclusiveSum(x[threadIdx.x], o, total);
  y[threadIdx.x] = o;
  if (threadIdx.x == 0) y[128] = total;
}
extern "C" __global__ void cub_sort(unsigned* k, int* v) {
  __shared__ typename Sort::TempStorage t;
  unsigned key[4];
  int val[4];
  for (int i = 0; i < 4; ++i) {
    key[i] = k[threadIdx.x * 4 + i];
    val[i] = threadIdx.x * 4 + i;
  }
  Sort(t).Sort(key, val);
  for (int i = 0; i < 4; ++i) {
    k[threadIdx.x * 4 + i] = key[i];
    v[threadIdx.x * 4 + i] = val[i];
  }
}
