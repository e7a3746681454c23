#include "bot/desk/read_back.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>

using bot::Finding;
using bot::HistoryRead;
using bot::Trace;
using namespace std::chrono_literals;

namespace {

constexpr bot::Instant kStart{1'772'755'200s};
const bot::Sought kLesson{"〔11-23 早课〕 第1期", kStart, 15s};

/// What a platform remembers, its times counted from the start of the send.
class Remembered {
 public:
  Remembered& own(bot::Milliseconds at, const std::string& text, const std::string& id = "m1") {
    return add(at, text, id, true);
  }
  Remembered& other(bot::Milliseconds at, const std::string& text = "早") {
    return add(at, text, "x" + std::to_string(history_.messages.size()), false);
  }
  Finding look(const std::string& taken = {}) const {
    return bot::look_for(kLesson, history_, [&](const std::string& id) { return id == taken; });
  }

 private:
  Remembered& add(bot::Milliseconds at, const std::string& text, const std::string& id, bool own) {
    bot::PastMessage past;
    past.at = kStart + at;
    past.own = own;
    past.posted.message = bot::Message(text);
    past.posted.id = id;
    history_.messages.push_back(std::move(past));
    return *this;
  }

  HistoryRead history_{};
};

}  // namespace

TEST_CASE("read back: an own message with the same text, not before the start, is it") {
  const Finding found = Remembered().own(1s, kLesson.text, "m7").look();
  CHECK(found.trace == Trace::found);
  CHECK(found.message_id == "m7");
}

TEST_CASE("read back: platforms may break lines and drop spaces, and change nothing else") {
  CHECK(Remembered().own(1s, "〔11-23 早课〕\r\n第1期\t").look().trace == Trace::found);
  CHECK(Remembered().own(1s, "〔11-22 早课〕 第1期").look().trace == Trace::unclear);
  CHECK(Remembered().own(1s, "〔11-23 早课〕 第1期。").look().trace == Trace::unclear);
}

TEST_CASE("read back: the platform's clock may be a minute behind ours, or ahead of it") {
  CHECK(bot::earliest_shown(kStart) == kStart - 60s);
  const auto in_talk = [](bot::Milliseconds skew) {
    return Remembered().other(skew - 5min).own(skew, kLesson.text).other(skew + 5min).look();
  };
  for (const bot::Milliseconds skew : {-60s, -30s, -6s, 0s, 6s, 30s, 60s}) {
    CAPTURE(skew.count());
    CHECK(in_talk(skew).trace == Trace::found);
  }
  CHECK(in_talk(-60'001ms).trace == Trace::absent);
}

TEST_CASE("read back: what somebody else said is not it") {
  CHECK(Remembered().other(1s, kLesson.text).look().trace == Trace::unclear);
}

TEST_CASE("read back: a message that another row is known to have is not it, the next one may be") {
  Remembered twice;
  twice.own(1s, kLesson.text, "m1");
  CHECK(twice.look("m1").trace == Trace::unclear);
  twice.own(2s, kLesson.text, "m2");
  CHECK(twice.look("m1").message_id == "m2");
}

TEST_CASE("read back: absent only between an older message and one from after the settle time") {
  CHECK(Remembered().look().trace == Trace::unclear);
  CHECK(Remembered().other(-61s).look().trace == Trace::unclear);
  CHECK(Remembered().other(16s).look().trace == Trace::unclear);
  CHECK(Remembered().other(-60s).other(16s).look().trace == Trace::unclear);
  CHECK(Remembered().other(-61s).other(15s).look().trace == Trace::unclear);
  CHECK(Remembered().other(-61s).other(16s).look().trace == Trace::absent);
  CHECK(Remembered().other(16s).other(-61s).look().trace == Trace::absent);
  CHECK(Remembered().own(-61s, kLesson.text).own(16s, "别的").look().trace == Trace::absent);
}
