#include "tests/support/onebot_http_counterpart.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "bot/net/http_client.hpp"
#include "bot/net/http_server.hpp"
#include "bot/net/task.hpp"

namespace support {

namespace asio = boost::asio;
using bot::HttpCall;
using bot::HttpReply;
using bot::Task;

// The members up to `lock` belong to the program's thread, those behind it to whoever holds it.
struct OneBotHttpCounterpart::Program {
  Program(std::string wanted_token, ScriptedAccount wanted)
      : token(std::move(wanted_token)),
        account(std::move(wanted)),
        server(bot::make_http_server(context.get_executor(), bot::HttpServerOptions()).value()) {
    for (const std::string action : {"get_login_info", "get_version_info", "get_status", "get_group_list",
                                     "get_group_msg_history", "send_group_msg", "send_private_msg"}) {
      server->on("POST", "/" + action, [this, action](HttpCall call) { return answer(action, call); });
    }
    bot::spawn(scope, "http counterpart", server->run());
    thread = std::thread([this] { context.run(); });
  }
  ~Program() {
    asio::post(context, [this] {
      over = true;
      released.wake();
      server->stop();
    });
    thread.join();
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  Task<HttpReply> answer(std::string action, HttpCall call) {
    if (!token.empty() && call.header("Authorization") != "Bearer " + token) co_return HttpReply(403);
    HeardCall heard = read_call(R"({"action":")" + action + R"(","params":)" + call.body + "}");
    if (heard.sends) {
      heard.message.message_id = std::to_string(++last_id);
      change([&] { sends.push_back(heard.message); });
    }
    while (heard.sends && answering.holds_sends && !over) co_await released.wait();
    if (answering.status != 200 || !answering.body.empty())
      co_return HttpReply(answering.status, answering.body);
    co_return HttpReply(200, heard.sends ? sent_answer(heard.message) : account.answer_to(heard));
  }

  template <class Change>
  void change(Change change) {
    const std::lock_guard guard(lock);
    change();
    changed.notify_all();
  }

  const std::string token;
  const ScriptedAccount account;
  asio::io_context context{1};
  bot::Scope scope{context.get_executor()};
  bot::Waiter released{context.get_executor()};
  std::unique_ptr<bot::HttpServer> server;
  HttpAnswering answering{};
  std::int64_t last_id = 3000;
  bool over = false;
  std::thread thread{};

  std::mutex lock;
  std::condition_variable changed;
  std::vector<SentMessage> sends;
};

OneBotHttpCounterpart::OneBotHttpCounterpart(std::string token, ScriptedAccount account)
    : program_(std::make_unique<Program>(std::move(token), std::move(account))) {}
OneBotHttpCounterpart::~OneBotHttpCounterpart() = default;

std::string OneBotHttpCounterpart::url() const {
  return "http://127.0.0.1:" + std::to_string(program_->server->port());
}

void OneBotHttpCounterpart::answer_calls(HttpAnswering how) {
  asio::post(program_->context, [program = program_.get(), how] {
    program->answering = how;
    program->released.wake();
  });
}

std::vector<SentMessage> OneBotHttpCounterpart::sends() const {
  const std::lock_guard guard(program_->lock);
  return program_->sends;
}

bool OneBotHttpCounterpart::wait_for_sends(std::size_t count) const {
  std::unique_lock guard(program_->lock);
  return program_->changed.wait_for(guard, kPatience, [&] { return program_->sends.size() >= count; });
}

namespace {

Task<void> fetch(bot::HttpClient* client, bot::HttpRequest request, int* status) {
  const bot::Result<bot::HttpAnswer> answer = co_await client->fetch(std::move(request));
  if (answer) *status = answer->status;
  client->close();
}

}  // namespace

int post_event(std::uint16_t port, const std::string& body,
               const std::vector<std::pair<std::string, std::string>>& headers, const std::string& path) {
  asio::io_context context{1};
  bot::Scope scope(context.get_executor());
  const auto client = bot::make_http_client(context.get_executor(), bot::HttpOptions()).value();
  bot::HttpRequest request("POST", "http://127.0.0.1:" + std::to_string(port) + path);
  request.headers = headers;
  request.body = body;
  int status = 0;
  bot::spawn(scope, "event", fetch(client.get(), std::move(request), &status));
  context.run();
  return status;
}

}  // namespace support
