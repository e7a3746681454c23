#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "tests/bench/platform.hpp"

namespace bench {

enum class Word {
  ping,     ///< a turn that changes nothing
  learned,  ///< a turn that writes; each by another member, and a group has 200 of them
};

/// How the answers of a bot are told apart: Xueban's by the number in them, the raw bot's by their order.
enum class Answers { numbered, in_order };

/// One bot that is connected and answers.
class Bot {
 public:
  Bot(int socket, Answers answers);

  Link& link() noexcept { return link_; }
  /// Sends pings until it answers one, and says when; a bot that has just connected leaves some unanswered.
  Moment await_answer(std::chrono::milliseconds limit);

  /// Says it, to be answered; `at` is where the clock of its latency starts.
  void say(Word word, Moment at);
  /// Says ordinary talk in one of `groups` groups; nobody answers it.
  void chatter(std::uint64_t groups);
  std::uint64_t unanswered() const noexcept { return unanswered_; }
  std::uint64_t answered() const noexcept { return answered_; }
  /// Of what has been answered since forget(), in the order of the answers.
  const std::vector<Clock::duration>& delays() const noexcept { return delays_; }
  /// What is still unanswered does not count any more.
  void forget();

 private:
  struct Said {
    std::uint64_t number = 0;
    Moment at{};
    bool answered = false;
  };

  void hear(std::string_view call);

  Link link_;
  Answers answers_;
  std::deque<Said> said_;   // ascending, the first is unanswered
  std::uint64_t next_ = 1;  // number of the next message
  std::uint64_t unanswered_ = 0;
  std::uint64_t answered_ = 0;
  std::vector<Clock::duration> delays_;
};

/// Answers per second while `width` messages are always unanswered.
double speed(Bot& bot, Word word, std::size_t width, std::chrono::milliseconds time);

struct Delay {
  double half = 0;  ///< milliseconds, p50
  double most = 0;  ///< p99
  std::uint64_t lost = 0;
};
/// At a fixed rate, counted from when the message was due: a bot that falls behind cannot hide it.
Delay delay(Bot& bot, Word word, int per_second, std::chrono::seconds time);

/// Sends `count` messages of ordinary talk and waits until all are read.
void talk_through(Bot& bot, std::uint64_t count, std::uint64_t groups);

}  // namespace bench
