#include "tests/faults/proxy.hpp"

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "bot/net/task.hpp"

namespace faults {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using bot::Scope;
using bot::Task;
using Kind = Proxy::Fault::Kind;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr char kOther = '\x01';

/// The two ways of all connections share their faults.
struct Ways {
  Proxy::Fault& of(Proxy::Way way) { return way == Proxy::Way::to_bot ? to_bot : to_platform; }
  Proxy::Fault to_bot{};
  Proxy::Fault to_platform{};
};

/// A bot's connection and the one to the platform behind it.
class Pair {
 public:
  Pair(asio::io_context& context, tcp::socket bot, Ways& ways)
      : bot_(std::move(bot)), platform_(context), ways_(ways), scope_(context.get_executor()) {}

  Task<void> serve(std::shared_ptr<Pair> self, tcp::endpoint platform) {
    const auto [failure] = co_await platform_.async_connect(platform, as_value);
    if (!failure) {
      error_code ignored;
      platform_.set_option(tcp::no_delay(true), ignored);
      bot::spawn(scope_, "proxy", pump(platform_, bot_, Proxy::Way::to_bot));
      co_await pump(bot_, platform_, Proxy::Way::to_platform);
      co_await scope_.joined();
    }
    self->reset();
  }

  /// Whether something was swallowed: such a stream never makes sense again.
  bool holed() const noexcept { return holed_; }

  void reset() {
    for (tcp::socket* socket : {&bot_, &platform_}) {
      error_code ignored;
      socket->set_option(asio::socket_base::linger(true, 0), ignored);
      socket->close(ignored);
    }
  }

 private:
  Task<void> pump(tcp::socket& from, tcp::socket& to, Proxy::Way way) {
    std::array<char, 16 * 1024> bytes{};
    while (true) {
      const asio::mutable_buffer space = asio::buffer(bytes);
      const auto [failure, count] = co_await from.async_read_some(space, as_value);
      if (failure) break;
      const bool passed = co_await pass(std::string(bytes.data(), count), to, way);
      if (!passed) break;
    }
    reset();
  }

  Task<bool> pass(std::string bytes, tcp::socket& to, Proxy::Way way) {
    const Kind kind = ways_.of(way).kind;
    if (kind == Kind::swallow) {
      holed_ = true;
      co_return true;
    }
    if (kind == Kind::trickle) {
      const bool trickled = co_await trickle(std::move(bytes), to, way);
      co_return trickled;
    }
    if (kind == Kind::delay) co_await pause(ways_.of(way).time);
    if (kind == Kind::corrupt) corrupt(bytes, ways_.of(way));
    const bool cut = kind == Kind::cut && shorten(bytes, ways_.of(way));
    const bool written = co_await write(std::move(bytes), to);
    co_return written && !cut;
  }

  Task<bool> trickle(std::string bytes, tcp::socket& to, Proxy::Way way) {
    for (const char byte : bytes) {
      if (ways_.of(way).kind == Kind::trickle) co_await pause(ways_.of(way).time);
      const bool written = co_await write(std::string(1, byte), to);
      if (!written) co_return false;
    }
    co_return true;
  }

  Task<bool> write(std::string bytes, tcp::socket& to) {
    const asio::const_buffer data = asio::buffer(bytes);
    const auto [failure, count] = co_await asio::async_write(to, data, as_value);
    co_return !failure;
  }

  Task<void> pause(bot::Milliseconds time) {
    asio::steady_timer timer(bot_.get_executor(), time);
    co_await timer.async_wait(as_value);
  }

  static void corrupt(std::string& bytes, Proxy::Fault& fault) {
    if (fault.bytes >= bytes.size()) {
      fault.bytes -= bytes.size();
      return;
    }
    bytes[fault.bytes] = bytes[fault.bytes] == kOther ? '\0' : kOther;
    fault = {};
  }

  /// Whether this is the place of the cut.
  static bool shorten(std::string& bytes, Proxy::Fault& fault) {
    if (fault.bytes >= bytes.size()) {
      fault.bytes -= bytes.size();
      return false;
    }
    bytes.resize(fault.bytes);
    fault = {};
    return true;
  }

  tcp::socket bot_;
  tcp::socket platform_;
  Ways& ways_;
  Scope scope_;
  bool holed_ = false;
};

}  // namespace

struct Proxy::Server {
  explicit Server(std::uint16_t platform_port)
      : platform(asio::ip::address_v4::loopback(), platform_port),
        acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        port(acceptor.local_endpoint().port()) {
    bot::spawn(scope, "proxy acceptor", accept_all());
    thread = std::thread([this] { context.run(); });
  }

  ~Server() {
    asio::post(context, [this] {
      error_code ignored;
      acceptor.close(ignored);
      for (const std::shared_ptr<Pair>& pair : pairs) pair->reset();
      work.reset();
    });
    thread.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  Task<void> accept_all() {
    while (true) {
      auto [failure, socket] = co_await acceptor.async_accept(as_value);
      if (failure) co_return;
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      ++accepted;
      auto pair = std::make_shared<Pair>(context, std::move(socket), ways);
      pairs.insert(pair);
      bot::spawn(scope, "proxy pair", serve(pair));
    }
  }

  Task<void> serve(std::shared_ptr<Pair> pair) {
    co_await pair->serve(pair, platform);
    pairs.erase(pair);
  }

  /// Returns when it has been done.
  template <class Action>
  void now(Action action) {
    std::promise<void> done;
    asio::post(context, [&] {
      action();
      done.set_value();
    });
    done.get_future().wait();
  }

  const tcp::endpoint platform;
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  tcp::acceptor acceptor;
  const std::uint16_t port;
  Scope scope{context.get_executor()};
  Ways ways{};
  std::set<std::shared_ptr<Pair>> pairs{};
  std::atomic<std::size_t> accepted{0};
  std::thread thread{};
};

Proxy::Proxy(std::uint16_t platform) : server_(std::make_unique<Server>(platform)) {}
Proxy::~Proxy() = default;

std::uint16_t Proxy::port() const noexcept {
  return server_->port;
}

void Proxy::set(Way way, Fault fault) {
  server_->now([&] { server_->ways.of(way) = fault; });
}

void Proxy::heal() {
  server_->now([&] {
    server_->ways = {};
    for (const std::shared_ptr<Pair>& pair : server_->pairs) {
      if (pair->holed()) pair->reset();
    }
  });
}

std::size_t Proxy::connections() const {
  return server_->accepted;
}

}  // namespace faults
