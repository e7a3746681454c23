#include "bot/texts/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "bot/base/utf8.hpp"
#include "bot/texts/tokens.hpp"

namespace bot {

namespace {

/// Rows above the header: a title, who made the list, a blank line.
constexpr std::size_t kTopRows = 5;
constexpr std::size_t kShownCharacters = 20;

/// "QQ号（必填）" and "QQ 号*" are the same column.
std::string comparable(std::string_view name) {
  const std::string normal = normal_form(name);
  const std::string before_remark = normal.substr(0, normal.find('('));
  return compact_form(utf8::trimmed(before_remark).empty() ? normal : before_remark);
}

std::string shown(std::string_view text) {
  return utf8::escaped(utf8::cut(text, kShownCharacters));
}

class Reading {
 public:
  Reading(std::string file, const std::vector<TableColumn>& columns, const TakeTableRow& take)
      : columns_(columns), take_(take) {
    header_.file = std::move(file);
    for (const TableColumn& column : columns) {
      for (const std::string& name : column.names) keys_.emplace(comparable(name), column.key);
    }
  }

  void read(const CsvRow& row) {
    if (header_row_ > 0) return read_body(row);
    if (top_rows_++ < kTopRows && is_header(row)) read_header(row);
  }

  /// `of_csv` are the problems of the file itself.
  Problems finished(Problems of_csv) && {
    if (header_row_ == 0 && of_csv.empty()) report_no_header();
    Problems all;
    std::ranges::merge(of_csv, problems_, std::back_inserter(all), {}, &Problem::line, &Problem::line);
    if (left_out_ > 0) {
      all.push_back({Problem::Weight::error, header_.file, 0,
                     fmt::format("{} more problems are not shown", left_out_), "correct the first ones"});
    }
    return all;
  }

 private:
  const std::string* key_of(const std::string& title) const {
    const auto found = keys_.find(comparable(title));
    return found == keys_.end() ? nullptr : &found->second;
  }

  bool is_header(const CsvRow& row) const {
    std::set<std::string> keys;
    for (const std::string& title : row.cells) {
      if (const std::string* key = key_of(title)) keys.insert(*key);
    }
    const auto is_there = [&](const TableColumn& column) {
      return !column.required || keys.contains(column.key);
    };
    return !keys.empty() && std::ranges::all_of(columns_, is_there);
  }

  void read_header(const CsvRow& row) {
    header_row_ = row.number;
    width_ = row.cells.size();
    for (std::size_t index = 0; index < row.cells.size(); ++index) read_title(row.cells[index], index);
  }

  void read_title(const std::string& title, std::size_t index) {
    if (title.empty()) return;
    const std::string* key = key_of(title);
    if (key == nullptr) return report_unknown(title, index);
    const auto [first, is_new] = header_.places.emplace(*key, TableHeader::Place{index, shown(title)});
    if (is_new) return;
    error(header_row_,
          fmt::format("columns {} \"{}\" and {} \"{}\" mean the same", column_letter(first->second.index),
                      first->second.title, column_letter(index), shown(title)),
          "delete one of them");
  }

  void read_body(const CsvRow& row) {
    if (row.cells.size() > width_) {
      error(row.number,
            fmt::format("column {} holds \"{}\" but has no name", column_letter(row.cells.size() - 1),
                        shown(row.cells.back())),
            "name the column, or put a cell with a comma in quotation marks");
    }
    for (Problem& problem : take_(TableRow(header_, row))) add(std::move(problem));
  }

  void report_no_header() {
    std::vector<std::string> names;
    for (const TableColumn& column : columns_) {
      if (column.required) names.push_back(fmt::format("\"{}\"", column.names.front()));
    }
    error(0, fmt::format("no row at the top has the column {}", fmt::join(names, ", ")),
          "name the columns in the first row, and save it from Excel as \"CSV UTF-8\"");
  }

  void report_unknown(const std::string& title, std::size_t index) {
    add({Problem::Weight::warning, header_.file, header_row_,
         fmt::format("column {} \"{}\" is not known and not read", column_letter(index), shown(title)),
         suggestion(title)});
  }

  /// The nearest name; all of them when none is near.
  std::string suggestion(const std::string& title) const {
    std::optional<std::pair<std::size_t, std::string>> nearest;
    std::vector<std::string> names;
    const std::string given = comparable(utf8::cut(title, kShownCharacters));
    for (const TableColumn& column : columns_) {
      names.push_back(column.names.front());
      for (const std::string& name : column.names) {
        const std::size_t far = utf8::distance(given, comparable(name));
        if (!nearest || far < nearest->first) nearest = {far, name};
      }
    }
    const bool is_near = nearest && nearest->first * 2 <= utf8::length(given);
    return is_near ? fmt::format("did you mean \"{}\"?", nearest->second)
                   : fmt::format("known here: {}", fmt::join(names, ", "));
  }

  void error(std::int64_t row, std::string what, std::string todo) {
    add({Problem::Weight::error, header_.file, row, std::move(what), std::move(todo)});
  }

  void add(Problem problem) {
    if (problems_.size() < kMostCsvProblems) {
      problems_.push_back(std::move(problem));
    } else {
      ++left_out_;
    }
  }

  const std::vector<TableColumn>& columns_;
  const TakeTableRow& take_;
  std::map<std::string, std::string> keys_;  // comparable name → key
  TableHeader header_;
  std::int64_t header_row_ = 0;
  std::size_t top_rows_ = 0;
  std::size_t width_ = 0;
  Problems problems_;
  std::size_t left_out_ = 0;
};

}  // namespace

std::string_view TableRow::operator[](std::string_view key) const {
  const auto place = header_.places.find(key);
  if (place == header_.places.end() || place->second.index >= row_.cells.size()) return {};
  return row_.cells[place->second.index];
}

Problem TableRow::error(std::string_view key, std::string_view what, std::string todo) const {
  return {Problem::Weight::error, header_.file, row_.number, fmt::format("{}: {}", label(key), what),
          std::move(todo)};
}

std::string TableRow::label(std::string_view key) const {
  const auto place = header_.places.find(key);
  if (place == header_.places.end()) return fmt::format("column \"{}\"", key);
  return fmt::format("column {} \"{}\"", column_letter(place->second.index), place->second.title);
}

Problems read_table(std::string_view bytes, const std::string& file, const std::vector<TableColumn>& columns,
                    const TakeTableRow& take) {
  Reading reading(file, columns, take);
  Problems of_csv = read_csv(bytes, file, [&reading](const CsvRow& row) { reading.read(row); });
  return std::move(reading).finished(std::move(of_csv));
}

}  // namespace bot
