#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "io/atomic_file.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/progress.hpp"

namespace wquant::io {

/// A member of a JSON object: its name and its value as text.
struct Member {
  std::string name;
  std::string value;
};
using Members = std::vector<Member>;

/// The shortest decimal that reads back as the same double. Throws Error if it is not finite.
std::string json_number(double value);
/// `value` between quotes; it holds none, nor control characters.
std::string json_string(std::string_view value);
/// One JSON object on one line, without a line break at its end.
std::string json_object(const Members& members);

enum class ResultFormat { json, csv, npy };

/// By the extension of the name. Throws InvalidArgument for any but .json, .csv and .npy.
ResultFormat result_format(const std::filesystem::path& path);

/// Writes, in host memory, N points x_a in R^d with their probabilities p_a:
/// - json: an object of `members` with `locations` (N arrays of d) and `probabilities` (N) added;
/// - csv: the line probability,x1,…,xd and one such line a point;
/// - npy: NumPy's format 1.0, N × (1 + d) little-endian doubles (p_a, x_a).
/// Text gives the shortest decimal that reads back as the same double.
/// Throws Error if a number is not finite or the disk is full, Cancelled.
void write_result(AtomicFile& file, ResultFormat format, const Members& members,
                  const DiscreteDistribution& distribution, const ProgressCallback& progress = {});

}  // namespace wquant::io
