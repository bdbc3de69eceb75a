#include "io/mixture_json.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <istream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "io/input_file.hpp"
#include "io/text.hpp"
#include "wquant/error.hpp"

namespace wquant::io {
namespace {

/// The keys of a mixture file, and how deep their arrays are nested.
enum Key { weights, means, covariances, variances, eigenvalues, eigenvectors, kKeys };

struct KeyDescription {
  std::string_view name;
  int least_rank;
  int greatest_rank;
  std::string_view shape;
};

constexpr std::array<KeyDescription, kKeys> kDescriptions = {{
    {"weights", 1, 1, "K numbers"},
    {"means", 2, 2, "K × d numbers"},
    {"covariances", 3, 3, "K × d × d numbers"},
    {"variances", 2, 2, "K × d numbers"},
    {"eigenvalues", 2, 2, "K × d numbers"},
    {"eigenvectors", 2, 3, "d × d or K × d × d numbers"},
}};

constexpr std::string_view kExpectedKeys =
    "weights, means and one of covariances, variances, eigenvalues with eigenvectors";

/// The numbers of one key, row-major; `extents` are the lengths of its arrays from the outside in.
struct NumberArray {
  bool present = false;
  int rank = 0;
  std::array<std::int64_t, 3> extents{};
  std::vector<double> values;
};

using MixtureArrays = std::array<NumberArray, kKeys>;

/// Receives the parser's events and fills the arrays; throws at the first thing out of place.
class MixtureHandler {
 public:
  MixtureHandler(std::istream& input, MixtureArrays& arrays, const ProgressCallback& progress)
      : input_(input), arrays_(arrays), progress_(progress), size_(remaining_bytes(input)) {}

  bool number_integer(std::int64_t value) { return number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) { return number(static_cast<double>(value)); }
  bool number_float(double value, const std::string&) { return number(value); }
  bool null() { return not_a_number("null"); }
  bool boolean(bool value) { return not_a_number(value ? "true" : "false"); }
  bool string(const std::string& value) {
    return not_a_number(fmt::format("the string \"{}\"", shortened(value)));
  }
  bool binary(const std::vector<std::uint8_t>&) { return not_a_number("binary data"); }

  bool start_object(std::size_t) {
    if (in_object_) return not_a_number("an object");
    in_object_ = true;
    return true;
  }
  bool end_object() { return true; }

  bool key(const std::string& name);
  bool start_array(std::size_t);
  bool end_array();
  bool parse_error(std::size_t, const std::string& last_token,
                   const nlohmann::detail::exception& error);

 private:
  bool number(double value);
  bool not_a_number(std::string_view found);
  std::string offending_word(std::string_view last_token);
  void report_progress();

  const KeyDescription& description() const {
    return kDescriptions[static_cast<std::size_t>(key_)];
  }
  NumberArray& array() { return arrays_[static_cast<std::size_t>(key_)]; }
  /// How deep the numbers of the current key stand; open until the first of them is seen.
  int least_rank() { return array().rank > 0 ? array().rank : description().least_rank; }
  int greatest_rank() { return array().rank > 0 ? array().rank : description().greatest_rank; }

  /// E.g. covariances[3][0] for levels = 2.
  std::string place(int levels) const;
  std::string first_place(int levels) const;
  [[noreturn]] void fail(int levels, std::string_view message) const;

