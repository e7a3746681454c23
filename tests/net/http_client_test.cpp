#include "bot/net/http_client.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tests/support/http_counterpart.hpp"

using namespace bot;
using support::HttpCounterpart;

namespace {

/// A client whose fetch blocks: it runs the loop until it is done. At the end nothing may be left on it.
class Client {
 public:
  explicit Client(HttpOptions options = {}) {
    auto made = make_http_client(context_.get_executor(), std::move(options));
    REQUIRE(made.has_value());
    client_ = std::move(*made);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() {
    client_.reset();
    run();
    CHECK(scope_.running() == 0);
  }

  Result<HttpAnswer> fetch(HttpRequest request) {
    std::optional<Result<HttpAnswer>> result;
    spawn(scope_, "fetch", keep(std::move(request), &result));
    context_.restart();
    while (!result) context_.run_one();
    return std::move(*result);
  }
  Result<HttpAnswer> get(const std::string& url) { return fetch(HttpRequest("GET", url)); }
  void close_after(Milliseconds time) { spawn(scope_, "close", close_later(time)); }
  /// Until nothing is left to happen.
  void run() {
    context_.restart();
    context_.run();
  }

 private:
  Task<void> keep(HttpRequest request, std::optional<Result<HttpAnswer>>* result) {
    Result<HttpAnswer> got = co_await client_->fetch(std::move(request));
    *result = std::move(got);
  }
  Task<void> close_later(Milliseconds time) {
    co_await sleep_for(time);
    client_->close();
  }

  boost::asio::io_context context_{1};
  Scope scope_{context_.get_executor()};
  std::unique_ptr<HttpClient> client_;
};

HttpOptions quick() {
  HttpOptions options;
  options.limit = Milliseconds(300);
  return options;
}

HttpOptions trusting(const HttpCounterpart& server) {
  HttpOptions options;
  options.authorities = server.authority_file();
  return options;
}

Error error_of(const Result<HttpAnswer>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

}  // namespace

TEST_CASE("http: a request arrives as it is, and so does the answer") {
  HttpCounterpart server;
  Client client;
  HttpRequest request("POST", server.url() + "/robot?key=a%20b#part");
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = R"({"text":"x"})";
  const auto answer = client.fetch(request);
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(answer->body == "hello");
  CHECK(answer->header("x-served-by") == "counterpart");
  CHECK(answer->header("absent").empty());
  REQUIRE(server.seen().size() == 1);
  CHECK(server.seen()[0].method == "POST");
  CHECK(server.seen()[0].target == "/robot?key=a%20b");
  CHECK(server.seen()[0].host == "127.0.0.1:" + std::to_string(server.port()));
  CHECK(server.seen()[0].body == request.body);
}

TEST_CASE("http: every status is an answer, redirects too") {
  HttpCounterpart server;
  Client client;
  for (const int status : {201, 204, 302, 404, 500}) {
    CHECK(client.get(server.url() + "/status/" + std::to_string(status))->status == status);
  }
}

TEST_CASE("http: the connection is used again, unless it was closed or is too old") {
  HttpCounterpart server;
  HttpOptions options;
  options.idle_limit = Milliseconds(100);
  Client client(options);
  CHECK(client.get(server.url())->status == 200);
  CHECK(client.get(server.url())->status == 200);
  CHECK(server.connections() == 1);
  SUBCASE("the server hangs up") {
    server.hang_up();
  }
  SUBCASE("the server said that it would close") {
    CHECK(client.get(server.url() + "/bye")->status == 200);
  }
  SUBCASE("too old") {
    client.run();
  }
  CHECK(client.get(server.url())->status == 200);
  CHECK(server.connections() == 2);
}

TEST_CASE("https: trusted and made out to the host, or not at all") {
  support::HttpCounterpartOptions options{.tls = true};
  bool trusted = true;
  std::string why;
  SUBCASE("right") {
    HttpCounterpart server(options);
    Client client(trusting(server));
    CHECK(client.get(server.url())->body == "hello");
    CHECK(client.get(server.url())->body == "hello");
    CHECK(server.connections() == 1);
    return;
  }
  SUBCASE("another host's") {
    options.certificate_for = "hooks.example";
    why = "IP address mismatch";
  }
  SUBCASE("expired") {
    options.validity = support::Validity::expired;
    why = "certificate has expired";
  }
  SUBCASE("unknown authority") {
    trusted = false;
    why = "unable to get local issuer certificate";
  }
  HttpCounterpart server(options);
  Client client(trusted ? trusting(server) : HttpOptions());
  const Error error = error_of(client.get(server.url() + "/secret?key=hunter2"));
  CHECK(error.code == Errc::unreachable);
  CHECK_FALSE(may_have_arrived(error));
  CHECK(error.detail == server.url() + ": TLS: certificate refused: " + why);
  CHECK(error.detail.find("hunter2") == std::string::npos);
  CHECK(server.seen().empty());
}

TEST_CASE("http: what is too slow ends at the limit, and may have arrived") {
  HttpCounterpart server;
  Client client(quick());
  for (const char* path : {"/trickle", "/mute"}) {
    CAPTURE(path);
    const Error error = error_of(client.get(server.url() + path));
    CHECK(error.code == Errc::closed);
    CHECK(may_have_arrived(error));
    CHECK(error.detail == server.url() + ": no answer in time");
  }
}

TEST_CASE("http: close ends what is under way") {
  HttpCounterpart server;
  Client client;
  client.close_after(Milliseconds(50));
  CHECK(may_have_arrived(error_of(client.get(server.url() + "/mute"))));
  CHECK_FALSE(may_have_arrived(error_of(client.get(server.url()))));
}

TEST_CASE("http: answers over a limit, and answers that are none") {
  HttpCounterpart server;
  Client client;
  CHECK(error_of(client.get(server.url() + "/huge")).code == Errc::too_large);
  CHECK(error_of(client.get(server.url() + "/header")).code == Errc::too_large);
  const Error garbage = error_of(client.get(server.url() + "/garbage"));
  CHECK(garbage.code == Errc::unknown);
  CHECK(may_have_arrived(garbage));
}

TEST_CASE("http: nobody there, and requests that cannot be") {
  std::string gone;
  {
    HttpCounterpart server;
    gone = server.url();
  }
  Client client;
  const Error error = error_of(client.get(gone + "/?key=hunter2"));
  CHECK(error.code == Errc::unreachable);
  CHECK(error.detail.starts_with(gone + ": connect: "));
  CHECK(error.detail.find("hunter2") == std::string::npos);
  for (const char* url : {"ftp://h/hunter2", "hunter2", "http://u:hunter2@h/", "http://h:99999/hunter2"}) {
    const Error bad = error_of(client.get(url));
    CHECK(bad.code == Errc::bad_input);
    CHECK_FALSE(may_have_arrived(bad));
    CHECK(bad.detail.find("hunter2") == std::string::npos);
  }
  HttpRequest split("GET", gone);
  split.headers.emplace_back("X-A", "b\r\nX-C: d");
  CHECK(error_of(client.fetch(split)).code == Errc::bad_input);
  CHECK(error_of(client.fetch(HttpRequest("GET /", gone))).code == Errc::bad_input);
}

TEST_CASE("proxy: which one, for whom") {
  const HttpProxies proxies{"proxy.example:3128", "http://u:p%40@proxy.example:8080/",
                            "localhost, .cn,*.school.example"};
  const auto way = [&](const std::string& url) {
    const auto parsed = parsed_url(url, kHttpSchemes);
    REQUIRE(parsed.has_value());
    const auto proxy = proxy_for(*parsed, proxies);
    REQUIRE(proxy.has_value());
    return *proxy ? (*proxy)->place.authority + " " + (*proxy)->authorization : "direct";
  };
  CHECK(way("http://hooks.example/") == "proxy.example:3128 ");
  CHECK(way("https://hooks.example/") == "proxy.example:8080 Basic dTpwQA==");
  for (const char* url :
       {"http://localhost/", "https://a.b.cn/", "http://school.example/", "http://x.school.example/"})
    CHECK(way(url) == "direct");
  CHECK(way("http://myschool.example/") != "direct");
  const auto any = parsed_url("http://h/", kHttpSchemes);
  CHECK_FALSE(proxy_for(*any, HttpProxies{"socks5://h:1", "", ""}).has_value());
  CHECK_FALSE(*proxy_for(*any, HttpProxies{"http://h:1", "", "*"}));
}

TEST_CASE("proxy: http goes with the whole address, https through a tunnel that sees nothing") {
  HttpCounterpart proxy;
  const std::string with_login = "http://u:p@127.0.0.1:" + std::to_string(proxy.port());
  SUBCASE("http") {
    HttpOptions options;
    options.proxies.http = with_login;
    Client client(options);
    CHECK(client.get("http://hooks.example:81/a?b=c")->status == 200);
    REQUIRE(proxy.seen().size() == 1);
    CHECK(proxy.seen()[0].target == "http://hooks.example:81/a?b=c");
    CHECK(proxy.seen()[0].host == "hooks.example:81");
    CHECK(proxy.seen()[0].authorization == "Basic dTpw");
  }
  SUBCASE("https") {
    HttpCounterpart server(support::HttpCounterpartOptions{.tls = true});
    HttpOptions options = trusting(server);
    options.proxies.https = with_login;
    Client client(options);
    CHECK(client.get(server.url() + "/secret")->body == "hello");
    CHECK(client.get(server.url() + "/secret")->body == "hello");
    REQUIRE(proxy.seen().size() == 1);
    CHECK(proxy.seen()[0].method == "CONNECT");
    CHECK(proxy.seen()[0].target == "127.0.0.1:" + std::to_string(server.port()));
    CHECK(proxy.seen()[0].authorization == "Basic dTpw");
    REQUIRE(server.seen().size() == 2);
    CHECK(server.seen()[0].target == "/secret");
    CHECK(server.seen()[0].authorization.empty());
  }
}

TEST_CASE("proxy: one that refuses proves that nothing was sent") {
  HttpCounterpart proxy(support::HttpCounterpartOptions{.connect_status = 407});
  HttpOptions options;
  options.proxies.https = proxy.url();
  Client client(options);
  const Error error = error_of(client.get("https://127.0.0.1:9/hunter2"));
  CHECK_FALSE(may_have_arrived(error));
  CHECK(error.detail == "https://127.0.0.1:9: the proxy answered with HTTP 407");
}
