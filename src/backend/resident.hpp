#pragma once

#include <cstddef>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <vector>

#include "backend/each_view.hpp"
#include "wquant/array.hpp"
#include "wquant/context.hpp"

namespace wquant {

/// Arguments of a kernel that the context's kernels can read, and the memory that some of them may
/// point into. They are valid as long as this object is: take them by get<i>(there), or by a
/// structured binding, which keeps the whole object:
///     const auto [rows, points] = resident(context, host_rows, host_points);
template <class... Arguments>
struct Resident {
  std::tuple<Arguments...> arguments;
  Array<double> memory;
};

template <std::size_t I, class... Arguments>
const auto& get(const Resident<Arguments...>& there) {
  return std::get<I>(there.arguments);
}

namespace detail {

constexpr std::size_t kResidentAlignment = 64;

template <class View>
std::size_t bytes_of(const View& view) {
  return static_cast<std::size_t>(extent(view)) * sizeof(*view.data);
}

/// What a copy of the view takes on a device: nothing where it is there already.
template <class View>
std::size_t padded_bytes(const View& view) {
  if (!view.data || view.space == MemorySpace::device) return 0;
  return (bytes_of(view) + kResidentAlignment - 1) / kResidentAlignment * kResidentAlignment;
}

}  // namespace detail

/// The arguments of a kernel with their host views turned to where the context's kernels can read
/// them: to themselves on the CPU; on a device to copies, brought over in one piece. What is on the
/// device already stays where it is.
template <class... Arguments>
Resident<Arguments...> resident(const Context& context, const Arguments&... arguments) {
  Resident<Arguments...> there{{arguments...}, {}};
  if (context.memory_space() == MemorySpace::host) return there;
  const auto for_each = [&](const auto& visit) {
    std::apply([&](auto&... each) { (each_view(each, visit), ...); }, there.arguments);
  };
  std::size_t bytes = 0;
  for_each([&](const auto& view) { bytes += detail::padded_bytes(view); });
  if (bytes == 0) return there;
  std::vector<std::byte> packed(bytes);
  there.memory = Array<double>(context, static_cast<std::int64_t>(bytes / sizeof(double)));
  auto* const to = reinterpret_cast<std::byte*>(there.memory.data());
  std::size_t at = 0;
  for_each([&](auto& view) {
    const std::size_t room = detail::padded_bytes(view);
    if (room == 0) return;
    std::memcpy(packed.data() + at, view.data, detail::bytes_of(view));
    view.data = reinterpret_cast<decltype(view.data)>(to + at);
    view.space = MemorySpace::device;
    at += room;
  });
  context.backend().copy_from_host(to, packed.data(), bytes);
  return there;
}

}  // namespace wquant

template <class... Arguments>
struct std::tuple_size<wquant::Resident<Arguments...>>
    : std::integral_constant<std::size_t, sizeof...(Arguments)> {};
template <std::size_t I, class... Arguments>
struct std::tuple_element<I, wquant::Resident<Arguments...>> {
  using type = const std::tuple_element_t<I, std::tuple<Arguments...>>;
};
