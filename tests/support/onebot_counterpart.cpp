#include "tests/support/onebot_counterpart.hpp"

#include <unistd.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "bot/net/task.hpp"
#include "tests/support/certificates.hpp"

namespace support {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using bot::Milliseconds;
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
  virtual void close(std::uint16_t code, const std::string& reason) = 0;
};

/// What a peer tells the server.
class Host {
 public:
  virtual ~Host() = default;
  virtual void joined(Peer& peer) = 0;
  /// The upgrade succeeded and the token is right.
  virtual void opened(Peer& peer) = 0;
  virtual void left(Peer& peer) = 0;
  virtual bool allows(const std::string& authorization) = 0;
  virtual bool refuses_upgrade() const = 0;
  virtual void heard(Peer& peer, const std::string& frame) = 0;
};

template <class Stream>
class PeerOn final : public Peer, public std::enable_shared_from_this<PeerOn<Stream>> {
 public:
  PeerOn(Host& host, Stream stream)
      : host_(host),
        stream_(std::move(stream)),
        work_(stream_.get_executor()),
        scope_(stream_.get_executor()) {}

  /// Serves until the connection ends. `self` keeps the object alive that long.
  Task<void> serve(std::shared_ptr<PeerOn> self) {
    host_.joined(*this);
    const bool open = co_await welcome();
    if (open) {
      bot::spawn(scope_, "counterpart writer", write_all());
      co_await read_all();
    }
    over_ = true;
    work_.wake();
    co_await scope_.joined();
    host_.left(*self);
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

  void close(std::uint16_t code, const std::string& reason) override {
    const websocket::close_reason why(static_cast<websocket::close_code>(code), reason);
    stream_.async_close(why, [self = this->shared_from_this()](const error_code&) {});
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
    const bool allowed = host_.allows(std::string(request[http::field::authorization]));
    if (!allowed && host_.refuses_upgrade()) {
      co_await refuse(request.version());
      co_return false;
    }
    const auto [declined] = co_await stream_.async_accept(request, as_value);
    if (declined) co_return false;
    if (!allowed) {
      co_await dismiss();
      co_return false;
    }
    host_.opened(*this);
    co_return true;
  }

  Task<void> refuse(unsigned version) {
    http::response<http::string_body> response(http::status::unauthorized, version);
    response.prepare_payload();
    co_await http::async_write(stream_.next_layer(), response, as_value);
    beast::get_lowest_layer(stream_).close();
  }

  Task<void> dismiss() {
    const std::string frame = failure_answer("", 1403, "token验证失败");
    const asio::const_buffer bytes = asio::buffer(frame);
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
      host_.heard(*this, frame);
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

  Host& host_;
  websocket::stream<Stream, false> stream_;
  Waiter work_;
  Scope scope_;
  beast::flat_buffer buffer_;
  std::deque<Frame> frames_;
  bool over_ = false;
};

std::filesystem::path fresh_file() {
  static std::atomic<int> number{0};
  return std::filesystem::temp_directory_path() /
         ("xueban-authority-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".pem");
}

}  // namespace

// The members up to `lock` belong to the server's thread, those behind it to whoever holds it.
struct OneBotCounterpart::Server final : Host {
  explicit Server(CounterpartOptions wanted) : options(std::move(wanted)) {
    if (options.tls) prepare_tls();
    listen(0);
    port = acceptor.local_endpoint().port();
    thread = std::thread([this] { context.run(); });
  }

  ~Server() override {
    thaw();
    asio::post(context, [this] {
      error_code ignored;
      acceptor.close(ignored);
      for (Peer* peer : peers) peer->vanish();
      work.reset();
    });
    thread.join();
    if (!authority.empty()) std::filesystem::remove(authority);
  }

  void prepare_tls() {
    const Certificate certificate = make_certificate(options.certificate_for, options.validity);
    tls.use_certificate_chain(asio::buffer(certificate.own));
    tls.use_private_key(asio::buffer(certificate.key), asio::ssl::context::pem);
    authority = fresh_file();
    std::ofstream(authority) << certificate.authority;
  }

  void listen(std::uint16_t wanted_port) {
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), wanted_port);
    acceptor = tcp::acceptor(context, endpoint, true);
    bot::spawn(scope, "counterpart acceptor", accept_all());
  }

