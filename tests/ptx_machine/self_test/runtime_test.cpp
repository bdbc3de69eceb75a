#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "runtime/ptx_machine.hpp"
#include "self_test/runtime_kernels.hpp"

namespace ptx_machine::test {
namespace {

constexpr int kCount = 100;
constexpr std::size_t kBytes = kCount * sizeof(double);

class Runtime : public ::testing::Test {
 protected:
  Runtime() {
    static_cast<void>(cudaGetLastError());  // of the test before
    on_finding([this](const std::string& message) { findings.push_back(message); });
    EXPECT_EQ(cudaMalloc(&x, kBytes), cudaSuccess);
    EXPECT_EQ(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
  }
  ~Runtime() override {
    EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
    EXPECT_EQ(cudaFree(x), cudaSuccess);
    EXPECT_EQ(bytes_in_use(), 0u);
    EXPECT_EQ(findings, expected);
    on_finding(nullptr);
  }

  void expect_finding(const std::string& part) {
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_NE(findings[0].find(part), std::string::npos) << findings[0];
    expected = findings;
  }
  std::vector<double> on_host(const double* from) {
    std::vector<double> host(kCount);
    EXPECT_EQ(cudaMemcpy(host.data(), from, kBytes, cudaMemcpyDeviceToHost), cudaSuccess);
    return host;
  }

  double* x = nullptr;
  cudaStream_t stream = nullptr;
  std::vector<std::string> findings, expected;
};

TEST_F(Runtime, WorkRunsWhenTheHostWaitsAndNotBefore) {
  std::vector<double> host(kCount, 5);
  const auto before = launches();
  EXPECT_EQ(cudaMemcpyAsync(x, host.data(), kBytes, cudaMemcpyHostToDevice, stream), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, stream), cudaSuccess);
  EXPECT_EQ(cudaMemcpyAsync(host.data(), x, kBytes, cudaMemcpyDeviceToHost, stream), cudaSuccess);
  EXPECT_EQ(launches(), before);
  for (const double value : host) EXPECT_TRUE(std::isnan(value));
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
  EXPECT_EQ(launches(), before + 1);
  EXPECT_EQ(host, std::vector<double>(kCount, 6));
}

TEST_F(Runtime, PageableMemoryIsReadAtOnceAndPinnedMemoryLate) {
  double* pinned = nullptr;
  ASSERT_EQ(cudaMallocHost(reinterpret_cast<void**>(&pinned), kBytes), cudaSuccess);
  std::vector<double> pageable(kCount, 1);
  std::fill_n(pinned, kCount, 1.0);
  double* y = nullptr;
  ASSERT_EQ(cudaMalloc(&y, kBytes), cudaSuccess);
  cudaMemcpyAsync(x, pageable.data(), kBytes, cudaMemcpyHostToDevice, stream);
  cudaMemcpyAsync(y, pinned, kBytes, cudaMemcpyHostToDevice, stream);
  pageable[0] = pinned[0] = 2;
  cudaStreamSynchronize(stream);
  EXPECT_EQ(on_host(x)[0], 1);
  EXPECT_EQ(on_host(y)[0], 2);
  EXPECT_EQ(cudaFree(y), cudaSuccess);
  EXPECT_EQ(cudaFreeHost(pinned), cudaSuccess);
}

TEST_F(Runtime, AStreamWaitsForAnEventOfAnother) {
  cudaStream_t other = nullptr;
  cudaEvent_t event = nullptr;
  ASSERT_EQ(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking), cudaSuccess);
  ASSERT_EQ(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), cudaSuccess);
  EXPECT_EQ(cudaMemsetAsync(x, 0, kBytes, stream), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 3, stream), cudaSuccess);
  EXPECT_EQ(cudaEventRecord(event, stream), cudaSuccess);
  EXPECT_EQ(cudaEventQuery(event), cudaErrorNotReady);
  EXPECT_EQ(cudaStreamWaitEvent(other, event, 0), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 4, other), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(other), cudaSuccess);
  EXPECT_EQ(cudaEventQuery(event), cudaSuccess);
  EXPECT_EQ(on_host(x)[kCount - 1], 7);
  EXPECT_EQ(cudaEventDestroy(event), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(other), cudaSuccess);
}

