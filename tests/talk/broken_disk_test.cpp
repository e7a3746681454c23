#include <doctest/doctest.h>

#include "bot/app.hpp"
#include "bot/base/log.hpp"
#include "bot/platforms/sandbox/stage.hpp"
#include "tests/support/fresh_database.hpp"

namespace {

/// A database whose disk fails when the test wants it to.
class FailingDb final : public bot::sql::Db {
 public:
  using Db::execute;
  using Db::query;

  bot::sql::Rows query(std::string_view sql, bot::sql::Params params) override {
    if (!refused.empty() && sql.find(refused) != sql.npos) return db_->query("SELECT nonsense", {});
    return db_->query(sql, params);
  }
  std::int64_t execute(std::string_view sql, bot::sql::Params params) override {
    if (sql == failing) throw bot::sql::Unavailable("disk I/O error");
    return db_->execute(sql, params);
  }
  void set_read_only(bool read_only) noexcept override { db_->set_read_only(read_only); }
  bot::sql::Dialect dialect() const noexcept override { return db_->dialect(); }
  std::int64_t size() override { return db_->size(); }

  std::string failing;
  std::string refused;  ///< a part of queries that the database does not understand

 private:
  std::unique_ptr<bot::sql::Db> db_ = support::fresh_database();
};

struct Disk {
  FailingDb db;
  bot::TravelClock clock{bot::Instant{std::chrono::hours(24 * 365 * 50)}};
  bot::Room room{"qq", clock};
  bot::Config config = bot::default_config();
  bot::App app;

  Disk() : app((bot::log::to_nowhere(), config), content(), db, clock, room, 1) {
    std::vector<bot::Event> events;
    events.emplace_back(room.group(""), clock.now(), bot::LinkUp{"bot", ""});
    app.desk().handle(std::move(events));
    says("早");
  }

  static std::shared_ptr<const bot::Content> content() {
    bot::Problems problems;
    return bot::load_content(XUEBAN_SOURCE "/content", problems);
  }

  bot::Event said(const bot::Address& where, const std::string& person, const std::string& text) {
    const bot::Room::Utterance utterance{.message = bot::Message(text)};
    return room.says(where, {person, person, bot::Sender::Role::member, false}, utterance);
  }

  void says(const std::string& text) {
    clock.advance(std::chrono::seconds(30));
    std::vector<bot::Event> events;
    events.push_back(said(room.group("一班"), "李四", text));
    app.desk().handle(std::move(events));
  }

  std::size_t answers() const {
    std::size_t count = 0;
    for (const auto& line : room.transcript()) count += line.speaker.empty() ? 1 : 0;
    return count;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Disk, "when the disk fails at commit nobody is answered and the desk stops") {
  db.failing = "COMMIT";
  CHECK_THROWS_AS(says("已学"), bot::sql::Unavailable);
  CHECK(answers() == 0);
}

TEST_CASE_FIXTURE(Disk, "when the disk fails within a turn nobody is answered and the desk stops") {
  db.failing = "SAVEPOINT part";
  CHECK_THROWS_AS(says("已学"), bot::sql::Unavailable);
  CHECK(answers() == 0);
}

TEST_CASE_FIXTURE(Disk, "what only reads is answered all the same") {
  db.failing = "COMMIT";
  says("ping x");
  says("今日一课");
  CHECK(answers() == 2);
}

TEST_CASE_FIXTURE(Disk, "a reading turn whose query fails takes no other turn of its batch along") {
  db.refused = "ORDER BY at DESC";
  std::vector<bot::Event> events;
  events.push_back(said(room.group("一班"), "李四", "已学"));
  events.push_back(said(room.direct("王五"), "王五", "今日一课"));
  events.push_back(said(room.group("一班"), "赵六", "已学"));
  app.desk().handle(std::move(events));
  CHECK(db.query("SELECT count(*) FROM lesson_done", {}).front().integer(0) == 2);
}