  Task<void> accept_all() {
    while (true) {
      auto [failure, socket] = co_await acceptor.async_accept(as_value);
      if (failure) co_return;
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      beast::tcp_stream stream(std::move(socket));
      if (options.tls) {
        welcome(TlsStream(std::move(stream), tls));
      } else {
        welcome(std::move(stream));
      }
    }
  }

  template <class Stream>
  void welcome(Stream stream) {
    auto peer = std::make_shared<PeerOn<Stream>>(*this, std::move(stream));
    bot::spawn(scope, "counterpart", peer->serve(peer));
  }

  void joined(Peer& peer) override {
    peers.insert(&peer);
    change([&] { ++accepted; });
  }
  void opened(Peer& peer) override { peer.send({account.connected()}); }
  void left(Peer& peer) override {
    peers.erase(&peer);
    std::erase_if(held, [&](const auto& each) { return each.first == &peer; });
  }
  bool refuses_upgrade() const override {
    return options.wrong_token == CounterpartOptions::WrongToken::http_401;
  }
  bool allows(const std::string& given) override {
    change([&] { authorization = given; });
    return options.token.empty() || given == "Bearer " + options.token;
  }

  void heard(Peer& peer, const std::string& frame) override {
    HeardCall call = read_call(frame);
    if (call.action.empty()) return;
    if (call.sends) return record(peer, std::move(call.message));
    if (call.action == "get_status") change([&] { ++status_asked; });
    if (ignores_questions) return;
    peer.send({account.answer_to(call)});
    if (call.action == "get_group_list") change([&] { ++ready; });
  }

  void record(Peer& peer, SentMessage sent) {
    sent.message_id = std::to_string(++last_id);
    if (answering == Answering::held) {
      held.emplace_back(&peer, sent);
    } else if (answering != Answering::never) {
      answer(peer, sent);
    }
    change([&] { sends.push_back(std::move(sent)); });
  }

  void answer(Peer& peer, const SentMessage& sent) {
    if (answering == Answering::failed_1200) {
      peer.send({failure_answer(sent.echo, 1200, "Timeout: NTEvent")});
    } else if (answering == Answering::failed_1400) {
      peer.send({failure_answer(sent.echo, 1400, "bad parameter")});
    } else {
      peer.send({sent_answer(sent)});
    }
  }

  void answer_held() {
    answering = Answering::at_once;
    for (auto each = held.rbegin(); each != held.rend(); ++each) answer(*each->first, each->second);
    held.clear();
  }

  template <class Action>
  void on_thread(Action action) {
    asio::post(context, std::move(action));
  }

  void say(Frame frame) {
    on_thread([this, frame = std::move(frame)] {
      for (Peer* peer : peers) peer->send(frame);
    });
  }

  void freeze() {
    {
      const std::lock_guard guard(lock);
      frozen = true;
    }
    on_thread([this] {
      std::unique_lock guard(lock);
      changed.wait(guard, [this] { return !frozen; });
    });
  }
  void thaw() {
    change([this] { frozen = false; });
  }

  template <class Change>
  void change(Change change) {
    const std::lock_guard guard(lock);
    change();
    changed.notify_all();
  }

  template <class Test>
  bool wait(Milliseconds limit, Test test) {
    std::unique_lock guard(lock);
    return changed.wait_for(guard, limit, test);
  }

  const CounterpartOptions options;
  const ScriptedAccount account{options.self, options.groups, options.online, options.history};
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::ssl::context tls{asio::ssl::context::tls_server};
  std::filesystem::path authority;
  tcp::acceptor acceptor{context};
  std::uint16_t port = 0;
  Scope scope{context.get_executor()};
  std::set<Peer*> peers;
  Answering answering = Answering::at_once;
  bool ignores_questions = false;
  std::deque<std::pair<Peer*, SentMessage>> held;
  std::atomic<std::int64_t> last_id{1000};
  std::thread thread{};

