#include "tests/support/http_get.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace support {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

std::string http_get(std::uint16_t port, const std::string& target, const std::string& host) {
  asio::io_context context;
  tcp::socket socket(context);
  boost::system::error_code failure;
  socket.connect(tcp::endpoint(asio::ip::make_address(host), port), failure);
  if (failure) return "no connection";
  http::request<http::empty_body> request(http::verb::get, target, 11);
  request.set(http::field::host, host);
  http::write(socket, request, failure);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  if (!failure) http::read(socket, buffer, response, failure);
  if (failure) return "no connection";
  return response.result_int() == 200 ? response.body() : std::to_string(response.result_int());
}

std::uint16_t free_port() {
  asio::io_context context;
  tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  return acceptor.local_endpoint().port();
}

}  // namespace support
