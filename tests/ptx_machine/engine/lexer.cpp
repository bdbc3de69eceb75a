#include "lexer.hpp"

#include <cctype>

#include "error.hpp"

namespace ptx {
namespace {
bool word_char(char c) {
  return std::isalnum((unsigned char)c) || c == '_' || c == '$' || c == '%' || c == '.';
}
}  // namespace

std::vector<Token> tokenise(std::string_view s) {
  std::vector<Token> out;
  int line = 1;
  size_t i = 0;
  while (i < s.size()) {
    char c = s[i];
    if (c == '\n') {
      ++line;
      ++i;
      continue;
    }
    if (std::isspace((unsigned char)c)) {
      ++i;
      continue;
    }
    if (s.substr(i, 2) == "//") {
      while (i < s.size() && s[i] != '\n') ++i;
      continue;
    }
    if (s.substr(i, 2) == "/*") {
      while (i < s.size() && s.substr(i, 2) != "*/") line += s[i++] == '\n';
      i += 2;
      continue;
    }
    size_t b = i;
    if (c == '"') {
      for (++i; i < s.size() && s[i] != '"'; ++i)
        if (s[i] == '\\') ++i;
      out.push_back({Token::string, s.substr(b + 1, i - b - 1), line});
      ++i;
    } else if (std::isdigit((unsigned char)c)) {
      while (i < s.size() && (std::isalnum((unsigned char)s[i]) || s[i] == '.')) ++i;
      out.push_back({Token::number, s.substr(b, i - b), line});
    } else if (word_char(c)) {
      // '::' joins modifiers such as .L1::no_allocate; a single ':' ends a label
      while (i < s.size() && (word_char(s[i]) || (s.substr(i, 2) == "::" && ++i))) ++i;
      out.push_back({Token::word, s.substr(b, i - b), line});
    } else if (std::string_view("{}[](),;:+-|!@=<>").find(c) != std::string_view::npos) {
      ++i;
      out.push_back({Token::punct, s.substr(b, 1), line});
    } else {
      fail(line, std::string("unexpected character '") + c + "'");
    }
  }
  out.push_back({Token::end, {}, line});
  return out;
}

}  // namespace ptx
