#pragma once

#include "backend/backend.hpp"

namespace wquant {

/// visit(view) for every view of a kernel's argument.
template <class T, class Visit>
void each_view(VectorView<T>& view, const Visit& visit) {
  visit(view);
}
template <class T, class Visit>
void each_view(MatrixView<T>& view, const Visit& visit) {
  visit(view);
}
template <class T, class Visit>
void each_view(TensorView<T>& view, const Visit& visit) {
  visit(view);
}
template <class Visit>
void each_view(CellRows& rows, const Visit& visit) {
  visit(rows.means);
  visit(rows.deviations);
  visit(rows.cells);
  visit(rows.edges_begin);
  visit(rows.out_begin);
  visit(rows.edges);
}
template <class Visit>
void each_view(BoxMembers& boxes, const Visit& visit) {
  visit(boxes.rank);
  visit(boxes.ends_begin);
  visit(boxes.lower);
  visit(boxes.upper);
  visit(boxes.about);
  visit(boxes.members_begin);
  visit(boxes.components);
  visit(boxes.weights);
  visit(boxes.rows_begin);
  visit(boxes.means);
  visit(boxes.deviations);
}
template <class Visit>
void each_view(ProductGrids& grids, const Visit& visit) {
  visit(grids.rank);
  visit(grids.dimension_begin);
  visit(grids.cells);
  visit(grids.points_begin);
  visit(grids.out_begin);
}
template <class Visit>
void each_view(GridComponents& components, const Visit& visit) {
  visit(components.component_begin);
  visit(components.row_begin);
  visit(components.weights);
  visit(components.masses_begin);
  visit(components.masses);
}
template <class Visit>
void each_view(GridFrames& frames, const Visit& visit) {
  visit(frames.offsets);
  visit(frames.directions);
  visit(frames.points);
}
template <class Visit>
void each_view(GaussianComponents& components, const Visit& visit) {
  visit(components.means);
  visit(components.deviations);
  visit(components.eigenvectors);
}
template <class Visit>
void each_view(MixtureDensity& mixture, const Visit& visit) {
  each_view(mixture.components, visit);
  visit(mixture.log_factors);
  visit(mixture.ranks);
  visit(mixture.tolerance);
  visit(mixture.reach);
  visit(mixture.slack);
}
template <class Visit>
void each_view(AscentMixture& mixture, const Visit& visit) {
  each_view(mixture.components, visit);
  visit(mixture.log_factors);
  visit(mixture.lower);
  visit(mixture.upper);
  visit(mixture.block_log_factors);
  visit(mixture.block_deviations);
}
template <class Visit>
void each_view(CumulativeTable& table, const Visit& visit) {
  visit(table.cumulative);
  visit(table.guide);
}

/// Elements from the first to the last of a view.
template <class T>
std::int64_t extent(const VectorView<T>& view) {
  return view.size;
}
template <class T>
std::int64_t extent(const MatrixView<T>& view) {
  return view.rows == 0 ? 0 : (view.rows - 1) * view.row_stride + view.cols;
}
template <class T>
std::int64_t extent(const TensorView<T>& view) {
  return view.count == 0 ? 0 : (view.count - 1) * view.matrix_stride + extent(view[0]);
}

}  // namespace wquant
