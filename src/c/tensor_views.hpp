#pragma once

#include "c/handles.hpp"
#include "wquant/view.hpp"

namespace wquant::c {

// Borrowed DLPack tensors as views. Throws InvalidArgument, with the name of the argument, for NULL
// and for what a view cannot say: other elements or extents, elements of a row apart, rows or
// matrices that overlap, memory that the context does not reach. T is double or float.

/// n elements.
template <class T>
VectorView<const T> vector_view(const wquant_context& context, const char* name,
                                const DLTensor* tensor);
/// The same in memory that the host reads.
VectorView<const double> host_vector_view(const char* name, const DLTensor* tensor);
/// rows × cols elements.
template <class T>
MatrixView<const T> matrix_view(const wquant_context& context, const char* name,
                                const DLTensor* tensor);
/// count × rows × cols elements.
TensorView<const double> tensor_view(const wquant_context& context, const char* name,
                                     const DLTensor* tensor);
/// The same, or rows × cols elements as one matrix.
TensorView<const double> tensor_or_matrix_view(const wquant_context& context, const char* name,
                                               const DLTensor* tensor);

/// Whether a tensor holds float32. Throws InvalidArgument if it holds neither that nor float64.
bool holds_floats(const char* name, const DLTensor* tensor);

}  // namespace wquant::c
