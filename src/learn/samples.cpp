#include "learn/samples.hpp"

#include <vector>

#include "backend/backend.hpp"
#include "common/transfer.hpp"

namespace wquant {
namespace {

template <class T>
std::size_t extent_bytes(MatrixView<const T> view) {
  return view.rows == 0
             ? 0
             : sizeof(T) * static_cast<std::size_t>((view.rows - 1) * view.row_stride + view.cols);
}

template <class T, class U>
std::vector<U> packed(MatrixView<const T> host) {
  std::vector<U> out;
  out.reserve(static_cast<std::size_t>(host.rows * host.cols));
  for (std::int64_t i = 0; i < host.rows; ++i)
    out.insert(out.end(), host.row(i), host.row(i) + host.cols);
  return out;
}

}  // namespace

template <class T>
OnContext<T>::OnContext(const Context& context, MatrixView<const T> samples) : view_(samples) {
  if (samples.space == context.memory_space()) return;
  copy_ = on_context(context, packed<T, T>(samples), samples.cols);
  view_ = copy_.view();
}

template <class T>
std::vector<double> host_doubles(const Context& context, MatrixView<const T> samples) {
  if (samples.space == MemorySpace::host) return packed<T, double>(samples);
  std::vector<T> copy(extent_bytes(samples) / sizeof(T));
  context.backend().copy_to_host(copy.data(), samples.data, extent_bytes(samples));
  return packed<T, double>({copy.data(), samples.rows, samples.cols, samples.row_stride});
}

template class OnContext<double>;
template class OnContext<float>;
template std::vector<double> host_doubles(const Context&, MatrixView<const double>);
template std::vector<double> host_doubles(const Context&, MatrixView<const float>);

}  // namespace wquant
