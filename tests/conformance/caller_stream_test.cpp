#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "conformance/contexts.hpp"
#include "support/c_interface.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::on_host;
using test::PlainMixture;

class CallerStream : public test::EveryContext {
 protected:
  void SetUp() override {
    EveryContext::SetUp();
    if (IsSkipped() || HasFailure()) return;
    ASSERT_EQ(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), cudaSuccess);
  }
  void TearDown() override {
    if (stream_) {
      EXPECT_EQ(cudaStreamDestroy(stream_), cudaSuccess);
    }
  }

  /// Device memory that a copy, not waited for, fills from pinned memory.
  const double* submitted(const std::vector<double>& values) {
    const std::size_t bytes = values.size() * sizeof(double);
    void* device = nullptr;
    void* pinned = nullptr;
    EXPECT_EQ(cudaMallocAsync(&device, bytes, stream_), cudaSuccess);
    EXPECT_EQ(cudaMallocHost(&pinned, bytes), cudaSuccess);
    std::memcpy(pinned, values.data(), bytes);
    EXPECT_EQ(cudaMemcpyAsync(device, pinned, bytes, cudaMemcpyHostToDevice, stream_), cudaSuccess);
    memory_.push_back(device);
    pinned_.push_back(pinned);
    return static_cast<const double*>(device);
  }

  void free_all() {
    for (void* const memory : memory_) EXPECT_EQ(cudaFreeAsync(memory, stream_), cudaSuccess);
    EXPECT_EQ(cudaStreamSynchronize(stream_), cudaSuccess);
    for (void* const memory : pinned_) EXPECT_EQ(cudaFreeHost(memory), cudaSuccess);
  }

  cudaStream_t stream_ = nullptr;
  std::vector<void*> memory_, pinned_;
};
INSTANTIATE_TEST_SUITE_P(Contexts, CallerStream, ::testing::Values("cuda"), test::backend_name);

/// Three Gaussians in the plane.
struct Flat {
  PlainMixture plain = test::Random(91).mixture(3, 2, 2);
  std::vector<double> means, covariances;

  Flat() {
    for (std::size_t i = 0; i < 3; ++i) {
      const test::RowMajor covariance = plain.covariances[i];
      means.insert(means.end(), plain.means[i].begin(), plain.means[i].end());
      covariances.insert(covariances.end(), covariance.data(), covariance.data() + 4);
    }
  }
};

TEST_P(CallerStream, OrdersWhatComesBeforeAndAfter) {
  const auto [plain, means, covariances] = Flat();
  std::vector<double> found(2 * 25, -1);
  std::int64_t size = 0;
  {
    const Context on_stream = Context::cuda({.stream = stream_});
    constexpr MemorySpace kDevice = MemorySpace::device;
    const GaussianMixture mixture = GaussianMixture::full(
        on_stream, {submitted(plain.weights), 3, kDevice}, {submitted(means), 3, 2, 2, kDevice},
        {submitted(covariances), 3, 2, 2, 2, 4, kDevice});
    const Quantization made = quantize(on_stream, mixture, {.support = 25});
    size = made.distribution.size();
    ASSERT_EQ(cudaMemcpyAsync(found.data(), made.distribution.locations().data(),
                              sizeof(double) * static_cast<std::size_t>(2 * size),
                              cudaMemcpyDeviceToHost, stream_),
              cudaSuccess);
  }
  free_all();
  found.resize(static_cast<std::size_t>(2 * size));
  const Quantization wanted = quantize(context(), plain.build(context()), {.support = 25});
  EXPECT_EQ(found, on_host(wanted.distribution.locations()));
}

TEST_P(CallerStream, OrdersTheWorkOfTheCInterface) {
  const auto [plain, means, covariances] = Flat();
  std::vector<double> found(2 * 25, -1);
  std::int64_t size = 0;
  {
    wquant_cuda_options options = test::initialised(wquant_cuda_options_init);
    options.stream = stream_;
    const auto on_stream = test::owned<wquant_context>(
        [&](auto out) { return wquant_context_create_cuda(&options, out); });
    constexpr DLDevice kDevice{kDLCUDA, 0};
    const test::Borrowed<double> w(submitted(plain.weights), {3}, kDevice),
        m(submitted(means), {3, 2}, kDevice), sigma(submitted(covariances), {3, 2, 2}, kDevice);
    const auto mixture = test::owned<wquant_mixture>([&](auto out) {
      return wquant_mixture_create_full(on_stream.get(), w.get(), m.get(), sigma.get(), nullptr,
                                        out);
    });
    wquant_quantize_options wanted = test::initialised(wquant_quantize_options_init);
    wanted.support = 25;
    const auto made = test::owned<wquant_quantization>(
        [&](auto out) { return wquant_quantize(on_stream.get(), mixture.get(), &wanted, out); });
    const auto locations = test::owned<DLManagedTensor>(
        [&](auto out) { return wquant_quantization_locations(made.get(), false, out); });
    EXPECT_EQ(locations->dl_tensor.device.device_type, kDLCUDA);
    size = locations->dl_tensor.shape[0];
    ASSERT_EQ(cudaMemcpyAsync(found.data(), locations->dl_tensor.data,
                              sizeof(double) * static_cast<std::size_t>(2 * size),
                              cudaMemcpyDeviceToHost, stream_),
              cudaSuccess);
  }
  free_all();
  found.resize(static_cast<std::size_t>(2 * size));
  const Quantization wanted = quantize(context(), plain.build(context()), {.support = 25});
  EXPECT_EQ(found, on_host(wanted.distribution.locations()));
}

TEST_P(CallerStream, IsTheCallersToDestroy) {
  { const Context on_stream = Context::cuda({.stream = stream_}); }
  EXPECT_EQ(cudaStreamSynchronize(stream_), cudaSuccess);
}

TEST_P(CallerStream, AWorkspaceLimitHolds) {
  const Context small = Context::cuda({.stream = stream_, .workspace_limit = 1 << 16});
  EXPECT_EQ(small.workspace_limit(), std::size_t{1} << 16);
  EXPECT_THROW(Array<double>(small, 1 << 14), OutOfMemory);
  test::Random random(92);
  const GaussianMixture mixture = random.mixture(1, 2, 1).build(small);
  EXPECT_THROW(quantize(small, mixture, {.support = 10000}), OutOfMemory);
  EXPECT_EQ(quantize(small, mixture, {.support = 10}).distribution.dimension(), 2);
}

}  // namespace
}  // namespace wquant
