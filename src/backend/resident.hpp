#pragma once

#include <cstddef>
#include <cstring>
#include <vector>

#include "backend/each_view.hpp"
#include "wquant/array.hpp"
#include "wquant/context.hpp"

namespace wquant {

/// Turns host views among the arguments of a kernel to where the context's kernels can read them:
/// themselves on the CPU; on a device copies that live as long as this object, brought over in one
/// piece. What is on the device already stays where it is.
class Resident {
 public:
  template <class... Arguments>
  explicit Resident(const Context& context, Arguments&... arguments) {
    if (context.memory_space() == MemorySpace::host) return;
    std::size_t bytes = 0;
    const auto measure = [&](const auto& view) { bytes += padded_bytes(view); };
    (each_view(arguments, measure), ...);
    if (bytes == 0) return;
    std::vector<std::byte> packed(bytes);
    memory_ = Array<double>(context, static_cast<std::int64_t>(bytes / sizeof(double)));
    auto* const to = reinterpret_cast<std::byte*>(memory_.data());
    std::size_t at = 0;
    const auto turn = [&](auto& view) {
      const std::size_t room = padded_bytes(view);
      if (room == 0) return;
      std::memcpy(packed.data() + at, view.data, bytes_of(view));
      view.data = reinterpret_cast<decltype(view.data)>(to + at);
      view.space = MemorySpace::device;
      at += room;
    };
    (each_view(arguments, turn), ...);
    context.backend().copy_from_host(to, packed.data(), bytes);
  }

 private:
  static constexpr std::size_t kAlignment = 64;

  template <class View>
  static std::size_t bytes_of(const View& view) {
    return static_cast<std::size_t>(extent(view)) * sizeof(*view.data);
  }
  template <class View>
  static std::size_t padded_bytes(const View& view) {
    if (!view.data || view.space == MemorySpace::device) return 0;
    return (bytes_of(view) + kAlignment - 1) / kAlignment * kAlignment;
  }

  Array<double> memory_;
};

}  // namespace wquant
