/// What a robot of WeCom's groups gets besides plain text: markdown and files.
#include "bot/net/webhook.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "bot/net/webhook_verdict.hpp"

using namespace bot;

namespace {

constexpr Instant kNow = from_ms(1'767'225'600'000);
constexpr const char* kUrl = "https://robot.example/cgi-bin/webhook/send?key=hunter2";

WebhookRobot robot_that_writes(const char* format) {
  WebhookRobot robot(WebhookKind::wecom, kUrl);
  robot.format = wecom_format(format);
  return robot;
}

Delivery delivery(Message message) {
  Delivery made({"hook", "class", false}, std::move(message));
  made.everyone = "大家看过来";
  return made;
}

std::vector<std::string> bodies(const char* format, Message message) {
  std::vector<std::string> all;
  for (const HttpRequest& request :
       webhook_requests(robot_that_writes(format), delivery(std::move(message)), "msg_1", kNow))
    all.push_back(request.body);
  return all;
}

std::string content(const char* format, Message message) {
  const std::vector<std::string> all = bodies(format, std::move(message));
  REQUIRE(all.size() == 1);
  return std::string(boost::json::parse(all.front()).at(format).at("content").as_string());
}

Attachment file(std::string bytes, std::string name, Attachment::Kind kind = Attachment::Kind::file) {
  Attachment made;
  made.kind = kind;
  made.bytes = std::move(bytes);
  made.name = std::move(name);
  return made;
}

std::vector<WebhookFile> files(Attachment attachment, WebhookKind kind = WebhookKind::wecom) {
  Message message;
  message.add(std::move(attachment));
  return webhook_files(WebhookRobot(kind, kUrl), delivery(std::move(message)), "xxBOUNDARYxx");
}

WebhookFile only_file(Attachment attachment) {
  std::vector<WebhookFile> all = files(std::move(attachment));
  REQUIRE(all.size() == 1);
  return std::move(all.front());
}

}  // namespace

TEST_CASE("WeCom webhook: the names of its formats") {
  CHECK(wecom_format("markdown") == WecomFormat::markdown);
  CHECK(wecom_format("markdown_v2") == WecomFormat::markdown_v2);
  CHECK(wecom_format("text") == WecomFormat::text);
  CHECK(wecom_format("") == WecomFormat::text);
}

TEST_CASE("WeCom webhook: a lesson in markdown has a title and headings") {
  const Message lesson("【每日一课】\n▎要点\n• 一\n• 二");
  CHECK(content("markdown", lesson) == "**【每日一课】**\n### 要点\n• 一\n• 二");
  CHECK(content("markdown_v2", lesson) == "**【每日一课】**\n### 要点\n- 一\n- 二");
}

TEST_CASE("WeCom webhook: only the first markdown mentions") {
  Message message;
  message.add(Mention{"zhangsan"}).add(Text{" 你好"});
  CHECK(content("markdown", message) == "<@zhangsan> 你好");
  CHECK(content("markdown_v2", message) == "@zhangsan 你好");
  Message strange;
  strange.add(Mention{"all>\n# x"});
  CHECK(content("markdown", strange).find("<@") == std::string::npos);
}

TEST_CASE("WeCom webhook: everybody is called by a text behind the markdown") {
  for (const char* format : {"markdown", "markdown_v2"}) {
    CAPTURE(format);
    const std::vector<std::string> all = bodies(format, Message("开会").add(MentionAll{}));
    REQUIRE(all.size() == 2);
    CHECK(boost::json::parse(all[0]).at("msgtype") == format);
    CHECK(all[1] == R"({"msgtype":"text","text":{"content":"大家看过来","mentioned_list":["@all"]}})");
  }
}

TEST_CASE("WeCom webhook: typed text is no markup") {
  for (const char* format : {"markdown", "markdown_v2"}) {
    CAPTURE(format);
    const std::string shown =
        content(format, Message("<@all> <font color=\"warning\">x</font> **a** [b](c)\n# d"));
    for (const char* markup : {"<@", "<font", "</", "**", "](", "\n#"}) {
      CAPTURE(markup);
      CHECK(shown.find(markup) == std::string::npos);
    }
    CHECK(content(format, Message("<").add(Text{"@all>"})).find("<@") == std::string::npos);
  }
}

