#include "xml_problem.hpp"

#include <cctype>
#include <vector>

namespace wquant::test {
namespace {

/// By hand: std::regex overflows the stack on long attributes.
class XmlReader {
 public:
  explicit XmlReader(std::string_view xml) : rest_(xml) {}

  /// Empty, or what is wrong.
  std::string problem() {
    if (skip("<?xml ") && !skip_past("?>")) return "unfinished declaration";
    while (problem_.empty() && !rest_.empty()) step();
    if (problem_.empty() && !open_.empty()) problem_ = "<" + open_.back() + "> is never closed";
    if (problem_.empty() && roots_ != 1) problem_ = "not one root";
    return problem_;
  }

 private:
  void step() {
    if (skip("</")) {
      close_tag();
    } else if (skip("<")) {
      open_tag();
    } else {
      text("<");
    }
  }

  void close_tag() {
    const std::string name = word();
    if (open_.empty() || open_.back() != name) return fail("</" + name + "> closes nothing");
    open_.pop_back();
    if (!skip(">")) fail("unfinished </" + name);
  }

  void open_tag() {
    const std::string name = word();
    if (name.empty()) return fail("a tag without a name");
    roots_ += open_.empty();
    while (skip(" ")) {
      if (word().empty() || !skip("=\"")) return fail("bad attribute in <" + name);
      text("\"");
      if (!skip("\"")) return fail("unfinished attribute in <" + name);
    }
    if (skip("/>")) return;
    open_.push_back(name);
    if (!skip(">")) fail("unfinished <" + name);
  }

  /// Characters and entities up to `end` or the end of everything.
  void text(std::string_view end) {
    while (problem_.empty() && !rest_.empty() && !rest_.starts_with(end)) {
      if (rest_[0] == '<') return fail("a bare <");
      const bool entity = skip("&amp;") || skip("&lt;") || skip("&gt;") || skip("&#160;");
      if (entity) continue;
      if (rest_[0] == '&') return fail("a bare &");
      rest_.remove_prefix(1);
    }
  }

  std::string word() {
    std::size_t length = 0;
    const auto belongs = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == ':'; };
    while (length < rest_.size() && belongs(static_cast<unsigned char>(rest_[length]))) ++length;
    std::string result(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return result;
  }

  bool skip(std::string_view prefix) {
    if (!rest_.starts_with(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }

  bool skip_past(std::string_view end) {
    const std::size_t at = rest_.find(end);
    if (at == std::string_view::npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
  }

  void fail(const std::string& problem) {
    problem_ = problem + ", before: " + std::string(rest_.substr(0, 60));
  }

  std::string_view rest_;
  std::vector<std::string> open_;
  std::string problem_;
  int roots_ = 0;
};

}  // namespace

std::string xml_problem(std::string_view xml) { return XmlReader(xml).problem(); }

}  // namespace wquant::test
