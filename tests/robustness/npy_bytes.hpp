#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

namespace wquant::test {

/// A header of NumPy's format around any dictionary.
inline std::string npy_with_dictionary(const std::string& dictionary, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (int byte = 0; byte < (version == 1 ? 2 : 4); ++byte) {
    bytes += static_cast<char>(dictionary.size() >> (8 * byte) & 0xFF);
  }
  return bytes + dictionary;
}

inline std::string npy_header(const std::string& type, const std::string& shape,
                              bool fortran_order = false, int version = 1) {
  return npy_with_dictionary("{'descr': '" + type +
                                 "', 'fortran_order': " + (fortran_order ? "True" : "False") +
                                 ", 'shape': " + shape + ", }          \n",
                             version);
}

/// The bytes of numbers, perhaps each in reverse.
template <class T>
std::string number_bytes(const std::vector<T>& values, bool reversed = false) {
  std::string bytes;
  for (const T value : values) {
    std::string one(sizeof(T), '\0');
    std::memcpy(one.data(), &value, sizeof(T));
    if (reversed) std::reverse(one.begin(), one.end());
    bytes += one;
  }
  return bytes;
}

/// n × d doubles, row-major.
inline std::string npy(std::size_t n, std::size_t d, const std::vector<double>& values) {
  return npy_header("<f8", "(" + std::to_string(n) + ", " + std::to_string(d) + ")") +
         number_bytes(values);
}

}  // namespace wquant::test
