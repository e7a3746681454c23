// What becomes of a send: verdicts that come late, from elsewhere or never, and what pauses for them.
#include <doctest/doctest.h>

#include "bot/desk/attempts.hpp"
#include "tests/support/post.hpp"

using bot::NotSent;
using bot::Outbox;
using bot::Priority;
using bot::Refused;
using bot::Sent;
using bot::Unknown;
using namespace std::chrono_literals;

namespace {

/// Chat "1" of an account that works.
struct Verdicts : Post {
  Verdicts() {
    limits.in_flight = 1;
    restart();
    outbox->link_up("qq");
  }

  Outbox::Moment at() const { return {now, steady}; }
  std::string echo(std::int64_t row) {
    return db->query("SELECT echo FROM attempts WHERE outbox = $1 AND verdict = ''", {row}).front().text(0);
  }
  void hears_own(const std::string& text, const std::string& id) {
    outbox->hear(*db, kWhere, now, bot::OwnMessage{bot::Message(text), id}, at());
  }
  void answers_late(const std::string& echo, bot::SendOutcome outcome) {
    outbox->hear(*db, {"qq", {}, false}, bot::AnsweredLate{echo, std::move(outcome)}, at());
  }
  void reads(const bot::HistoryRead& history) { outbox->hear(*db, kWhere, history, at()); }
  /// A push to chat "1" that ends like this.
  std::int64_t fail(bot::SendOutcome outcome, const std::string& text = "a") {
    const auto row = owe("1", text);
    CHECK(release() == text);
    settle(row, std::move(outcome));
    return row;
  }
  std::string verdicts(std::int64_t row) {
    std::string all;
    for (const auto& each :
         db->query("SELECT verdict FROM attempts WHERE outbox = $1 ORDER BY number", {row})) {
      all += (all.empty() ? "" : ", ") + each.text(0);
    }
    return all;
  }
};

bot::HistoryRead shown(bot::Instant at, const std::string& text, const std::string& id) {
  bot::PastMessage past;
  past.at = at;
  past.own = true;
  past.posted.message = bot::Message(text);
  past.posted.id = id;
  bot::HistoryRead history;
  history.asked = bot::Undecided::kReading;
  history.messages.push_back(std::move(past));
  return history;
}

}  // namespace

TEST_CASE_FIXTURE(Verdicts, "outbox: no attempt begins before the last one is decided (P6)") {
  bot::attempts::begin(*db, 1, "first", now);
  CHECK_THROWS(bot::attempts::begin(*db, 1, "second", now));
  bot::attempts::begin(*db, 2, "other row", now);
  CHECK(bot::attempts::row_of(*db, "first") == 1);
  bot::attempts::decide(*db, 1, bot::attempts::kNotSent, "lost", now);
  CHECK_FALSE(bot::attempts::row_of(*db, "first"));
  CHECK_FALSE(bot::attempts::open_since(*db, 1));
  bot::attempts::begin(*db, 1, "second", now + 1s);
  CHECK(bot::attempts::open_since(*db, 1) == now + 1s);
  CHECK(bot::attempts::row_of(*db, "second") == 1);
}

TEST_CASE_FIXTURE(Verdicts,
                  "outbox: an own message reported before the answer is worth more than a timeout") {
  const auto row = owe("1", "a");
  CHECK(release() == "a");
  hears_own("a", "m9");
  CHECK(state(row) == "sending");
  settle(row, Unknown{"timeout"}, "L12");
  CHECK(state(row) == "sent");
  CHECK(bot::outbox_rows::has_message(*db, kWhere, "m9"));
  CHECK(outbox->undecided() == 0);
}

TEST_CASE_FIXTURE(Verdicts, "outbox: an own message that is known already vouches for no other of its text") {
  fail(Sent{"m1"});
  const auto again = owe("1", "a");
  CHECK(release() == "a");
  hears_own("a", "m1");
  settle(again, Unknown{"timeout"});
  CHECK(state(again) == "unknown: timeout");
  hears_own("a", "m2");
  CHECK(state(again) == "sent: timeout");
}

