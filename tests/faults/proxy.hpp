#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "bot/base/instant.hpp"

namespace faults {

/// A TCP proxy on 127.0.0.1 that delays, trickles, cuts and lies (reliability C.1). It has a thread of its
/// own; every function may be called from any thread, and takes effect on the connections that are open.
class Proxy {
 public:
  enum class Way { to_bot, to_platform };

  struct Fault {
    enum class Kind {
      none,
      delay,    ///< everything arrives `time` later
      trickle,  ///< one byte each `time`
      cut,      ///< both ends are reset when `bytes` more have passed
      swallow,  ///< read and thrown away: the peer is there and deaf
      corrupt,  ///< each byte after `bytes` more is replaced, once
    };
    Kind kind = Kind::none;
    bot::Milliseconds time{0};
    std::size_t bytes = 0;
  };

  explicit Proxy(std::uint16_t platform);
  /// Resets every connection.
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  std::uint16_t port() const noexcept;
  /// From the next byte of this way on. A cut or a corruption happens once, then the way is sound again.
  void set(Way way, Fault fault);
  /// Both ways are sound; a connection of which something was swallowed is reset.
  void heal();
  /// Connections that a bot has opened so far.
  std::size_t connections() const;

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace faults
