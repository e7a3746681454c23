#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/problem.hpp"
#include "schedules/lunar.hpp"

namespace schedules {

/// Statutory days off and make-up workdays, by the announcements of the State Council. Where a year has not
/// been announced, Monday to Friday count as workdays; covers() says so, and whoever plans must tell.
class Workdays {
 public:
  struct Entry {
    std::string name{};  ///< "春节"
    bool off = false;    ///< false: a weekend day on which people work
  };

  /// Reads one file of the public JSON form: {"year": 2026, "days": [{"name", "date", "isOffDay"}]}. A file
  /// without days in its year counts as not announced. A file that has an error is left out whole, and the
  /// problem says where and what to do; so is a second file of a year. Days that lie in a neighbouring year
  /// are taken for that day only, unless that year's own file names them: it wins, in whatever order the two
  /// are read.
  void read(std::string_view json, const std::string& file, bot::Problems& problems);

  bool is_workday(Day day) const;
  /// Whether the year's announcement is known.
  bool covers(int year) const { return years_.contains(year); }
  /// What the announcement says of this day; nullptr when it is an ordinary one.
  const Entry* entry(Day day) const;
  const std::set<int>& years() const noexcept { return years_; }

 private:
  void take(int year, const std::map<Day, Entry>& announced);

  std::set<int> years_;
  std::map<Day, Entry> days_;
};

/// All *.json files of the folder, in order of name, each at most 1 MiB. A folder that is not there is no
/// problem.
Workdays load_workdays(const std::filesystem::path& folder, bot::Problems& problems);

}  // namespace schedules
