#pragma once

#include "wquant/array.hpp"
#include "wquant/context.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Samples (n × d) where the context's kernels can read them: as they lie if they can, else copied.
template <class T>
class OnContext {
 public:
  OnContext(const Context& context, MatrixView<const T> samples);
  MatrixView<const T> view() const { return view_; }

 private:
  Array<T> copy_;
  MatrixView<const T> view_;
};

/// Samples as packed doubles in host memory.
template <class T>
std::vector<double> host_doubles(const Context& context, MatrixView<const T> samples);

}  // namespace wquant