TEST_CASE_FIXTURE(Verdicts, "outbox: two answers of one text under way need two own messages") {
  const auto first = owe("1", "a", 1h, Priority::reply);
  const auto second = owe("1", "a", 1h, Priority::reply);
  CHECK(release() == "a a");
  hears_own("a", "m1");
  hears_own("a", "m1");
  settle(first, Unknown{"timeout"});
  settle(second, Unknown{"timeout"});
  CHECK(state(first) == "sent");
  CHECK(state(second) == "unknown: timeout");
  reads(shown(now, "a", "m1"));
  CHECK(state(second) == "unknown: timeout");
}

TEST_CASE_FIXTURE(Verdicts, "outbox: an answer after the timeout settles it, once (N05)") {
  const auto row = owe("1", "a");
  CHECK(release() == "a");
  const std::string secret = echo(row);
  settle(row, Unknown{"timeout"});
  answers_late("of nobody", Sent{"m0"});
  CHECK(state(row) == "unknown: timeout");
  answers_late(secret, Sent{"m1"});
  CHECK(state(row) == "sent: timeout");
  answers_late(secret, NotSent{"no"});
  reads(shown(now, "a", "m1"));
  CHECK(state(row) == "sent: timeout");
  CHECK(verdicts(row) == "sent");
  advance(10min);
  CHECK(release() == "");
}

TEST_CASE_FIXTURE(Verdicts, "outbox: a late answer that knows nothing either changes nothing") {
  const auto row = owe("1", "a");
  CHECK(release() == "a");
  const std::string secret = echo(row);
  settle(row, Unknown{"timeout"});
  answers_late(secret, Unknown{"retcode 1200"});
  CHECK(state(row) == "unknown: timeout");
  CHECK(outbox->undecided() == 1);
  answers_late(secret, NotSent{"rate"});
  CHECK(state(row) == "planned: rate");
  advance(1s);
  CHECK(release() == "a");
  CHECK(verdicts(row) == "not sent, ");
}

TEST_CASE_FIXTURE(Verdicts, "outbox: people may quote what was only found later") {
  bot::Delivery lesson(kWhere, bot::Message("课"));
  lesson.subject = "L12";
  lesson.priority = Priority::push;
  outbox->plan(*db, lesson, now);
  const auto row = lesson.outbox;
  outbox->enqueue(std::move(lesson));
  CHECK(release() == "课");
  const std::string secret = echo(row);
  SUBCASE("by its own message, before the timeout") {
    hears_own("课", "m1");
    settle(row, Unknown{"timeout"}, "L12");
  }
  SUBCASE("by its own message") {
    settle(row, Unknown{"timeout"}, "L12");
    hears_own("课", "m1");
  }
  SUBCASE("by a late answer") {
    settle(row, Unknown{"timeout"}, "L12");
    answers_late(secret, Sent{"m1"});
  }
  SUBCASE("in the history") {
    settle(row, Unknown{"timeout"}, "L12");
    reads(shown(now, "课", "m1"));
  }
  CHECK(bot::outbox_rows::subject_of(*db, kWhere, "m1") == "L12");
}

TEST_CASE_FIXTURE(Verdicts, "outbox: after three failures only what is urgent leaves for the pause (Q09)") {
  for (const std::string text : {"a", "b", "c"}) {
    fail(Unknown{"risk"}, text);
    advance(61s);
  }
  const auto news = outbox->take_news();
  REQUIRE(news.size() == 1);
  CHECK(std::get<Outbox::AccountPaused>(news[0]).paused);
  owe("2", "push");
  owe("2", "reply", 1h, Priority::reply);
  owe("2", "alarm", 1h, Priority::urgent);
  CHECK(release() == "alarm");
}

TEST_CASE_FIXTURE(Verdicts,
                  "outbox: a platform that times out on what it delivers does not pause the account") {
  for (const std::string text : {"a", "b", "c", "d", "e"}) {
    fail(Unknown{"timeout"}, text);
    advance(15s);
    reads(shown(now - 15s, text, "m" + text));
  }
  CHECK(outbox->take_news().empty());
  owe("2", "push");
  CHECK(release() == "push");
}

TEST_CASE_FIXTURE(Verdicts, "outbox: what is found after the pause began ends it") {
  for (const std::string text : {"a", "b", "c"}) {
    fail(Unknown{"timeout"}, text);
    advance(61s);
  }
  outbox->take_news();
  reads(shown(now - 61s, "c", "mc"));
  const auto news = outbox->take_news();
  REQUIRE(news.size() == 1);
  CHECK_FALSE(std::get<Outbox::AccountPaused>(news[0]).paused);
  owe("2", "push");
  CHECK(release() == "push");
}

