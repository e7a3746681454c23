#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/frames.hpp"

/// The other side of a bot: a forward WebSocket server of OneBot v11, made to cost next to nothing.
namespace bench {

using Clock = std::chrono::steady_clock;
using Moment = Clock::time_point;

/// One connection of a bot. Its thread calls pump(); nothing happens in between. Throws std::runtime_error
/// when the connection ends before reset().
class Link {
 public:
  /// Takes over a connected socket and answers the upgrade.
  explicit Link(int socket);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// Called with each call that sends a message.
  void on_message(std::function<void(std::string_view call)> heard) { heard_ = std::move(heard); }
  /// Queues an event; pump() writes all that is queued at once.
  void post(const Post& post) { append_event(out_, post); }
  /// Writes, then reads what has come by `until`, at least once; answers every call. Now and then the other
  /// links get their turn, so that nobody takes a bot that rests for dead.
  void pump(Moment until);
  std::size_t unwritten() const noexcept { return out_.size() - written_; }
  /// Calls that asked for something, such as get_login_info.
  std::uint64_t questions() const noexcept { return questions_; }
  /// Drops the connection without a word: RST.
  void reset();

 private:
  static std::vector<Link*>& all();
  void exchange(Moment until);
  void upgrade();
  void write();
  void read();
  std::size_t take_frame(std::size_t at);
  void take_call(std::string_view call);
  void answer(std::string_view call, std::string_view data);
  [[noreturn]] void lost() const;

  int socket_;
  std::function<void(std::string_view)> heard_;
  std::string out_;
  std::size_t written_ = 0;
  std::vector<char> in_;
  std::size_t held_ = 0;
  std::string reply_;
  std::uint64_t next_id_ = 1'000'000'000;
  std::uint64_t questions_ = 0;
  Moment others_served_ = Clock::now();
};

class Listener {
 public:
  /// On a free port of 127.0.0.1.
  Listener();
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::string url() const;
  /// The next connection; throws when none has come in `limit`.
  int accept(std::chrono::milliseconds limit) const;

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

}  // namespace bench
