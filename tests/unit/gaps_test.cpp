#include "bot/desk/gaps.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bot/store/sqlite.hpp"

using bot::Address;
using bot::Gaps;
using bot::SteadyTime;
using namespace std::chrono_literals;

namespace {

const Address kHere{"qq", "1", false};
const Address kThere{"qq", "2", false};

/// An account in two groups, on clocks that the test moves together.
class Account {
 public:
  Account() { bot::sql::migrate(*db, {Gaps::schema()}, {}); }

  void hears() { gaps->end(*db, "qq", {kHere, kThere}, now); }
  void is_deaf() { gaps->begin(*db, "qq", now); }
  void advance(bot::Milliseconds by) {
    now += by;
    steady += by;
  }
  void restart() { gaps = std::make_unique<Gaps>(); }
  /// Minutes since the start at which something was said there; negative: by the bot.
  std::vector<bot::Event> reads(const Address& chat, const std::vector<int>& minutes,
                                std::size_t asked = Gaps::kReading) {
    bot::HistoryRead history;
    history.asked = asked;
    for (const int minute : minutes) {
      bot::PastMessage past;
      past.own = minute < 0;
      past.at = start + std::chrono::minutes(std::abs(minute));
      past.posted.id = std::to_string(minute);
      history.messages.push_back(std::move(past));
    }
    return gaps->missed(chat, history);
  }
  void reads_everything() {
    for (auto asked = gaps->due(steady); !asked.empty(); asked = gaps->due(steady)) reads(asked[0], {});
  }
  std::int64_t number(const std::string& sql) { return db->query(sql).front().integer(0); }