struct Step {
  std::vector<int>* log;
  int number;
};

void note(void* data) {
  const auto* const step = static_cast<const Step*>(data);
  step->log->push_back(step->number);
}

TEST_F(Runtime, StreamsInterleaveAndEachKeepsItsOrder) {
  constexpr int kSteps = 8;
  cudaStream_t other = nullptr;
  ASSERT_EQ(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking), cudaSuccess);
  std::vector<int> log;
  std::vector<Step> steps;
  for (int i = 0; i < 2 * kSteps; ++i) steps.push_back({&log, i});
  for (int i = 0; i < kSteps; ++i) {
    EXPECT_EQ(cudaLaunchHostFunc(stream, note, &steps[i]), cudaSuccess);
    EXPECT_EQ(cudaLaunchHostFunc(other, note, &steps[kSteps + i]), cudaSuccess);
  }
  EXPECT_EQ(cudaStreamSynchronize(other), cudaSuccess);
  std::vector<int> own;
  for (const int number : log)
    if (number >= kSteps) own.push_back(number);
  EXPECT_EQ(own, (std::vector<int>{8, 9, 10, 11, 12, 13, 14, 15}));
  if (order() == 0) {  // no more than what is waited for
    EXPECT_EQ(log.size(), own.size());
  } else {
    EXPECT_GT(log.size(), own.size());
  }
  EXPECT_EQ(cudaStreamDestroy(other), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
}

TEST_F(Runtime, AMissingEventIsSeen) {
  cudaStream_t other = nullptr;
  ASSERT_EQ(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking), cudaSuccess);
  double* y = nullptr;
  ASSERT_EQ(cudaMallocAsync(reinterpret_cast<void**>(&y), kBytes, stream), cudaSuccess);
  ASSERT_EQ(cudaMemsetAsync(y, 0, kBytes, stream), cudaSuccess);
  EXPECT_EQ(launch_add(y, kCount, 1, other), cudaSuccess);
  const cudaError_t status = cudaStreamSynchronize(other);
  if (order() == 0) {  // a seed may run the other stream first: then it is a race
    EXPECT_EQ(status, cudaErrorIllegalAddress);
    expect_finding("which is not allocated yet");
  }
  EXPECT_EQ(cudaFreeAsync(y, stream), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(other), cudaSuccess);
  EXPECT_EQ(bytes_in_use(), kBytes);
  EXPECT_FALSE(findings.empty());
  expected = findings;
}

/// Operations on x on two streams that nothing orders but what the test says.
class TwoStreams : public Runtime {
 protected:
  TwoStreams() {
    EXPECT_EQ(cudaMemset(x, 0, kBytes), cudaSuccess);
    EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
    EXPECT_EQ(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking), cudaSuccess);
    EXPECT_EQ(cudaEventCreate(&event), cudaSuccess);
  }
  ~TwoStreams() override {
    EXPECT_EQ(cudaEventDestroy(event), cudaSuccess);
    EXPECT_EQ(cudaStreamDestroy(other), cudaSuccess);
  }
  /// The findings are races between streams, `parts` among them, whichever ran first.
  void expect_race(const std::vector<std::string>& parts) {
    EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
    EXPECT_FALSE(findings.empty());
    for (const std::string& finding : findings) {
      EXPECT_NE(finding.find("race between streams"), std::string::npos) << finding;
      EXPECT_TRUE(std::ranges::any_of(parts, [&](const std::string& part) {
        return finding.find(part) != std::string::npos;
      })) << finding;
    }
    expected = findings;
  }
  void expect_none() {
    EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
    EXPECT_TRUE(findings.empty());
  }

  cudaStream_t other = nullptr;
  cudaEvent_t event = nullptr;
};

TEST_F(TwoStreams, KernelsThatNothingOrdersRace) {
  EXPECT_EQ(launch_add(x, kCount, 1, stream), cudaSuccess);
  EXPECT_EQ(launch_add(x + kCount - 1, 1, 1, other), cudaSuccess);
  expect_race({"is not ordered after the read by kernel add",
               "is not ordered after the write by kernel add"});
}

