#pragma once

#include "backend/transfer.hpp"
#include "wquant/array.hpp"
#include "wquant/context.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// The largest magnitude. Throws InvalidArgument for an entry that is not finite or, for double,
/// beyond kLargestLength.
template <class T>
double largest_length(const Context& context, const char* name, MatrixView<const T> values);

/// Points in the memory of the context, in multiples of a power of two that makes their squares
/// and the sums of those harmless. Where the unit is 1 and the memory the context's own, no copy.
template <class T>
class ScaledPoints {
 public:
  ScaledPoints(const Context& context, MatrixView<const T> points, double largest);

  MatrixView<const T> view() const { return view_; }
  double unit() const { return unit_; }

 private:
  double unit_;
  ContextCopy<T> there_;
  Array<T> scaled_;
  MatrixView<const T> view_;
};

extern template class ScaledPoints<double>;
extern template class ScaledPoints<float>;

}  // namespace wquant
