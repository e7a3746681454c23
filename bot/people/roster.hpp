#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/problem.hpp"

/// Who belongs to which group, as somebody keeps it in Excel. Knows no database: who these people are, and
/// which accounts, groups and roles exist, is for the caller to look up.
namespace bot {

/// A person in one group. Every text is one line without invisible marks; all but the name may be empty.
struct RosterRow {
  std::int64_t line = 0;  ///< the row as Excel shows it
  std::string name{};     ///< the real name
  std::string account{};  ///< of the bot; empty: the caller's choice
  std::string user{};     ///< the platform's id of the person
  std::string group{};    ///< a name or a chat id
  std::string category{};
  std::vector<std::string> tags{};  ///< each once, in the order of the file
  std::string unit{};
  std::string birthday{};  ///< as typed: a day for read_roster_date, or 农历…, which is not looked into
  std::string joined{};    ///< 2021-09-01
  std::string left{};      ///< 2021-09-01
  std::string role{};      ///< as typed

  bool operator==(const RosterRow&) const = default;
};

struct ReadRoster {
  std::vector<RosterRow> rows{};  ///< those without an error; import none when has_errors(problems)
  Problems problems{};            ///< of the whole file, at most some thousand
};

/// Reads a roster with the columns 姓名 (required), 平台账号, 号码, 群, 类别, 标签, 单位, 生日, 入群, 离群,
/// 角色, each by its Chinese or English names, in any order and any encoding that read_csv knows. Tags are
/// separated by 、；，/ , ; / blanks. Errors name row and column: no name, a name that lost its characters or
/// is a number, an id that Excel rounded, one id in two rows of the same account, a day that does not exist,
/// left before joined, a cell that Excel could not show, names and ids in each other's columns.
ReadRoster read_roster(std::string_view bytes, const std::string& file);

/// The roster as Excel opens it: headers in Chinese when `language` begins with "zh", else in English.
/// read_roster gives back what it gave; the lines are new.
std::string write_roster(const std::vector<RosterRow>& rows, std::string_view language);

}  // namespace bot