TEST_F(TwoStreams, ACopyFromWhatAKernelWritesRaces) {
  std::vector<double> host(kCount);
  EXPECT_EQ(launch_add(x, kCount, 1, stream), cudaSuccess);
  EXPECT_EQ(cudaMemcpyAsync(host.data(), x, kBytes, cudaMemcpyDeviceToHost, other), cudaSuccess);
  expect_race({"copy from of 800 bytes of device memory is not ordered after the kernel add",
               "is not ordered after the copy from"});
}

TEST_F(TwoStreams, AFillOfWhatACopyReadsRaces) {
  double* y = nullptr;
  ASSERT_EQ(cudaMalloc(&y, kBytes), cudaSuccess);
  EXPECT_EQ(cudaMemcpyAsync(y, x, kBytes, cudaMemcpyDeviceToDevice, stream), cudaSuccess);
  EXPECT_EQ(cudaMemsetAsync(x + 1, 0, 8, other), cudaSuccess);
  expect_race({"fill of 8 bytes of device memory is not ordered after the copy from",
               "copy from of 800 bytes of device memory is not ordered after the fill"});
  EXPECT_EQ(cudaFree(y), cudaSuccess);
}

TEST_F(TwoStreams, ACopyFromWhatAFillWritesRaces) {
  std::vector<double> host(kCount);
  EXPECT_EQ(cudaMemsetAsync(x, 0, kBytes, stream), cudaSuccess);
  EXPECT_EQ(cudaMemcpyAsync(host.data(), x, kBytes, cudaMemcpyDeviceToHost, other), cudaSuccess);
  expect_race({"copy from of 800 bytes of device memory is not ordered after the fill",
               "fill of 800 bytes of device memory is not ordered after the copy from"});
}

TEST_F(TwoStreams, AnEventBeforeTheKernelDoesNotOrderIt) {
  EXPECT_EQ(cudaEventRecord(event, stream), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, stream), cudaSuccess);
  EXPECT_EQ(cudaStreamWaitEvent(other, event, 0), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, other), cudaSuccess);
  expect_race({"by kernel add"});
}

TEST_F(TwoStreams, AWaitForAnotherStreamDoesNotOrderThem) {
  EXPECT_EQ(launch_add(x, kCount, 1, stream), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(other), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, other), cudaSuccess);
  expect_race({"by kernel add"});
}

TEST_F(TwoStreams, OtherBytesAndReadsDoNotRace) {
  double* y = nullptr;
  ASSERT_EQ(cudaMalloc(&y, kBytes), cudaSuccess);
  std::vector<double> host(kCount);
  EXPECT_EQ(launch_add(x, 50, 1, stream), cudaSuccess);
  EXPECT_EQ(launch_add(x + 50, 25, 1, other), cudaSuccess);
  EXPECT_EQ(cudaMemcpyAsync(y, x + 75, 200, cudaMemcpyDeviceToDevice, stream), cudaSuccess);
  EXPECT_EQ(cudaMemcpyAsync(host.data(), x + 75, 200, cudaMemcpyDeviceToHost, other), cudaSuccess);
  expect_none();
  EXPECT_EQ(cudaFree(y), cudaSuccess);
}

TEST_F(TwoStreams, EventsOrderThroughAThirdStream) {
  cudaStream_t third = nullptr;
  ASSERT_EQ(cudaStreamCreateWithFlags(&third, cudaStreamNonBlocking), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, stream), cudaSuccess);
  EXPECT_EQ(cudaEventRecord(event, stream), cudaSuccess);
  EXPECT_EQ(cudaStreamWaitEvent(third, event, 0), cudaSuccess);
  EXPECT_EQ(cudaEventRecord(event, third), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(third), cudaSuccess);  // the event is reached, and orders still
  EXPECT_EQ(cudaStreamWaitEvent(other, event, 0), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, other), cudaSuccess);
  expect_none();
  EXPECT_EQ(cudaStreamDestroy(third), cudaSuccess);
}

