#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "io/atomic_file.hpp"
#include "wquant/certificate.hpp"
#include "wquant/discrete_distribution.hpp"
#include "wquant/quantize.hpp"

namespace wquant::io {

/// What a quantisation is reported by; everything but the points.
struct ResultSummary {
  Certificate certificate;
  std::int64_t support = 0;
  std::string scheme;
  std::int64_t components = 0;
  std::int64_t dimension = 0;
  std::string device;
  double scheme_seconds = 0;
  double apply_seconds = 0;
};

/// One JSON object on one line, without a line break at its end.
std::string to_json(const ResultSummary& summary);

enum class ResultFormat { json, csv, npy };

/// By the extension of the name. Throws InvalidArgument for any but .json, .csv and .npy.
ResultFormat result_format(const std::filesystem::path& path);

/// Writes, in host memory, N points x_a in R^d with their probabilities p_a:
/// - json: the object of `to_json` with `locations` (N arrays of d) and `probabilities` (N) added;
/// - csv: the line probability,x1,…,xd and one such line a point;
/// - npy: NumPy's format 1.0, N × (1 + d) little-endian doubles (p_a, x_a).
/// Text gives the shortest decimal that reads back as the same double.
/// Throws Error if a number is not finite or the disk is full, Cancelled.
void write_result(AtomicFile& file, ResultFormat format, const ResultSummary& summary,
                  const DiscreteDistribution& distribution, const ProgressCallback& progress = {});

}  // namespace wquant::io
