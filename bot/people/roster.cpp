#include "bot/people/roster.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "bot/base/utf8.hpp"
#include "bot/people/roster_date.hpp"
#include "bot/texts/table.hpp"

namespace bot {

namespace {

constexpr std::array<std::string_view, 6> kTagSeparators = {"、", "；", "，", ",", ";", " "};
constexpr std::array<std::string_view, 8> kExcelErrors = {"#N/A",    "#NAME?", "#REF!", "#VALUE!",
                                                          "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"};
constexpr std::size_t kShownCharacters = 40;
constexpr std::size_t kDayCountDigits = 5;  ///< 32937 is 1990-03-05
constexpr std::string_view kSaveAgain = "format the whole column as text, type the ids again and save";

/// The keys are the fields of RosterRow. The first name is the Chinese header, the second the English one.
const std::vector<TableColumn>& columns() {
  static const std::vector<TableColumn> table = {
      {"name", {"姓名", "name", "名字", "真实姓名", "real name", "full name"}, true},
      {"account", {"平台账号", "account", "机器人账号", "平台"}},
      {"user",
       {"号码", "user", "账号", "QQ", "QQ号", "QQ号码", "QQ账号", "用户", "用户号", "成员号", "user id",
        "id"}},
      {"group", {"群", "group", "群名", "群号", "群聊", "所在群", "chat"}},
      {"category", {"类别", "category", "分类", "人员类别"}},
      {"tags", {"标签", "tags", "tag"}},
      {"unit", {"单位", "unit", "支部", "党支部", "所在单位", "所在支部", "部门", "department"}},
      {"birthday", {"生日", "birthday", "出生日期", "出生年月日", "date of birth"}},
      {"joined", {"入群", "joined", "入群日期", "入群时间", "加入日期", "join date"}},
      {"left", {"离群", "left", "离群日期", "离群时间", "退群", "退群日期", "leave date"}},
      {"role", {"角色", "role", "身份", "权限"}}};
  return table;
}

bool is_cjk_text(std::string_view text) {
  return !text.empty() && std::ranges::all_of(utf8::code_points(text), utf8::is_cjk);
}

std::string shown(std::string_view text) {
  return std::string(utf8::cut(text, kShownCharacters));
}

std::string one_line(const TableRow& row, std::string_view key) {
  return utf8::one_line(row[key]);
}

/// Wide digits are made narrow; other ids may tell capital letters from small ones.
std::string user_id(const TableRow& row) {
  std::string id = one_line(row, "user");
  std::string folded = utf8::folded(id);
  return utf8::is_digits(folded) ? folded : id;
}

std::vector<std::string> split_tags(std::string text) {
  for (const std::string_view separator : kTagSeparators) {
    for (std::size_t at = text.find(separator); at != std::string::npos; at = text.find(separator, at)) {
      text.replace(at, separator.size(), 1, '\t');
    }
  }
  std::vector<std::string> tags;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\t', at), text.size());
    std::string tag = text.substr(at, end - at);
    if (!tag.empty() && std::ranges::find(tags, tag) == tags.end()) tags.push_back(std::move(tag));
    at = end + 1;
  }
  return tags;
}

/// 1.23457E+11: Excel shows a number of twelve digits so, and saves what it shows.
bool is_scientific(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || e == 0) return false;
  const std::string_view power = text.substr(e + 1);
  const bool has_sign = power.starts_with('+') || power.starts_with('-');
  const bool has_point = text.substr(0, e).find('.') != std::string_view::npos;
  return (has_sign || has_point) && utf8::is_digits(power.substr(has_sign ? 1 : 0)) &&
         text.substr(0, e).find_first_not_of("0123456789.") == std::string_view::npos;
}

/// 123456.0 and 123,456 are numbers, not ids.
bool is_formatted_number(std::string_view text) {
  return !text.empty() && !utf8::is_digits(text) &&
         text.find_first_not_of("0123456789.,") == std::string_view::npos;
}

bool is_excel_error(std::string_view cell) {
  const bool too_narrow = cell.size() > 2 && cell.find_first_not_of('#') == std::string_view::npos;
  return too_narrow || std::ranges::find(kExcelErrors, cell) != kExcelErrors.end();
}

class Reading {
 public:
  Problems read(const TableRow& row) {
    found_.clear();
    RosterRow read = fields_of(row);
    check_shown(row);
    check_name(row, read);
    check_user(row, read.user);
    check_once(row, read);
    check_birthday(row, read.birthday);
    check_membership(row, read);
    const bool swapped = are_swapped(read);
    if (swapped) remember_swapped(row, read.name);
    if (found_.empty() && !swapped) rows_.push_back(std::move(read));
    return std::move(found_);
  }

  ReadRoster finished(Problems problems) && {
    if (swapped_rows_ > 0) {
      swapped_.what += fmt::format(" (rows like this: {})", swapped_rows_);
      problems.push_back(std::move(swapped_));
    }
    return {std::move(rows_), std::move(problems)};
  }

 private:
  static RosterRow fields_of(const TableRow& row) {
    return {.line = row.number(),
            .name = one_line(row, "name"),
            .account = one_line(row, "account"),
            .user = user_id(row),
            .group = one_line(row, "group"),
            .category = one_line(row, "category"),
            .tags = split_tags(one_line(row, "tags")),
            .unit = one_line(row, "unit"),
            .birthday = one_line(row, "birthday"),
            .joined = one_line(row, "joined"),
            .left = one_line(row, "left"),
            .role = one_line(row, "role")};
  }

