// Streams and events as the program sees them.
#include "runtime/machine.hpp"

namespace ptx_machine {
namespace {

template <class Call>
cudaError_t with_stream(cudaStream_t handle, const Call& call) {
  return api([&](Machine& machine) {
    CUstream_st* const stream = machine.streams.find(handle);
    return stream ? call(machine, stream) : cudaErrorInvalidResourceHandle;
  });
}

template <class Call>
cudaError_t with_event(cudaEvent_t handle, const Call& call) {
  return api([&](Machine& machine) {
    CUevent_st* const event = handle ? machine.streams.find_event(handle) : nullptr;
    return event ? call(machine, event) : cudaErrorInvalidResourceHandle;
  });
}

bool is_reserved(cudaStream_t handle) {
  return !handle || handle == cudaStreamLegacy || handle == cudaStreamPerThread;
}

/// A program that asks again and again must get there: every question is a step. A yes is as good
/// as a wait.
template <class Done, class Wait>
cudaError_t progress(Machine& machine, const Done& done, const Wait& wait) {
  if (!done()) machine.streams.step();
  if (!done()) return cudaErrorNotReady;
  wait();
  return machine.take_failure();
}

bool reached(const CUevent_st* event) { return !event->mark || event->mark->reached; }

}  // namespace
}  // namespace ptx_machine

using namespace ptx_machine;

extern "C" {

cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, unsigned flags, int priority) {
  return api([&](Machine& machine) {
    if (!stream || (flags != cudaStreamDefault && flags != cudaStreamNonBlocking))
      return cudaErrorInvalidValue;
    *stream = machine.streams.create(flags, priority);
    return cudaSuccess;
  });
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  return cudaStreamCreateWithPriority(stream, flags, 0);
}

cudaError_t cudaStreamCreate(cudaStream_t* stream) {
  return cudaStreamCreateWithPriority(stream, cudaStreamDefault, 0);
}

cudaError_t cudaStreamDestroy(cudaStream_t handle) {
  if (is_reserved(handle)) return remember(cudaErrorInvalidResourceHandle);
  return with_stream(handle, [](Machine& machine, CUstream_st* stream) {
    machine.streams.destroy(stream);
    return cudaSuccess;
  });
}

cudaError_t cudaStreamSynchronize(cudaStream_t handle) {
  return with_stream(handle, [](Machine& machine, CUstream_st* stream) {
    machine.streams.wait(stream);
    return machine.take_failure();
  });
}

cudaError_t cudaStreamQuery(cudaStream_t handle) {
  return with_stream(handle, [](Machine& machine, CUstream_st* stream) {
    return progress(
        machine, [stream] { return stream->queue.empty(); }, [&] { machine.streams.wait(stream); });
  });
}

cudaError_t cudaStreamGetFlags(cudaStream_t handle, unsigned* flags) {
  return with_stream(handle, [&](Machine&, CUstream_st* stream) {
    if (!flags) return cudaErrorInvalidValue;
    *flags = stream->flags;
    return cudaSuccess;
  });
}

cudaError_t cudaStreamGetDevice(cudaStream_t handle, int* device) {
  return with_stream(handle, [&](Machine&, CUstream_st*) {
    if (!device) return cudaErrorInvalidValue;
    *device = 0;
    return cudaSuccess;
  });
}

cudaError_t cudaStreamIsCapturing(cudaStream_t handle, cudaStreamCaptureStatus* status) {
  return with_stream(handle, [&](Machine&, CUstream_st*) {
    if (!status) return cudaErrorInvalidValue;
    *status = cudaStreamCaptureStatusNone;
    return cudaSuccess;
  });
}

cudaError_t cudaStreamWaitEvent(cudaStream_t handle, cudaEvent_t event_handle, unsigned flags) {
  return with_stream(handle, [&](Machine& machine, CUstream_st* stream) {
    CUevent_st* const event = machine.streams.find_event(event_handle);
    if (!event) return cudaErrorInvalidResourceHandle;
    if (flags != cudaEventWaitDefault) return cudaErrorInvalidValue;
    machine.streams.wait_for(stream, *event);
    return cudaSuccess;
  });
}

cudaError_t cudaLaunchHostFunc(cudaStream_t handle, cudaHostFn_t function, void* data) {
  return with_stream(handle, [&](Machine& machine, CUstream_st* stream) {
    if (!function) return cudaErrorInvalidValue;
    machine.streams.add(stream, [function, data] { function(data); });
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceSynchronize() {
  return api([](Machine& machine) {
    machine.streams.wait_for_all();
    return machine.take_failure();
  });
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  return api([&](Machine& machine) {
    constexpr unsigned kKnown = cudaEventBlockingSync | cudaEventDisableTiming;
    if (!event || (flags & ~kKnown) != 0) return cudaErrorInvalidValue;
    *event = machine.streams.create_event(flags);
    return cudaSuccess;
  });
}

cudaError_t cudaEventCreate(cudaEvent_t* event) {
  return cudaEventCreateWithFlags(event, cudaEventDefault);
}

cudaError_t cudaEventDestroy(cudaEvent_t handle) {
  return with_event(handle, [](Machine& machine, CUevent_st* event) {
    machine.streams.destroy_event(event);
    return cudaSuccess;
  });
}

cudaError_t cudaEventRecord(cudaEvent_t handle, cudaStream_t stream_handle) {
  return with_event(handle, [&](Machine& machine, CUevent_st* event) {
    CUstream_st* const stream = machine.streams.find(stream_handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    machine.streams.record(stream, event);
    return cudaSuccess;
  });
}

cudaError_t cudaEventQuery(cudaEvent_t handle) {
  return with_event(handle, [](Machine& machine, CUevent_st* event) {
    return progress(
        machine, [event] { return reached(event); },
        [&] {
          if (event->mark) machine.streams.wait(*event->mark);
        });
  });
}

cudaError_t cudaEventSynchronize(cudaEvent_t handle) {
  return with_event(handle, [](Machine& machine, CUevent_st* event) {
    if (event->mark) machine.streams.wait(*event->mark);
    return machine.take_failure();
  });
}

/// Operations submitted between the two, in milliseconds: there is no time to measure.
cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  return api([&](Machine& machine) {
    CUevent_st* const first = machine.streams.find_event(start);
    CUevent_st* const last = machine.streams.find_event(end);
    if (!milliseconds) return cudaErrorInvalidValue;
    if (!first || !last || !first->mark || !last->mark ||
        ((first->flags | last->flags) & cudaEventDisableTiming) != 0)
      return cudaErrorInvalidResourceHandle;
    if (!reached(first) || !reached(last)) return cudaErrorNotReady;
    *milliseconds =
        static_cast<float>(last->mark->serial) - static_cast<float>(first->mark->serial);
    return cudaSuccess;
  });
}

}  // extern "C"
