#include "backend/transfer.hpp"

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
ContextCopy<T>::ContextCopy(const Context& context, MatrixView<const T> values) : view_(values) {
  if (values.space == context.memory_space()) return;
  copy_ = on_context(context, host_values(context, values), values.cols);
  view_ = copy_.view();
}

template std::vector<double> host_values(const Context&, MatrixView<const double>);
template std::vector<float> host_values(const Context&, MatrixView<const float>);
template class ContextCopy<double>;
template class ContextCopy<float>;

}  // namespace wquant
