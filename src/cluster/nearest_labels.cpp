#include "cluster/nearest_labels.hpp"

#include "backend/backend.hpp"
#include "backend/resident.hpp"
#include "backend/transfer.hpp"

namespace wquant {

std::vector<std::int64_t> nearest_labels(const Context& context, MatrixView<const double> points,
                                         MatrixView<const double> centres) {
  const auto [points_there, centres_there] = resident(context, points, centres);
  Array<std::int64_t> labels(context, points.rows);
  Array<double> squares(context, points.rows);
  context.backend().nearest(points_there, centres_there, flat_view(labels), flat_view(squares));
  return host_values(context, labels);
}

}  // namespace wquant
