#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/delivery.hpp"
#include "bot/chat/event.hpp"

namespace boost::asio {
class io_context;
}

namespace bot {

class HttpServer;
class HttpServerOptions;
class Platform;

/// The net thread: one loop, on which every account lives. Deliveries come in here and go out as Settled
/// events whose place is the delivery's address. `sink` and `clock` must outlive it.
class Network final : public Postman {
 public:
  using MakePlatform = std::function<std::unique_ptr<Platform>(boost::asio::io_context&)>;

  Network(EventSink& sink, const Clock& clock);
  /// Stops.
  ~Network() override;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Opens a port for platforms that dial us, before any add() and once. The server answers from start() on,
  /// is stopped with the network and outlives every platform. A port that cannot be had is a
  /// std::runtime_error with a sentence that names it.
  HttpServer& listen(const HttpServerOptions& options);
  /// Before start() only. The account names of the platforms must differ.
  void add(const MakePlatform& make);
  /// Starts the thread; every account begins to connect.
  void start();
  /// From any thread, never blocks. The deliveries of one account are handed to its platform in this order
  /// and without waiting for each other. An account that does not exist, a delivery that has expired, and any
  /// delivery after stop() ends as NotSent.
  void send(std::vector<Delivery> deliveries) override;
  /// From any thread, never blocks. After stop() nothing comes back.
  void read_history(const Address& chat, std::size_t count) override;
  /// From any thread, never blocks. After stop() nothing comes back.
  void read_members(const Address& group) override;
  /// Of an account that does not exist: nothing is allowed.
  Capabilities capabilities(const Address& chat) const override;
  /// Closes every connection, decides what is in flight, offers the last Settled events and joins the thread.
  /// At most 10 s. Not from the net thread. Calling it again does nothing.
  void stop();

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace bot
