#include "learn/samples.hpp"

#include <vector>

#include "cluster/scaled_points.hpp"
#include "common/transfer.hpp"
#include "common/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {

template <class T>
OnContext<T>::OnContext(const Context& context, MatrixView<const T> samples) : view_(samples) {
  if (samples.space == context.memory_space()) return;
  copy_ = on_context(context, host_values(context, samples), samples.cols);
  view_ = copy_.view();
}

template <class T>
std::vector<double> host_doubles(const Context& context, MatrixView<const T> samples) {
  const std::vector<T> values = host_values(context, samples);
  return {values.begin(), values.end()};
}

template <class T>
void throw_outside(const Context& context, const std::string& name, MatrixView<const T> samples,
                   const Box& box, std::int64_t count, std::int64_t first) {
  const std::vector<double> x = host_doubles<T>(
      context, {samples.row(first), 1, samples.cols, samples.row_stride, samples.space});
  std::int64_t k = 0;
  while (x[k] >= box.lower()[k] && x[k] <= box.upper()[k]) ++k;
  throw InvalidArgument(
      name + ": " + std::to_string(count) + " of " + std::to_string(samples.rows) +
      " samples lie outside the box; the first is " + name + "[" + std::to_string(first) + "][" +
      std::to_string(k) + "]: " + number_text(x[k]) + ", expected a number from " +
      number_text(box.lower()[k]) + " to " + number_text(box.upper()[k]));
}

template <class T>
void require_inside(const Context& context, const std::string& name, MatrixView<const T> samples,
                    const Box& box) {
  const std::vector<double> all = host_doubles(context, samples);
  std::int64_t count = 0;
  std::int64_t first = 0;
  for (std::int64_t i = samples.rows - 1; i >= 0; --i)
    if (!box.contains(all.data() + i * samples.cols)) {
      ++count;
      first = i;
    }
  if (count > 0) throw_outside(context, name, samples, box, count, first);
}

template class OnContext<double>;
template class OnContext<float>;
template std::vector<double> host_doubles(const Context&, MatrixView<const double>);
template std::vector<double> host_doubles(const Context&, MatrixView<const float>);

#define WQUANT_INSTANTIATE(T)                                                                      \
  template void throw_outside(const Context&, const std::string&, MatrixView<const T>, const Box&, \
                              std::int64_t, std::int64_t);                                         \
  template void require_inside(const Context&, const std::string&, MatrixView<const T>, const Box&);
WQUANT_INSTANTIATE(double)
WQUANT_INSTANTIATE(float)
#undef WQUANT_INSTANTIATE

}  // namespace wquant
