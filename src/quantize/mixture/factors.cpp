#include "quantize/mixture/factors.hpp"

#include <utility>

#include "backend/backend.hpp"
#include "backend/resident.hpp"
#include "backend/transfer.hpp"

namespace wquant {

Factors::Factors(const Context& context, TensorView<const double> matrices) : d_(matrices.rows) {
  const std::int64_t count = matrices.count;
  const auto [there] = resident(context, matrices);
  Array<double> values(context, count, d_);
  Array<double> vectors(context, count, d_ * d_);
  Array<double> residual(context, count);
  Array<double> orthogonality(context, count);
  const MemorySpace space = values.space();
  if (count > 0)
    context.backend().eigh(there, values.view(),
                           {vectors.data(), count, d_, d_, d_, d_ * d_, space}, flat_view(residual),
                           flat_view(orthogonality));
  values_ = on_host(std::move(values));
  vectors_ = on_host(std::move(vectors));
  residual_ = on_host(std::move(residual));
  orthogonality_ = on_host(std::move(orthogonality));
}

}  // namespace wquant
