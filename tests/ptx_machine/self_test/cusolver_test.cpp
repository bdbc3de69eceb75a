#include "cusolver/cusolver.hpp"

#include <cuda_runtime.h>
#include <cusolverDn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "runtime/ptx_machine.hpp"

namespace ptx_machine::test {
namespace {

constexpr std::int64_t kSize = 2;
constexpr std::int64_t kStride = 3;
constexpr std::int64_t kCount = 2;
constexpr std::size_t kEntries = kCount * kSize * kStride;

/// [[2, 1], [1, 2]] and [[3, 0], [0, 3]], of which only the lower triangles are there.
class Cusolver : public ::testing::Test {
 protected:
  Cusolver() {
    on_finding([this](const std::string& message) { findings.push_back(message); });
    EXPECT_EQ(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
    EXPECT_EQ(cusolverDnCreate(&handle), CUSOLVER_STATUS_SUCCESS);
    EXPECT_EQ(cusolverDnSetStream(handle, stream), CUSOLVER_STATUS_SUCCESS);
    EXPECT_EQ(cusolverDnCreateParams(&params), CUSOLVER_STATUS_SUCCESS);
    EXPECT_EQ(cudaMalloc(&a, kEntries * sizeof(double)), cudaSuccess);
    EXPECT_EQ(cudaMalloc(&w, kCount * kSize * sizeof(double)), cudaSuccess);
    EXPECT_EQ(cudaMalloc(&info, kCount * sizeof(int)), cudaSuccess);
    EXPECT_EQ(sizes(kSize, kStride, kCount), CUSOLVER_STATUS_SUCCESS);
    EXPECT_EQ(cudaMalloc(&buffer, device_bytes), cudaSuccess);
    host.resize(host_bytes);
  }
  ~Cusolver() override {
    EXPECT_EQ(cusolverDnDestroyParams(params), CUSOLVER_STATUS_SUCCESS);
    EXPECT_EQ(cusolverDnDestroy(handle), CUSOLVER_STATUS_SUCCESS);
    EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
    for (void* const p : {static_cast<void*>(a), static_cast<void*>(w), static_cast<void*>(info),
                          static_cast<void*>(buffer)})
      EXPECT_EQ(cudaFree(p), cudaSuccess);
    EXPECT_EQ(findings.size(), expected_findings);
    on_finding(nullptr);
  }

  cusolverStatus_t sizes(std::int64_t n, std::int64_t lda, std::int64_t count) {
    return cusolverDnXsyevBatched_bufferSize(handle, params, mode, triangle, n, type, a, lda, type,
                                             w, type, &device_bytes, &host_bytes, count);
  }
  cusolverStatus_t solve() {
    return cusolverDnXsyevBatched(handle, params, mode, triangle, kSize, type, a, kStride, type, w,
                                  type, buffer, device_bytes, host.data(), host_bytes, info,
                                  kCount);
  }
  void write(double* to, std::vector<double> values) {
    cudaMemcpyAsync(to, values.data(), values.size() * sizeof(double), cudaMemcpyHostToDevice,
                    stream);
  }
  void write_matrices() {
    write(a, {2, 1});
    write(a + kStride + 1, {2});
    write(a + kSize * kStride, {3, 0});
    write(a + kSize * kStride + kStride + 1, {3});
  }

  cudaStream_t stream = nullptr;
  cusolverDnHandle_t handle = nullptr;
  cusolverDnParams_t params = nullptr;
  cusolverEigMode_t mode = CUSOLVER_EIG_MODE_VECTOR;
  cublasFillMode_t triangle = CUBLAS_FILL_MODE_LOWER;
  cudaDataType type = CUDA_R_64F;
  double* a = nullptr;
  double* w = nullptr;
  int* info = nullptr;
  char* buffer = nullptr;
  std::vector<char> host;
  std::size_t device_bytes = 0, host_bytes = 0;
  std::vector<std::string> findings;
  std::size_t expected_findings = 0;
};

TEST_F(Cusolver, SolvesWhenTheHostWaitsAndNotBefore) {
  ASSERT_EQ(solve(), CUSOLVER_STATUS_SUCCESS);  // runs after what is on the stream, not before
  run_pending();
  expected_findings = findings.size();
  EXPECT_EQ(expected_findings, 4u) << "columns that were never written";

  write_matrices();
  ASSERT_EQ(solve(), CUSOLVER_STATUS_SUCCESS);
  std::vector<double> values(kCount * kSize);
  std::vector<double> vectors(kSize);
  std::vector<int> failed(kCount, -1);
  cudaMemcpyAsync(values.data(), w, values.size() * sizeof(double), cudaMemcpyDeviceToHost, stream);
  cudaMemcpyAsync(vectors.data(), a + kStride, kSize * sizeof(double), cudaMemcpyDeviceToHost,
                  stream);
  cudaMemcpyAsync(failed.data(), info, kCount * sizeof(int), cudaMemcpyDeviceToHost, stream);
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
  EXPECT_NEAR(values[0], 1, 1e-15);
  EXPECT_NEAR(values[1], 3, 1e-15);
  EXPECT_EQ(values[2], 3);
  EXPECT_EQ(values[3], 3);
  EXPECT_NEAR(std::fabs(vectors[0] + vectors[1]), std::sqrt(2.0), 1e-15);
  EXPECT_EQ(failed, std::vector<int>(kCount, 0));
}

TEST_F(Cusolver, LeavesNothingInItsBuffer) {
  write_matrices();
  cudaMemsetAsync(buffer, 0, device_bytes, stream);
  ASSERT_EQ(solve(), CUSOLVER_STATUS_SUCCESS);
  char byte = 0;
  cudaMemcpyAsync(&byte, buffer, 1, cudaMemcpyDeviceToHost, stream);
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
  expected_findings = 1;
}

TEST_F(Cusolver, AFailedMatrixIsTold) {
  write_matrices();
  fail_on_matrix(1);
  ASSERT_EQ(solve(), CUSOLVER_STATUS_SUCCESS);
  std::vector<int> failed(kCount);
  cudaMemcpyAsync(failed.data(), info, kCount * sizeof(int), cudaMemcpyDeviceToHost, stream);
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
  EXPECT_EQ(failed, (std::vector<int>{0, 1}));
}

TEST_F(Cusolver, RefusesWhatTheManualForbids) {
  const auto refused = [&](auto& argument, auto value, cusolverStatus_t status) {
    const auto right = std::exchange(argument, value);
    EXPECT_EQ(solve(), status);
    argument = right;
  };
  cusolverDnContext* const no_handle = nullptr;
  refused(handle, no_handle, CUSOLVER_STATUS_NOT_INITIALIZED);
  refused(params, cusolverDnParams_t{}, CUSOLVER_STATUS_INVALID_VALUE);
  refused(mode, CUSOLVER_EIG_MODE_NOVECTOR, CUSOLVER_STATUS_INVALID_VALUE);
  refused(triangle, CUBLAS_FILL_MODE_FULL, CUSOLVER_STATUS_INVALID_VALUE);
  refused(type, CUDA_R_32F, CUSOLVER_STATUS_INVALID_VALUE);
  refused(a, a + 1, CUSOLVER_STATUS_INVALID_VALUE);  // runs over the end
  std::vector<double> on_host(kEntries);
  refused(w, on_host.data(), CUSOLVER_STATUS_INVALID_VALUE);
  refused(info, static_cast<int*>(nullptr), CUSOLVER_STATUS_INVALID_VALUE);
  refused(device_bytes, device_bytes - 1, CUSOLVER_STATUS_INVALID_VALUE);
  if (host_bytes > 0) refused(host_bytes, host_bytes - 1, CUSOLVER_STATUS_INVALID_VALUE);

  const std::size_t right = device_bytes;
  EXPECT_EQ(sizes(0, 1, 1), CUSOLVER_STATUS_INVALID_VALUE);
  EXPECT_EQ(sizes(3, 2, 1), CUSOLVER_STATUS_INVALID_VALUE);
  EXPECT_EQ(sizes(2, 2, 0), CUSOLVER_STATUS_INVALID_VALUE);
  EXPECT_EQ(sizes(1 << 15, 1 << 15, 2), CUSOLVER_STATUS_INVALID_VALUE);  // 2³¹ entries
  EXPECT_EQ(sizes(46341, 46341, 1), CUSOLVER_STATUS_INVALID_VALUE);
  EXPECT_EQ(device_bytes, right);
  EXPECT_EQ(cusolverDnSetStream(nullptr, stream), CUSOLVER_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(cusolverDnCreate(nullptr), CUSOLVER_STATUS_INVALID_VALUE);
  EXPECT_EQ(cusolverDnCreateParams(nullptr), CUSOLVER_STATUS_INVALID_VALUE);
}

TEST_F(Cusolver, RefusesAStreamThatIsGone) {
  cudaStream_t other = nullptr;
  ASSERT_EQ(cudaStreamCreate(&other), cudaSuccess);
  ASSERT_EQ(cusolverDnSetStream(handle, other), CUSOLVER_STATUS_SUCCESS);
  ASSERT_EQ(cudaStreamDestroy(other), cudaSuccess);
  EXPECT_EQ(cusolverDnSetStream(handle, other), CUSOLVER_STATUS_INVALID_VALUE);
  EXPECT_EQ(solve(), CUSOLVER_STATUS_INVALID_VALUE);
}

}  // namespace
}  // namespace ptx_machine::test
