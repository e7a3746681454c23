#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/problem.hpp"
#include "bot/texts/csv.hpp"

/// A CSV table with named columns, as somebody keeps it in Excel.
namespace bot {

struct TableColumn {
  std::string key{};                 ///< how the program calls it
  std::vector<std::string> names{};  ///< as people write it in the header; problems show the first one
  bool required = false;
};

/// Where the columns are that the program knows.
struct TableHeader {
  struct Place {
    std::size_t index = 0;
    std::string title{};  ///< as the header of the file says it
  };
  std::string file{};
  std::map<std::string, Place, std::less<>> places{};
};

/// One row below the header. Valid while read_table calls.
class TableRow {
 public:
  TableRow(const TableHeader& header, const CsvRow& row) noexcept : header_(header), row_(row) {}

  std::int64_t number() const noexcept { return row_.number; }
  /// Empty when the cell is, or when the file has no such column.
  std::string_view operator[](std::string_view key) const;
  /// `column C "birthday"`; `column "birthday"` when the file has none.
  std::string label(std::string_view key) const;
  /// An error of this row: `column C "birthday": what`.
  Problem error(std::string_view key, std::string_view what, std::string todo) const;

 private:
  const TableHeader& header_;
  const CsvRow& row_;
};

/// Looks at a row and says what is wrong with it.
using TakeTableRow = std::function<Problems(const TableRow&)>;

/// Gives every row below the header to `take`. The header is the first of the five top rows that names all
/// required columns, so that a title may stand above it; width, case, blanks, signs and remarks in
/// parentheses do not count. Errors: those of read_csv, no header, two columns of the same meaning, a row
/// with more cells than the header. Warnings: columns that nobody knows, with the nearest name. Sorted by
/// row; after 1,000 only how many more.
Problems read_table(std::string_view bytes, const std::string& file, const std::vector<TableColumn>& columns,
                    const TakeTableRow& take);

}  // namespace bot
