#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

#include "bot/base/instant.hpp"
#include "bot/chat/outcome.hpp"
#include "bot/net/task.hpp"

namespace bot {

/// What became of a call: answered; proved never written; or nobody knows.
template <class Response>
using CallAnswer = std::variant<Response, NotSent, Unknown>;

/// The calls of one connection that wait for an answer, found by their echo. `Response` is what the platform
/// answers; its member `echo` tells to which call. Net thread only; must outlive the coroutines below.
template <class Response>
class CallTable {
 public:
  using Answer = CallAnswer<Response>;

  explicit CallTable(const boost::asio::any_io_executor& executor) : executor_(executor) {}
  CallTable(const CallTable&) = delete;
  CallTable& operator=(const CallTable&) = delete;

  /// A new call, not written yet. `echo` is unique among the calls that wait.
  void open(const std::string& echo) { calls_.emplace(echo, std::make_unique<Call>(executor_)); }
  /// The call is being written: from now on nobody can prove that it was not sent. False when it is over and
  /// need not be written.
  bool started(const std::string& echo) {
    const auto found = calls_.find(echo);
    if (found == calls_.end() || found->second->answer) return false;
    found->second->written = true;
    return true;
  }
  /// Waits for the answer, at most `limit`, and forgets the call. To be awaited once per open().
  Task<Answer> answer(std::string echo, Milliseconds limit) {
    const auto found = calls_.find(echo);
    if (found == calls_.end()) co_return Unknown{"no such call"};
    Call& call = *found->second;
    if (!call.answer) {
      co_await call.decided.wait_for(limit);
    }
    if (!call.answer) call.answer = call.lost("no answer in time");
    Answer answer = std::move(*call.answer);
    calls_.erase(echo);
    co_return answer;
  }

  /// Hands an answer to its call. False, and counted, for an echo that nobody waits for: late, repeated or
  /// not ours; the answer is left as it was.
  bool settle(Response&& response) {
    const auto found = calls_.find(response.echo);
    const bool awaited = found != calls_.end() && found->second->written && !found->second->answer;
    if (!awaited) {
      ++stray_;
      return false;
    }
    found->second->answer = std::move(response);
    found->second->decided.wake();
    return true;
  }
  /// The connection is gone: every call ends now, as Unknown when it was being written, else as NotSent.
  void lose(const std::string& reason) {
    for (auto& [echo, call] : calls_) {
      if (call->answer) continue;
      call->answer = call->lost(reason);
      call->decided.wake();
    }
  }

  std::size_t pending() const noexcept { return calls_.size(); }
  std::uint64_t stray() const noexcept { return stray_; }

 private:
  struct Call {
    explicit Call(const boost::asio::any_io_executor& executor) : decided(executor) {}

    Answer lost(const std::string& reason) const {
      if (written) return Unknown{reason};
      return NotSent{reason};
    }

    Waiter decided;
    bool written = false;
    std::optional<Answer> answer{};
  };

  boost::asio::any_io_executor executor_;
  std::unordered_map<std::string, std::unique_ptr<Call>> calls_;
  std::uint64_t stray_ = 0;
};

}  // namespace bot
