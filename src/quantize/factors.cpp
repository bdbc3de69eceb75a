#include "quantize/factors.hpp"

#include <utility>

#include "backend/backend.hpp"
#include "common/resident.hpp"

namespace wquant {
namespace {

Array<double> on_host(Array<double> array) {
  return array.space() == MemorySpace::host ? std::move(array) : array.to_host();
}

}  // namespace

Factors::Factors(const Context& context, TensorView<const double> matrices) : d_(matrices.rows) {
  const std::int64_t count = matrices.count;
  const Resident there(context, matrices);
  Array<double> values(context, count, d_);
  Array<double> vectors(context, count, d_ * d_);
  Array<double> residual(context, count);
  Array<double> orthogonality(context, count);
  const MemorySpace space = values.space();
  if (count > 0)
    context.backend().eigh(matrices, values.view(),
                           {vectors.data(), count, d_, d_, d_, d_ * d_, space},
                           {residual.data(), count, space}, {orthogonality.data(), count, space});
  values_ = on_host(std::move(values));
  vectors_ = on_host(std::move(vectors));
  residual_ = on_host(std::move(residual));
  orthogonality_ = on_host(std::move(orthogonality));
}

}  // namespace wquant
