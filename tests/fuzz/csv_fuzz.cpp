/// Whatever is opened as a table, reading it never fails; what was read survives being written and read
/// again, and no cell of what was written is a formula.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "bot/people/roster.hpp"
#include "bot/texts/csv.hpp"

namespace {

using Rows = std::vector<std::vector<std::string>>;

void require(bool condition) {
  if (!condition) std::abort();
}

Rows rows_of(std::string_view bytes, bot::Problems& problems) {
  Rows rows;
  problems = bot::read_csv(bytes, "table.csv", [&](const bot::CsvRow& row) { rows.push_back(row.cells); });
  return rows;
}

void require_inert(const std::string& cell) {
  std::string csv;
  bot::append_csv_row(csv, {cell});
  const std::size_t begin = csv.at(3) == '"' ? 4 : 3;
  require(std::string_view("=+-@\t").find(csv.at(begin)) == std::string_view::npos);
}

/// Characters that were lost before are reported again.
bool is_damaged(const std::string& csv) {
  return csv.find("\xef\xbf\xbd") != std::string::npos;
}

void check_table(std::string_view bytes) {
  bot::Problems problems;
  const Rows rows = rows_of(bytes, problems);
  for (const bot::Problem& problem : problems) require(!bot::printed(problem).empty());
  std::string csv;
  for (const auto& cells : rows) {
    bot::append_csv_row(csv, cells);
    std::ranges::for_each(cells, require_inert);
  }
  require(rows_of(csv, problems) == rows);
  require(problems.empty() || is_damaged(csv));
}

void check_roster(std::string_view bytes) {
  auto people = bot::read_roster(bytes, "table.csv").rows;
  const std::string csv = bot::write_roster(people, "zh-CN");
  const bot::ReadRoster back = bot::read_roster(csv, "table.csv");
  require(back.problems.empty() || is_damaged(csv));
  require(back.rows.size() == people.size());
  for (std::size_t at = 0; at < people.size(); ++at) people[at].line = back.rows[at].line;
  require(back.rows == people);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_table(bytes);
  check_roster(bytes);
  return 0;
}
