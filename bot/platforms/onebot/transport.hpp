#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "bot/base/instant.hpp"
#include "bot/chat/account.hpp"
#include "bot/net/task.hpp"
#include "bot/platforms/onebot/account.hpp"
#include "bot/platforms/onebot/calls.hpp"

namespace bot::onebot {

class Hub;

/// What carries calls to the platform and their answers back. Net thread only.
class Line {
 public:
  virtual ~Line() = default;

  /// Whether calls can be written. When not, the reason.
  virtual std::optional<std::string> closed_for_sends() const = 0;
  /// Calls are written in the order of this function's calls. Waits for the answer, at most `limit`.
  virtual Task<Answer> call(std::string echo, std::string frame, Milliseconds limit) = 0;
};

/// One of OneBot's transports: how an account and its platform come together. Tells the account whether it
/// can be used, and hands it what is heard.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Task<void> run() = 0;
  /// Ends run() soon and every call now.
  virtual void stop() noexcept = 0;
  /// Null while there is none.
  virtual std::shared_ptr<Line> line() const = 0;
};

/// What a transport is made of. The account and the clock outlive it.
struct TransportParts {
  boost::asio::any_io_executor executor;
  const AccountConfig& config;
  Account& account;
  const Clock& clock;
  std::uint64_t seed = 0;
};

/// "forward": we dial the platform over WebSocket.
std::unique_ptr<Transport> make_forward(const TransportParts& parts);
/// "reverse": the platform dials us over WebSocket.
std::unique_ptr<Transport> make_reverse(const TransportParts& parts, std::shared_ptr<Hub> hub);
/// "http": calls are requests to the platform, and events are requests to us.
std::unique_ptr<Transport> make_http(const TransportParts& parts, std::shared_ptr<Hub> hub);

}  // namespace bot::onebot
