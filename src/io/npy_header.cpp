#include "io/npy_header.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstddef>
#include <string_view>

#include "io/input_file.hpp"
#include "io/text.hpp"
#include "wquant/error.hpp"

namespace wquant::io {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kMagic = "\x93NUMPY";

std::string read_bytes(std::istream& input, std::int64_t count, std::string_view what) {
  if (remaining_bytes(input) < count) {
    throw InvalidArgument(fmt::format("truncated: the file ends in {}", what));
  }
  std::string bytes(static_cast<std::size_t>(count), '\0');
  input.read(bytes.data(), count);
  if (!input) throw InvalidArgument(fmt::format("cannot read {}", what));
  return bytes;
}

std::int64_t little_endian(std::string_view bytes) {
  std::int64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = 256 * value + static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

/// The Python dictionary that describes the array.
std::string read_dictionary(std::istream& input) {
  const std::string start = read_bytes(input, 8, "its first 8 bytes");
  if (!start.starts_with(kMagic)) {
    throw InvalidArgument("not NumPy's format: it does not begin with \\x93NUMPY");
  }
  const int major = static_cast<unsigned char>(start[6]);
  const int minor = static_cast<unsigned char>(start[7]);
  if (major < 1 || major > 3 || minor != 0) {
    throw InvalidArgument(
        fmt::format("version {}.{} of NumPy's format; expected 1.0, 2.0 or 3.0", major, minor));
  }
  const std::int64_t length =
      little_endian(read_bytes(input, major == 1 ? 2 : 4, "the length of its header"));
  return read_bytes(input, length, "its header");
}

/// Reads {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }, in any order of the keys.
class DictionaryReader {
 public:
  explicit DictionaryReader(std::string_view text) : rest_(text) {}

  void read(NpyHeader& header) {
    expect('{');
    while (!skip('}')) {
      read_entry(header);
      if (skip('}')) break;
      expect(',');
    }
    if (!blank().empty()) fail("the end");
    if (!has_type_) fail("the key 'descr'");
    if (!has_order_) fail("the key 'fortran_order'");
    if (!has_shape_) fail("the key 'shape'");
  }

 private:
  void read_entry(NpyHeader& header) {
    const std::string_view key = string();
    expect(':');
    if (key == "descr" && !has_type_) {
      header.type = type();
      has_type_ = true;
    } else if (key == "fortran_order" && !has_order_) {
      header.fortran_order = boolean();
      has_order_ = true;
    } else if (key == "shape" && !has_shape_) {
      header.shape = tuple();
      has_shape_ = true;
    } else {
      throw InvalidArgument(fmt::format(
          "its header has the key '{}'; expected descr, fortran_order and shape, once each",
          shortened(key)));
    }
  }

  /// What is left, without blanks before it.
  std::string_view blank() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
    return rest_;
  }

  bool skip(char c) {
    if (!blank().starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!skip(c)) fail(fmt::format("'{}'", c));
  }

  [[noreturn]] void fail(std::string_view expected) {
    throw InvalidArgument(
        fmt::format("its header: expected {}, found '{}'", expected, shortened(blank())));
  }

  std::string_view string() {
    const char quote = blank().empty() ? '\0' : rest_[0];
    const std::size_t end =
        quote == '\'' || quote == '"' ? rest_.find(quote, 1) : std::string_view::npos;
    if (end == std::string_view::npos) fail("a string");
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::string type() {
    if (blank().starts_with('[') || rest_.starts_with('(') || rest_.starts_with('{')) {
      throw InvalidArgument("its elements are structures; expected real numbers");
    }
    return std::string(string());
  }

  bool boolean() {
    for (const std::string_view word : {"True", "False"}) {
      if (!blank().starts_with(word)) continue;
      rest_.remove_prefix(word.size());
      return word == "True";
    }
    fail("True or False");
  }

  std::int64_t whole_number() {
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(blank().data(), rest_.data() + rest_.size(), value);
    if (error != std::errc() || value < 0) fail("a length below 2⁶³");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    skip('L');  // a long integer of Python 2
    return value;
  }

  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> values;
    expect('(');
    while (!skip(')')) {
      values.push_back(whole_number());
      if (skip(')')) break;
      expect(',');
    }
    return values;
  }

  std::string_view rest_;
  bool has_type_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

std::string_view elements_of(char kind) {
  switch (kind) {
    case 'O':
      return "Python objects (pickled)";
    case 'c':
      return "complex numbers";
    case 'b':
    case '?':
      return "truth values";
    case 'S':
    case 'U':
    case 'a':
      return "strings";
    case 'M':
    case 'm':
      return "dates or times";
    case 'V':
      return "structures or raw bytes";
    default:
      return "of another kind";
  }
}

/// kind, size and swap from the type's name: order, kind, bytes.
void set_type(NpyHeader& header) {
  std::string_view name = header.type;
  const char order =
      !name.empty() && std::string_view("<>|=").find(name[0]) != name.npos ? name[0] : '=';
  if (name.starts_with(order)) name.remove_prefix(1);
  header.kind = name.empty() ? '\0' : name[0];
  header.swap = order == '>';
  const std::string_view size = name.substr(name.empty() ? 0 : 1);
  const bool is_integer = header.kind == 'u' || header.kind == 'i';
  const bool is_number = is_integer || header.kind == 'f';
  if (is_number && size.size() == 1 && std::string_view("1248").find(size[0]) != size.npos) {
    header.size = size[0] - '0';
    if (is_integer || header.size > 1) return;
  }
  throw InvalidArgument(fmt::format(
      "its elements, type '{}', are {}; expected integers or floating-point numbers of up to 64 "
      "bits",
      shortened(header.type), is_number ? "of another size" : elements_of(header.kind)));
}

}  // namespace

NpyHeader read_npy_header(std::istream& input) {
  NpyHeader header;
  const std::string dictionary = read_dictionary(input);
  DictionaryReader(dictionary).read(header);
  set_type(header);
  return header;
}

}  // namespace wquant::io
