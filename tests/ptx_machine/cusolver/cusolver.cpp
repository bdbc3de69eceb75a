// The part of cuSOLVER that wquant calls, solved by Eigen: as strict with arguments as NVIDIA's
// manual, and no better than it promises. A seed varies signs, the order of equal eigenvalues and
// the wish for host memory.
#include "cusolver/cusolver.hpp"

#include <cusolverDn.h>

#include <Eigen/Dense>
#include <algorithm>
#include <climits>
#include <cstring>
#include <limits>
#include <list>
#include <optional>
#include <random>
#include <utility>

#include "runtime/machine.hpp"

struct cusolverDnContext {
  cudaStream_t stream = nullptr;
};
struct cusolverDnParams {};

namespace ptx_machine {
namespace {

template <class T>
class Handles {
 public:
  T* create() { return &handles_.emplace_back(); }
  bool has(const T* handle) const {
    return std::ranges::any_of(handles_, [&](const T& other) { return &other == handle; });
  }
  bool destroy(const T* handle) {
    return handles_.remove_if([&](const T& other) { return &other == handle; }) > 0;
  }

 private:
  std::list<T> handles_;
};

Handles<cusolverDnContext>& contexts() {
  static auto& handles = *new Handles<cusolverDnContext>;
  return handles;
}

Handles<cusolverDnParams>& parameters() {
  static auto& handles = *new Handles<cusolverDnParams>;
  return handles;
}

std::mt19937& random_numbers() {
  static std::mt19937 random(static_cast<unsigned>(order()));
  return random;
}

std::optional<std::int64_t>& failing_matrix() {
  static std::optional<std::int64_t> index;
  return index;
}

/// One call, locked. What the machine cannot do is a finding.
template <class Call>
cusolverStatus_t solver_call(const Call& call) {
  Machine& machine = Machine::get();
  const std::lock_guard lock(machine.mutex);
  try {
    return call(machine);
  } catch (const std::exception& error) {
    machine.report(error.what());
    return CUSOLVER_STATUS_INTERNAL_ERROR;
  }
}

struct Problem {
  cublasFillMode_t triangle;
  std::int64_t n, lda, count;

