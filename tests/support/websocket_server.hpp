#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bot/base/instant.hpp"
#include "tests/support/certificates.hpp"

/// A WebSocket server on 127.0.0.1 with a thread of its own: the transport under scripted counterparts. What
/// the frames mean is the listener's business.
namespace support {

using PeerId = std::uint64_t;  ///< counts connections from 1; never used again

class FrameListener {
 public:
  virtual ~FrameListener() = default;
  // All on the server's thread.
  /// The upgrade succeeded. False: `farewell` is sent, then the connection is closed.
  virtual bool opened(PeerId peer, const std::string& authorization, std::string& farewell) = 0;
  virtual void heard(PeerId peer, const std::string& frame) = 0;
  virtual void left(PeerId peer) = 0;
};

class WebSocketServer {
 public:
  /// `certificate`: wss instead of ws. `listener` must outlive the server.
  explicit WebSocketServer(FrameListener& listener, std::optional<Certificate> certificate = std::nullopt);
  /// Resets every connection.
  ~WebSocketServer();
  WebSocketServer(const WebSocketServer&) = delete;
  WebSocketServer& operator=(const WebSocketServer&) = delete;

  std::uint16_t port() const noexcept;

  // From any thread.
  /// Frames to one peer leave in the order of the calls; to a peer that has left, none.
  void send(PeerId peer, std::string text);
  void send_to_all(std::string bytes, bool text = true);
  /// Every connection is reset without a close frame.
  void vanish();
  /// Nobody listens on the port any more; connections stay.
  void stop_accepting();
  void accept_again();
  /// Runs `action` on the server's thread, after `delay` on the steady clock.
  void later(bot::Milliseconds delay, std::function<void()> action);

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace support
