#include "tests/support/onebot_dialler.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "bot/net/task.hpp"

namespace support {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using bot::Task;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr bot::Milliseconds kRetry{10};

}  // namespace

// The members up to `lock` belong to the program's thread, those behind it to whoever holds it.
struct OneBotDialler::Program {
  Program(std::uint16_t port_, DiallerOptions wanted) : options(std::move(wanted)), port(port_) {
    bot::spawn(scope, "dialler", live());
    thread = std::thread([this] { context.run(); });
  }
  ~Program() {
    asio::post(context, [this] {
      error_code ignored;
      auto& socket = stream.next_layer().socket();
      socket.set_option(asio::socket_base::linger(true, 0), ignored);
      socket.close(ignored);
      over = true;
      work.wake();
    });
    thread.join();
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  Task<void> live() {
    const bool open = co_await dial();
    if (open) {
      bot::spawn(scope, "dialler's writer", write_all());
      co_await read_all();
    }
    over = true;
    work.wake();
    change([this] { closed = true; });
  }

  Task<bool> dial() {
    const tcp::endpoint place(asio::ip::address_v4::loopback(), port);
    error_code unreachable;
    do {
      const auto [failure] = co_await stream.next_layer().async_connect(place, as_value);
      unreachable = failure;
      if (!failure) break;
      stream.next_layer().close();
      co_await bot::sleep_for(kRetry);
    } while (unreachable && options.insists && !over);
    if (unreachable) co_return false;
    stream.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
      for (const auto& [name, value] : options.headers) request.set(name, value);
    }));
    websocket::response_type response;
    const std::string host = "127.0.0.1";
    const auto [failure] = co_await stream.async_handshake(response, host, options.path, as_value);
    change([&] { answered = static_cast<int>(response.result_int()); });
    if (failure) co_return false;
    frames.push_back(options.account.connected());
    co_return true;
  }

  Task<void> read_all() {
    beast::flat_buffer buffer;
    while (true) {
      const auto [failure, bytes] = co_await stream.async_read(buffer, as_value);
      if (failure) co_return;
      hear(beast::buffers_to_string(buffer.cdata()));
      buffer.clear();
    }
  }

  void hear(const std::string& frame) {
    HeardCall call = read_call(frame);
    if (!call.sends) return write(options.account.answer_to(call));
    call.message.message_id = std::to_string(++last_id);
    if (options.answers_sends) write(sent_answer(call.message));
    change([&] { sends.push_back(std::move(call.message)); });
  }

  void write(std::string frame) {
    frames.push_back(std::move(frame));
    work.wake();
  }

  Task<void> write_all() {
    while (!over) {
      if (frames.empty()) {
        co_await work.wait();
        continue;
      }
      const std::string frame = std::move(frames.front());
      frames.pop_front();
      const auto bytes = asio::buffer(frame);
      const auto [failure, count] = co_await stream.async_write(bytes, as_value);
      if (failure) co_return;
    }
  }

  template <class Change>
  void change(Change change) {
    const std::lock_guard guard(lock);
    change();
    changed.notify_all();
  }
  template <class Test>
  bool wait(Test test) {
    std::unique_lock guard(lock);
    return changed.wait_for(guard, kPatience, test);
  }

  const DiallerOptions options;
  const std::uint16_t port;
  asio::io_context context{1};
  websocket::stream<beast::tcp_stream, false> stream{context};
  bot::Scope scope{context.get_executor()};
  bot::Waiter work{context.get_executor()};
  std::deque<std::string> frames;
  bool over = false;
  std::atomic<std::int64_t> last_id{2000};
  std::thread thread{};

  std::mutex lock;
  std::condition_variable changed;
  int answered = 0;
  bool closed = false;
  std::vector<SentMessage> sends;
};

OneBotDialler::OneBotDialler(std::uint16_t port, DiallerOptions options)
    : program_(std::make_unique<Program>(port, std::move(options))) {}
OneBotDialler::~OneBotDialler() = default;

int OneBotDialler::status() const {
  program_->wait([this] { return program_->answered != 0 || program_->closed; });
  const std::lock_guard guard(program_->lock);
  return program_->answered;
}

void OneBotDialler::say(const std::string& frame) {
  asio::post(program_->context, [program = program_.get(), frame] { program->write(frame); });
}

void OneBotDialler::says_in_group(const std::string& group, const std::string& user,
                                  const std::string& text) {
  say(program_->options.account.group_message(++program_->last_id, group, user, text));
}

std::vector<SentMessage> OneBotDialler::sends() const {
  const std::lock_guard guard(program_->lock);
  return program_->sends;
}

bool OneBotDialler::wait_for_sends(std::size_t count) const {
  return program_->wait([&] { return program_->sends.size() >= count; });
}

bool OneBotDialler::wait_until_closed() const {
  return program_->wait([&] { return program_->closed; });
}

}  // namespace support