  std::mutex lock;
  std::condition_variable changed;
  bool frozen = false;
  std::size_t status_asked = 0;
  std::size_t accepted = 0;
  std::size_t ready = 0;
  std::string authorization;
  std::vector<SentMessage> sends;
};

OneBotCounterpart::OneBotCounterpart(CounterpartOptions options)
    : server_(std::make_unique<Server>(std::move(options))) {}
OneBotCounterpart::~OneBotCounterpart() = default;

std::string OneBotCounterpart::url() const {
  return (server_->options.tls ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + std::to_string(port()) + "/";
}
std::uint16_t OneBotCounterpart::port() const {
  return server_->port;
}
std::string OneBotCounterpart::authority_file() const {
  return server_->authority.string();
}

std::size_t OneBotCounterpart::connections() const {
  const std::lock_guard guard(server_->lock);
  return server_->accepted;
}

bool OneBotCounterpart::wait_for_connections(std::size_t count, Milliseconds limit) const {
  return server_->wait(limit, [&] { return server_->accepted >= count; });
}

bool OneBotCounterpart::wait_until_ready(std::size_t count, Milliseconds limit) const {
  return server_->wait(limit, [&] { return server_->ready >= count; });
}

bool OneBotCounterpart::wait_until_status_asked(std::size_t count, Milliseconds limit) const {
  return server_->wait(limit, [&] { return server_->status_asked >= count; });
}

std::vector<SentMessage> OneBotCounterpart::sends() const {
  const std::lock_guard guard(server_->lock);
  return server_->sends;
}

std::optional<SentMessage> OneBotCounterpart::wait_for_send(const Predicate& fits, Milliseconds limit) const {
  std::optional<SentMessage> found;
  server_->wait(limit, [&] {
    for (const SentMessage& sent : server_->sends) {
      if (!found && fits(sent)) found = sent;
    }
    return found.has_value();
  });
  return found;
}

bool OneBotCounterpart::wait_for_sends(std::size_t count, Milliseconds limit) const {
  return server_->wait(limit, [&] { return server_->sends.size() >= count; });
}

std::string OneBotCounterpart::last_authorization() const {
  const std::lock_guard guard(server_->lock);
  return server_->authorization;
}

void OneBotCounterpart::answer_sends(Answering how) {
  server_->on_thread([server = server_.get(), how] { server->answering = how; });
}

void OneBotCounterpart::answer_held() {
  server_->on_thread([server = server_.get()] { server->answer_held(); });
}

std::string OneBotCounterpart::says_in_group(const std::string& group, const std::string& user,
                                             const std::string& text, bool mention_self) {
  const std::int64_t id = ++server_->last_id;
  frame(server_->account.group_message(id, group, user, text, mention_self));
  return std::to_string(id);
}

std::string OneBotCounterpart::says_in_private(const std::string& user, const std::string& text) {
  const std::int64_t id = ++server_->last_id;
  frame(server_->account.private_message(id, user, text));
  return std::to_string(id);
}

void OneBotCounterpart::heartbeat(Milliseconds interval, bool online) {
  frame(server_->account.heartbeat(interval, online));
}

void OneBotCounterpart::frame(const std::string& bytes) {
  server_->say({bytes});
}
void OneBotCounterpart::binary_frame(const std::string& bytes) {
  server_->say({bytes, false});
}

void OneBotCounterpart::vanish() {
  server_->on_thread([server = server_.get()] {
    for (Peer* peer : server->peers) peer->vanish();
  });
}

void OneBotCounterpart::close(std::uint16_t code, const std::string& reason) {
  server_->on_thread([server = server_.get(), code, reason] {
    for (Peer* peer : server->peers) peer->close(code, reason);
  });
}

void OneBotCounterpart::freeze() {
  server_->freeze();
}
void OneBotCounterpart::thaw() {
  server_->thaw();
}

void OneBotCounterpart::ignore_questions() {
  server_->on_thread([server = server_.get()] { server->ignores_questions = true; });
}

void OneBotCounterpart::stop_accepting() {
  server_->on_thread([server = server_.get()] { server->acceptor.close(); });
}

void OneBotCounterpart::accept_again() {
  server_->on_thread([server = server_.get()] { server->listen(server->port); });
}

}  // namespace support
