#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/problem.hpp"

/// Tables as Excel saves them: RFC 4180 and what people's spreadsheets do to it. Of the packages of Debian
/// 12, libcsv has had no release since 2013 and would leave separators, row numbers and limits to us;
/// fast-cpp-csv-parser fixes the columns at compile time and knows no line breaks in cells.
namespace bot {

constexpr std::size_t kLargestCsv = 20 * 1024 * 1024;  ///< bytes
constexpr std::size_t kMostCsvRows = 100'000;          ///< blank rows are not counted
constexpr std::size_t kLongestCsvCell = 10'000;        ///< characters
constexpr std::size_t kMostCsvProblems = 1000;         ///< nobody reads more

struct CsvRow {
  std::int64_t number = 0;           ///< as Excel shows it: blank rows count, the line `sep=;` does not
  std::vector<std::string> cells{};  ///< without blanks at both ends; without empty cells at the end
};

using TakeCsvRow = std::function<void(const CsvRow&)>;

/// Gives every row that is not blank to `take`, in order. Encodings: text_of_bytes. Separator: what the line
/// `sep=;` says, or whichever of comma, tab and semicolon splits the first rows. Line breaks within quotation
/// marks become LF. `="007"`, Excel's way to keep an id a text, is read as 007; the apostrophe that
/// append_csv_row puts before a formula is taken off. Problems name `file` and the row: no text, too large, a
/// cell too long (cut) or with U+FFFD, a quotation mark that is not closed; the first 1,000. What could be
/// read was given.
Problems read_csv(std::string_view bytes, const std::string& file, const TakeCsvRow& take);

/// Appends a row that read_csv gives back, and Excel opens as text: CRLF, quotation marks where needed, no
/// blanks at both ends of a cell, and an apostrophe before what a spreadsheet would compute, which is a cell
/// that begins with = + - @ or their wide forms (reliability X8; tab and CR are blanks). An empty `csv` first
/// gets a byte order mark, without which Excel in China takes UTF-8 for GB18030. Damaged bytes become U+FFFD;
/// NUL is left out.
void append_csv_row(std::string& csv, const std::vector<std::string>& cells);

/// How Excel calls a column: 0 is A, 26 is AA.
std::string column_letter(std::size_t index);

}  // namespace bot
