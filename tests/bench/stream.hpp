#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "bot/desk/inbox.hpp"

namespace bench {

/// Messages that people type at a fixed rate.
struct Flow {
  int per_second = 0;                                         ///< 0: as fast as they are taken
  std::uint64_t count = 0;                                    ///< of them
  bot::SteadyTime begin{};                                    ///< when the first is due
  std::function<bot::Event(std::uint64_t number)> message{};  ///< numbers from 0

  bot::SteadyTime due(std::uint64_t number) const;
};

/// Offers a flow to the inbox on a thread of its own, as the net thread does: what is refused is offered
/// again until there is room.
class Stream {
 public:
  /// Both outlive it.
  Stream(const Flow& flow, bot::Inbox& inbox);

 private:
  void run(const std::stop_token& stop);
  void wait(const std::stop_token& stop, bot::SteadyTime until);

  const Flow& flow_;
  bot::Inbox& inbox_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

/// What somebody types in group `group`; `id` is the platform's.
bot::Event typed(std::uint64_t group, std::uint64_t member, std::string id, std::string text);

}  // namespace bench