TEST_F(TwoStreams, TheHostOrdersWhatItWaitsFor) {
  EXPECT_EQ(launch_add(x, kCount, 1, stream), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, other), cudaSuccess);
  EXPECT_EQ(cudaEventRecord(event, other), cudaSuccess);
  EXPECT_EQ(cudaEventSynchronize(event), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, stream), cudaSuccess);
  while (cudaStreamQuery(stream) == cudaErrorNotReady) {
  }
  EXPECT_EQ(launch_add(x, kCount, 1, other), cudaSuccess);
  expect_none();
}

TEST_F(TwoStreams, TheNullStreamOrdersBlockingStreamsOnly) {
  cudaStream_t blocking = nullptr;
  ASSERT_EQ(cudaStreamCreate(&blocking), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, blocking), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, nullptr), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, blocking), cudaSuccess);
  expect_none();
  EXPECT_EQ(launch_add(x, kCount, 1, nullptr), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, other), cudaSuccess);
  expect_race({"by kernel add"});
  EXPECT_EQ(cudaStreamDestroy(blocking), cudaSuccess);
}

TEST_F(Runtime, TheNullStreamWaitsForBlockingStreamsOnly) {
  cudaStream_t blocking = nullptr;
  ASSERT_EQ(cudaStreamCreate(&blocking), cudaSuccess);
  EXPECT_EQ(cudaMemsetAsync(x, 0, kBytes, blocking), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 2, blocking), cudaSuccess);
  EXPECT_EQ(on_host(x)[0], 2);
  EXPECT_EQ(cudaStreamDestroy(blocking), cudaSuccess);
}

TEST_F(Runtime, UseAfterAnAsynchronousFreeIsSeen) {
  double* y = nullptr;
  ASSERT_EQ(cudaMallocAsync(reinterpret_cast<void**>(&y), kBytes, stream), cudaSuccess);
  EXPECT_EQ(cudaMemsetAsync(y, 0, kBytes, stream), cudaSuccess);
  EXPECT_EQ(cudaFreeAsync(y, stream), cudaSuccess);
  EXPECT_EQ(cudaFreeAsync(y, stream), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemsetAsync(y, 0, kBytes, stream), cudaErrorInvalidValue);
  EXPECT_EQ(launch_add(y, kCount, 1, stream), cudaSuccess);  // the runtime cannot know
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaErrorIllegalAddress);
  expect_finding("which was freed");
}

