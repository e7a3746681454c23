#include "bot/people/forgotten.hpp"

#include <fmt/format.h>

#include <fstream>
#include <set>
#include <stdexcept>

#include "bot/base/hashes.hpp"
#include "bot/base/log.hpp"
#include "bot/store/partial_file.hpp"

namespace bot::people {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kSalt = "salt";

[[noreturn]] void refuse(const fs::path& file) {
  throw std::runtime_error(
      fmt::format("{} cannot be read \u2014 it says who asked to be forgotten; put back the last whole one",
                  file.string()));
}

void note(sql::Db& db, const std::string& mark, Instant at) {
  db.execute("INSERT INTO forgotten (mark, at) VALUES ($1, $2) ON CONFLICT (mark) DO UPDATE SET at = $2",
             {mark, in_ms(at)});
}

std::int64_t erase_all(sql::Db& db, const PersonalTables& tables, const sql::Subject& subject,
                       Random& random) {
  const std::string pseudonym = "~" + random.unique_name();
  std::int64_t rows = 0;
  for (const sql::PersonalTable& table : tables) rows += sql::erase(db, table, subject, pseudonym);
  return rows;
}

/// Marks that this database has not met, or met at another time.
std::set<std::string> unmet(sql::Db& db, const Forgotten& forgotten) {
  std::map<std::string, Instant> met;
  for (const sql::Row& row : db.query("SELECT mark, at FROM forgotten"))
    met[row.text(0)] = from_ms(row.integer(1));
  std::set<std::string> marks;
  for (const auto& [mark, at] : forgotten.all()) {
    const auto known = met.find(mark);
    if (known == met.end() || known->second < at) marks.insert(mark);
  }
  return marks;
}

}  // namespace

Forgotten::Forgotten() : salt_(Random::from_entropy().unique_name()) {}

Forgotten::Forgotten(fs::path file) : Forgotten() {
  file_ = std::move(file);
  if (!fs::exists(file_)) return;
  std::ifstream lines(file_);
  std::string word;
  if (!(lines >> word >> salt_) || word != kSalt) refuse(file_);
  std::string mark;
  std::int64_t at = 0;
  while (lines >> mark) {
    if (!(lines >> at)) refuse(file_);
    moments_[mark] = from_ms(at);
  }
}

std::string Forgotten::mark(const std::string& account, const std::string& user) const {
  return sha256_hex(salt_ + '\n' + account + '\n' + user);
}

void Forgotten::add(const std::string& account, const std::string& user, Instant at) {
  auto moments = moments_;
  moments[mark(account, user)] = at;
  if (!file_.empty()) store(moments);
  moments_ = std::move(moments);
}

std::optional<Instant> Forgotten::at(const std::string& account, const std::string& user) const {
  if (moments_.empty()) return std::nullopt;
  const auto found = moments_.find(mark(account, user));
  return found == moments_.end() ? std::nullopt : std::optional(found->second);
}

void Forgotten::store(const std::map<std::string, Instant>& moments) const {
  PartialFile partial(file_);
  {
    std::ofstream lines(partial.path());
    fs::permissions(partial.path(), fs::perms::owner_read | fs::perms::owner_write);
    lines << kSalt << ' ' << salt_ << '\n';
    for (const auto& [mark, at] : moments) lines << mark << ' ' << in_ms(at) << '\n';
    lines.flush();
    if (!lines) throw std::runtime_error(fmt::format("{} cannot be written", file_.string()));
  }
  partial.move_to(file_);
}

fs::path forgotten_file(const fs::path& data) {
  return data / "forgotten";
}

sql::Schema forgotten_schema() {
  return {"forgotten", {{1, "CREATE TABLE forgotten (mark TEXT PRIMARY KEY, at {int} NOT NULL) {table}"}}};
}

sql::Subject subject_of(sql::Db& db, const std::string& account, const std::string& user) {
  sql::Subject subject;
  subject.accounts.emplace_back(account, user);
  for (const sql::Row& row : db.query(
           "SELECT p.id, p.name, o.account, o.user_id, o.nickname FROM person_accounts a JOIN persons p ON "
           "p.id = a.person JOIN person_accounts o ON o.person = p.id WHERE a.account = $1 AND a.user_id = "
           "$2",
           {account, user})) {
    subject.person = row.integer(0);
    subject.called.insert({row.text(1), row.text(4)});
    if (row.text(2) != account || row.text(3) != user)
      subject.accounts.emplace_back(row.text(2), row.text(3));
  }
  for (const auto& [own, id] : subject.accounts) {
    for (const sql::Row& row :
         db.query("SELECT card FROM listed_members WHERE account = $1 AND user_id = $2", {own, id})) {
      subject.called.insert(row.text(0));
    }
  }
  return subject;
}

std::int64_t forget(sql::Db& db, const PersonalTables& tables, Forgotten& forgotten,
                    const sql::Subject& subject, Random& random, Instant now) {
  for (const auto& [account, user] : subject.accounts) {
    forgotten.add(account, user, now);
    note(db, forgotten.mark(account, user), now);
  }
  const std::int64_t rows = erase_all(db, tables, subject, random);
  log::info("somebody is forgotten", {{"rows", rows}});
  return rows;
}

std::int64_t forget_again(sql::Db& db, const PersonalTables& tables, const Forgotten& forgotten,
                          Random& random) {
  const std::set<std::string> marks = unmet(db, forgotten);
  if (marks.empty()) return 0;
  std::int64_t people = 0;
  for (const auto& [account, user] : sql::everybody(db, tables)) {
    if (!marks.contains(forgotten.mark(account, user))) continue;
    erase_all(db, tables, subject_of(db, account, user), random);
    ++people;
  }
  for (const std::string& mark : marks) note(db, mark, forgotten.all().at(mark));
  if (people > 0) log::info("an older database has forgotten people again", {{"people", people}});
  return people;
}

}  // namespace bot::people
