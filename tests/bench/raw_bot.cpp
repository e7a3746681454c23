// The limit that Xueban is measured against: what Beast alone can do. It finds a command by searching bytes
// and answers with a fixed frame; it reads no JSON, knows no group and stores nothing.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <charconv>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;

namespace {

using Loop = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Loop>;
using Stream = websocket::stream<Socket, false>;
template <class T>
using Task = asio::awaitable<T, Loop>;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable_t<Loop>());

constexpr std::string_view kText = R"("text":")";
constexpr std::string_view kAnswer =
    R"({"action":"send_group_msg","params":{"group_id":900001,"message":[{"type":"text","data":{"text":"pong"}}]},)"
    R"("echo":"00112233445566778899aabbccddeeff"})";

bool is_command(std::string_view frame) {
  const void* found = memmem(frame.data(), frame.size(), kText.data(), kText.size());
  if (found == nullptr) return false;
  const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - frame.data());
  const std::string_view text = frame.substr(at + kText.size());
  return text.starts_with("ping") || text.starts_with("已学");
}

Task<void> serve(Stream& stream) {
  beast::flat_buffer buffer;
  for (;;) {
    const auto [lost, size] = co_await stream.async_read(buffer, as_value);
    if (lost) co_return;
    const bool asked = is_command({static_cast<const char*>(buffer.cdata().data()), size});
    buffer.consume(size);
    if (!asked) continue;
    const asio::const_buffer answer = asio::buffer(kAnswer);
    const auto [unsent, count] = co_await stream.async_write(answer, as_value);
    if (unsent) co_return;
  }
}

/// ws://127.0.0.1:PORT/
tcp::endpoint endpoint_of(std::string_view url) {
  const std::string_view digits = url.substr(url.rfind(':') + 1);
  unsigned short port = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return {asio::ip::address_v4::loopback(), port};
}

void run(std::string_view url) {
  asio::io_context loop(1);
  Stream stream(loop.get_executor());
  stream.next_layer().connect(endpoint_of(url));
  stream.next_layer().set_option(tcp::no_delay(true));
  stream.auto_fragment(false);
  stream.handshake("127.0.0.1", "/");
  asio::co_spawn(loop, serve(stream), [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
  });
  loop.run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 2) run(argv[1]);
    return argc == 2 ? 0 : 1;
  } catch (const std::exception& failure) {
    std::cerr << "raw_bot: " << failure.what() << '\n';
    return 1;
  }
}
