#include "backend/transfer.hpp"

#include "backend/each_view.hpp"
#include "backend/resident.hpp"
#include "base/validation.hpp"

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

void require_reachable(const Context& context, const std::string& name, MemorySpace space) {
  if (space != context.memory_space()) require_host(name, space);
}

template <class T>
OnContext<T>::OnContext(const Context& context, MatrixView<const T> values) : view_(values) {
  if (values.space == context.memory_space()) return;
  copy_ = on_context(context, host_values(context, values), values.cols);
  view_ = copy_.view();
}

template <class View>
HostView<View>::HostView(const Context& context, const std::string& name, View values)
    : view_(values) {
  if (values.space == MemorySpace::host) return;
  require_reachable(context, name, values.space);
  copy_.resize(static_cast<std::size_t>(extent(values)));
  context.backend().copy_to_host(copy_.data(), values.data, sizeof(double) * copy_.size());
  view_.data = copy_.data();
  view_.space = MemorySpace::host;
}

std::vector<std::int64_t> nearest_of_each(const Context& context, MatrixView<const double> points,
                                          MatrixView<const double> centres) {
  const Resident there(context, points, centres);
  Array<std::int64_t> labels(context, points.rows);
  Array<double> squares(context, points.rows);
  context.backend().nearest(points, centres, vector(labels), vector(squares));
  return fetched(context, labels);
}

template std::vector<double> host_values(const Context&, MatrixView<const double>);
template std::vector<float> host_values(const Context&, MatrixView<const float>);
template class OnContext<double>;
template class OnContext<float>;
template class HostView<MatrixView<const double>>;
template class HostView<TensorView<const double>>;

}  // namespace wquant