TEST_CASE("WeCom webhook: markdown ends at 4096 bytes, between characters") {
  std::string long_text;
  for (int i = 0; i < 3000; ++i) long_text += "学";
  for (const char* format : {"markdown", "markdown_v2"}) {
    CHECK(content(format, Message(long_text)).size() == 4095);
    CHECK(content(format, Message(std::string(9000, '*'))).size() <= 4096);
  }
  CHECK(bodies("markdown", Message(" \n ")).empty());
}

TEST_CASE("WeCom webhook: a file is uploaded beside the messages") {
  const WebhookFile made = only_file(file("0123456789", "名单.csv"));
  CHECK(made.msgtype == "file");
  CHECK(made.upload.method == "POST");
  CHECK(made.upload.url == "https://robot.example/cgi-bin/webhook/upload_media?key=hunter2&type=file");
  REQUIRE(made.upload.headers.size() == 1);
  CHECK(made.upload.headers[0].second == "multipart/form-data; boundary=xxBOUNDARYxx");
  CHECK(made.upload.body ==
        "--xxBOUNDARYxx\r\n"
        "Content-Disposition: form-data; name=\"media\"; filename=\"名单.csv\"; filelength=10\r\n"
        "Content-Type: application/octet-stream\r\n\r\n"
        "0123456789\r\n--xxBOUNDARYxx--\r\n");
  const HttpRequest shown = webhook_file_message(robot_that_writes("text"), "file", "ID\"1");
  CHECK(shown.url == kUrl);
  CHECK(shown.body == R"({"msgtype":"file","file":{"media_id":"ID\"1"}})");
}

TEST_CASE("WeCom webhook: a file's name ends no header") {
  const auto head_of = [](const std::string& name) {
    const std::string body = only_file(file("0123456789", name)).upload.body;
    return body.substr(0, body.find("\r\n\r\n"));
  };
  const auto lines_of = [](const std::string& head) { return std::count(head.begin(), head.end(), '\n'); };
  for (const char* name : {"a\"; filename=\"b", "a\r\nX: y", "a\\", "../../etc/passwd", "a\xff"}) {
    CAPTURE(name);
    const std::string head = head_of(name);
    CHECK(lines_of(head) == 2);
    CHECK(std::count(head.begin(), head.end(), '"') == 4);
    CHECK(head.find('/') == head.find("/octet"));
  }
  CHECK(head_of("").find("filename=\"file\"") != std::string::npos);
}

TEST_CASE("WeCom webhook: what is too small, too large or has no bytes is no file") {
  CHECK(files(file("01234", "a")).empty());
  CHECK(files(file("", "a")).empty());
  CHECK(files(file("012345", "a")).size() == 1);
  CHECK(files(file(std::string(20 * 1024 * 1024, 'x'), "a")).size() == 1);
  CHECK(files(file(std::string(20 * 1024 * 1024 + 1, 'x'), "a")).empty());
  CHECK(files(file("0123456789", "a"), WebhookKind::feishu).empty());
}

TEST_CASE("WeCom webhook: a voice is one when it is AMR and short") {
  const auto voice = [](const std::string& bytes) {
    return only_file(file(bytes, "a.amr", Attachment::Kind::voice)).msgtype;
  };
  CHECK(voice("#!AMR\n0123456789") == "voice");
  CHECK(voice("ID3 0123456789") == "file");
  CHECK(voice("#!AMR\n" + std::string(2 * 1024 * 1024, 'x')) == "file");
  CHECK(only_file(file("#!AMR\n0123456789", "a.amr")).msgtype == "file");
}

TEST_CASE("WeCom webhook: the name that an upload got") {
  const auto answered = [](const std::string& body) {
    HttpAnswer answer;
    answer.status = 200;
    answer.body = body;
    return media_id_of(answer);
  };
  CHECK(answered(R"({"errcode":0,"errmsg":"ok","type":"file","media_id":"3Z_a"})") == "3Z_a");
  for (const char* none : {"", "[]", R"({"media_id":7})", R"({"errcode":0})", "<html>"}) {
    CAPTURE(none);
    CHECK(answered(none).empty());
  }
}
