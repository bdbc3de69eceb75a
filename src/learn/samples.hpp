#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wquant/array.hpp"
#include "wquant/box.hpp"
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

/// The error that `count` samples, `first` the first of them, are not in the box.
template <class T>
[[noreturn]] void throw_outside(const Context& context, const std::string& name,
                                MatrixView<const T> samples, const Box& box, std::int64_t count,
                                std::int64_t first);

/// Throws it if there are such samples; those that are not finite count.
template <class T>
void require_inside(const Context& context, const std::string& name, MatrixView<const T> samples,
                    const Box& box);

}  // namespace wquant
