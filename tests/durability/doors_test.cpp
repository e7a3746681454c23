/// The whole program with every door side by side: the first day of the foundation on all of them, a kill,
/// and the day after.
#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "bot/base/hashes.hpp"
#include "tests/support/http_get.hpp"
#include "tests/support/onebot_dialler.hpp"
#include "tests/support/onebot_http_counterpart.hpp"
#include "tests/support/robot_counterpart.hpp"
#include "tests/support/service.hpp"
#include "tests/support/wecom_counterpart.hpp"

namespace {

using support::DiallerOptions;
using support::HttpCounterpart;
using support::kRobotKey;
using support::kRobotSecret;
using support::kServiceToken;
using support::OneBotDialler;
using support::OneBotHttpCounterpart;
using support::ScriptedAccount;
using support::SentMessage;
using support::Service;
using support::WecomCounterpart;
using support::WecomFrame;

constexpr const char* kReverseGroup = "222222222";
constexpr const char* kHttpGroup = "333333333";
constexpr const char* kReverseSelf = "20002000";
constexpr const char* kHttpSelf = "30003000";
constexpr const char* kRobotChat = "CHAT1";

ScriptedAccount scripted(const std::string& self, const std::string& group) {
  ScriptedAccount account;
  account.self = self;
  account.groups = {group};
  return account;
}

support::HttpCounterpartOptions answering(support::RobotAnswer answer) {
  support::HttpCounterpartOptions options;
  options.answer = std::move(answer);
  return options;
}

std::size_t lessons_in(const std::vector<SentMessage>& sends) {
  std::size_t count = 0;
  for (const SentMessage& sent : sends) count += support::is_push(sent) ? 1 : 0;
  return count;
}

/// Of a robot of a group chat: the requests that hold a lesson.
std::size_t lessons_at(const HttpCounterpart& robot) {
  std::size_t count = 0;
  for (const auto& seen : robot.seen()) count += seen.body.find("【微课堂·") != std::string::npos ? 1 : 0;
  return count;
}

struct AllDoors : Service {
  AllDoors()
      : port(support::free_port()),
        web(kServiceToken, scripted(kHttpSelf, kHttpGroup)),
        hook(answering(support::wecom_robot())),
        feishu(answering(support::feishu_robot([this] { return bot::SystemClock().now() + ahead.load(); }))) {
    std::ostringstream settings;
    settings << std::ifstream(config).rdbuf();
    std::string text = settings.str();
    text.insert(text.find("[limits]"), accounts());
    folder.write("xueban.toml", text);
    const auto mine = std::filesystem::perms(0600);
    folder.write("hook", hook.url() + "/cgi-bin/webhook/send?key=" + kRobotKey + "\n", mine);
    folder.write("feishu", feishu.url() + "/open-apis/bot/v2/hook/" + kRobotKey + "\n", mine);
    folder.write("word", std::string(kRobotSecret) + "\n", mine);
    folder.write("robot-secret", "SECRET\n", mine);
    folder.write("groups/hook.toml", "account = \"hook\"\n");
    folder.write("groups/feishu.toml", "account = \"feishu\"\nanswer_at = \"QQ 群 987654321\"\n");
    folder.write("groups/robot.toml", std::string("account = \"robot\"\nchat = \"") + kRobotChat + "\"\n");
  }

  std::string accounts() const {
    const std::string token = "token = \"env:XUEBAN_QQ_TOKEN\"\n";
    return "[[account]]\nname = \"back\"\nplatform = \"onebot11\"\ntransport = \"reverse\"\nself = \"" +
           std::string(kReverseSelf) + "\"\n" + token +
           "[[account]]\nname = \"web\"\nplatform = \"onebot11\"\ntransport = \"http\"\nself = \"" +
           kHttpSelf + "\"\nurl = \"" + web.url() + "\"\n" + token +
           "[[account]]\nname = \"robot\"\nplatform = \"wecom-robot\"\nself = \"BOTID\"\n"
           "secret = \"file:robot-secret\"\nurl = \"" +
           wecom.url() + "\"\n" +
           "[[account]]\nname = \"hook\"\nplatform = \"wecom-webhook\"\nwebhook = \"file:hook\"\n"
           "[[account]]\nname = \"feishu\"\nplatform = \"feishu\"\nwebhook = \"file:feishu\"\n"
           "secret = \"file:word\"\n[server]\nport = " +
           std::to_string(port) + "\n";
  }

  /// Every platform has met the program.
  void open_all(const std::string& time) {
    ahead = bot::Instant(std::chrono::seconds(support::seconds_at(time))) - bot::SystemClock().now();
    start_and_wait(time);
    DiallerOptions options;
    options.account = scripted(kReverseSelf, kReverseGroup);
    options.headers = {{"X-Self-ID", kReverseSelf},
                       {"X-Client-Role", "Universal"},
                       {"Authorization", std::string("Bearer ") + kServiceToken}};
    back = std::make_unique<OneBotDialler>(port, options);
    REQUIRE_MESSAGE(back->status() == 101, process->output());
    REQUIRE_MESSAGE(wecom.wait_for_connections(starts), process->output());
  }

  /// When every verdict is in, so that nothing is held by an answer whose fate is unknown.
  void kill(const std::string& word) {
    barriers_everywhere(word + " 1");
    barriers_everywhere(word + " 2");
    process->kill_now();
    back.reset();
  }

