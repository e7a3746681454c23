#include "tests/bench/stream.hpp"

#include <fmt/format.h>

#include <utility>

namespace bench {

namespace {

constexpr auto kOfferedAgain = std::chrono::microseconds(500);

}  // namespace

bot::SteadyTime Flow::due(std::uint64_t number) const {
  if (per_second == 0) return begin;
  return begin + std::chrono::nanoseconds(number * 1'000'000'000 / static_cast<std::uint64_t>(per_second));
}

Stream::Stream(const Flow& flow, bot::Inbox& inbox)
    : flow_(flow), inbox_(inbox), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Stream::run(const std::stop_token& stop) {
  for (std::uint64_t number = 0; number < flow_.count && !stop.stop_requested(); ++number) {
    if (flow_.per_second != 0) wait(stop, flow_.due(number));
    bot::Event event = flow_.message(number);
    while (!inbox_.offer(event) && !stop.stop_requested()) {
      wait(stop, std::chrono::steady_clock::now() + kOfferedAgain);
    }
  }
}

void Stream::wait(const std::stop_token& stop, bot::SteadyTime until) {
  std::unique_lock lock(mutex_);
  stopped_.wait_until(lock, stop, until, [] { return false; });
}

bot::Event typed(std::uint64_t group, std::uint64_t member, std::string id, std::string text) {
  bot::MessagePosted posted;
  posted.from = {std::to_string(member), fmt::format("m{}", member)};
  posted.message = bot::Message(std::move(text));
  posted.id = std::move(id);
  return {{"qq", std::to_string(group), false}, bot::SystemClock().now(), std::move(posted)};
}

}  // namespace bench
