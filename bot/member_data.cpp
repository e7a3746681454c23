#include "bot/member_data.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <istream>
#include <map>
#include <ostream>
#include <stdexcept>

#include "bot/app.hpp"
#include "bot/copied_database.hpp"
#include "bot/data_folder.hpp"
#include "bot/people/forgotten.hpp"

namespace bot {

namespace {

sql::Subject subject_named(sql::Db& db, const std::string& member) {
  const std::size_t colon = member.find(':');
  if (colon == 0 || colon == std::string::npos || colon + 1 == member.size())
    throw std::runtime_error(
        fmt::format("{} is no member \u2014 write account:user id, such as qq:10001", member));
  return people::subject_of(db, member.substr(0, colon), member.substr(colon + 1));
}

using Tables = std::map<std::string, boost::json::array>;

Tables collected(sql::Db& db, const sql::Subject& subject) {
  Tables tables;
  for (const sql::PersonalTable& table : personal_tables()) {
    for (const sql::Row& row : sql::rows_of(db, table, subject)) {
      boost::json::object object;
      for (std::size_t column = 0; column < table.shown.size(); ++column)
        object[table.shown[column]] = sql::printed(row.values()[column]);
      tables[table.table].push_back(std::move(object));
    }
  }
  return tables;
}

std::size_t rows(const Tables& tables) {
  std::size_t count = 0;
  for (const auto& [table, all] : tables) count += all.size();
  return count;
}

/// One row a line, for people who read it.
void write(const Tables& tables, const std::string& member, std::ostream& to) {
  to << "{\"member\": " << boost::json::serialize(boost::json::string(member));
  for (const auto& [table, all] : tables) {
    to << ",\n\"" << table << "\": [";
    const char* before = "\n  ";
    for (const boost::json::value& row : all) {
      to << before << boost::json::serialize(row);
      before = ",\n  ";
    }
    to << "]";
  }
  to << "}\n";
}

bool is_meant(std::istream& answers, std::ostream& out) {
  out << "this cannot be undone; type yes: " << std::flush;
  std::string answer;
  return std::getline(answers, answer) && answer == "yes";
}

}  // namespace

int run_export_member(const Config& config, const std::string& member,
                      const std::optional<std::filesystem::path>& file, std::ostream& out, Instant now) {
  CopiedDatabase copy(config.data, config.database, now);
  bring_up_to_date(copy.db(), now);
  const Tables tables = collected(copy.db(), subject_named(copy.db(), member));
  if (!file) {
    write(tables, member, out);
    return 0;
  }
  std::ofstream to(*file);
  std::filesystem::permissions(*file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  write(tables, member, to);
  if (!to.flush()) throw std::runtime_error(fmt::format("{} cannot be written", file->string()));
  out << fmt::format("{}: {} rows about {}\n", file->string(), rows(tables), member);
  return 0;
}

int run_erase_member(const Config& config, const std::string& member, bool sure, std::istream& answers,
                     std::ostream& out, Instant now) {
  const SystemClock clock;
  DataFolder data(config.data, config.database, clock);
  bring_up_to_date(data.db(), now);
  people::Forgotten forgotten(people::forgotten_file(config.data));
  const sql::Subject subject = subject_named(data.db(), member);
  out << fmt::format("{} rows about {} will be erased; sums stay under a pseudonym\n",
                     rows(collected(data.db(), subject)), member);
  if (!sure && !is_meant(answers, out)) {
    out << "nothing was erased\n";
    return 1;
  }
  Random random = Random::from_entropy();
  sql::Transaction transaction(data.db());
  people::forget(data.db(), personal_tables(), forgotten, subject, random, now);
  transaction.commit();
  out << fmt::format("{} is forgotten, also by every backup that is restored here\n", member);
  return 0;
}

}  // namespace bot
