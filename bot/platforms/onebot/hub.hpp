#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "bot/net/http_server.hpp"
#include "bot/net/websocket.hpp"

/// Platforms that dial us: many accounts behind one port, told apart by X-Self-ID.
namespace bot::onebot {

/// What a WebSocket is for (X-Client-Role).
enum class Role { universal, calls, events };

/// An account that waits to be dialled.
class Guest {
 public:
  virtual ~Guest() = default;
  /// Whether this request may become a WebSocket: 101, or the refusal.
  virtual HttpReply admit(const HttpCall& call) = 0;
  virtual void take(Role role, std::unique_ptr<WebSocket> socket) = 0;
  /// An event by POST. 204: it was taken.
  virtual HttpReply hear(const HttpCall& call) = 0;
};

/// Somebody who was not let in.
struct Turned {
  int status = 0;
  std::string self{};  ///< X-Self-ID; whatever the stranger wrote
  std::string why{};
};

/// Finds the account that a request is for. A request without X-Self-ID is refused with 400, one for an
/// account that is not here with 403; the rest is the account's to decide. Net thread only.
class Hub {
 public:
  /// Serves the usual paths of `server`, which keeps the hub alive: WebSocket at /onebot/v11, /onebot/v11/ws
  /// and /, POST at /onebot/v11/http, /onebot/v11 and /.
  static std::shared_ptr<Hub> at(HttpServer& server);

  /// `guest` must leave before it ends. A second account with the same `self` is a std::runtime_error.
  void join(const std::string& self, Guest& guest);
  void leave(const std::string& self) noexcept;

  const std::optional<Turned>& last_turned() const noexcept { return last_turned_; }

 private:
  Guest* guest_of(const HttpCall& call) const;
  HttpReply admit(const HttpCall& call);
  void take(const HttpCall& call, std::unique_ptr<WebSocket> socket);
  HttpReply hear(const HttpCall& call);
  HttpReply turn_away(const HttpCall& call, HttpReply reply);

  std::map<std::string, Guest*, std::less<>> guests_;
  std::optional<Turned> last_turned_;
};

}  // namespace bot::onebot
