#include "tests/bench/phases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace bench {

namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kGroupsAtOnce = 50;
constexpr std::uint64_t kMembersOfGroup = 200;
constexpr std::size_t kMostQueued = 256 * 1024;
constexpr milliseconds kLongestWait{10'000};

/// The number behind `mark`; 0 when there is none.
std::uint64_t number_after(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return 0;
  const std::string_view rest = text.substr(at + mark.size());
  std::uint64_t number = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), number);
  return number;
}

/// Which message a "pong 12" or "✔ m12 已学 …" answers.
std::uint64_t number_in(std::string_view call) {
  const std::uint64_t pong = number_after(call, "pong ");
  return pong != 0 ? pong : number_after(call, "\u2714 m");
}

std::uint64_t group_of(std::uint64_t number) {
  const std::uint64_t block = number / (kGroupsAtOnce * kMembersOfGroup);
  return 900'000 + block * kGroupsAtOnce + number % kGroupsAtOnce;
}

double milliseconds_of(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

void settle(Bot& bot) {
  const Moment end = Clock::now() + kLongestWait;
  while (bot.unanswered() > 0 && Clock::now() < end) bot.link().pump(Clock::now() + milliseconds(50));
}

double percentile(const std::vector<Clock::duration>& sorted, std::size_t percent) {
  return sorted.empty() ? 0
                        : milliseconds_of(sorted[std::min(sorted.size() * percent / 100, sorted.size() - 1)]);
}

}  // namespace

Bot::Bot(int socket, Answers answers) : link_(socket), answers_(answers) {
  link_.on_message([this](std::string_view call) { hear(call); });
}

void Bot::say(Word word, Moment at) {
  const std::uint64_t number = next_++;
  const std::string name = fmt::format("m{}", number);
  const std::string text = word == Word::ping ? fmt::format("ping {}", number) : "已学";
  link_.post({number, 30'000'000 + number, group_of(number), name, text});
  said_.push_back({number, at, false});
  ++unanswered_;
}

void Bot::chatter(std::uint64_t groups) {
  const std::uint64_t number = next_++;
  link_.post({number, 20'000'000 + number % 5000, 500'000 + number % groups, "小明同学", talk(number)});
}

void Bot::hear(std::string_view call) {
  const std::uint64_t number = answers_ == Answers::numbered ? number_in(call) : next_;
  auto said = said_.begin();
  if (answers_ == Answers::numbered) said = std::ranges::lower_bound(said_, number, {}, &Said::number);
  const bool expected = said != said_.end() && !said->answered && said->number <= number;
  if (!expected) return;
  said->answered = true;
  ++answered_;
  --unanswered_;
  delays_.push_back(Clock::now() - said->at);
  while (!said_.empty() && said_.front().answered) said_.pop_front();
}

void Bot::forget() {
  said_.clear();
  delays_.clear();
  unanswered_ = answered_ = 0;
}

Moment Bot::await_answer(milliseconds limit) {
  const Moment end = Clock::now() + limit;
  const auto enough = [this] { return answered_ > 0; };
  while (!enough() && Clock::now() < end) {
    say(Word::ping, Clock::now());
    link_.pump(Clock::now() + milliseconds(5));
  }
  if (!enough()) throw std::runtime_error("the bot does not answer");
  const Moment answered = Clock::now();
  link_.pump(answered + milliseconds(50));
  forget();
  return answered;
}

double speed(Bot& bot, Word word, std::size_t width, milliseconds time) {
  const Moment begin = Clock::now() + time / 5;
  const Moment end = Clock::now() + time;
  std::uint64_t before = 0;
  bool counting = false;
  Moment now = Clock::now();
  for (; now < end; now = Clock::now()) {
    if (!counting && now >= begin) {
      counting = true;
      before = bot.answered();
    }
    while (bot.unanswered() < width) bot.say(word, now);
    bot.link().pump(now + milliseconds(10));
  }
  const double answers = static_cast<double>(bot.answered() - before);
  settle(bot);
  if (bot.unanswered() > 0)
    throw std::runtime_error(
        fmt::format("{} of {} were never answered", bot.unanswered(), bot.unanswered() + bot.answered()));
  bot.forget();
  return answers / std::chrono::duration<double>(now - begin).count();
}

Delay delay(Bot& bot, Word word, int per_second, std::chrono::seconds time) {
  const Clock::duration step = std::chrono::nanoseconds(1'000'000'000 / per_second);
  const Moment end = Clock::now() + time;
  for (Moment next = Clock::now(); next < end;) {
    for (; next <= Clock::now(); next += step) bot.say(word, next);
    bot.link().pump(next);
  }
  settle(bot);
  std::vector<Clock::duration> sorted = bot.delays();
  std::ranges::sort(sorted);
  const Delay delay{percentile(sorted, 50), percentile(sorted, 99), bot.unanswered()};
  bot.forget();
  return delay;
}

void talk_through(Bot& bot, std::uint64_t count, std::uint64_t groups) {
  for (std::uint64_t said = 0; said < count;) {
    for (; said < count && bot.link().unwritten() < kMostQueued; ++said) bot.chatter(groups);
    bot.link().pump(Clock::now() + milliseconds(50));
  }
  bot.say(Word::ping, Clock::now());
  settle(bot);
  if (bot.unanswered() > 0) throw std::runtime_error("the ping behind the talk was not answered");
  bot.forget();
}

}  // namespace bench
