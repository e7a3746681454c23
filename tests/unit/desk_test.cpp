#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/desk/dialogue.hpp"
#include "bot/desk/inbox.hpp"
#include "bot/desk/manners.hpp"
#include "bot/store/sqlite.hpp"

using bot::Address;
using bot::Event;
using bot::Inbox;
using bot::Limits;
using bot::Manners;
using bot::Rate;
using bot::SteadyTime;
using Verdict = bot::Manners::Verdict;
using namespace std::chrono_literals;

namespace {

constexpr SteadyTime kStart{1000h};
const Address kGroup{"qq", "1", false};
const Address kOther{"qq", "2", false};
const Address kPrivate{"qq", "li", true};

/// Without any limit; a test sets the one it is about.
Limits no_limits() {
  Limits limits;
  limits.cooldown = limits.repeat = limits.ignore = limits.same_answer = limits.hint = std::nullopt;
  limits.per_member = limits.two_bots = std::nullopt;
  return limits;
}

}  // namespace

TEST_CASE("manners: an event that is delivered again is known") {
  Manners manners(no_limits());
  CHECK(manners.first_time("a"));
  CHECK_FALSE(manners.first_time("a"));
  for (int i = 0; i < 19'999; ++i) CHECK(manners.first_time(std::to_string(i)));
  CHECK_FALSE(manners.first_time("a"));
  CHECK(manners.first_time("one more"));
  CHECK(manners.first_time("a"));
}

TEST_CASE("manners: the same text within the time is the same message") {
  bot::Limits limits = no_limits();
  limits.repeat = 5s;
  Manners manners(limits);
  CHECK(manners.admit(kGroup, "li", "a", "x", kStart) == Verdict::answer);
  CHECK(manners.admit(kGroup, "li", "a", "x", kStart + 5s - 1ms) == Verdict::ignore);
  CHECK(manners.admit(kGroup, "li", "a", "y", kStart + 5s) == Verdict::answer);
  CHECK(manners.admit(kGroup, "wang", "a", "y", kStart + 5s) == Verdict::answer);
  CHECK(manners.admit(kOther, "li", "a", "y", kStart + 5s) == Verdict::answer);
  CHECK(manners.admit(kGroup, "li", "a", "y", kStart + 10s) == Verdict::answer);
}

TEST_CASE("manners: the same command of one person cools down") {
  bot::Limits limits = no_limits();
  limits.cooldown = 3s;
  Manners manners(limits);
  CHECK(manners.admit(kGroup, "li", "a", "1", kStart) == Verdict::answer);
  CHECK(manners.admit(kGroup, "li", "b", "2", kStart) == Verdict::answer);
  CHECK(manners.admit(kGroup, "li", "a", "3", kStart + 3s - 1ms) == Verdict::ignore);
  CHECK(manners.admit(kGroup, "li", "a", "4", kStart + 3s) == Verdict::answer);
}

TEST_CASE("manners: too many commands are told once, then ignored for a while") {
  bot::Limits limits = no_limits();
  limits.per_member = Rate{3, 60s};
  limits.ignore = 5min;
  Manners manners(limits);
  const auto admit = [&](SteadyTime at) { return manners.admit(kGroup, "li", "a", "x", at); };
  for (int i = 0; i < 3; ++i) CHECK(admit(kStart + i * 1s) == Verdict::answer);
  CHECK(admit(kStart + 59s) == Verdict::tell_once);
  CHECK(admit(kStart + 60s) == Verdict::ignore);
  CHECK(manners.admit(kGroup, "wang", "a", "x", kStart + 60s) == Verdict::answer);
  CHECK(admit(kStart + 59s + 5min - 1ms) == Verdict::ignore);
  CHECK(admit(kStart + 59s + 5min) == Verdict::answer);
}

TEST_CASE("manners: the window of commands slides") {
  bot::Limits limits = no_limits();
  limits.per_member = Rate{2, 60s};
  Manners manners(limits);
  const auto admit = [&](SteadyTime at) { return manners.admit(kPrivate, "li", "a", "x", at); };
  CHECK(admit(kStart) == Verdict::answer);
  CHECK(admit(kStart + 30s) == Verdict::answer);
  CHECK(admit(kStart + 60s) == Verdict::answer);
  CHECK(admit(kStart + 89s) == Verdict::tell_once);
}

TEST_CASE("manners: what is off lets everything pass") {
  Manners manners(no_limits());
  for (int i = 0; i < 100; ++i) {
    CHECK(manners.admit(kGroup, "li", "a", "x", kStart) == Verdict::answer);
    CHECK(manners.may_hint(kGroup, "li", kStart));
    CHECK(manners.may_repeat(kGroup, "x", kStart));
  }
}

TEST_CASE("manners: two robots stop after three answers") {
  Limits limits = no_limits();
  limits.two_bots = Rate{3, 60s};
  limits.ignore = 5min;
  Manners manners(limits);
  SteadyTime now = kStart;
  int answers = 0;
  const auto exchange = [&] {
    Verdict verdict = manners.as_robot(kGroup, "robot", now);
    for (answers = 0; answers < 100 && verdict == Verdict::answer; ++answers) {
      manners.answered(kGroup, "robot", now + 500ms);
      now += 1s;
      verdict = manners.as_robot(kGroup, "robot", now);
    }
    return verdict;
  };
  CHECK(exchange() == Verdict::tell_once);
  CHECK(answers == 3);
  CHECK(manners.as_robot(kGroup, "robot", now + 5min - 1ms) == Verdict::ignore);
  CHECK(manners.as_robot(kGroup, "robot", now + 5min) == Verdict::answer);
  CHECK(manners.as_robot(kGroup, "li", now) == Verdict::answer);
  CHECK(manners.as_robot(kOther, "robot", now) == Verdict::answer);
  now += 6min;
  CHECK(exchange() == Verdict::ignore);
  now += 24h;
  CHECK(exchange() == Verdict::tell_once);
}

TEST_CASE("manners: who reads the answers is no robot") {
  Limits limits = no_limits();
  limits.two_bots = Rate{3, 60s};
  Manners manners(limits);
  SteadyTime now = kStart;
  for (int i = 0; i < 100; ++i) {
    CHECK(manners.as_robot(kGroup, "li", now) == Verdict::answer);
    manners.answered(kGroup, "li", now);
    now += i % 3 == 0 ? 2s : 1s;
  }
}

TEST_CASE("manners: many commands at once, answered one after the other, come from a person") {
  Limits limits = no_limits();
  limits.two_bots = Rate{3, 60s};
  Manners manners(limits);
  manners.answered(kGroup, "li", kStart);
  for (int i = 0; i < 10; ++i) CHECK(manners.as_robot(kGroup, "li", kStart + i * 100ms) == Verdict::answer);
}

TEST_CASE("manners: fast answers of an hour make no robot, and without an end of ignoring it is the window") {
  Limits limits = no_limits();
  limits.two_bots = Rate{2, 60s};
  Manners manners(limits);
  const auto fast = [&](SteadyTime at) {
    manners.answered(kGroup, "li", at - 1s);
    return manners.as_robot(kGroup, "li", at);
  };
  CHECK(fast(kStart) == Verdict::answer);
  CHECK(fast(kStart + 60s) == Verdict::answer);
  CHECK(fast(kStart + 61s) == Verdict::tell_once);
  CHECK(manners.as_robot(kGroup, "li", kStart + 121s - 1ms) == Verdict::ignore);
  CHECK(manners.as_robot(kGroup, "li", kStart + 121s) == Verdict::answer);
}

TEST_CASE("manners: robots may talk when that is off") {
  Manners manners(no_limits());
  for (int i = 0; i < 100; ++i) {
    manners.answered(kGroup, "robot", kStart);
    CHECK(manners.as_robot(kGroup, "robot", kStart) == Verdict::answer);
  }
}

TEST_CASE("manners: one hint per person and group") {
  bot::Limits limits = no_limits();
  limits.hint = 10min;
  Manners manners(limits);
  CHECK(manners.may_hint(kGroup, "li", kStart));
  CHECK_FALSE(manners.may_hint(kGroup, "li", kStart + 10min - 1ms));
  CHECK(manners.may_hint(kGroup, "wang", kStart));
  CHECK(manners.may_hint(kOther, "li", kStart));
  CHECK(manners.may_hint(kGroup, "li", kStart + 10min));
  CHECK_FALSE(manners.may_hint(kGroup, "li", kStart + 10min));
}

TEST_CASE("manners: the same answer stands in a group once, in private as often as asked") {
  bot::Limits limits = no_limits();
  limits.same_answer = 60s;
  Manners manners(limits);
  CHECK(manners.may_repeat(kGroup, "x", kStart));
  CHECK_FALSE(manners.may_repeat(kGroup, "x", kStart + 60s - 1ms));
  CHECK(manners.may_repeat(kGroup, "y", kStart));
  CHECK(manners.may_repeat(kOther, "x", kStart));
  CHECK(manners.may_repeat(kGroup, "x", kStart + 60s));
  CHECK(manners.may_repeat(kPrivate, "x", kStart));
  CHECK(manners.may_repeat(kPrivate, "x", kStart));
}

namespace {

/// Questions and the database behind them.
struct Questions {
  Questions() { bot::sql::migrate(*db, {bot::Dialogues::schema()}, {}); }

  void ask(const bot::Question& question, bot::Instant now, const std::string& user = "li") {
    bot::sql::Transaction transaction(*db);
    dialogues.ask(*db, kGroup, user, question, now);
    transaction.commit();
  }
  void restart(bot::Instant now) {
    dialogues = bot::Dialogues();
    dialogues.load(*db, now);
  }
  std::string meaning(const std::string& said, bot::Instant now, const Address& where = kGroup,
                      const std::string& user = "li") const {
    const auto meant = dialogues.meaning(where, user, said, now);
    return meant ? meant->meaning : "nothing";
  }

  std::unique_ptr<bot::sql::Db> db = bot::sql::open_sqlite_in_memory();
  bot::Dialogues dialogues{};
};

constexpr bot::Instant kNow{1'772'755'200s};
const bot::Question kQuestion{{{"1", "今日一课"}, {"。", "菜单"}}};

}  // namespace

TEST_CASE("dialogues: an answer is compared in compact form, for this person and chat") {
  Questions questions;
  questions.ask(kQuestion, kNow);
  CHECK(questions.meaning("1", kNow) == "今日一课");
  CHECK(questions.meaning("１！", kNow) == "今日一课");
  CHECK(questions.meaning(" 。", kNow) == "菜单");
  CHECK(questions.meaning("2", kNow) == "nothing");
  CHECK(questions.meaning("+1", kNow) == "nothing");
  CHECK(questions.meaning("", kNow) == "nothing");
  CHECK(questions.meaning("1", kNow, kGroup, "wang") == "nothing");
  CHECK(questions.meaning("1", kNow, kOther) == "nothing");
  CHECK(questions.meaning("1", kNow, {"qq", "1", true}) == "nothing");
}

TEST_CASE("dialogues: a question is open for two minutes, over a restart too") {
  Questions questions;
  questions.ask(kQuestion, kNow);
  for (int i = 0; i < 2; ++i) {
    CHECK(questions.meaning("1", kNow + 2min - 1ms) == "今日一课");
    CHECK(questions.meaning("1", kNow + 2min) == "nothing");
    questions.restart(kNow + 1min);
  }
  questions.restart(kNow + 2min);
  CHECK(questions.meaning("1", kNow + 1min) == "nothing");
}

TEST_CASE("dialogues: a new question takes the place of the old one") {
  Questions questions;
  questions.ask(kQuestion, kNow);
  questions.ask({{{"1", "已学"}}}, kNow + 1min);
  for (int i = 0; i < 2; ++i) {
    CHECK(questions.meaning("1", kNow + 2min) == "已学");
    CHECK(questions.meaning("。", kNow + 2min) == "nothing");
    questions.restart(kNow + 2min);
  }
}

TEST_CASE("dialogues: a restart keeps a meaning as it is, whatever is in it") {
  Questions questions;
  const std::string meaning = "投稿 甲\t乙\n丙 '\"$1";
  questions.ask({{{"1", meaning}, {"2", "菜单"}}}, kNow);
  questions.restart(kNow);
  CHECK(questions.meaning("1", kNow) == meaning);
  CHECK(questions.meaning("2", kNow) == "菜单");
}

TEST_CASE("dialogues: of very many questions the open ones are kept") {
  Questions questions;
  for (int i = 0; i < 1001; ++i) questions.ask(kQuestion, kNow, "old" + std::to_string(i));
  questions.ask(kQuestion, kNow + 1min, "open");
  questions.ask(kQuestion, kNow + 2min, "last");
  const auto rows = questions.db->query("SELECT count(*) FROM dialogues");
  CHECK(rows.front().integer(0) == 2);
  CHECK(questions.meaning("1", kNow + 2min, kGroup, "open") == "今日一课");
}

namespace {

Event posted(const std::string& text) {
  bot::MessagePosted message;
  message.message = bot::Message(text);
  return Event(kGroup, {}, message);
}

bool offer(Inbox& inbox, Event event) {
  return inbox.offer(event);
}

std::string text_of(const Event& event) {
  const auto* message = std::get_if<bot::MessagePosted>(&event.what);
  return message == nullptr ? "" : message->message.plain();
}

}  // namespace

TEST_CASE("inbox: what is offered is taken in order, so many at a time") {
  Inbox inbox;
  for (const std::string text : {"a", "b", "c"}) CHECK(offer(inbox, posted(text)));
  const auto first = inbox.take(2, kStart);
  REQUIRE(first.size() == 2);
  CHECK(text_of(first[0]) == "a");
  CHECK(text_of(first[1]) == "b");
  const auto rest = inbox.take(2, kStart);
  REQUIRE(rest.size() == 1);
  CHECK(text_of(rest[0]) == "c");
  CHECK(inbox.take(2, SteadyTime{}).empty());
}

TEST_CASE("inbox: after 10,000 messages it is full, for messages alone") {
  Inbox inbox;
  for (int i = 0; i < 10'000; ++i) REQUIRE(offer(inbox, posted("x")));
  Event refused = posted("kept");
  CHECK_FALSE(inbox.offer(refused));
  CHECK(text_of(refused) == "kept");
  CHECK(offer(inbox, Event(kGroup, {}, bot::Settled{})));
  CHECK(offer(inbox, Event(kGroup, {}, bot::LinkUp{})));
  CHECK(offer(inbox, Event(kGroup, {}, bot::LinkDown{})));
  CHECK_FALSE(inbox.offer(refused));
  CHECK(inbox.take(4, SteadyTime{}).size() == 4);
  CHECK(inbox.offer(refused));
  CHECK(inbox.take(20'000, SteadyTime{}).size() == 10'000);
}

TEST_CASE("inbox: large messages fill it by their bytes") {
  Inbox inbox;
  const std::string megabyte(1024 * 1024, 'x');
  int taken = 0;
  while (taken < 100 && offer(inbox, posted(megabyte))) ++taken;
  CHECK(taken == 63);
  CHECK(offer(inbox, posted("small")));
  CHECK(inbox.take(1, SteadyTime{}).size() == 1);
  CHECK(offer(inbox, posted(megabyte)));
  CHECK_FALSE(offer(inbox, posted(megabyte)));
}

TEST_CASE("inbox: stop ends waiting and loses nothing") {
  Inbox inbox;
  CHECK_FALSE(inbox.stopped());
  CHECK(offer(inbox, posted("a")));
  inbox.stop();
  CHECK(inbox.stopped());
  CHECK(inbox.take(9, SteadyTime::max()).size() == 1);
  CHECK(inbox.take(9, SteadyTime::max()).empty());
}
