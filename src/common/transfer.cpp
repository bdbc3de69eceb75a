#include "common/transfer.hpp"

#include "backend/each_view.hpp"
#include "common/resident.hpp"
#include "common/validation.hpp"

namespace wquant {

template <class T>
std::vector<T> host_values(const Context& context, MatrixView<const T> values) {
  if (values.rows == 0) return {};
  std::vector<T> raw;
  if (values.space == MemorySpace::device) {
    raw.resize(static_cast<std::size_t>(extent(values)));
    context.backend().copy_to_host(raw.data(), values.data, sizeof(T) * raw.size());
    if (values.row_stride == values.cols) return raw;
    values.data = raw.data();
  }
  std::vector<T> out;
  out.reserve(static_cast<std::size_t>(values.rows * values.cols));
  for (std::int64_t i = 0; i < values.rows; ++i)
    out.insert(out.end(), values.row(i), values.row(i) + values.cols);
  return out;
}

void require_reachable(const Context& context, const char* name, MemorySpace space) {
  if (space != context.memory_space()) require_host(name, space);
}

template <class T>
OnContext<T>::OnContext(const Context& context, MatrixView<const T> values) : view_(values) {
  if (values.space == context.memory_space()) return;
  copy_ = on_context(context, host_values(context, values), values.cols);
  view_ = copy_.view();
}

namespace {

/// The elements from the first to the last of a view in device memory.
template <class View>
std::vector<double> device_extent(const Context& context, const View& view) {
  std::vector<double> out(static_cast<std::size_t>(extent(view)));
  context.backend().copy_to_host(out.data(), view.data, sizeof(double) * out.size());
  return out;
}

/// The same view of a copy on the host.
template <class View>
void bring_to_host(const Context& context, const char* name, View& view,
                   std::vector<double>& copy) {
  if (view.space == MemorySpace::host) return;
  require_reachable(context, name, view.space);
  copy = device_extent(context, view);
  view.data = copy.data();
  view.space = MemorySpace::host;
}

}  // namespace

HostMatrix::HostMatrix(const Context& context, const char* name, MatrixView<const double> values)
    : view_(values) {
  bring_to_host(context, name, view_, copy_);
}

HostTensor::HostTensor(const Context& context, const char* name, TensorView<const double> values)
    : view_(values) {
  bring_to_host(context, name, view_, copy_);
}

std::vector<std::int64_t> nearest_of_each(const Context& context, MatrixView<const double> points,
                                          MatrixView<const double> centres) {
  const Resident there(context, points, centres);
  Array<std::int64_t> labels(context, points.rows);
  Array<double> squares(context, points.rows);
  context.backend().nearest(points, centres, {labels.data(), points.rows, labels.space()},
                            {squares.data(), points.rows, squares.space()});
  const OnHost found(labels);
  return {found.view().begin(), found.view().end()};
}

template std::vector<double> host_values(const Context&, MatrixView<const double>);
template std::vector<float> host_values(const Context&, MatrixView<const float>);
template class OnContext<double>;
template class OnContext<float>;

}  // namespace wquant
