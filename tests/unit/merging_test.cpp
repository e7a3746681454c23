#include "bot/desk/merging.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "bot/base/log.hpp"
#include "bot/store/sqlite.hpp"

using bot::Address;
using bot::Instant;
using bot::Limits;
using bot::Merging;
using namespace std::chrono_literals;

namespace {

using Names = std::vector<std::string>;

constexpr Instant kStart{1'772'755'200s};
const Merging::Topic kLesson{{"qq", "1", false}, "lesson.learnt", "L12"};
const Merging::Topic kNext{{"qq", "1", false}, "lesson.learnt", "L13"};
const Merging::Topic kElsewhere{{"qq", "2", false}, "lesson.learnt", "L12"};
const Merging::Topic kPrivate{{"qq", "1", true}, "lesson.learnt", "L12"};

/// Answers of a group, by user ids that are also the names.
class Answers {
 public:
  Answers() {
    bot::log::to_nowhere();
    bot::sql::migrate(*db, {Merging::schema()}, {});
  }

  void add(const Merging::Topic& topic, const std::string& user, Instant at) {
    bot::sql::Transaction transaction(*db);
    merging.add(*db, topic, {user, user}, at);
    transaction.commit();
  }

  Merging::Together take(const Merging::Topic& topic) {
    bot::sql::Transaction transaction(*db);
    Merging::Together together = merging.take(*db, topic);
    transaction.commit();
    return together;
  }

  void restart() {
    merging = Merging(limits);
    merging.load(*db);
  }

  Limits limits{};
  std::unique_ptr<bot::sql::Db> db = bot::sql::open_sqlite_in_memory();
  Merging merging{limits};
};

}  // namespace

TEST_CASE("merging: a window begins with the first answer, and its end tells of all") {
  Answers answers;
  CHECK(answers.merging.next() == Instant::max());
  answers.add(kLesson, "li", kStart);
  answers.add(kLesson, "wang", kStart + 59s);
  CHECK(answers.merging.next() == kStart + 60s);
  CHECK(answers.merging.due(kStart + 60s - 1ms, 9).empty());
  CHECK(answers.merging.due(kStart + 60s, 9) == std::vector{kLesson});
  const Merging::Together together = answers.take(kLesson);
  CHECK(together.names == Names{"li", "wang"});
  CHECK(together.count == 2);
  CHECK(answers.merging.next() == Instant::max());
}

TEST_CASE("merging: what comes later begins a window of its own") {
  Answers answers;
  answers.add(kLesson, "li", kStart);
  answers.take(kLesson);
  answers.add(kLesson, "wang", kStart + 61s);
  CHECK(answers.merging.next() == kStart + 121s);
  CHECK(answers.take(kLesson).names == Names{"wang"});
}

TEST_CASE("merging: chats, sentences and subjects are told apart") {
  Answers answers;
  answers.add(kNext, "li", kStart + 1s);
  answers.add(kElsewhere, "li", kStart + 2s);
  answers.add(kPrivate, "li", kStart + 3s);
  answers.add(kLesson, "li", kStart);
  CHECK(answers.merging.due(kStart + 62s, 9) == std::vector{kLesson, kNext, kElsewhere});
  CHECK(answers.merging.due(kStart + 62s, 2) == std::vector{kLesson, kNext});
  CHECK(answers.take(kLesson).count == 1);
  CHECK(answers.merging.next() == kStart + 61s);
}

TEST_CASE("merging: nobody is counted twice, but namesakes are two") {
  Answers answers;
  answers.add(kLesson, "li", kStart);
  answers.add(kLesson, "li", kStart + 1s);
  answers.merging.add(*answers.db, kLesson, {"li2", "li"}, kStart + 2s);
  const Merging::Together together = answers.take(kLesson);
  CHECK(together.names == Names{"li", "li"});
  CHECK(together.count == 2);
}

TEST_CASE("merging: so many are named, the rest are counted") {
  Answers answers;
  for (int i = 1; i <= 20; ++i) answers.add(kLesson, std::to_string(i), kStart);
  const Merging::Together together = answers.take(kLesson);
  CHECK(together.names == Names{"1", "2", "3", "4", "5", "6", "7", "8"});
  CHECK(together.count == 20);
  answers.limits.merge_names = std::nullopt;
  answers.restart();
  for (int i = 1; i <= 20; ++i) answers.add(kLesson, std::to_string(i), kStart);
  CHECK(answers.take(kLesson).names.size() == 20);
}

TEST_CASE("merging: a restart forgets nobody and moves no window") {
  Answers answers;
  answers.add(kLesson, "li", kStart);
  answers.add(kLesson, "wang", kStart + 10s);
  answers.add(kElsewhere, "li", kStart + 20s);
  answers.restart();
  CHECK(answers.merging.next() == kStart + 60s);
  answers.add(kLesson, "zhao", kStart + 30s);
  CHECK(answers.merging.due(kStart + 80s, 9) == std::vector{kLesson, kElsewhere});
  CHECK(answers.take(kLesson).names == Names{"li", "wang", "zhao"});
}

TEST_CASE("merging: what was turned off meanwhile is told at once") {
  Answers answers;
  answers.add(kLesson, "li", kStart);
  answers.limits.merge_window = std::nullopt;
  answers.restart();
  CHECK_FALSE(answers.merging.on());
  CHECK(answers.merging.due(kStart, 9) == std::vector{kLesson});
}

TEST_CASE("merging: a turn that was undone leaves nobody to tell of") {
  Answers answers;
  {
    bot::sql::Transaction undone(*answers.db);
    answers.merging.add(*answers.db, kLesson, {"li", "li"}, kStart);
  }
  CHECK(answers.merging.next() == kStart + 60s);
  CHECK(answers.take(kLesson).count == 0);
  CHECK(answers.merging.next() == Instant::max());
}

TEST_CASE("merging: a clock that is set back prolongs no window") {
  Answers answers;
  answers.add(kLesson, "li", kStart);
  answers.add(kElsewhere, "li", kStart + 10s);
  answers.merging.clock_set(kStart - 1h);
  CHECK(answers.merging.next() == kStart - 1h + 60s);
  CHECK(answers.merging.due(kStart - 1h + 60s, 9) == std::vector{kLesson, kElsewhere});
}

TEST_CASE("merging: what is given up is never told") {
  Answers answers;
  answers.add(kLesson, "li", kStart);
  Merging::give_up(*answers.db);
  CHECK(answers.take(kLesson).count == 0);
  answers.restart();
  CHECK(answers.merging.next() == Instant::max());
}
