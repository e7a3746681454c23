#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "bot/base/instant.hpp"
#include "bot/base/random.hpp"
#include "bot/people/people.hpp"
#include "bot/store/personal.hpp"

namespace bot::people {

/// Who asked to be forgotten, and when: salted hashes of account and user id, in a file beside the database,
/// so that a restored backup forgets them again and an old event does not bring them back (reliability X14).
/// Without the file nobody can tell whom it means; with it a guess can be checked, no more.
class Forgotten {
 public:
  /// In memory alone: for the sandbox and for copies.
  Forgotten();
  /// Reads the file, which is made when somebody is forgotten. Throws std::runtime_error with a sentence
  /// when it is there and cannot be read: starting without it would bring people back.
  explicit Forgotten(std::filesystem::path file);

  /// On the disk when it returns. Throws std::system_error.
  void add(const std::string& account, const std::string& user, Instant at);
  /// When; nullopt: never.
  std::optional<Instant> at(const std::string& account, const std::string& user) const;
  bool empty() const noexcept { return moments_.empty(); }
  /// By mark().
  const std::map<std::string, Instant>& all() const noexcept { return moments_; }
  /// What stands for somebody.
  std::string mark(const std::string& account, const std::string& user) const;

 private:
  void store(const std::map<std::string, Instant>& moments) const;

  std::filesystem::path file_;
  std::string salt_;
  std::map<std::string, Instant> moments_;
};

/// "forgotten" in the data folder.
std::filesystem::path forgotten_file(const std::filesystem::path& data);

/// The table that tells which of them this database has forgotten already.
sql::Schema forgotten_schema();

/// The person behind an account, with all accounts and everything that he or she is called.
sql::Subject subject_of(sql::Db& db, const std::string& account, const std::string& user);

using PersonalTables = std::vector<sql::PersonalTable>;

/// Within a transaction: notes the subject as forgotten, then erases what the tables say of him or her. Sums
/// stay, under a pseudonym that leads nowhere. How many rows were deleted or changed.
std::int64_t forget(sql::Db& db, const PersonalTables& tables, Forgotten& forgotten,
                    const sql::Subject& subject, Random& random, Instant now);
/// Within a transaction: does so for those who were forgotten since this database was copied, if any. How
/// many people it met.
std::int64_t forget_again(sql::Db& db, const PersonalTables& tables, const Forgotten& forgotten,
                          Random& random);

}  // namespace bot::people
