#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "wquant/wquant.hpp"

namespace wquant::test {

/// What a call returned, byte after byte.
class Bytes {
 public:
  template <class T>
  requires(std::is_arithmetic_v<T> || std::is_same_v<T, Certificate> ||
           std::is_same_v<T, DoubleDouble>) void add(const T& value) {
    add_raw(&value, sizeof value);
  }
  template <class T>
  void add(const std::vector<T>& values) {
    add(static_cast<std::int64_t>(values.size()));
    add_raw(values.data(), values.size() * sizeof(T));
  }
  template <class T>
  void add(const Array<T>& array) {
    add(array.rows());
    add(array.cols());
    add_raw(array.data(), static_cast<std::size_t>(array.size()) * sizeof(T));
  }
  void add(const DiscreteDistribution& distribution) {
    add(distribution.locations());
    add(distribution.probabilities());
  }
  void add(const CertifiedDistribution& certified) {
    add(certified.distribution);
    add(certified.certificate);
  }
  void add(const GaussianMixture& mixture) {
    const std::int64_t d = mixture.dimension();
    const std::int64_t count = mixture.components();
    add_raw(mixture.weights().data, bytes(count));
    add_raw(mixture.means().data, bytes(count * d));
    add_raw(mixture.eigenvalues().data, bytes(count * d));
    for (std::int64_t i = 0; i < count; ++i) {
      add(mixture.factor_error(i));
      if (mixture.basis() != GaussianMixture::Basis::identity)
        add_raw(mixture.eigenvectors(i).data, bytes(d * d));
    }
    add(mixture.clipped_variance());
    add(mixture.weight_error());
  }
  void add(const RegionStatistics& statistics) {
    add(statistics.count);
    add(statistics.sum);
    add(statistics.square);
    add(statistics.farthest);
  }

  const std::string& text() const { return text_; }

 private:
  static std::size_t bytes(std::int64_t doubles) {
    return static_cast<std::size_t>(doubles) * sizeof(double);
  }
  void add_raw(const void* from, std::size_t count) {
    text_.append(static_cast<const char*>(from), count);
  }

  std::string text_;
};

}  // namespace wquant::test
