// Thrust algorithms, <<< >>>, a kernel in an unnamed namespace and a __constant__ variable.
#include <thrust/device_vector.h>
#include <thrust/reduce.h>
#include <thrust/scan.h>
#include <thrust/sort.h>
#include <thrust/transform_reduce.h>

#include <cstdio>
#include <vector>
namespace {
__global__ void scale(double* x, int n, double by) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) x[i] *= by;
}
struct Square {
  __host__ __device__ double operator()(double v) const { return v * v; }
};
}  // namespace
int main() {
  const int n = 3000;
  std::vector<int> h(n);
  unsigned s = 1;
  for (auto& v : h) {
    s = s * 1664525u + 1013904223u;
    v = s >> 8;
  }
  thrust::device_vector<int> k = h;
  thrust::sort(k.begin(), k.end());
  std::vector<int> sorted(n);
  thrust::copy(k.begin(), k.end(), sorted.begin());
  bool ok = true;
  for (int i = 1; i < n; ++i) ok = ok && sorted[i - 1] <= sorted[i];
  thrust::device_vector<double> x(n, 1.0);
  scale<<<(n + 127) / 128, 128>>>(thrust::raw_pointer_cast(x.data()), n, 3.0);
  double sum = thrust::transform_reduce(x.begin(), x.end(), Square{}, 0.0, thrust::plus<double>());
  thrust::inclusive_scan(x.begin(), x.end(), x.begin());
  double last = x[n - 1];
  std::printf("sorted %d, sum %g, last %g\n", ok, sum, last);
  ok = ok && sum == 9.0 * n && last == 3.0 * n;
  std::puts(ok ? "PASS" : "FAIL");
  return !ok;
}
