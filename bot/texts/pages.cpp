#include "bot/texts/pages.hpp"

#include <algorithm>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

bool ends_sentence(char32_t point) {
  constexpr std::u32string_view kEnds = U"\u3002\uff01\uff1f\uff1b!?;";
  return kEnds.find(point) != std::u32string_view::npos;
}

/// Sentences of one line, none longer than `characters`.
std::vector<std::string> sentences_of(std::string_view line, std::size_t characters) {
  std::vector<std::string> sentences;
  std::vector<char32_t> current;
  for (const char32_t point : utf8::code_points(line)) {
    current.push_back(point);
    if (ends_sentence(point) || current.size() == characters) {
      sentences.push_back(utf8::from_code_points(current));
      current.clear();
    }
  }
  if (!current.empty()) sentences.push_back(utf8::from_code_points(current));
  return sentences;
}

/// Fills pages piece by piece.
class Binder {
 public:
  Binder(std::size_t characters, std::size_t lines) : characters_(characters), lines_(lines) {}

  void add(std::string_view piece, bool new_line) {
    const bool break_line = new_line && !page_.empty();
    const std::size_t length = utf8::length(piece) + (break_line ? 1 : 0);
    const bool full = length_ + length > characters_ || (break_line && line_count_ + 1 > lines_);
    if (full && !page_.empty()) turn_page();
    if (break_line && !page_.empty()) {
      page_ += '\n';
      ++line_count_;
    }
    page_ += piece;
    length_ = utf8::length(page_);
  }

  std::vector<std::string> bound() {
    turn_page();
    return std::move(pages_);
  }

 private:
  void turn_page() {
    if (!page_.empty() || pages_.empty()) pages_.push_back(std::move(page_));
    page_.clear();
    length_ = 0;
    line_count_ = 1;
  }

  std::size_t characters_;
  std::size_t lines_;
  std::size_t length_ = 0;
  std::size_t line_count_ = 1;
  std::string page_;
  std::vector<std::string> pages_;
};

}  // namespace

std::vector<std::string> pages_of(std::string_view text, std::size_t characters, std::size_t lines) {
  characters = std::max<std::size_t>(characters, 1);
  Binder binder(characters, std::max<std::size_t>(lines, 1));
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (utf8::length(line) <= characters) {
      binder.add(line, true);
    } else {
      bool first = true;
      for (const std::string& sentence : sentences_of(line, characters)) {
        binder.add(sentence, first);
        first = false;
      }
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  auto pages = binder.bound();
  if (pages.size() > 1 && pages.back().empty()) pages.pop_back();
  return pages;
}

}  // namespace bot