TEST_F(Runtime, AnAccessOutOfBoundsIsAFindingAndAnErrorOfTheNextWait) {
  EXPECT_EQ(launch_write_past(x, kCount, 1), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
  expect_finding("0 bytes past the end of allocation");
  EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
}

TEST_F(Runtime, UnwrittenBytesThatReachTheHostAreAFinding) {
  double first = 0;
  EXPECT_EQ(cudaMemcpy(&first, x, sizeof first, cudaMemcpyDeviceToHost), cudaSuccess);
  expect_finding("was never written");
}

TEST_F(Runtime, DeviceCopiesKeepWhatIsUnwritten) {
  double* y = nullptr;
  ASSERT_EQ(cudaMalloc(&y, kBytes), cudaSuccess);
  EXPECT_EQ(cudaMemset(x, 0, sizeof(double)), cudaSuccess);
  EXPECT_EQ(cudaMemcpy(y, x, kBytes, cudaMemcpyDeviceToDevice), cudaSuccess);
  double value = 1;
  EXPECT_EQ(cudaMemcpy(&value, y, sizeof value, cudaMemcpyDeviceToHost), cudaSuccess);
  EXPECT_EQ(value, 0);
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(cudaMemcpy(&value, y + 1, sizeof value, cudaMemcpyDeviceToHost), cudaSuccess);
  expect_finding("was never written");
  EXPECT_EQ(cudaFree(y), cudaSuccess);
}

TEST_F(Runtime, RefusesBadArguments) {
  void* p = nullptr;
  double host = 0;
  volatile int no_kind = 9;
  EXPECT_EQ(cudaMalloc(static_cast<void**>(nullptr), 8), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMalloc(&p, std::size_t{1} << 40), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaFree(&host), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(x + 1), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(nullptr, x, 8, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(&host, x, 8, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(x, &host, kBytes + 1, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(&host, x, 8, static_cast<cudaMemcpyKind>(no_kind)),
            cudaErrorInvalidMemcpyDirection);
  EXPECT_EQ(cudaMemset(&host, 0, 8), cudaErrorInvalidValue);
  EXPECT_EQ(cudaSetDevice(1), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaEventRecord(nullptr, stream), cudaErrorInvalidResourceHandle);
  EXPECT_EQ(cudaStreamCreateWithFlags(nullptr, 0), cudaErrorInvalidValue);
  EXPECT_EQ(cudaPeekAtLastError(), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
}

TEST_F(Runtime, RefusesADestroyedStream) {
  cudaStream_t gone = nullptr;
  ASSERT_EQ(cudaStreamCreate(&gone), cudaSuccess);
  ASSERT_EQ(cudaMemsetAsync(x, 0, kBytes, gone), cudaSuccess);
  ASSERT_EQ(cudaStreamDestroy(gone), cudaSuccess);
  EXPECT_EQ(cudaMemsetAsync(x, 1, kBytes, gone), cudaErrorInvalidResourceHandle);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);  // what it had been given still runs
  EXPECT_EQ(on_host(x)[0], 0);
}

TEST_F(Runtime, RefusesBadLaunches) {
  EXPECT_EQ(launch_add(x, 0, 1, stream), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_add(x, 1, 1, stream, dim3(1025)), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_add(x, 1, 1, stream, dim3(1, 1, 65)), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_write_past(x, kCount - 65, 65), cudaErrorInvalidValue);  // its launch bounds
}

TEST_F(Runtime, SharedMemoryBeyond48KibibytesNeedsItsAttribute) {
  const int n = (60 << 10) / 8;
  EXPECT_EQ(launch_fill_shared(x, n), cudaErrorInvalidValue);
  EXPECT_EQ(allow_shared(228 << 10), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
  EXPECT_EQ(allow_shared(60 << 10), cudaSuccess);
  EXPECT_EQ(launch_fill_shared(x, n), cudaSuccess);
  double last = 0;
  EXPECT_EQ(cudaMemcpy(&last, x, sizeof last, cudaMemcpyDeviceToHost), cudaSuccess);
  EXPECT_EQ(last, n - 1);
}

TEST_F(Runtime, PlaysAnH100) {
  int value = 0;
  EXPECT_EQ(cudaDeviceGetAttribute(&value, cudaDevAttrMultiProcessorCount, 0), cudaSuccess);
  EXPECT_EQ(value, 132);
  std::size_t free = 0;
  std::size_t total = 0;
  EXPECT_EQ(cudaMemGetInfo(&free, &total), cudaSuccess);
  EXPECT_EQ(total - free, kBytes);
  cudaDeviceProp properties{};
  EXPECT_EQ(cudaGetDeviceProperties(&properties, 0), cudaSuccess);
  EXPECT_NE(std::string(properties.name).find("PTX machine"), std::string::npos);
}

TEST_F(Runtime, CountsWhatEachKernelDid) {
  if (order() != 0) GTEST_SKIP() << "a seed splits warps at random";
  constexpr std::uint64_t kBlocks = 3, kLaunches = 2, kWarps = kBlocks * kLaunches;
  constexpr std::size_t kRoom = kBlocks * 128 * sizeof(double);
  double* from = nullptr;
  double* to = nullptr;
  ASSERT_EQ(cudaMalloc(&from, kRoom), cudaSuccess);
  ASSERT_EQ(cudaMalloc(&to, kRoom), cudaSuccess);
  EXPECT_EQ(cudaMemset(from, 0, kRoom), cudaSuccess);
  EXPECT_EQ(cudaMemset(to, 0, kRoom), cudaSuccess);
  EXPECT_EQ(launch_counted(from, to, kBlocks), cudaSuccess);
  reset_counts();
  EXPECT_EQ(cudaMemset(x, 0, kBytes), cudaSuccess);
  EXPECT_EQ(launch_add(x, kCount, 1, nullptr), cudaSuccess);
  for (std::uint64_t i = 0; i < kLaunches; ++i)
    EXPECT_EQ(launch_counted(from, to, kBlocks), cudaSuccess);
  const std::map<std::string, KernelCounts> all = kernel_counts();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all.at("add").launches, 1u);
  const KernelCounts& kernel = all.at("counted<double>");
  EXPECT_EQ(kernel.launches, kLaunches);
  EXPECT_EQ(kernel.threads_per_block, 32);
  EXPECT_EQ(kernel.dynamic_shared, 0u);
  const ptx::Counts& counts = kernel.counts;
  const auto of = [](const auto& by_class, ptx::Class c) { return by_class[static_cast<int>(c)]; };
  EXPECT_EQ(of(counts.by_class, ptx::Class::fma64), 32 * kWarps);
  EXPECT_EQ(of(counts.warps_by_class, ptx::Class::fma64), kWarps);
  EXPECT_EQ(of(counts.by_class, ptx::Class::fp64), 32 * kWarps);  // the comparison
  EXPECT_EQ(of(counts.by_class, ptx::Class::special64), 0u);
  EXPECT_EQ(of(counts.warps_by_class, ptx::Class::barrier), kWarps);
  EXPECT_EQ(counts.global_read_bytes, kWarps * (256 + 256));
  EXPECT_EQ(counts.global_write_bytes, kWarps * 64);
  EXPECT_EQ(counts.sectors, kWarps * (32 + 8 + 2));
  EXPECT_EQ(counts.least_sectors, kWarps * (8 + 8 + 2));
  EXPECT_EQ(counts.distinct_read_bytes, kWarps * 32 * (32 + 8));
  EXPECT_EQ(counts.distinct_write_bytes, kWarps * 32 * 2);
  EXPECT_EQ(counts.passes, kWarps * (32 + 2));
  EXPECT_EQ(counts.least_passes, kWarps * (2 + 2));
  const std::uint64_t absent = 32 * counts.warp_instructions - counts.standing_lanes;
  EXPECT_GT(absent, 0u);  // from the write, where 8 lanes stand
  EXPECT_EQ(absent % (24 * kWarps), 0u);
  EXPECT_LT(absent, counts.standing_lanes / 4);

  for (const auto& [id, instruction] : counts.memory) {
    EXPECT_NE(instruction.place.find("runtime.cu:"), std::string::npos) << instruction.place;
    EXPECT_EQ(instruction.count.requests, kWarps);
    const auto is = [&](const char* text) {
      return instruction.place.find(text) != std::string::npos;
    };
    EXPECT_TRUE(is("st.shared") || instruction.count.passes == instruction.count.least_passes);
    EXPECT_TRUE(is("ld.global") || instruction.count.sectors == instruction.count.least_sectors);
  }
  EXPECT_EQ(counts.memory.size(), 5u);
  reset_counts();
  EXPECT_TRUE(kernel_counts().empty());
  EXPECT_EQ(cudaFree(from), cudaSuccess);
  EXPECT_EQ(cudaFree(to), cudaSuccess);
}

TEST(ReadableName, IsTheKernelAndItsTemplateArguments) {
  EXPECT_EQ(readable_name("_ZN6wquant12_GLOBAL__N_13addEPdi"), "add");
  EXPECT_EQ(readable_name("_ZN6wquant21sample_mixture_kernelILb1EEEvPd"),
            "sample_mixture_kernel<true>");
  EXPECT_EQ(readable_name("plain"), "plain");
}

using RuntimeDeathTest = Runtime;

TEST_F(RuntimeDeathTest, HostCodeThatTouchesDeviceMemoryEndsTheProcess) {
  EXPECT_EXIT(*x = 1, ::testing::ExitedWithCode(99), "host code touches device memory");
}

TEST_F(RuntimeDeathTest, AFindingEndsAProgramThatDoesNotListen) {
  const auto defect = [this] {
    on_finding(nullptr);
    launch_write_past(x, kCount, 1);
    cudaDeviceSynchronize();
  };
  EXPECT_EXIT(defect(), ::testing::ExitedWithCode(99), "ptx machine: global memory out of bounds");
}

}  // namespace
}  // namespace ptx_machine::test