  void posts(const std::string& user, const std::string& text) {
    const ScriptedAccount account = scripted(kHttpSelf, kHttpGroup);
    const std::string body = account.group_message(++posted, kHttpGroup, user, text);
    const int status = support::post_event(
        port, body,
        {{"x-self-id", kHttpSelf}, {"x-signature", "sha1=" + bot::hmac_sha1_hex(kServiceToken, body)}});
    REQUIRE(status == 204);
  }

  std::optional<WecomFrame> robot_shows(const std::string& part) const {
    for (std::size_t count = 1;; ++count) {
      auto frame = wecom.wait_for_frame(count);
      if (!frame || frame->body.find(part) != std::string::npos) return frame;
    }
  }
  std::size_t robot_lessons() const {
    std::size_t count = 0;
    for (const WecomFrame& frame : wecom.frames())
      count += frame.content().find("【微课堂·") != std::string::npos ? 1 : 0;
    return count;
  }

  /// Each door has answered a question, so that everything before it is decided.
  void barriers_everywhere(const std::string& word) {
    barrier();
    back->says_in_group(kReverseGroup, "7", "ping " + word);
    posts("7", "ping " + word);
    wecom.says_in_group(kRobotChat, "wang", "@学伴 ping " + word);
    CHECK(until(*back, "pong " + word));
    CHECK(until(web, "pong " + word));
    CHECK(robot_shows("pong " + word).has_value());
  }

  template <class Door>
  static bool until(const Door& door, const std::string& part) {
    for (std::size_t count = 1; door.wait_for_sends(count); ++count) {
      if (door.sends()[count - 1].text.find(part) != std::string::npos) return true;
    }
    return false;
  }

  /// By now each door has had so many lessons, and none twice.
  void check_lessons(std::size_t count) const {
    CHECK(pushes() == count);
    CHECK(lessons_at(hook) == count);
    CHECK(lessons_at(feishu) == count);
    CHECK(robot_lessons() == count);
  }

  std::atomic<bot::Milliseconds> ahead{};  ///< how far the program's clock is ahead of the real one
  std::uint16_t port;
  OneBotHttpCounterpart web;
  HttpCounterpart hook;
  HttpCounterpart feishu;
  WecomCounterpart wecom;
  std::unique_ptr<OneBotDialler> back;
  std::int64_t posted = 0;
};

}  // namespace

TEST_CASE_FIXTURE(AllDoors, "one configuration, every door: a day, a kill, and the next day") {
  open_all("2030-03-04 07:59:50");
  REQUIRE_MESSAGE(qq.wait_for_send(support::is_push), process->output());
  REQUIRE_MESSAGE(until(*back, "【微课堂·第1期】"), process->output());
  REQUIRE_MESSAGE(until(web, "【微课堂·第1期】"), process->output());
  REQUIRE_MESSAGE(robot_shows("【微课堂·第1期】"), process->output());
  REQUIRE_MESSAGE(robot_shows("template_card"), process->output());
  REQUIRE_MESSAGE(hook.wait_for_seen(1), process->output());
  REQUIRE_MESSAGE(feishu.wait_for_seen(1), process->output());

  // Where a door hears nobody, the message says where to answer, or asks for nothing.
  CHECK(hook.seen().front().body.find("已学") == std::string::npos);
  CHECK(feishu.seen().front().body.find("到QQ 群 987654321回“已学 L1”") != std::string::npos);
  CHECK(robot_shows("@我回“已学”").has_value());

  qq.says_in_group(support::kServiceGroup, "12345678", "已学");
  back->says_in_group(kReverseGroup, "12345678", "已学");
  posts("12345678", "已学");
  wecom.says_in_group(kRobotChat, "zhang", "@学伴 已学");
  CHECK(qq.wait_for_send(support::containing("第 1 位")));
  CHECK(until(*back, "第 1 位"));
  CHECK(until(web, "第 1 位"));
  CHECK(robot_shows("第 1 位").has_value());
  barriers_everywhere("before");
  check_lessons(1);
  CHECK(lessons_in(back->sends()) == 1);

  kill("first");
  open_all("2030-03-04 08:01:00");
  barriers_everywhere("after");
  check_lessons(1);
  CHECK(lessons_in(back->sends()) == 0);
  CHECK(lessons_in(web.sends()) == 1);
  back->says_in_group(kReverseGroup, "12345678", "已学");
  CHECK(until(*back, "早已记上"));

  kill("second");
  open_all("2030-03-05 07:59:50");
  // The scripted members speak on another day, so these two groups have had one issue more.
  REQUIRE_MESSAGE(until(*back, "【微课堂·第3期】"), process->output());
  REQUIRE_MESSAGE(until(web, "【微课堂·第3期】"), process->output());
  REQUIRE_MESSAGE(robot_shows("【微课堂·第2期】"), process->output());
  REQUIRE_MESSAGE(hook.wait_for_seen(2), process->output());
  REQUIRE_MESSAGE(feishu.wait_for_seen(2), process->output());
  barriers_everywhere("second day");
  check_lessons(2);

  CHECK(column("SELECT DISTINCT state FROM outbox") == std::set<std::string>{"sent"});
  const std::string log = process->output();
  CHECK(log.find(kRobotKey) == std::string::npos);
  CHECK(log.find(kRobotSecret) == std::string::npos);
}
