#include "bot/texts/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "bot/base/encoding.hpp"
#include "bot/base/utf8.hpp"

namespace bot {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kSeparatorLine = "sep=";
constexpr std::array kSeparators = {',', '\t', ';'};
constexpr std::string_view kQuotedCharacters = ",;\t\"\r\n";
/// The last four are the wide forms, which Excel in China computes as well.
constexpr std::u32string_view kFormulaSigns = U"=+-@\t\r\uff1d\uff0b\uff0d\uff20";
/// A title above the header may hold no separator.
constexpr int kRowsToTry = 5;

/// Splits the text into rows and cells; knows nothing of what they mean.
class Scanner {
 public:
  Scanner(std::string_view text, char separator) : text_(text), stops_{separator, '\n'} {}

  bool at_end() const { return at_ == text_.size(); }
  bool is_closed() const { return closed_; }

  std::vector<std::string> row() {
    std::vector<std::string> cells = {cell()};
    while (!at_end() && text_[at_] != '\n') {
      ++at_;
      cells.push_back(cell());
    }
    if (!at_end()) ++at_;
    return cells;
  }

 private:
  /// Excel reads what follows a closing quotation mark as it is.
  std::string cell() {
    std::string cell = !at_end() && text_[at_] == '"' ? quoted() : std::string();
    const std::size_t end = std::min(text_.find_first_of(stops_, at_), text_.size());
    cell += text_.substr(at_, end - at_);
    at_ = end;
    return cell;
  }

  std::string quoted() {
    std::string inside;
    for (++at_;; ++at_) {
      const std::size_t quote = text_.find('"', at_);
      closed_ = quote != std::string_view::npos;
      const std::size_t end = closed_ ? quote : text_.size();
      inside += text_.substr(at_, end - at_);
      at_ = closed_ ? quote + 1 : end;
      if (at_end() || text_[at_] != '"') return inside;
      inside += '"';
    }
  }

  std::string_view text_;
  std::string stops_;
  std::size_t at_ = 0;
  bool closed_ = true;
};

bool says_separator(std::string_view text) {
  return utf8::folded(text.substr(0, kSeparatorLine.size())) == kSeparatorLine;
}

/// The separator of a first line such as `sep=;`, which is taken off; NUL when there is none.
char take_separator_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.size() != kSeparatorLine.size() + 1 || !says_separator(line) || line.back() == '"') return '\0';
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line.back();
}

/// Whichever is most frequent outside quotation marks in the first row that has any.
char likely_separator(std::string_view text) {
  std::array<int, kSeparators.size()> counts{};
  bool is_quoted = false;
  int rows = 0;
  for (const char character : text) {
    if (character == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    const auto separator = std::ranges::find(kSeparators, character);
    if (separator != kSeparators.end()) ++counts[static_cast<std::size_t>(separator - kSeparators.begin())];
    const bool is_decided = std::ranges::any_of(counts, [](int count) { return count > 0; });
    if (character == '\n' && (is_decided || ++rows == kRowsToTry)) break;
  }
  const auto most = std::ranges::max_element(counts);
  return kSeparators[static_cast<std::size_t>(most - counts.begin())];
}

/// Begins with a formula sign, behind any number of apostrophes. Writing puts one apostrophe more before such
/// a cell and reading takes one off, so that nothing is lost.
bool is_formula(std::string_view cell) {
  cell.remove_prefix(std::min(cell.find_first_not_of('\''), cell.size()));
  return !cell.empty() && kFormulaSigns.find(utf8::first(cell)) != std::u32string_view::npos;
}

std::string_view without_disguise(std::string_view cell) {
  if (cell.starts_with('\'') && is_formula(cell)) return utf8::trimmed(cell.substr(1));
  const bool is_text_formula = cell.size() >= 3 && cell.starts_with("=\"") && cell.ends_with('"');
  return is_text_formula ? utf8::trimmed(cell.substr(2, cell.size() - 3)) : cell;
}

class Reading {
 public:
  Reading(const std::string& file, const TakeCsvRow& take) : file_(file), take_(take) {}

  Problems read(std::string_view text) {
    const char said = take_separator_line(text);
    Scanner scanner(text, said != '\0' ? said : likely_separator(text));
    while (!scanner.at_end() && !is_full_) {
      ++number_;
      give(scanner.row());
    }
    if (!scanner.is_closed())
      error("a quotation mark opens in this row and never closes", "close or delete it");
    if (is_full_) error(fmt::format("more than {} rows", kMostCsvRows), "split the file");
    return std::move(problems_);
  }

 private:
  void give(std::vector<std::string> cells) {
    for (std::size_t column = 0; column < cells.size(); ++column) {
      cells[column] = without_disguise(utf8::trimmed(cells[column]));
      check(cells[column], column);
    }
    while (!cells.empty() && cells.back().empty()) cells.pop_back();
    if (cells.empty()) return;
    is_full_ = rows_++ == kMostCsvRows;
    if (!is_full_) take_({number_, std::move(cells)});
  }

  void check(std::string& cell, std::size_t column) {
    if (cell.find("\xef\xbf\xbd") != std::string::npos) {
      error(fmt::format("column {} has lost characters: it contains U+FFFD", column_letter(column)),
            "type them again");
    }
    if (cell.size() <= kLongestCsvCell || utf8::length(cell) <= kLongestCsvCell) return;
    cell = utf8::trimmed(utf8::cut(cell, kLongestCsvCell));
    error(fmt::format("column {} holds more than {} characters", column_letter(column), kLongestCsvCell),
          "look for a quotation mark that is not closed");
  }

  void error(std::string what, std::string todo) {
    if (problems_.size() == kMostCsvProblems) return;
    problems_.push_back({Problem::Weight::error, file_, number_, std::move(what), std::move(todo)});
  }

  const std::string& file_;
  const TakeCsvRow& take_;
  Problems problems_;
  std::int64_t number_ = 0;
  std::size_t rows_ = 0;
  bool is_full_ = false;
};

std::string quoted(const std::string& cell) {
  std::string out = "\"";
  for (const char character : cell) out.append(character == '"' ? 2 : 1, character);
  return out + '"';
}

std::string written(const std::string& given) {
  std::string repaired = utf8::repaired(given);
  std::erase(repaired, '\0');
  std::string cell(utf8::trimmed(repaired));
  if (is_formula(cell)) cell.insert(0, 1, '\'');
  const bool is_plain = cell.find_first_of(kQuotedCharacters) == std::string::npos;
  return is_plain && !says_separator(cell) ? cell : quoted(cell);
}

}  // namespace

Problems read_csv(std::string_view bytes, const std::string& file, const TakeCsvRow& take) {
  if (bytes.size() > kLargestCsv) {
    return {{Problem::Weight::error, file, 0, "larger than 20 MiB", "split it"}};
  }
  const auto text = text_of_bytes(bytes);
  if (text) return Reading(file, take).read(with_line_feeds(*text));
  return {{Problem::Weight::error, file, 0, text.error().detail, "save it from Excel as \"CSV UTF-8\""}};
}

void append_csv_row(std::string& csv, const std::vector<std::string>& cells) {
  if (csv.empty()) csv = kByteOrderMark;
  for (std::size_t column = 0; column < cells.size(); ++column) {
    if (column > 0) csv += ',';
    csv += written(cells[column]);
  }
  csv += "\r\n";
}

std::string column_letter(std::size_t index) {
  std::string letters;
  for (std::size_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return letters;
}

}  // namespace bot
