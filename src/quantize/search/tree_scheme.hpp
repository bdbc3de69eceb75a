#pragma once

#include <cstdint>
#include <optional>

#include "wquant/quantize.hpp"

namespace wquant {

/// Boxes cut one after the other where that lowers the cost most (quantization.md §7): one tree for
/// components with a common eigenbasis, and as many trees as there are such bases, all grown from
/// one heap. Where a single tree on a basis that suits none of them quite, or few points for many
/// components, certify less, they are taken. The same for any order of the components.
Scheme make_tree_scheme(const Context& context, const GaussianMixture& mixture,
                        const QuantizeOptions& options);

/// The first of the trees that `support` runs through whose certificate is at most
/// `options.tolerance`, or the last one of at most `most` points; nothing where the components have
/// no common eigenbasis.
std::optional<Scheme> grow_tree_scheme(const Context& context, const GaussianMixture& mixture,
                                       const QuantizeOptions& options, std::int64_t most);

}  // namespace wquant