  std::istream& input_;
  MixtureArrays& arrays_;
  const ProgressCallback& progress_;
  std::int64_t size_;
  std::int64_t numbers_ = 0;
  bool in_object_ = false;
  int key_ = -1;
  int open_ = 0;                         // arrays of the current key that are not closed yet
  std::array<std::int64_t, 3> index_{};  // of the next element in each open array
};

std::string MixtureHandler::place(int levels) const {
  std::string text(description().name);
  for (int level = 0; level < levels; ++level) {
    text += fmt::format("[{}]", index_[static_cast<std::size_t>(level)]);
  }
  return text;
}

/// covariances[0][0] for levels = 2.
std::string MixtureHandler::first_place(int levels) const {
  std::string text(description().name);
  for (int level = 0; level < levels; ++level) text += "[0]";
  return text;
}

void MixtureHandler::fail(int levels, std::string_view message) const {
  throw InvalidArgument(fmt::format("{}: {}", place(levels), message));
}

bool MixtureHandler::key(const std::string& name) {
  for (int candidate = 0; candidate < kKeys; ++candidate) {
    if (kDescriptions[static_cast<std::size_t>(candidate)].name != name) continue;
    key_ = candidate;
    if (array().present) fail(0, "the key stands twice; expected once");
    array().present = true;
    return true;
  }
  throw InvalidArgument(
      fmt::format("unknown key \"{}\"; expected {}", shortened(name), kExpectedKeys));
}

bool MixtureHandler::number(double value) {
  if (key_ < 0) return not_a_number("a number");
  if (open_ < least_rank()) return not_a_number(fmt::format("the number {}", value));
  array().rank = open_;
  array().values.push_back(value);
  ++index_[static_cast<std::size_t>(open_ - 1)];
  if ((++numbers_ & 0xFFFF) == 0) report_progress();
  return true;
}

bool MixtureHandler::not_a_number(std::string_view found) {
  if (key_ < 0) {
    throw InvalidArgument(
        fmt::format("expected an object with the keys {}; found {}", kExpectedKeys, found));
  }
  fail(open_, fmt::format("expected {}, found {} ({} holds {})",
                          open_ < least_rank() ? "an array" : "a number", found, description().name,
                          description().shape));
}

bool MixtureHandler::start_array(std::size_t) {
  if (key_ < 0 || open_ == greatest_rank()) return not_a_number("an array");
  index_[static_cast<std::size_t>(open_)] = 0;
  ++open_;
  return true;
}

bool MixtureHandler::end_array() {
  --open_;
  const auto level = static_cast<std::size_t>(open_);
  const std::int64_t length = index_[level];
  std::int64_t& expected = array().extents[level];
  if (length == 0) {
    fail(open_, fmt::format("expected at least one element, found an empty array ({} holds {})",
                            description().name, description().shape));
  }
  if (expected == 0) expected = length;
  if (length != expected) {
    fail(open_, fmt::format("expected {} elements as in {}, found {}", expected, first_place(open_),
                            length));
  }
  if (open_ > 0) ++index_[level - 1];
  return true;
}

bool MixtureHandler::parse_error(std::size_t, const std::string& last_token,
                                 const nlohmann::detail::exception& error) {
  constexpr int kNumberOverflow = 406;
  const std::string word = offending_word(last_token);
  if (open_ > 0 && (is_name(word) || error.id == kNumberOverflow)) {
    fail(open_, fmt::format("expected a finite number, found {}", shortened(word)));
  }
  std::string_view message = error.what();  // "[json.exception.parse_error.101] parse error at …"
  message.remove_prefix(message.find("] ") + 2);
  throw InvalidArgument(fmt::format("not valid JSON{}: {}", open_ > 0 ? " at " + place(open_) : "",
                                    printable(message)));
}

/// The number or name, such as -Infinity, at whose first characters the parser stopped.
std::string MixtureHandler::offending_word(std::string_view last_token) {
  const auto belongs = [](int c) { return std::isalnum(c) || c == '.' || c == '+' || c == '-'; };
  std::size_t begin = last_token.size();
  while (begin > 0 && belongs(static_cast<unsigned char>(last_token[begin - 1]))) --begin;
  std::string word(last_token.substr(begin));
  std::streambuf& rest = *input_.rdbuf();
  while (belongs(rest.sgetc())) word += static_cast<char>(rest.sbumpc());
  return word;
}

void MixtureHandler::report_progress() {
  if (!progress_) return;
  const auto position = input_.rdbuf()->pubseekoff(0, std::ios::cur, std::ios::in);
  const double fraction =
      size_ > 0 ? static_cast<double>(position) / static_cast<double>(size_) : 0.0;
  if (!progress_({"reading", fraction})) throw Cancelled("reading was cancelled");
}

MixtureArrays parse(std::istream& input, const ProgressCallback& progress) {
  MixtureArrays arrays;
  MixtureHandler handler(input, arrays, progress);
  try {
    nlohmann::json::sax_parse(input, &handler);
  } catch (const std::ios_base::failure& error) {
    throw InvalidArgument(fmt::format("cannot read: {}", error.what()));
  }
  return arrays;
}

void require(const MixtureArrays& arrays, Key key, std::string_view why = "") {
  if (arrays[key].present) return;
  throw InvalidArgument(
      fmt::format("missing key {}{}; expected {}", kDescriptions[key].name, why, kExpectedKeys));
}

/// Exactly one way to say the covariances, and everything it needs.
void check_keys(const MixtureArrays& arrays) {
  require(arrays, weights);
  require(arrays, means);
  Key given = kKeys;
  for (const Key key : {covariances, variances, eigenvalues}) {
    if (!arrays[key].present) continue;
    if (given != kKeys) {
      throw InvalidArgument(fmt::format("{} and {} exclude each other; expected one of them",
                                        kDescriptions[given].name, kDescriptions[key].name));
    }
    given = key;
  }
  if (given == eigenvalues) require(arrays, eigenvectors, ", which eigenvalues need");
  if (given != eigenvalues && arrays[eigenvectors].present) {
    if (given == kKeys)
      require(arrays, eigenvalues, ", which eigenvectors need");
    else
      throw InvalidArgument(
          fmt::format("{} and eigenvectors exclude each other; expected one of them",
                      kDescriptions[given].name));
  }
  if (given == kKeys) {
    throw InvalidArgument(
        "missing key: expected one of covariances, variances, eigenvalues with eigenvectors");
  }
}

/// The extents of one key against K and d, which `weights` and `means` define.
void check_extents(const MixtureArrays& arrays, Key key, std::int64_t components,
                   std::int64_t dimension) {
  const NumberArray& array = arrays[key];
  const bool has_components = key != eigenvectors || array.rank == 3;
  std::string place(kDescriptions[key].name);
  for (int level = 0; level < array.rank; ++level) {
    const bool counts_components = level == 0 && has_components;
    const std::int64_t expected = counts_components ? components : dimension;
    const std::int64_t found = array.extents[static_cast<std::size_t>(level)];
    if (found != expected) {
      throw InvalidArgument(
          fmt::format("{}: expected {} elements, {}, found {}", place, expected,
                      counts_components ? "one per weight" : "the dimension of means", found));
    }
    place += "[0]";
  }
}

void check_shapes(const MixtureArrays& arrays) {
  const std::int64_t components = arrays[weights].extents[0];
  const std::int64_t dimension = arrays[means].extents[1];
  for (int key = 0; key < kKeys; ++key) {
    check_extents(arrays, static_cast<Key>(key), components, dimension);
  }
}

MatrixView<const double> matrix(const NumberArray& array) {
  return {array.values.data(), array.extents[0], array.extents[1]};
}

TensorView<const double> tensor(const NumberArray& array) {
  if (array.rank == 2) return {array.values.data(), 1, array.extents[0], array.extents[1]};
  return {array.values.data(), array.extents[0], array.extents[1], array.extents[2]};
}

GaussianMixture make_mixture(const Context& context, const MixtureArrays& arrays) {
  const VectorView<const double> w{arrays[weights].values.data(), arrays[weights].extents[0]};
  const auto mu = matrix(arrays[means]);
  if (arrays[covariances].present) {
    return GaussianMixture::full(context, w, mu, tensor(arrays[covariances]));
  }
  if (arrays[variances].present) {
    return GaussianMixture::diagonal(context, w, mu, matrix(arrays[variances]));
  }
  return GaussianMixture::eigen(context, w, mu, matrix(arrays[eigenvalues]),
                                tensor(arrays[eigenvectors]));
}

}  // namespace

GaussianMixture read_mixture(const Context& context, const std::filesystem::path& path,
                             const ProgressCallback& progress) {
  return in_file(path, [&] {
    std::ifstream input = open_input(path, "a mixture in JSON");
    const MixtureArrays arrays = parse(input, progress);
    check_keys(arrays);
    check_shapes(arrays);
    return make_mixture(context, arrays);
  });
}

}  // namespace wquant::io