  std::size_t matrix_bytes() const {
    return static_cast<std::size_t>(lda * n * count) * sizeof(double);
  }
  std::size_t value_bytes() const { return static_cast<std::size_t>(n * count) * sizeof(double); }
  std::size_t info_bytes() const { return static_cast<std::size_t>(count) * sizeof(int); }
  std::size_t device_bytes() const { return matrix_bytes() + 3 * value_bytes() + 1000; }
  std::size_t host_bytes() const {
    return order() % 2 == 0 ? 0 : static_cast<std::size_t>(n) * sizeof(double);
  }
};

struct Buffers {
  double* a;
  double* w;
  char* device;
  std::size_t device_bytes;
  char* host;
  std::size_t host_bytes;
  int* info;
};

cusolverStatus_t check(cusolverDnHandle_t handle, cusolverDnParams_t params, cusolverEigMode_t mode,
                       cudaDataType a, cudaDataType w, cudaDataType compute,
                       const Problem& problem) {
  const auto& [triangle, n, lda, count] = problem;
  if (!contexts().has(handle)) return CUSOLVER_STATUS_NOT_INITIALIZED;
  const bool valid = parameters().has(params) && mode == CUSOLVER_EIG_MODE_VECTOR &&
                     (triangle == CUBLAS_FILL_MODE_LOWER || triangle == CUBLAS_FILL_MODE_UPPER) &&
                     a == CUDA_R_64F && w == CUDA_R_64F && compute == CUDA_R_64F && n >= 1 &&
                     lda >= n && count >= 1 && n <= INT_MAX / lda && n * lda <= INT_MAX / count;
  return valid ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_INVALID_VALUE;
}

using Matrix = Eigen::MatrixXd;

/// Reads the triangle of matrix m; reports what was never written.
Matrix read(Machine& machine, const Problem& problem, const Buffers& at, std::int64_t m) {
  const bool upper = problem.triangle == CUBLAS_FILL_MODE_UPPER;
  Matrix lower = Matrix::Zero(problem.n, problem.n);
  for (std::int64_t j = 0; j < problem.n; ++j) {
    const std::int64_t begin = upper ? 0 : j;
    const std::int64_t size = upper ? j + 1 : problem.n - j;
    const double* const column = at.a + (m * problem.n + j) * problem.lda + begin;
    if (machine.engine.options.uninit != ptx::Options::off &&
        machine.engine.first_uninitialised(column, size * sizeof(double)) >= 0)
      machine.report("uninitialised value: in column " + std::to_string(j) + " of matrix " +
                     std::to_string(m) + " of cusolverDnXsyevBatched");
    for (std::int64_t i = 0; i < size; ++i)
      (upper ? lower(j, begin + i) : lower(begin + i, j)) = column[i];
  }
  return lower;
}

/// Ascending eigenvalues; vectors of either sign, those of equal values in any order.
void solve(Machine& machine, const Problem& problem, const Buffers& at, std::int64_t m) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(read(machine, problem, at, m));
  const Eigen::VectorXd& values = solver.eigenvalues();
  std::vector<std::int64_t> sources(static_cast<std::size_t>(problem.n));
  for (std::int64_t k = 0; k < problem.n; ++k) sources[k] = k;
  for (std::int64_t k = 1; k < problem.n && order() != 0; ++k)
    if (values[k] == values[k - 1] && random_numbers()() % 2 == 0)
      std::swap(sources[k], sources[k - 1]);
  for (std::int64_t k = 0; k < problem.n; ++k) {
    const double sign = order() != 0 && random_numbers()() % 2 == 0 ? -1 : 1;
    double* const column = at.a + (m * problem.n + k) * problem.lda;
    Eigen::VectorXd::Map(column, problem.n) = sign * solver.eigenvectors().col(sources[k]);
    machine.engine.mark_initialised(column, problem.n * sizeof(double));
  }
  double* const w = at.w + m * problem.n;
  Eigen::VectorXd::Map(w, problem.n) = values;
  machine.engine.mark_initialised(w, problem.n * sizeof(double));
  at.info[m] = solver.info() == Eigen::Success ? 0 : 1;
}

/// What stands in a matrix that did not converge means nothing.
void give_up(const Problem& problem, const Buffers& at, std::int64_t m) {
  std::fill_n(at.a + m * problem.n * problem.lda, problem.n * problem.lda,
              std::numeric_limits<double>::quiet_NaN());
  std::fill_n(at.w + m * problem.n, problem.n, std::numeric_limits<double>::quiet_NaN());
  at.info[m] = 1;
}

void run(Machine& machine, const Problem& problem, const Buffers& at) {
  const std::pair<const void*, std::size_t> ranges[] = {{at.a, problem.matrix_bytes()},
                                                        {at.w, problem.value_bytes()},
                                                        {at.device, at.device_bytes},
                                                        {at.info, problem.info_bytes()}};
  for (const auto& [p, bytes] : ranges)
    if (!machine.engine.covers(p, bytes)) {
      machine.report("cusolverDnXsyevBatched on " + std::to_string(bytes) +
                     " bytes of device memory that is not allocated yet, or was freed");
      return machine.fail(cudaErrorIllegalAddress);
    }
  const Arena::Access access(machine.arena);
  std::memset(at.device, 0xff, at.device_bytes);
  machine.engine.poison(at.device, at.device_bytes);
  if (at.host_bytes > 0) std::memset(at.host, 0xff, at.host_bytes);
  for (std::int64_t m = 0; m < problem.count; ++m)
    if (failing_matrix() == m)
      give_up(problem, at, m);
    else
      solve(machine, problem, at, m);
  failing_matrix().reset();
  machine.engine.mark_initialised(at.info, problem.info_bytes());
}

}  // namespace

void fail_on_matrix(std::int64_t index) { failing_matrix() = index; }

}  // namespace ptx_machine

using namespace ptx_machine;