  std::unique_ptr<bot::sql::Db> db = bot::sql::open_sqlite_in_memory();
  std::unique_ptr<Gaps> gaps = std::make_unique<Gaps>();
  bot::Instant now{1'772'755'200s};
  const bot::Instant start = now;
  SteadyTime steady{1000h};
};

}  // namespace

TEST_CASE("gaps: an account that never heard has none") {
  Account account;
  account.hears();
  CHECK(account.gaps->due(account.steady).empty());
  CHECK(account.gaps->next() == SteadyTime::max());
  CHECK(account.number("SELECT count(*) FROM gaps") == 0);
}

TEST_CASE("gaps: the chats are read one after another, then the row tells what was made up for") {
  Account account;
  account.hears();
  account.advance(10min);
  account.is_deaf();
  account.advance(23min);
  account.hears();
  CHECK(account.gaps->next() <= account.steady);
  CHECK(account.gaps->due(account.steady) == std::vector{kHere});
  CHECK(account.gaps->due(account.steady).empty());
  CHECK(account.reads(kThere, {20}).empty());
  const auto missed = account.reads(kHere, {9, -15, 20, 33, 34});
  REQUIRE(missed.size() == 2);
  CHECK(missed[0].at == account.start + 20min);
  CHECK(std::get<bot::MessagePosted>(missed[1].what).id == "33");
  account.gaps->count(kHere, true);
  account.gaps->count(kHere, true);
  account.gaps->count(kHere, false);
  CHECK_FALSE(account.gaps->has_finished());
  CHECK(account.gaps->due(account.steady) == std::vector{kThere});
  CHECK(account.reads(kThere, {}).empty());
  REQUIRE(account.gaps->has_finished());
  const auto told = account.gaps->finished(*account.db, account.now);
  REQUIRE(told.size() == 1);
  CHECK(told[0].chat == kHere);
  CHECK(told[0].lasted == 23min);
  CHECK(told[0].booked == 2);
  CHECK(told[0].skipped == 1);
  CHECK(account.gaps->finished(*account.db, account.now).empty());
  CHECK(account.number("SELECT booked FROM gaps WHERE read_at <> 0 AND unread = 0") == 2);
}

TEST_CASE("gaps: a chat that does not answer is passed over after half a minute, and counted as unread") {
  Account account;
  account.hears();
  account.is_deaf();
  account.advance(5min);
  account.hears();
  CHECK(account.gaps->due(account.steady) == std::vector{kHere});
  CHECK(account.gaps->next() == account.steady + 30s);
  account.advance(30s);
  CHECK(account.gaps->due(account.steady) == std::vector{kThere});
  CHECK(account.reads(kHere, {1}).empty());
  bot::HistoryRead failed;
  failed.asked = Gaps::kReading;
  failed.failure = "no such method";
  account.gaps->missed(kThere, failed);
  account.gaps->finished(*account.db, account.now);
  CHECK(account.number("SELECT unread FROM gaps") == 2);
}

TEST_CASE("gaps: a short reading for another purpose is not the gap's own, whatever it says") {
  Account account;
  account.hears();
  account.is_deaf();
  account.advance(5min);
  account.hears();
  CHECK(account.gaps->due(account.steady) == std::vector{kHere});
  CHECK(account.reads(kHere, {1, 2}, 20).empty());
  bot::HistoryRead failed;
  failed.asked = 50;
  failed.failure = "no connection";
  account.gaps->missed(kHere, failed);
  CHECK(account.gaps->due(account.steady).empty());
  CHECK(account.reads(kHere, {1, 2}).size() == 2);
  account.reads_everything();
  account.gaps->finished(*account.db, account.now);
  CHECK(account.number("SELECT unread FROM gaps") == 0);
}

TEST_CASE("gaps: one that was half read is one with the next, and nothing counted is lost") {
  Account account;
  account.hears();
  account.advance(10min);
  account.is_deaf();
  account.advance(10min);
  account.hears();
  account.gaps->due(account.steady);
  CHECK(account.reads(kHere, {15}).size() == 1);
  account.gaps->count(kHere, true);
  account.is_deaf();
  account.advance(10min);
  account.hears();
  CHECK(account.gaps->due(account.steady) == std::vector{kHere});
  CHECK(account.reads(kHere, {15, 25}).size() == 2);
  account.gaps->count(kHere, true);
  account.reads_everything();
  const auto told = account.gaps->finished(*account.db, account.now);
  REQUIRE(told.size() == 1);
  CHECK(told[0].lasted == 20min);
  CHECK(told[0].booked == 2);
  CHECK(account.number("SELECT count(*) FROM gaps") == 1);
  CHECK(account.number("SELECT (until_at - from_at) / 60000 FROM gaps") == 20);
}

TEST_CASE("gaps: a kill while one is read back does not lose the rest of it") {
  Account account;
  account.hears();
  account.advance(10min);
  account.is_deaf();
  account.advance(10min);
  account.hears();
  account.advance(1min);
  account.gaps->note_heard(*account.db, account.now);
  account.restart();
  account.advance(1min);
  account.hears();
  account.gaps->due(account.steady);
  CHECK(account.reads(kHere, {9, 12, 21}).size() == 2);
}

TEST_CASE("gaps: what was heard until the program stopped is no gap") {
  Account account;
  account.hears();
  account.advance(1h);
  account.gaps->note_heard(*account.db, account.now);
  account.restart();
  account.advance(23min);
  account.hears();
  account.gaps->due(account.steady);
  CHECK(account.reads(kHere, {59, 61, 82}).size() == 2);
}

TEST_CASE("gaps: a storm of reconnects leaves one gap, one question at a time") {
  Account account;
  account.hears();
  account.advance(1min);
  std::size_t asked = 0;
  for (int times = 0; times < 200; ++times) {
    account.is_deaf();
    account.is_deaf();
    account.advance(1500ms);
    account.hears();
    account.hears();
    asked += account.gaps->due(account.steady).size();
    account.advance(1500ms);
  }
  CHECK(asked == 200);
  CHECK(account.number("SELECT count(*) FROM gaps") == 1);
  CHECK(account.reads(kHere, {2, 5, 10}).size() == 3);
}

TEST_CASE("gaps: a clock that was set back makes none that ends before it begins") {
  Account account;
  account.hears();
  account.is_deaf();
  account.now -= 1h;
  account.hears();
  account.reads_everything();
  CHECK(account.number("SELECT count(*) FROM gaps WHERE until_at = from_at") == 1);
}
