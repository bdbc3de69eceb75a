#include "backend/magnitudes.hpp"

#include <cstdint>
#include <limits>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "base/validation.hpp"

namespace wquant {

template <class T>
double largest_within(const Context& context, const std::string& name, MatrixView<const T> values,
                      double limit, const std::string& expected) {
  if (values.rows == 0) return 0;
  const ContextCopy<T> there(context, values);
  Array<double> largest(context, 1);
  Array<std::int64_t> first_beyond(context, 1);
  context.backend().largest_magnitude(there.view(), limit, flat_view(largest),
                                      flat_view(first_beyond));
  const std::int64_t at = host_values(context, first_beyond)[0];
  if (at < 0) return host_values(context, largest)[0];
  const std::int64_t i = at / values.cols;
  const std::int64_t k = at % values.cols;
  const MatrixView<const T> row(values.row(i), 1, values.cols, values.row_stride, values.space);
  throw_bad_value(name, {i, k}, static_cast<double>(host_values(context, row)[k]), expected);
}

template <class T>
void require_finite_on(const Context& context, const std::string& name,
                       MatrixView<const T> values) {
  largest_within(context, name, values, static_cast<double>(std::numeric_limits<T>::max()),
                 "a finite number");
}

template double largest_within(const Context&, const std::string&, MatrixView<const double>, double,
                               const std::string&);
template double largest_within(const Context&, const std::string&, MatrixView<const float>, double,
                               const std::string&);
template void require_finite_on(const Context&, const std::string&, MatrixView<const double>);
template void require_finite_on(const Context&, const std::string&, MatrixView<const float>);

}  // namespace wquant
