#include "tests/support/http_counterpart.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "bot/net/task.hpp"
#include "tests/support/temporary_folder.hpp"

namespace support {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using bot::Task;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Request = http::request<http::string_body>;

std::string head_and(std::size_t size, std::size_t header_size) {
  std::string text = "HTTP/1.1 200 OK\r\nX-Long: " + std::string(header_size, 'x') + "\r\nContent-Length: ";
  return text + std::to_string(size) + "\r\n\r\n" + std::string(size, 'x');
}

}  // namespace

// All but what `lock` guards belongs to the server's thread.
struct HttpCounterpart::Server {
  explicit Server(HttpCounterpartOptions wanted) : options(std::move(wanted)) {
    if (options.tls) prepare_tls();
    acceptor = tcp::acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0), true);
    port = acceptor.local_endpoint().port();
    bot::spawn(scope, "web server", accept_all());
    thread = std::thread([this] { context.run(); });
  }

  ~Server() {
    asio::post(context, [this] {
      error_code ignored;
      acceptor.close(ignored);
      hang_up();
      work.reset();
    });
    thread.join();
  }

  void prepare_tls() {
    const Certificate certificate = make_certificate(options.certificate_for, options.validity);
    tls.use_certificate_chain(asio::buffer(certificate.own));
    tls.use_private_key(asio::buffer(certificate.key), asio::ssl::context::pem);
    folder.write("authority.pem", certificate.authority);
  }

  void hang_up() {
    for (beast::tcp_stream* stream : streams) stream->close();
  }

  Task<void> accept_all() {
    while (true) {
      auto [failure, socket] = co_await acceptor.async_accept(as_value);
      if (failure) co_return;
      ++accepted;
      PlainStream stream(std::move(socket));
      if (options.tls) {
        bot::spawn(scope, "web peer", serve_tls(std::make_unique<TlsStream>(std::move(stream), tls)));
      } else {
        bot::spawn(scope, "web peer", serve_plain(std::make_unique<PlainStream>(std::move(stream))));
      }
    }
  }

  Task<void> serve_plain(std::unique_ptr<PlainStream> stream) {
    streams.insert(stream.get());
    co_await serve(*stream, *stream);
    streams.erase(stream.get());
  }

  Task<void> serve_tls(std::unique_ptr<TlsStream> stream) {
    PlainStream& lowest = stream->next_layer();
    streams.insert(&lowest);
    const auto [failure] = co_await stream->async_handshake(asio::ssl::stream_base::server, as_value);
    if (!failure) co_await serve(*stream, lowest);
    streams.erase(&lowest);
  }

  template <class Stream>
  Task<void> serve(Stream& stream, PlainStream& lowest) {
    beast::flat_buffer buffer;
    bool open = true;
    while (open) {
      Request request;
      const auto [failure, bytes] = co_await http::async_read(stream, buffer, request, as_value);
      if (failure) break;
      record(request);
      if (request.method() == http::verb::connect) {
        co_await be_tunnel(lowest, request);
        break;
      }
      open = co_await answer(stream, request);
    }
    lowest.close();
  }

  static HttpSeen seen_of(const Request& request) {
    HttpSeen seen{std::string(request.method_string()),
                  std::string(request.target()),
                  std::string(request[http::field::host]),
                  std::string(request[http::field::proxy_authorization]),
                  request.body(),
                  {}};
    for (const auto& field : request)
      seen.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    return seen;
  }

  void record(const Request& request) {
    const std::lock_guard guard(lock);
    requests.push_back(seen_of(request));
    changed.notify_all();
  }

  template <class Stream>
  Task<bool> answer(Stream& stream, const Request& request) {
    const std::string target(request.target());
    const std::string path = target.substr(0, target.find('?'));
    std::string raw;
    if (path == "/garbage") raw = "220 mail.example\r\n\r\n";
    if (path == "/huge") raw = head_and(std::size_t{2} * 1024 * 1024, 1);
    if (path == "/header") raw = head_and(5, std::size_t{64} * 1024);
    if (path == "/trickle") raw = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
    if (!raw.empty()) co_await write(stream, raw);
    if (path == "/trickle") co_await trickle(stream);
    if (path == "/mute") co_await until_closed(stream);
    if (path == "/cut") co_return false;
    if (!raw.empty() || path == "/mute") co_return false;
    const bool kept = co_await answer_properly(stream, path, request);
    co_return kept;
  }

  template <class Stream>
  Task<bool> answer_properly(Stream& stream, std::string path, const Request& request) {
    http::response<http::string_body> response(http::status::ok, 11);
    if (path.starts_with("/status/")) response.result(static_cast<unsigned>(std::stoul(path.substr(8))));
    response.set("X-Served-By", "counterpart");
    if (response.result() != http::status::no_content) response.body() = options.body;
    if (options.answer && !path.starts_with("/status/")) script(response, options.answer(seen_of(request)));
    response.keep_alive(request.keep_alive() && path != "/bye");
    response.prepare_payload();
    const bool kept = response.keep_alive();
    const auto [failure, bytes] = co_await http::async_write(stream, response, as_value);
    co_return kept && !failure;
  }

  static void script(http::response<http::string_body>& response, const HttpScripted& scripted) {
    response.result(static_cast<unsigned>(scripted.status));
    response.body() = scripted.body;
    if (!scripted.retry_after.empty()) response.set(http::field::retry_after, scripted.retry_after);
  }

  template <class Stream>
  static Task<bool> write(Stream& stream, std::string text) {
    const asio::const_buffer bytes = asio::buffer(text);
    const auto [failure, count] = co_await asio::async_write(stream, bytes, as_value);
    co_return !failure;
  }

  template <class Stream>
  static Task<void> trickle(Stream& stream) {
    bool open = true;
    while (open) {
      co_await bot::sleep_for(bot::Milliseconds(10));
      const std::string one = "x";
      open = co_await write(stream, one);
    }
  }

  template <class Stream>
  static Task<void> until_closed(Stream& stream) {
    char byte = 0;
    const asio::mutable_buffer bytes = asio::buffer(&byte, 1);
    co_await stream.async_read_some(bytes, as_value);
  }

  // ---- as a proxy -------------------------------------------------------------------------------------

  Task<void> be_tunnel(PlainStream& near, const Request& request) {
    const std::string status = std::to_string(options.connect_status);
    const std::string head = "HTTP/1.1 " + status + " As told\r\nContent-Length: 0\r\n\r\n";
    const std::string target(request.target());
    PlainStream far(near.get_executor());
    streams.insert(&far);
    const tcp::endpoint endpoint(
        asio::ip::address_v4::loopback(),
        static_cast<std::uint16_t>(std::stoul(target.substr(target.rfind(':') + 1))));
    co_await far.async_connect(endpoint, as_value);
    const bool told = co_await write(near, head);
    if (told && options.connect_status == 200) {
      bot::Scope back(near.get_executor());
      bot::spawn(back, "tunnel", relay(far, near));
      co_await relay(near, far);
      co_await back.joined();
    }
    streams.erase(&far);
  }

  static Task<void> relay(PlainStream& from, PlainStream& to) {
    std::string bytes(4096, '\0');
    bool open = true;
    while (open) {
      const asio::mutable_buffer space = asio::buffer(bytes);
      const auto [failure, count] = co_await from.async_read_some(space, as_value);
      const std::string part = bytes.substr(0, count);
      if (failure) break;
      open = co_await write(to, part);
    }
    from.close();
    to.close();
  }

  const HttpCounterpartOptions options;
  TemporaryFolder folder;
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::ssl::context tls{asio::ssl::context::tls_server};
  tcp::acceptor acceptor{context};
  std::uint16_t port = 0;
  bot::Scope scope{context.get_executor()};
  std::set<beast::tcp_stream*> streams;
  std::atomic<std::size_t> accepted = 0;
  std::thread thread{};

  std::mutex lock;
  std::condition_variable changed;
  std::vector<HttpSeen> requests;
};

std::string HttpSeen::header(const std::string& name) const {
  for (const auto& [key, value] : headers) {
    if (beast::iequals(key, name)) return value;
  }
  return {};
}

HttpCounterpart::HttpCounterpart(HttpCounterpartOptions options)
    : server_(std::make_unique<Server>(std::move(options))) {}
HttpCounterpart::~HttpCounterpart() = default;

std::string HttpCounterpart::url() const {
  return (server_->options.tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port());
}
std::uint16_t HttpCounterpart::port() const {
  return server_->port;
}
std::string HttpCounterpart::authority_file() const {
  return server_->folder.path("authority.pem").string();
}
std::size_t HttpCounterpart::connections() const {
  return server_->accepted;
}
std::vector<HttpSeen> HttpCounterpart::seen() const {
  const std::lock_guard guard(server_->lock);
  return server_->requests;
}
bool HttpCounterpart::wait_for_seen(std::size_t count, bot::Milliseconds limit) const {
  std::unique_lock guard(server_->lock);
  return server_->changed.wait_for(guard, limit, [&] { return server_->requests.size() >= count; });
}
void HttpCounterpart::hang_up() {
  asio::post(server_->context, asio::use_future([this] { server_->hang_up(); })).get();
}

}  // namespace support