  static bool are_swapped(const RosterRow& read) {
    return utf8::is_digits(read.name) && is_cjk_text(read.user);
  }

  /// Once for the file: who mixed up two headers has done it in every row.
  void remember_swapped(const TableRow& row, std::string_view id) {
    if (swapped_rows_++ > 0) return;
    swapped_ =
        row.error("name", fmt::format("\"{}\" is an id, and the name is in {}", shown(id), row.label("user")),
                  "exchange the two headers");
  }

  void check_shown(const TableRow& row) {
    for (const TableColumn& column : columns()) {
      const std::string cell = one_line(row, column.key);
      if (!is_excel_error(cell)) continue;
      add(row, column.key, fmt::format("Excel saved {} instead of what the cell holds", shown(cell)),
          "widen the column or correct the formula, and save again");
    }
  }

  void check_name(const TableRow& row, const RosterRow& read) {
    if (read.name.empty()) {
      if (read.user.empty()) add(row, "name", "is empty", "write the name, or delete the row");
    } else if (read.name.find('?') != std::string::npos && !is_excel_error(read.name)) {
      add(row, "name", fmt::format("\"{}\" has lost characters", shown(read.name)),
          "type the name again and save as \"CSV UTF-8\"");
    } else if (utf8::is_digits(read.name) && !are_swapped(read)) {
      add(row, "name", fmt::format("\"{}\" is a number, not a name", shown(read.name)), "write the name");
    }
  }

  void check_user(const TableRow& row, std::string_view user) {
    if (is_scientific(user) || is_formatted_number(user)) {
      add(row, "user", fmt::format("\"{}\" is what Excel made of an id", shown(user)),
          std::string(kSaveAgain));
    } else if (user.find(' ') != std::string_view::npos) {
      add(row, "user", fmt::format("\"{}\" holds a blank", shown(user)), "write one id");
    }
  }

  void check_once(const TableRow& row, const RosterRow& read) {
    if (read.user.empty()) return;
    const auto [first, is_new] =
        row_of_user_.try_emplace({read.account, read.user, read.group}, row.number());
    if (is_new) return;
    add(row, "user", fmt::format("\"{}\" is in row {} already", shown(read.user), first->second),
        "keep one of the two rows");
  }

  void check_birthday(const TableRow& row, std::string_view text) {
    if (text.empty() || is_excel_error(text) || is_lunar_date(text) || read_roster_date(text)) return;
    add_date(row, "birthday", text, "write it as 1990-03-05, 3月5日 or 农历八月十五");
  }

  void check_membership(const TableRow& row, RosterRow& read) {
    const bool both = check_day(row, "joined", read.joined) && check_day(row, "left", read.left);
    if (!both || read.left >= read.joined) return;
    add(row, "left", fmt::format("{} is before {}, {}", read.left, row.label("joined"), read.joined),
        "correct one of them");
  }

  /// Makes the day uniform; whether there is one.
  bool check_day(const TableRow& row, std::string_view key, std::string& text) {
    if (text.empty() || is_excel_error(text)) return false;
    const auto date = read_roster_date(text);
    if (!date || !date->year) {
      add_date(row, key, text, "write it as 2021-09-01 or 2021/9/1");
      return false;
    }
    text = iso_date(*date);
    return true;
  }

  void add_date(const TableRow& row, std::string_view key, std::string_view text, std::string_view forms) {
    const bool is_day_count = text.size() == kDayCountDigits && utf8::is_digits(text);
    add(row, key,
        fmt::format("\"{}\" is not a day{}", shown(text), is_day_count ? " but Excel's number of one" : ""),
        std::string(is_day_count ? "format the column as a date and save again" : forms));
  }

  void add(const TableRow& row, std::string_view key, std::string_view what, std::string todo) {
    found_.push_back(row.error(key, what, std::move(todo)));
  }

  std::vector<RosterRow> rows_;
  Problems found_;  // in the row that is being read
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> row_of_user_;
  Problem swapped_;
  int swapped_rows_ = 0;
};

std::vector<std::string> titles(bool chinese) {
  std::vector<std::string> titles;
  for (const TableColumn& column : columns()) titles.push_back(column.names[chinese ? 0 : 1]);
  return titles;
}

}  // namespace

ReadRoster read_roster(std::string_view bytes, const std::string& file) {
  Reading reading;
  Problems problems =
      read_table(bytes, file, columns(), [&reading](const TableRow& row) { return reading.read(row); });
  return std::move(reading).finished(std::move(problems));
}

std::string write_roster(const std::vector<RosterRow>& rows, std::string_view language) {
  const bool chinese = language.starts_with("zh");
  std::string csv;
  append_csv_row(csv, titles(chinese));
  for (const RosterRow& row : rows) {
    append_csv_row(csv, {row.name, row.account, row.user, row.group, row.category,
                         fmt::format("{}", fmt::join(row.tags, chinese ? "、" : "; ")), row.unit,
                         row.birthday, row.joined, row.left, row.role});
  }
  return csv;
}

}  // namespace bot
