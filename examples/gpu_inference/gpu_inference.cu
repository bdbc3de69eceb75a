// Uncertainty through a layer of a network, on the caller's stream. A kernel makes a batch of
// Gaussian mixtures, wquant quantises them where they lie, the next kernel pushes the points
// through the layer f(x) = a . tanh(Wx + b), and each mean of f comes out with a guaranteed bound:
//
//     |E f(X) - sum p f(x)| <= W2(f#P, f#D) <= L W2(P, D),    L = ||a|| ||W||.
#include <cuda_runtime.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "wquant/wquant.hpp"

namespace {

constexpr int kMixtures = 24;
constexpr int kComponents = 2;
constexpr int kHidden = 6;
constexpr std::int64_t kSupport = 40;

void check(cudaError_t status) {
  if (status != cudaSuccess) throw std::runtime_error(cudaGetErrorString(status));
}

/// Device memory in the order of a stream.
template <class T>
class Buffer {
 public:
  Buffer(std::int64_t count, cudaStream_t stream) : stream_(stream) {
    check(cudaMallocAsync(&data_, sizeof(T) * static_cast<std::size_t>(count), stream));
  }
  ~Buffer() { cudaFreeAsync(data_, stream_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  T* data() const { return data_; }

 private:
  T* data_ = nullptr;
  cudaStream_t stream_;
};

/// The layer, handed to kernels by value.
struct Layer {
  double weights[kHidden][2];
  double offsets[kHidden];
  double outputs[kHidden];

  __host__ __device__ double operator()(const double* x) const {
    double sum = 0;
    for (int h = 0; h < kHidden; ++h)
      sum += outputs[h] * tanh(weights[h][0] * x[0] + weights[h][1] * x[1] + offsets[h]);
    return sum;
  }
};

Layer some_layer() {
  Layer layer;
  for (int h = 0; h < kHidden; ++h) {
    layer.weights[h][0] = std::cos(1.0 + 2 * h) / 2;
    layer.weights[h][1] = std::sin(2.0 + 3 * h) / 2;
    layer.offsets[h] = 0.1 * h - 0.2;
    layer.outputs[h] = h % 2 ? -0.5 : 0.5;
  }
  return layer;
}

/// tanh grows no faster than its argument.
double lipschitz(const wquant::Context& context, const Layer& layer) {
  return wquant::spectral_norm_bound(context, {layer.outputs, 1, kHidden}) *
         wquant::spectral_norm_bound(context, {&layer.weights[0][0], kHidden, 2});
}

/// Stands for the inference that ends in mixtures: one thread a component.
__global__ void make_mixtures(double* weights, double* means, double* covariances) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= kMixtures * kComponents) return;
  const double angle = 0.7 * i;
  const double c = cos(angle);
  const double s = sin(angle);
  const double large = 0.5 + 0.02 * i;
  const double small = 0.05;
  weights[i] = i % kComponents == 0 ? 0.375 : 0.625;
  means[2 * i] = 2 * c;
  means[2 * i + 1] = 1 - s;
  covariances[4 * i] = large * c * c + small * s * s;
  covariances[4 * i + 1] = covariances[4 * i + 2] = (large - small) * c * s;
  covariances[4 * i + 3] = large * s * s + small * c * c;
}

/// One warp a distribution: the mean of the layer over its points.
__global__ void means_of_layer(Layer layer, const std::int64_t* begin, const double* locations,
                               const double* probabilities, double* means) {
  double sum = 0;
  for (std::int64_t a = begin[blockIdx.x] + threadIdx.x; a < begin[blockIdx.x + 1]; a += 32)
    sum += probabilities[a] * layer(locations + 2 * a);
  for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, step);
  if (threadIdx.x == 0) means[blockIdx.x] = sum;
}

/// The mean of the layer over samples of a mixture, and its standard error, on the host.
struct Estimate {
  double mean, error;
};
Estimate sampled(const wquant::GaussianMixture& mixture, const Layer& layer) {
  constexpr std::int64_t kSamples = 100000;
  const wquant::Array<double> points = wquant::sample(wquant::Context::cpu(), mixture, kSamples, 1);
  double sum = 0;
  double squares = 0;
  for (std::int64_t s = 0; s < kSamples; ++s) {
    const double y = layer(points.data() + 2 * s);
    sum += y;
    squares += y * y;
  }
  const double mean = sum / kSamples;
  return {mean, std::sqrt((squares / kSamples - mean * mean) / kSamples)};
}

int run(cudaStream_t stream) {
  constexpr std::int64_t kAll = kMixtures * kComponents;
  constexpr wquant::MemorySpace kDevice = wquant::MemorySpace::device;
  const Buffer<double> weights(kAll, stream), means(2 * kAll, stream),
      covariances(4 * kAll, stream);
  make_mixtures<<<1, 64, 0, stream>>>(weights.data(), means.data(), covariances.data());
  check(cudaGetLastError());

  const wquant::Context context = wquant::Context::cuda({.stream = stream});
  const std::vector<std::int64_t> sizes(kMixtures, kComponents);
  const std::vector<wquant::GaussianMixture> mixtures = wquant::GaussianMixture::full_batch(
      context, sizes, {weights.data(), kAll, kDevice}, {means.data(), kAll, 2, 2, kDevice},
      {covariances.data(), kAll, 2, 2, 2, 4, kDevice});
  const wquant::QuantizeOptions options{.support = kSupport};
  const wquant::QuantizationBatch points = wquant::quantize(context, mixtures, options);

  const Layer layer = some_layer();
  const Buffer<std::int64_t> begin(kMixtures + 1, stream);
  const Buffer<double> outputs(kMixtures, stream);
  check(cudaMemcpyAsync(begin.data(), points.distributions.begin.data(),
                        sizeof(std::int64_t) * (kMixtures + 1), cudaMemcpyHostToDevice, stream));
  means_of_layer<<<kMixtures, 32, 0, stream>>>(
      layer, begin.data(), points.distributions.locations.data(),
      points.distributions.probabilities.data(), outputs.data());
  check(cudaGetLastError());
  std::vector<double> found(kMixtures);
  check(cudaMemcpyAsync(found.data(), outputs.data(), sizeof(double) * kMixtures,
                        cudaMemcpyDeviceToHost, stream));
  check(cudaStreamSynchronize(stream));

  const double slope = lipschitz(context, layer);
  constexpr double kEvaluationError = 1e-14;  // six products and values of tanh, below 4 in all
  int violated = 0;
  for (int b = 0; b < kMixtures; ++b) {
    const double bound = wquant::push_forward(points.certificates[b], slope, kEvaluationError).w2;
    const Estimate samples = sampled(mixtures[b], layer);
    violated += std::fabs(samples.mean - found[b]) > bound + 5 * samples.error;
    std::printf("mixture %2d: E f = %8.5f +- %.5f with %lld points; 100000 samples: %8.5f\n", b,
                found[b], bound, static_cast<long long>(points.distributions.size(b)),
                samples.mean);
  }
  std::printf("%d of %d bounds hold\n", kMixtures - violated, kMixtures);
  return violated == 0 ? 0 : 1;
}

}  // namespace

int main() {
  try {
    static_cast<void>(wquant::Context::cuda());  // says clearly why there is none
    cudaStream_t stream = nullptr;
    check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    const int status = run(stream);
    check(cudaStreamDestroy(stream));
    return status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
}
