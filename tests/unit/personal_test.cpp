/// What is declared about people in tables, and what operators do with it.
#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "bot/app.hpp"
#include "bot/backup.hpp"
#include "bot/base/log.hpp"
#include "bot/data_folder.hpp"
#include "bot/desk/outbox_rows.hpp"
#include "bot/member_data.hpp"
#include "bot/people/forgotten.hpp"
#include "bot/platforms/sandbox/stage.hpp"
#include "bot/restore.hpp"
#include "bot/store/sqlite.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
namespace people = bot::people;
namespace sql = bot::sql;

namespace {

/// 2026-11-24 08:00 in Shanghai.
constexpr bot::Instant kMorning{std::chrono::seconds(1795478400)};

/// A column whose name sounds like a person's, though what it holds is nobody's, and why.
const std::set<std::string> kNobodys = {
    "known_groups.name",         // of a group
    "merged.name",               // goes with its row
    "lesson_done.name",          // emptied with its row
    "persons.name",              // goes with its row
    "persons.birthday",          // goes with its row
    "person_accounts.nickname",  // goes with its row
    "listed_members.card",       // goes with its row
    "former_names.name",         // goes with its row
    "unmentioned.name",          // goes with its row
    "ignored.name",              // goes with its row
    "merged.direct",             // never in private
    "schema_steps.owner",        // a part of the program
    "sqlite_sequence.name",      // of a table
};

bool sounds_personal(const std::string& column) {
  static const std::regex personal(
      "(.*_)?(user|user_id|person|member|name|nickname|nick|card|birthday|phone|made_by|by|mention|asker|"
      "sender|author|owner|voter|direct|event_key)");
  return std::regex_match(column, personal);
}

struct Service : support::TemporaryFolder {
  Service() {
    bot::log::to_nowhere();
    config.data = path("data");
    fs::create_directories(config.data);
    const auto db = sql::open_sqlite(database());
    bot::bring_up_to_date(*db, kMorning);
    sql::Transaction transaction(*db);
    for (const char* user : {"10001", "10002"}) {
      people::enrol(*db, {"qq", "1", false}, {user, std::string("name of ") + user}, kMorning);
      db->execute(
          "INSERT INTO lesson_done (account, chat, lesson, member, name, day, late, at) VALUES ('qq', '1', "
          "1, "
          "$1, 'N', '2026-11-24', 0, 1)",
          {user});
    }
    transaction.commit();
  }

  fs::path database() const { return config.data / "xueban.db"; }
  std::int64_t count(const std::string& query) const {
    return sql::open_sqlite_read_only(database())->query("SELECT count(*) FROM " + query).front().integer(0);
  }
  std::string erase(const std::string& member, bool sure, const std::string& answer, int code) const {
    std::istringstream in(answer);
    std::ostringstream out;
    CHECK(bot::run_erase_member(config, member, sure, in, out, kMorning) == code);
    return out.str();
  }
  std::string exported(const std::string& member) const {
    std::ostringstream out;
    CHECK(bot::run_export_member(config, member, std::nullopt, out, kMorning) == 0);
    return out.str();
  }

