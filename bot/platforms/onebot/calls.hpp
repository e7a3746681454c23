#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <variant>

#include "bot/base/instant.hpp"
#include "bot/chat/outcome.hpp"
#include "bot/net/task.hpp"
#include "bot/platforms/onebot/codec.hpp"

namespace bot::onebot {

/// What became of a call: answered; proved never written; or nobody knows.
using Answer = std::variant<Response, NotSent, Unknown>;

/// The calls that wait for an answer, found by their echo. Net thread only; must outlive the coroutines
/// below.
class Calls {
 public:
  explicit Calls(const boost::asio::any_io_executor& executor);
  ~Calls();
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  /// A new call, not written yet. `echo` is unique.
  void open(const std::string& echo);
  /// The call is being written: from now on nobody can prove that it was not sent. False when it is over and
  /// need not be written.
  bool started(const std::string& echo);
  /// Waits for the answer, at most `limit`, and forgets the call. To be awaited once per open().
  Task<Answer> answer(std::string echo, Milliseconds limit);

  /// Hands an answer to its call. False, and counted, for an echo that nobody waits for: late, repeated or
  /// not ours; the answer is left as it was.
  bool settle(Response&& response);
  /// The connection is gone: every call ends now, as Unknown when it was being written, else as NotSent.
  void lose(const std::string& reason);

  std::size_t pending() const noexcept { return calls_.size(); }
  std::uint64_t stray() const noexcept { return stray_; }

 private:
  struct Call;
  boost::asio::any_io_executor executor_;
  std::unordered_map<std::string, std::unique_ptr<Call>> calls_;
  std::uint64_t stray_ = 0;
};

}  // namespace bot::onebot
