#include "tests/rules/source.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

namespace rules {

namespace {

/// The word at this place is not a part of a longer name.
bool is_whole(const std::string& text, std::size_t at, const std::string& word) {
  const std::size_t end = at + word.size();
  if (at > 0 && is_name(word.front()) && is_name(text[at - 1])) return false;
  return end >= text.size() || !is_name(word.back()) || !is_name(text[end]);
}

/// One pass over the text. Blanking keeps line ends, so that places and lines stay what they are.
class Reader {
 public:
  explicit Reader(Source& source) : source_(source), text_(source.text) {
    source_.uncommented = text_;
    source_.code = text_;
  }

  void read() {
    while (at_ < text_.size()) step();
  }

 private:
  void step() {
    const std::string_view rest = std::string_view(text_).substr(at_);
    if (rest.starts_with("//")) return skip_comment(line_end(at_));
    if (rest.starts_with("/*")) return skip_comment(behind("*/", at_ + 2));
    if (rest.starts_with("#include")) return void(at_ = line_end(at_));
    if (starts_raw_string()) return raw_string();
    if (text_[at_] == '"') return string();
    if (text_[at_] == '\'' && (at_ == 0 || !is_digit_separator())) return character();
    ++at_;
  }

  std::size_t line_end(std::size_t from) const { return std::min(text_.find('\n', from), text_.size()); }

  std::size_t behind(std::string_view end, std::size_t from) const {
    const std::size_t found = text_.find(end, from);
    return found == std::string::npos ? text_.size() : found + end.size();
  }

  void skip_comment(std::size_t end) {
    blank(source_.uncommented, at_, end);
    blank(source_.code, at_, end);
    at_ = end;
  }

  static void blank(std::string& text, std::size_t begin, std::size_t end) {
    for (std::size_t place = begin; place < end; ++place) {
      if (text[place] != '\n') text[place] = ' ';
    }
  }

  bool starts_raw_string() const {
    if (text_.compare(at_, 2, "R\"") != 0) return false;
    return at_ == 0 || !is_name(text_[at_ - 1]) ||
           std::string_view("uU8L").find(text_[at_ - 1]) != std::string::npos;
  }

  /// 1'000 and 0xff'ff, but not u8'a' or L'a'.
  bool is_digit_separator() const {
    std::size_t begin = at_;
    while (begin > 0 && (is_name(text_[begin - 1]) || text_[begin - 1] == '\'')) --begin;
    return begin < at_ && std::isdigit(static_cast<unsigned char>(text_[begin])) != 0;
  }

  void raw_string() {
    const std::size_t open = std::min(text_.find('(', at_), text_.size());
    const std::string end = ")" + text_.substr(at_ + 2, open - at_ - 2) + "\"";
    const std::size_t stop = behind(end, open);
    const std::size_t inside = std::min(open + 1, stop);
    keep_literal(at_ + 1, inside, std::max(inside, stop - std::min(stop, end.size())));
    at_ = stop;
  }

  void string() {
    const std::size_t end = closing('"');
    keep_literal(at_, at_ + 1, end);
    at_ = std::min(end + 1, text_.size());
  }

  void character() {
    const std::size_t end = closing('\'');
    blank(source_.code, at_ + 1, end);
    at_ = std::min(end + 1, text_.size());
  }

  std::size_t closing(char quote) const {
    std::size_t place = at_ + 1;
    while (place < text_.size() && text_[place] != quote && text_[place] != '\n') {
      place += text_[place] == '\\' ? 2 : 1;
    }
    return std::min(place, text_.size());
  }

  void keep_literal(std::size_t quote, std::size_t begin, std::size_t end) {
    source_.literals.push_back({source_.line_at(quote), text_.substr(begin, end - begin), quote});
    blank(source_.code, begin, end);
  }

  Source& source_;
  const std::string& text_;
  std::size_t at_ = 0;
};

bool is_cpp(const std::filesystem::path& file) {
  return file.extension() == ".cpp" || file.extension() == ".hpp";
}

}  // namespace

int Source::line_at(std::size_t place) const {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(place, text.size()));
  return 1 + static_cast<int>(std::count(text.begin(), end, '\n'));
}

Source read_text(std::string path, std::string text) {
  Source source;
  source.path = std::move(path);
  source.text = std::move(text);
  Reader(source).read();
  return source;
}

std::filesystem::path root() {
  return XUEBAN_SOURCE;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<Source> read_folders(const std::vector<std::string>& folders) {
  std::vector<Source> sources;
  for (const std::string& folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root() / folder)) {
      if (!entry.is_regular_file() || !is_cpp(entry.path())) continue;
      sources.push_back(
          read_text(entry.path().lexically_relative(root()).generic_string(), read_file(entry)));
    }
  }
  std::ranges::sort(sources, {}, &Source::path);
  return sources;
}

const std::vector<Source>& whole_tree() {
  static const std::vector<Source> tree = read_folders({"bot", "handlers", "schedules", "tests"});
  return tree;
}

std::vector<Include> includes_of(const Source& source) {
  static const std::regex pattern(R"re(\s*#\s*include\s*([<"])([^>"]+)[>"].*)re");
  std::vector<Include> includes;
  std::istringstream lines(source.uncommented);
  std::string line;
  std::smatch match;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find('#') == std::string::npos || !std::regex_match(line, match, pattern)) continue;
    includes.push_back({number, match.str(2), match.str(1) == "\""});
  }
  return includes;
}

void report(const Findings& findings) {
  for (const Finding& finding : findings) ADD_FAIL_CHECK_AT(finding.file.c_str(), finding.line, finding.what);
  CHECK(findings.empty());
}

void report_all(const std::function<Findings(const Source&)>& rule) {
  Findings findings;
  for (const Source& source : whole_tree()) std::ranges::move(rule(source), std::back_inserter(findings));
  report(findings);
}

Findings find_words(const Source& source, const std::string& text, const std::vector<std::string>& words,
                    const std::string& what) {
  Findings findings;
  for (const std::string& word : words) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      if (is_whole(text, at, word)) findings.push_back({source.path, source.line_at(at), word + ": " + what});
    }
  }
  return findings;
}

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool starts_with_any(std::string_view text, const std::vector<std::string>& beginnings) {
  return std::ranges::any_of(beginnings, [&](const std::string& begin) { return text.starts_with(begin); });
}

bool is_in(std::string_view path, std::string_view place) {
  if (!path.starts_with(place)) return false;
  return path.size() == place.size() || path[place.size()] == '/' || path[place.size()] == '.';
}

bool is_header(const Source& source) {
  return source.path.ends_with(".hpp");
}

}  // namespace rules