extern "C" {

cusolverStatus_t CUSOLVERAPI cusolverDnCreate(cusolverDnHandle_t* handle) {
  return solver_call([&](Machine&) {
    if (!handle) return CUSOLVER_STATUS_INVALID_VALUE;
    *handle = contexts().create();
    return CUSOLVER_STATUS_SUCCESS;
  });
}

cusolverStatus_t CUSOLVERAPI cusolverDnDestroy(cusolverDnHandle_t handle) {
  return solver_call([&](Machine&) {
    return contexts().destroy(handle) ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_NOT_INITIALIZED;
  });
}

cusolverStatus_t CUSOLVERAPI cusolverDnSetStream(cusolverDnHandle_t handle, cudaStream_t stream) {
  return solver_call([&](Machine& machine) {
    if (!contexts().has(handle)) return CUSOLVER_STATUS_NOT_INITIALIZED;
    if (!machine.streams.find(stream)) return CUSOLVER_STATUS_INVALID_VALUE;
    handle->stream = stream;
    return CUSOLVER_STATUS_SUCCESS;
  });
}

cusolverStatus_t CUSOLVERAPI cusolverDnCreateParams(cusolverDnParams_t* params) {
  return solver_call([&](Machine&) {
    if (!params) return CUSOLVER_STATUS_INVALID_VALUE;
    *params = parameters().create();
    return CUSOLVER_STATUS_SUCCESS;
  });
}

cusolverStatus_t CUSOLVERAPI cusolverDnDestroyParams(cusolverDnParams_t params) {
  return solver_call([&](Machine&) {
    return parameters().destroy(params) ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_INVALID_VALUE;
  });
}

cusolverStatus_t CUSOLVERAPI cusolverDnXsyevBatched_bufferSize(
    cusolverDnHandle_t handle, cusolverDnParams_t params, cusolverEigMode_t mode,
    cublasFillMode_t triangle, std::int64_t n, cudaDataType a_type, const void* a, std::int64_t lda,
    cudaDataType w_type, const void* w, cudaDataType compute_type, std::size_t* device_bytes,
    std::size_t* host_bytes, std::int64_t count) {
  return solver_call([&](Machine& machine) {
    const Problem problem{triangle, n, lda, count};
    const auto status = check(handle, params, mode, a_type, w_type, compute_type, problem);
    if (status != CUSOLVER_STATUS_SUCCESS) return status;
    if (!machine.on_device(a) || !machine.on_device(w) || !device_bytes || !host_bytes)
      return CUSOLVER_STATUS_INVALID_VALUE;
    *device_bytes = problem.device_bytes();
    *host_bytes = problem.host_bytes();
    return CUSOLVER_STATUS_SUCCESS;
  });
}

cusolverStatus_t CUSOLVERAPI cusolverDnXsyevBatched(
    cusolverDnHandle_t handle, cusolverDnParams_t params, cusolverEigMode_t mode,
    cublasFillMode_t triangle, std::int64_t n, cudaDataType a_type, void* a, std::int64_t lda,
    cudaDataType w_type, void* w, cudaDataType compute_type, void* device, std::size_t device_bytes,
    void* host, std::size_t host_bytes, int* info, std::int64_t count) {
  return solver_call([&](Machine& machine) {
    const Problem problem{triangle, n, lda, count};
    const auto status = check(handle, params, mode, a_type, w_type, compute_type, problem);
    if (status != CUSOLVER_STATUS_SUCCESS) return status;
    const auto holds = [&](const void* p, std::size_t bytes) {
      return machine.on_device(p) && machine.block_of(p, bytes);
    };
    CUstream_st* const stream = machine.streams.find(handle->stream);
    if (!stream || !holds(a, problem.matrix_bytes()) || !holds(w, problem.value_bytes()) ||
        !holds(info, problem.info_bytes()) || !holds(device, device_bytes) ||
        device_bytes < problem.device_bytes() || host_bytes < problem.host_bytes() ||
        (problem.host_bytes() > 0 && (!host || machine.on_device(host))))
      return CUSOLVER_STATUS_INVALID_VALUE;
    const Buffers at{static_cast<double*>(a),
                     static_cast<double*>(w),
                     static_cast<char*>(device),
                     device_bytes,
                     static_cast<char*>(host),
                     host_bytes,
                     info};
    machine.streams.add(stream, [&machine, problem, at] { run(machine, problem, at); });
    return CUSOLVER_STATUS_SUCCESS;
  });
}

}  // extern "C"
