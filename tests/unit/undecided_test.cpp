#include "bot/desk/undecided.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using bot::Address;
using bot::HistoryRead;
using bot::SteadyTime;
using bot::Undecided;
using namespace std::chrono_literals;

namespace {

const Address kHere{"qq", "1", false};
const Address kThere{"qq", "2", false};
const Address kElsewhere{"other", "1", false};

/// Sends without a verdict, on clocks that the test moves together.
class Unsure {
 public:
  Unsure() { history.asked = Undecided::kReading; }

  void send(std::int64_t row, const Address& where = kHere, const std::string& text = "课") {
    undecided.add({row, where, text, now}, now, steady);
  }
  void advance(bot::Milliseconds by) {
    now += by;
    steady += by;
  }
  std::vector<Address> due(const std::string& account = "qq") { return undecided.due(account, steady); }

  /// Somebody spoke, or the bot did, so long after the first start.
  Unsure& shows(bot::Milliseconds at, const std::string& own = {}, const std::string& id = {}) {
    bot::PastMessage past;
    past.at = start + at;
    past.own = !own.empty();
    past.posted.message = bot::Message(own.empty() ? "早" : own);
    past.posted.id = id;
    history.messages.push_back(std::move(past));
    return *this;
  }
  /// "1 sent m1, 2 not_sent"
  std::string judged(const Address& where = kHere) {
    std::string all;
    for (const auto& decided : undecided.judge(where, history, steady, [](const auto&) { return false; })) {
      all += (all.empty() ? "" : ", ") + std::to_string(decided.row) + " " + word(decided.verdict);
      if (!decided.message_id.empty()) all += " " + decided.message_id;
    }
    return all;
  }

