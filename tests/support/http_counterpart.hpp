#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "tests/support/certificates.hpp"

/// A web server for tests on 127.0.0.1 with a thread of its own, which records every request and can be a
/// proxy too. What it answers is chosen by the path:
///
///     /…            200 and "hello"; keeps the connection
///     /status/NNN   that status
///     /bye          200, and closes
///     /trickle      a body that comes byte by byte and never ends
///     /mute         nothing at all
///     /cut          nothing, and closes
///     /garbage      bytes that are no HTTP
///     /huge         2 MiB
///     /header       a header of 64 KiB
namespace support {

struct HttpSeen {
  std::string method{};
  std::string target{};
  std::string host{};
  std::string authorization{};  ///< Proxy-Authorization
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};

  /// Empty when there is none of that name, in any case.
  std::string header(const std::string& name) const;
};

struct HttpScripted {
  int status = 200;
  std::string body{};
  std::string retry_after{};
};

struct HttpCounterpartOptions {
  bool tls = false;
  std::string certificate_for = "127.0.0.1";
  Validity validity = Validity::valid;
  int connect_status = 200;  ///< its answer as a proxy to CONNECT
  std::string body = "hello";
  /// Answers what no path above decides, in place of 200 and `body`. On the server's thread.
  std::function<HttpScripted(const HttpSeen&)> answer{};
};

class HttpCounterpart {
 public:
  explicit HttpCounterpart(HttpCounterpartOptions options = {});
  ~HttpCounterpart();
  HttpCounterpart(const HttpCounterpart&) = delete;
  HttpCounterpart& operator=(const HttpCounterpart&) = delete;

  /// "http://127.0.0.1:PORT" or "https://…"
  std::string url() const;
  std::uint16_t port() const;
  /// PEM file of the authority that signed the certificate; with `tls` only.
  std::string authority_file() const;

  std::size_t connections() const;
  std::vector<HttpSeen> seen() const;
  bool wait_for_seen(std::size_t count, bot::Milliseconds limit = std::chrono::seconds(20)) const;
  /// Closes every connection; new ones are still accepted.
  void hang_up();

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace support
