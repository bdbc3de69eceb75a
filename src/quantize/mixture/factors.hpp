#pragma once

#include <cstdint>
#include <vector>

#include "wquant/array.hpp"
#include "wquant/context.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Eigenpairs of symmetric d × d matrices on the host, with eigh's bounds on their errors.
class Factors {
 public:
  /// matrices: in the memory of the host or of the context.
  Factors(const Context& context, TensorView<const double> matrices);

  MatrixView<const double> values(std::int64_t begin, std::int64_t count) const {
    return {values_.data() + begin * d_, count, d_};
  }
  TensorView<const double> vectors(std::int64_t begin, std::int64_t count) const {
    return {vectors_.data() + begin * d_ * d_, count, d_, d_};
  }
  VectorView<const double> residual(std::int64_t begin, std::int64_t count) const {
    return {residual_.data() + begin, count};
  }
  VectorView<const double> orthogonality(std::int64_t begin, std::int64_t count) const {
    return {orthogonality_.data() + begin, count};
  }

 private:
  std::int64_t d_;
  Array<double> values_, vectors_, residual_, orthogonality_;
};

}  // namespace wquant
