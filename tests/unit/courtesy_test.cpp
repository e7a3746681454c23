#include <doctest/doctest.h>

#include <chrono>

#include "bot/desk/courtesy.hpp"
#include "bot/desk/speakers.hpp"
#include "bot/store/sqlite.hpp"

using namespace std::chrono_literals;

namespace {

struct Tables {
  std::unique_ptr<bot::sql::Db> db = bot::sql::open_sqlite_in_memory();
  bot::Courtesy courtesy;
  const bot::Address group{"qq", "1", false};
  const bot::Instant now{100h};

  Tables() { bot::sql::migrate(*db, bot::Courtesy::schemas(), now); }

  bot::Courtesy read_again() {
    bot::Courtesy read;
    read.load(*db);
    return read;
  }
};

bot::MessagePosted posted(const std::string& id, const std::string& user) {
  bot::MessagePosted message;
  message.id = id;
  message.from = {user, user + " by name"};
  return message;
}

}  // namespace

TEST_CASE_FIXTURE(Tables, "quiet: it lasts until its end, which can be moved, and is told once") {
  bot::Quiet& quiet = courtesy.quiet;
  CHECK_FALSE(quiet.until(group, now));
  CHECK_FALSE(quiet.end(*db, group, {now, now}));
  quiet.begin(*db, group, {now, now}, now + 2h);
  quiet.begin(*db, group, {now + 1h, now + 1h}, now + 3h);
  CHECK(quiet.until(group, now + 2h) == now + 3h);
  CHECK_FALSE(quiet.until(group, now + 3h));
  CHECK(quiet.silenced(group, now));
  CHECK_FALSE(quiet.silenced(group, now - 1ms));
  CHECK_FALSE(quiet.silenced({"qq", "2", false}, now));
  CHECK(quiet.take_changed().size() == 2);
  CHECK(quiet.take_changed().empty());
  CHECK(read_again().quiet.until(group, now) == now + 3h);
}

TEST_CASE_FIXTURE(Tables,
                  "quiet: words that come late count from when they were said, older ones not at all") {
  bot::Quiet& quiet = courtesy.quiet;
  CHECK(quiet.begin(*db, group, {now - 1h, now}, now + 1h));
  CHECK(quiet.silenced(group, now - 1h));
  CHECK_FALSE(quiet.end(*db, group, {now - 2h, now}));
  CHECK_FALSE(quiet.begin(*db, group, {now - 2h, now}, now + 5h));
  CHECK(quiet.until(group, now) == now + 1h);
  CHECK(quiet.end(*db, group, {now - 30min, now}));
}

TEST_CASE_FIXTURE(Tables, "quiet: what was silenced is known after the end, and a new quiet begins anew") {
  bot::Quiet& quiet = courtesy.quiet;
  quiet.begin(*db, group, {now, now}, now + 2h);
  CHECK(quiet.end(*db, group, {now + 1h, now + 1h}));
  CHECK_FALSE(quiet.until(group, now + 1h));
  CHECK(quiet.silenced(group, now + 59min));
  CHECK_FALSE(quiet.silenced(group, now + 1h));
  quiet.begin(*db, group, {now + 5h, now + 5h}, now + 6h);
  CHECK_FALSE(quiet.silenced(group, now + 59min));
  CHECK(read_again().quiet.silenced(group, now + 5h));
}

TEST_CASE_FIXTURE(Tables, "courtesy: what was rolled back is forgotten when the rows are read again") {
  {
    bot::sql::Transaction transaction(*db);
    courtesy.quiet.begin(*db, group, {now, now}, now + 2h);
    courtesy.unmentioned.add(*db, "qq", "li", "Li");
    courtesy.ignored.add(*db, group, {"li", "Li", {}}, now);
  }
  courtesy.load(*db);
  CHECK_FALSE(courtesy.quiet.until(group, now));
  CHECK_FALSE(courtesy.unmentioned.holds("qq", "li"));
  CHECK_FALSE(courtesy.ignored.holds(group, "li", now));
}

TEST_CASE_FIXTURE(Tables, "unmentioned: a person of an account, with a name") {
  bot::Unmentioned& unmentioned = courtesy.unmentioned;
  unmentioned.add(*db, "qq", "li", "Li");
  unmentioned.add(*db, "qq", "li", "Li Si");
  CHECK(unmentioned.holds("qq", "li"));
  CHECK_FALSE(unmentioned.holds("qq2", "li"));
  CHECK(read_again().unmentioned.name("qq", "li") == "Li Si");
  CHECK(unmentioned.name("qq", "wang") == "wang");
  CHECK(unmentioned.remove(*db, "qq", "li"));
  CHECK_FALSE(unmentioned.remove(*db, "qq", "li"));
  CHECK_FALSE(read_again().unmentioned.holds("qq", "li"));
}

TEST_CASE_FIXTURE(Tables, "ignored: for good or for a while, group by group") {
  bot::Ignored& ignored = courtesy.ignored;
  ignored.add(*db, group, {"wang", "Wang", now + 1h}, now);
  ignored.add(*db, group, {"li", "Li", {}}, now);
  CHECK(ignored.of(group, now).size() == 2);
  CHECK(ignored.of(group, now).front().user == "li");
  CHECK(ignored.holds(group, "wang", now + 59min));
  CHECK_FALSE(ignored.holds(group, "wang", now + 1h));
  CHECK_FALSE(ignored.holds({"qq", "2", false}, "li", now));
  CHECK(read_again().ignored.of(group, now + 1h).size() == 1);
  CHECK_FALSE(ignored.remove(*db, group, "wang", now + 1h));
  CHECK(ignored.remove(*db, group, "li", now + 1h));
  CHECK(read_again().ignored.of(group, now).empty());
}

TEST_CASE_FIXTURE(Tables, "ignored: a new entry sweeps out what is over") {
  bot::Ignored& ignored = courtesy.ignored;
  ignored.add(*db, group, {"wang", "Wang", now + 1h}, now);
  ignored.add(*db, {"qq", "2", false}, {"li", "Li", now + 3h}, now + 2h);
  CHECK(db->query("SELECT count(*) FROM ignored").front().integer(0) == 1);
  ignored.add(*db, group, {"wang", "Wang", now + 9h}, now + 4h);
  CHECK(read_again().ignored.of(group, now + 5h).front().until == now + 9h);
}

TEST_CASE("speakers: the authors of the latest messages") {
  bot::Speakers speakers(3);
  const bot::Address here{"qq", "1", false};
  const bot::Address there{"qq", "2", false};
  CHECK_FALSE(speakers.author(here, "a"));
  speakers.heard(here, posted("a", "li"));
  speakers.heard(here, posted("b", "wang"));
  speakers.heard(there, posted("a", "zhao"));
  CHECK(speakers.author(here, "a")->id == "li");
  CHECK(speakers.author(there, "a")->id == "zhao");
  CHECK(speakers.last(here, "li")->name == "li by name");
  CHECK_FALSE(speakers.last(there, "li"));
  speakers.heard(here, posted("c", "sun"));
  CHECK_FALSE(speakers.author(here, "a"));
  CHECK(speakers.author(here, "b")->id == "wang");
  speakers.heard(here, posted("b", "qian"));
  CHECK(speakers.author(here, "b")->id == "qian");
}
