#pragma once

#include <string>

#include "wquant/context.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// The largest magnitude of values on the host or the context, looked for where they lie. Throws
/// InvalidArgument with the first entry that is NaN or beyond `limit`: "name[i][k]: value; expected
/// `expected`".
template <class T>
double largest_within(const Context& context, const std::string& name, MatrixView<const T> values,
                      double limit, const std::string& expected);

/// Throws InvalidArgument with the first entry that is not finite.
template <class T>
void require_finite_on(const Context& context, const std::string& name, MatrixView<const T> values);

}  // namespace wquant