TEST_CASE_FIXTURE(Verdicts,
                  "outbox: a chat that refuses is paused, told once, and tried a day after a sign (P12)") {
  const auto muted = fail(Refused{"muted", true});
  CHECK(state(muted) == "refused: muted");
  const auto news = outbox->take_news();
  REQUIRE(news.size() == 1);
  CHECK(std::get<Outbox::ChatPaused>(news[0]).reason == "muted");
  owe("1", "next", 48h);
  owe("2", "elsewhere");
  CHECK(deliver() == "elsewhere");
  advance(25h);
  CHECK(release() == "");
  outbox->heard(kWhere);
  CHECK(release() == "next");
  settle(muted + 1, Refused{"still muted", true});
  CHECK(outbox->take_news().empty());
  outbox->heard(kWhere);
  owe("1", "third", 48h);
  advance(24h - 1ms);
  CHECK(release() == "");
  advance(1ms);
  CHECK(release() == "third");
  settle(muted + 3, Sent{"m"});
  const auto again = outbox->take_news();
  REQUIRE(again.size() == 1);
  CHECK_FALSE(std::get<Outbox::ChatPaused>(again[0]).paused);
}

TEST_CASE_FIXTURE(Verdicts, "outbox: what waits for a chat that refuses is missed when it expires") {
  fail(Refused{"muted", true});
  const auto row = owe("1", "next", 60s);
  CHECK_FALSE(outbox->has_expired(now));
  advance(60s);
  CHECK_FALSE(outbox->has_work(steady));
  REQUIRE(outbox->has_expired(now));
  outbox->miss_expired(*db, now, steady);
  CHECK(state(row) == "missed: chat refuses");
  CHECK_FALSE(outbox->has_expired(now));
  CHECK(outbox->waiting() == 0);
}

TEST_CASE_FIXTURE(Verdicts, "outbox: an account that is told to wait does, and the others go on (Q06)") {
  outbox->link_up("other");
  const auto row = fail(NotSent{"429", 7s});
  bot::Delivery elsewhere(bot::Address{"other", "1", false}, bot::Message("other"));
  elsewhere.expires = now + 1h;
  outbox->enqueue(std::move(elsewhere));
  owe("2", "reply", 1h, Priority::reply);
  CHECK(release() == "other");
  advance(6999ms);
  CHECK(release() == "");
  advance(1ms);
  CHECK(release() == "reply a");
  CHECK(verdicts(row) == "not sent, ");
}

TEST_CASE_FIXTURE(Verdicts, "outbox: one push of an account is under way, and eight answers") {
  const auto push = owe("p", "push");
  owe("q", "behind");
  for (int chat = 0; chat < 10; ++chat) owe(std::to_string(chat), std::to_string(chat), 1h, Priority::reply);
  CHECK(release() == "0 1 2 3 4 5 6 7 push");
  CHECK(release() == "");
  settle(push + 2, Sent{"m"});
  CHECK(release() == "8");
  settle(push, Sent{"m"});
  CHECK(release() == "behind");
}

TEST_CASE_FIXTURE(Verdicts,
                  "outbox: while one is undecided the next of its chat waits, a minute at most (P13)") {
  const auto first = fail(Unknown{"timeout"});
  owe("1", "b");
  owe("2", "elsewhere");
  CHECK(deliver() == "elsewhere");
  SUBCASE("until it is decided") {
    reads(shown(now, "a", "m1"));
    CHECK(state(first) == "sent: timeout");
    CHECK(release() == "b");
  }
  SUBCASE("or the minute is over") {
    advance(59'999ms);
    CHECK(release() == "");
    advance(1ms);
    CHECK(release() == "b");
  }
  SUBCASE("and what did not arrive goes first") {
    auto history = shown(now - 2min, "早", "x");
    history.messages.push_back(shown(now + 16s, "好", "y").messages.front());
    advance(15s);
    CHECK(outbox->look_backs(steady) == std::vector{kWhere});
    reads(history);
    advance(30s);
    CHECK(outbox->look_backs(steady) == std::vector{kWhere});
    reads(history);
    advance(1s);
    CHECK(release() == "a");
    settle(first, Sent{"m1"});
    CHECK(release() == "b");
  }
}