  bot::Config config = bot::default_config();
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("personal tables: every column that sounds like a person is declared") {
  const auto db = sql::open_sqlite(":memory:");
  bot::bring_up_to_date(*db, kMorning);
  std::set<std::string> declared = kNobodys;
  for (const sql::PersonalTable& table : bot::personal_tables())
    declared.insert(table.table + "." + table.column);
  for (const sql::Row& table : db->query("SELECT name FROM sqlite_master WHERE type = 'table'")) {
    for (const sql::Row& column : db->query("SELECT name FROM pragma_table_info('" + table.text(0) + "')")) {
      const std::string name = table.text(0) + "." + column.text(0);
      CHECK_MESSAGE((!sounds_personal(column.text(0)) || declared.contains(name)), name);
    }
  }
}

TEST_CASE("personal tables: what is declared is there") {
  const auto db = sql::open_sqlite(":memory:");
  bot::bring_up_to_date(*db, kMorning);
  sql::Subject nobody;
  nobody.person = 77;
  nobody.accounts = {{"qq", "100%_!"}};
  nobody.called = {"nobody"};
  for (const sql::PersonalTable& table : bot::personal_tables()) {
    CHECK(sql::rows_of(*db, table, nobody).empty());
    CHECK(sql::erase(*db, table, nobody, "~x") == 0);
  }
  CHECK(sql::everybody(*db, bot::personal_tables()).empty());
}

TEST_CASE("personal tables: what was still to be said to somebody who is forgotten is not said") {
  const auto db = sql::open_sqlite(":memory:");
  bot::bring_up_to_date(*db, kMorning);
  for (const char* user : {"10001", "10002"}) {
    bot::Message message;
    message.add(bot::Mention{user}).add(bot::Text{std::string("words for ") + user});
    bot::outbox_rows::insert(*db, {{"qq", "1", false}, message}, kMorning);
    bot::outbox_rows::insert(*db, {{"qq", user, true}, message}, kMorning);
  }
  sql::Subject subject;
  subject.accounts = {{"qq", "10001"}};
  for (const sql::PersonalTable& table : bot::personal_tables()) sql::erase(*db, table, subject, "~x");
  const auto open = bot::outbox_rows::open(*db);
  REQUIRE(open.size() == 2);
  for (const bot::Delivery& delivery : open) CHECK(delivery.message.plain() == "words for 10002");
  CHECK(db->query("SELECT count(*) FROM outbox WHERE body = '' AND mention = ''").front().integer(0) == 1);
}

TEST_CASE_FIXTURE(Service, "forgotten: a file that only its owner reads, and that names nobody") {
  const fs::path file = people::forgotten_file(config.data);
  {
    people::Forgotten forgotten(file);
    CHECK(forgotten.empty());
    forgotten.add("qq", "10001", kMorning);
    CHECK((fs::status(file).permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
          fs::perms::none);
  }
  const people::Forgotten again(file);
  CHECK(again.at("qq", "10001") == kMorning);
  CHECK_FALSE(again.at("wecom", "10001"));
  CHECK_FALSE(again.at("qq", "10002"));
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  CHECK_FALSE(contains(text.str(), "10001"));
  std::ofstream(file) << "something else\n";
  CHECK_THROWS_WITH_AS(people::Forgotten{file}, doctest::Contains("put back the last whole one"),
                       std::runtime_error);
}

TEST_CASE_FIXTURE(Service, "export --member: everything of that person, nothing of others") {
  const std::string text = exported("qq:10001");
  CHECK(contains(text, R"({"member": "qq:10001")"));
  CHECK(contains(text, R"("nickname":"name of 10001")"));
  CHECK(contains(text, R"("lesson":"1")"));
  CHECK_FALSE(contains(text, "10002"));
  CHECK(exported("qq:99") == "{\"member\": \"qq:99\"}\n");
  CHECK_THROWS_AS(exported("10001"), std::runtime_error);
}

TEST_CASE_FIXTURE(Service, "erase --member: only with a yes, and a restored backup forgets again") {
  CHECK(contains(erase("qq:10001", false, "no\n", 1), "nothing was erased"));
  CHECK(contains(erase("qq:10001", false, "", 1), "nothing was erased"));
  CHECK(count("persons") == 2);
  const fs::path backup = path("backup.db");
  std::ostringstream out;
  bot::run_backup(config, {backup}, out, kMorning);

  CHECK(contains(erase("qq:10001", false, "yes\n", 0), "qq:10001 is forgotten"));
  CHECK(count("persons") == 1);
  CHECK(count("lesson_done") == 2);
  CHECK(count("lesson_done WHERE member = '10001'") == 0);
  erase("qq:10001", true, "", 0);

  bot::run_restore(config, backup, out, kMorning);
  CHECK(count("lesson_done WHERE member = '10001'") == 0);
  CHECK(count("lesson_done WHERE member = '10002'") == 1);
  CHECK(count("person_accounts WHERE user_id = '10001'") == 0);
}
