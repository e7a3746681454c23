#include "tests/support/websocket_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <deque>
#include <map>
#include <thread>
#include <utility>

#include "bot/net/task.hpp"

namespace support {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using bot::Scope;
using bot::Task;
using bot::Waiter;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

struct Frame {
  std::string bytes{};
  bool text = true;
};

/// One bot that is connected. Belongs to the server's thread.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void send(Frame frame) = 0;
  virtual void vanish() = 0;
};

using Peers = std::map<PeerId, Peer*>;

template <class Stream>
class PeerOn final : public Peer {
 public:
  PeerOn(PeerId id, FrameListener& listener, Peers& peers, Stream stream)
      : id_(id),
        listener_(listener),
        peers_(peers),
        stream_(std::move(stream)),
        work_(stream_.get_executor()),
        scope_(stream_.get_executor()) {}

  /// Serves until the connection ends. `self` keeps the object alive that long.
  Task<void> serve(std::shared_ptr<PeerOn> self) {
    peers_[id_] = self.get();
    const bool open = co_await welcome();
    if (open) {
      bot::spawn(scope_, "test server writer", write_all());
      co_await read_all();
    }
    over_ = true;
    work_.wake();
    co_await scope_.joined();
    peers_.erase(id_);
    listener_.left(id_);
  }

  void send(Frame frame) override {
    frames_.push_back(std::move(frame));
    work_.wake();
  }

  void vanish() override {
    error_code ignored;
    auto& socket = beast::get_lowest_layer(stream_).socket();
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
  }

 private:
  Task<bool> welcome() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      const auto [failure] =
          co_await stream_.next_layer().async_handshake(asio::ssl::stream_base::server, as_value);
      if (failure) co_return false;
    }
    http::request<http::string_body> request;
    const auto [failure, bytes] = co_await http::async_read(stream_.next_layer(), buffer_, request, as_value);
    if (failure) co_return false;
    const auto [declined] = co_await stream_.async_accept(request, as_value);
    if (declined) co_return false;
    std::string farewell;
    if (listener_.opened(id_, std::string(request[http::field::authorization]), farewell)) co_return true;
    co_await dismiss(std::move(farewell));
    co_return false;
  }

  Task<void> dismiss(std::string farewell) {
    const asio::const_buffer bytes = asio::buffer(farewell);
    co_await stream_.async_write(bytes, as_value);
    const websocket::close_reason without_code;
    co_await stream_.async_close(without_code, as_value);
  }

  Task<void> read_all() {
    while (true) {
      const auto [failure, bytes] = co_await stream_.async_read(buffer_, as_value);
      if (failure) co_return;
      const std::string frame = beast::buffers_to_string(buffer_.cdata());
      buffer_.clear();
      listener_.heard(id_, frame);
    }
  }

  Task<void> write_all() {
    while (!over_) {
      if (frames_.empty()) {
        co_await work_.wait();
        continue;
      }
      const Frame frame = std::move(frames_.front());
      frames_.pop_front();
      stream_.text(frame.text);
      const asio::const_buffer bytes = asio::buffer(frame.bytes);
      const auto [failure, count] = co_await stream_.async_write(bytes, as_value);
      if (failure) co_return;
    }
  }

  const PeerId id_;
  FrameListener& listener_;
  Peers& peers_;
  websocket::stream<Stream, false> stream_;
  Waiter work_;
  Scope scope_;
  beast::flat_buffer buffer_;
  std::deque<Frame> frames_;
  bool over_ = false;
};

}  // namespace

struct WebSocketServer::Server {
  Server(FrameListener& told, const std::optional<Certificate>& certificate)
      : listener(told), secure(certificate.has_value()) {
    if (certificate) {
      tls.use_certificate_chain(asio::buffer(certificate->own));
      tls.use_private_key(asio::buffer(certificate->key), asio::ssl::context::pem);
    }
    listen(0);
    port = acceptor.local_endpoint().port();
    thread = std::thread([this] { context.run(); });
  }

  ~Server() {
    asio::post(context, [this] {
      over = true;
      error_code ignored;
      acceptor.close(ignored);
      for (const auto& [id, peer] : peers) peer->vanish();
      work.reset();
      for (asio::steady_timer* timer : timers) timer->cancel();
    });
    thread.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void listen(std::uint16_t wanted_port) {
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), wanted_port);
    acceptor = tcp::acceptor(context, endpoint, true);
    bot::spawn(scope, "test server", accept_all());
  }

  Task<void> accept_all() {
    while (true) {
      auto [failure, socket] = co_await acceptor.async_accept(as_value);
      if (failure) co_return;
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      beast::tcp_stream stream(std::move(socket));
      if (secure) {
        welcome(TlsStream(std::move(stream), tls));
      } else {
        welcome(std::move(stream));
      }
    }
  }

  template <class Stream>
  void welcome(Stream stream) {
    auto peer = std::make_shared<PeerOn<Stream>>(++last_peer, listener, peers, std::move(stream));
    bot::spawn(scope, "test server peer", peer->serve(peer));
  }

  template <class Action>
  void on_thread(Action action) {
    asio::post(context, std::move(action));
  }

  Task<void> run_later(bot::Milliseconds delay, std::function<void()> action) {
    asio::steady_timer timer(context, delay);
    timers.push_back(&timer);
    co_await timer.async_wait(as_value);
    std::erase(timers, &timer);
    if (!over) action();
  }

  FrameListener& listener;
  const bool secure;
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::ssl::context tls{asio::ssl::context::tls_server};
  tcp::acceptor acceptor{context};
  std::uint16_t port = 0;
  Scope scope{context.get_executor()};
  Peers peers{};
  PeerId last_peer = 0;
  std::deque<asio::steady_timer*> timers{};
  bool over = false;
  std::thread thread{};
};

WebSocketServer::WebSocketServer(FrameListener& listener, std::optional<Certificate> certificate)
    : server_(std::make_unique<Server>(listener, certificate)) {}
WebSocketServer::~WebSocketServer() = default;

std::uint16_t WebSocketServer::port() const noexcept {
  return server_->port;
}

void WebSocketServer::send(PeerId peer, std::string text) {
  server_->on_thread([server = server_.get(), peer, text = std::move(text)] {
    const auto found = server->peers.find(peer);
    if (found != server->peers.end()) found->second->send({text, true});
  });
}

void WebSocketServer::send_to_all(std::string bytes, bool text) {
  server_->on_thread([server = server_.get(), frame = Frame{std::move(bytes), text}] {
    for (const auto& [id, peer] : server->peers) peer->send(frame);
  });
}

void WebSocketServer::vanish() {
  server_->on_thread([server = server_.get()] {
    for (const auto& [id, peer] : server->peers) peer->vanish();
  });
}

void WebSocketServer::stop_accepting() {
  server_->on_thread([server = server_.get()] { server->acceptor.close(); });
}

void WebSocketServer::accept_again() {
  server_->on_thread([server = server_.get()] { server->listen(server->port); });
}

void WebSocketServer::later(bot::Milliseconds delay, std::function<void()> action) {
  server_->on_thread([server = server_.get(), delay, action = std::move(action)]() mutable {
    bot::spawn(server->scope, "test server timer", server->run_later(delay, std::move(action)));
  });
}

}  // namespace support