  Undecided undecided{Undecided::Waits{}};
  HistoryRead history{};
  bot::Instant now{1'772'755'200s};
  const bot::Instant start = now;
  SteadyTime steady{1000h};

 private:
  static std::string word(Undecided::Verdict verdict) {
    if (verdict == Undecided::Verdict::sent) return "sent";
    return verdict == Undecided::Verdict::not_sent ? "not_sent" : "unresolved";
  }
};

}  // namespace

TEST_CASE("undecided: a history is asked for when the platform must have settled, then every half minute") {
  Unsure unsure;
  unsure.send(1);
  unsure.send(2, kThere);
  unsure.send(3, kElsewhere);
  CHECK(unsure.undecided.next("qq", unsure.steady) == unsure.steady + 15s);
  unsure.advance(14'999ms);
  CHECK(unsure.due().empty());
  unsure.advance(1ms);
  CHECK(unsure.due() == std::vector{kHere, kThere});
  CHECK(unsure.due().empty());
  CHECK(unsure.due("other") == std::vector{kElsewhere});
  unsure.advance(30s);
  CHECK(unsure.due() == std::vector{kHere, kThere});
}

TEST_CASE("undecided: what is found was sent, whoever asked for the history") {
  Unsure unsure;
  unsure.send(1);
  unsure.advance(2s);
  CHECK(unsure.shows(1s, "课", "m1").judged(kThere) == "");
  CHECK(unsure.judged() == "1 sent m1");
  CHECK(unsure.undecided.size() == 0);
  CHECK(unsure.undecided.next("qq", unsure.steady) == SteadyTime::max());
}

TEST_CASE("undecided: two absences half a minute apart prove that nothing was sent") {
  Unsure unsure;
  unsure.send(1);
  unsure.shows(-2min).shows(16s);
  unsure.advance(15s);
  unsure.due();
  CHECK(unsure.judged() == "");
  CHECK(unsure.judged() == "");
  unsure.advance(29'999ms);
  CHECK(unsure.due().empty());
  CHECK(unsure.judged() == "");
  unsure.advance(1ms);
  CHECK(unsure.due() == std::vector{kHere});
  CHECK(unsure.judged() == "1 not_sent");
}

TEST_CASE("undecided: an absence before the settle time counts for nothing") {
  Unsure unsure;
  unsure.send(1);
  unsure.shows(-2min).shows(16s);
  CHECK(unsure.judged() == "");
  unsure.advance(15s);
  unsure.due();
  CHECK(unsure.judged() == "");
  CHECK(unsure.undecided.contains(1));
}

TEST_CASE("undecided: a short reading for another purpose proves no absence, but what it shows is there") {
  Unsure unsure;
  unsure.send(1);
  unsure.history.asked = 20;
  unsure.shows(-2min).shows(2min);
  unsure.advance(15s);
  unsure.due();
  CHECK(unsure.judged() == "");
  unsure.advance(30s);
  unsure.due();
  CHECK(unsure.judged() == "");
  unsure.history.supported = false;
  CHECK(unsure.judged() == "");
  CHECK(unsure.shows(1s, "课", "m1").judged() == "1 sent m1");
}

TEST_CASE("undecided: where there is no history nobody can know") {
  Unsure unsure;
  unsure.send(1);
  unsure.history.supported = false;
  unsure.advance(15s);
  unsure.due();
  CHECK(unsure.judged() == "1 unresolved");
}

TEST_CASE("undecided: after ten minutes of histories that prove nothing it is given up") {
  Unsure unsure;
  unsure.send(1);
  unsure.advance(9min);
  unsure.due();
  CHECK(unsure.judged() == "");
  unsure.advance(1min);
  unsure.due();
  CHECK(unsure.judged() == "1 unresolved");
}

TEST_CASE("undecided: an absence gets its second look although the account was down for long") {
  Unsure unsure;
  unsure.send(1);
  unsure.shows(-2min).shows(16s);
  unsure.advance(23min);
  unsure.due();
  CHECK(unsure.judged() == "");
  unsure.advance(30s);
  unsure.due();
  SUBCASE("absent again") {
    CHECK(unsure.judged() == "1 not_sent");
  }
  SUBCASE("unclear this time") {
    unsure.history.messages.clear();
    CHECK(unsure.judged() == "1 unresolved");
  }
}

TEST_CASE("undecided: it holds what follows in its chat for a minute at most") {
  Unsure unsure;
  unsure.send(1);
  CHECK(unsure.undecided.holds(kHere, unsure.steady));
  CHECK_FALSE(unsure.undecided.holds(kThere, unsure.steady));
  unsure.advance(59'999ms);
  CHECK(unsure.undecided.holds(kHere, unsure.steady));
  unsure.advance(1ms);
  CHECK_FALSE(unsure.undecided.holds(kHere, unsure.steady));
  CHECK(unsure.undecided.contains(1));
}

TEST_CASE("undecided: what began before a restart has settled the sooner") {
  Unsure unsure;
  unsure.undecided.add({1, kHere, "课", unsure.now - 10s}, unsure.now, unsure.steady);
  unsure.undecided.add({2, kThere, "课", unsure.now - 24h}, unsure.now, unsure.steady);
  CHECK(unsure.due() == std::vector{kThere});
  unsure.advance(5s);
  CHECK(unsure.due() == std::vector{kHere});
  CHECK(unsure.undecided.oldest() == unsure.start - 24h);
}

TEST_CASE("undecided: a clock that was set back over a restart does not make it wait for ever") {
  Unsure unsure;
  unsure.undecided.add({1, kHere, "课", unsure.now + 24h}, unsure.now, unsure.steady);
  unsure.advance(15s);
  CHECK(unsure.due() == std::vector{kHere});
}

TEST_CASE("undecided: of several sends of one text each needs a message of its own") {
  Unsure unsure;
  unsure.send(1);
  unsure.send(2);
  unsure.send(3, kHere, "别的");
  unsure.advance(15s);
  CHECK(unsure.due() == std::vector{kHere});
  CHECK(unsure.shows(1s, "课", "m1").judged() == "1 sent m1");
  CHECK(unsure.shows(2s, "别的", "m3").judged() == "2 sent m1, 3 sent m3");
}
