#include "bot/platforms/wecom/codec.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/json.hpp"
#include "bot/base/utf8.hpp"
#include "bot/net/wecom_words.hpp"
#include "bot/platforms/wecom/button_key.hpp"
#include "tests/support/wecom_vectors.hpp"

using namespace bot;
using namespace bot::wecom;

namespace {

const Reader kReader{"work", from_ms(1'700'000'000'000)};
const Address kGroup{"work", "CHAT1", false};

template <class T>
T read_as(const std::string& bytes) {
  CAPTURE(bytes);
  Frame frame = read_frame(bytes, kReader);
  REQUIRE(std::holds_alternative<T>(frame));
  return std::get<T>(std::move(frame));
}

/// A message's callback; `more` begins with its msgtype.
std::string callback(const std::string& more,
                     const std::string& chat = R"("chatid":"CHAT1","chattype":"group",)") {
  return R"({"cmd":"aibot_msg_callback","headers":{"req_id":"cb1"},"body":{"msgid":"M1","aibotid":"BOTID",)" +
         chat + R"("from":{"userid":"zhangsan"},)" + more + "}}";
}
std::string single(const std::string& more) {
  return callback(more, R"("chattype":"single",)");
}

MessagePosted posted(const std::string& bytes) {
  return std::get<MessagePosted>(read_as<Said>(bytes).event.what);
}
std::string said_in_group(const std::string& text) {
  return posted(callback(R"("msgtype":"text","text":{"content":)" +
                         boost::json::serialize(boost::json::value(text)) + "}"))
      .message.plain();
}

Delivery delivery(Message message) {
  return Delivery(kGroup, std::move(message));
}
boost::json::value words(const Delivery& what, Route route = {"p1", false}) {
  return boost::json::parse(write_words(what, route, "n1"));
}
std::string markdown(Message message) {
  return words(delivery(std::move(message))).at("body").at("markdown").at("content").as_string().c_str();
}

}  // namespace

TEST_CASE("a message of a group") {
  const Said said = read_as<Said>(callback(R"("msgtype":"text","text":{"content":"@StudyBot 打卡"})"));
  CHECK(said.req_id == "cb1");
  CHECK(said.event.where == kGroup);
  CHECK(said.event.at == kReader.now);
  const auto& message = std::get<MessagePosted>(said.event.what);
  CHECK(message.id == "M1");
  CHECK(message.from.id == "zhangsan");
  CHECK(message.from.name == "zhangsan");
  CHECK(message.to_me);
  CHECK_FALSE(message.quotes);
  CHECK(message.message == Message("打卡"));
}

TEST_CASE("a message of one person, with its time") {
  const Said said =
      read_as<Said>(single(R"("create_time":1700000001,"msgtype":"text","text":{"content":"@me 打卡"})"));
  CHECK(said.event.where == Address{"work", "zhangsan", true});
  CHECK(said.event.at == from_ms(1'700'000'001'000));
  CHECK(std::get<MessagePosted>(said.event.what).message == Message("@me 打卡"));
}

TEST_CASE("the name that made a message arrive is taken off, whatever ends it") {
  CHECK(said_in_group("@StudyBot 打卡") == "打卡");
  CHECK(said_in_group("  @学伴\u2005打卡 L3 ") == "打卡 L3");
  CHECK(said_in_group("@学伴\u3000打卡") == "打卡");
  CHECK(said_in_group("@学伴\n打卡\n明天") == "打卡\n明天");
  CHECK(said_in_group("@学伴").empty());
  CHECK(said_in_group("打卡 @学伴") == "打卡 @学伴");
  CHECK(said_in_group("").empty());
}

TEST_CASE("mixed, voice, pictures and files") {
  const MessagePosted mixed = posted(callback(
      R"("msgtype":"mixed","mixed":{"msg_item":[{"msgtype":"image","image":{"url":"https://x/1","aeskey":"k"}},)"
      R"({"msgtype":"text","text":{"content":"@学伴 @张三 看"}},{"msgtype":"text","text":{"content":" @李四"}}]})"));
  REQUIRE(mixed.message.parts().size() == 2);
  CHECK(mixed.message.parts()[0] == Segment(Picture{"", "https://x/1", "k"}));
  CHECK(mixed.message.plain() == "@张三 看 @李四");
  CHECK(posted(single(R"("msgtype":"voice","voice":{"content":"打卡"})")).message == Message("打卡"));
  CHECK(posted(single(R"("msgtype":"image","image":{"url":"u"})")).message.parts()[0] ==
        Segment(Picture{"", "u"}));
  const Message file = posted(single(R"("msgtype":"file","file":{"url":"u","filename":"a.pdf"})")).message;
  REQUIRE(std::holds_alternative<Attachment>(file.parts()[0]));
  CHECK(std::get<Attachment>(file.parts()[0]).name == "a.pdf");
  CHECK(posted(single(R"("msgtype":"video","video":{"url":"u"})")).message.parts().size() == 1);
  CHECK(posted(single(R"("msgtype":"sticker","sticker":{"id":1})")).message.parts()[0] ==
        Segment(Raw{"sticker", R"({"id":1})"}));
}

TEST_CASE("a quoted message is kept, though it has no id") {
  const MessagePosted message = posted(callback(
      R"("msgtype":"text","text":{"content":"@学伴 打卡"},"quote":{"msgtype":"text","text":{"content":"L3"}})"));
  CHECK_FALSE(message.quotes);
  CHECK(message.message.plain() == "打卡");
  REQUIRE(message.message.parts().size() == 2);
  CHECK(std::get<Raw>(message.message.parts()[1]).type == "quote");
}

TEST_CASE("a tap on a button is what the button says") {
  const auto tap = [](const std::string& key) {
    return R"({"cmd":"aibot_event_callback","headers":{"req_id":"e2"},"body":{"msgid":"E2",)"
           R"("create_time":1700000002,"aibotid":"BOTID","chatid":"CHAT1","chattype":"group",)"
           R"("from":{"userid":"lisi"},"msgtype":"event","event":{"eventtype":"template_card_event",)"
           R"("template_card_event":{"card_type":"button_interaction","event_key":")" +
           key + R"(","task_id":"t1"}}}})";
  };
  const Said said = read_as<Said>(tap(*button_key("打卡 L3 100%")));
  CHECK(said.req_id.empty());
  CHECK(said.event.where == kGroup);
  const auto& message = std::get<MessagePosted>(said.event.what);
  CHECK(message.message == Message("打卡 L3 100%"));
  CHECK(message.to_me);
  CHECK(message.id == "E2");
  read_as<Ignored>(tap("another"));
  read_as<Ignored>(tap("say:%zz"));
  CHECK_FALSE(button_key(std::string(400, '\xe5')));
}

TEST_CASE("other events, answers, and what is neither") {
  read_as<Replaced>(
      R"({"cmd":"aibot_event_callback","headers":{"req_id":"e1"},"body":{"msgid":"E1","create_time":1700000000,)"
      R"("aibotid":"BOTID","msgtype":"event","event":{"eventtype":"disconnected_event"}}})");
  read_as<Ignored>(
      R"({"cmd":"aibot_event_callback","headers":{},"body":{"event":{"eventtype":"enter_chat"}}})");
  const Ack ack = read_as<Ack>(
      R"({"headers":{"req_id":"r1"},"errcode":0,"errmsg":"ok","body":{"upload_id":"U1","media_id":"D1"}})");
  CHECK(ack.echo == "r1");
  CHECK(ack.upload_id == "U1");
  CHECK(ack.media_id == "D1");
  for (const std::string bytes :
       {"", "{", "[]", "null", "{}", R"({"cmd":"x"})", R"({"cmd":5,"headers":[]})",
        R"({"cmd":"aibot_msg_callback"})", R"({"cmd":"aibot_msg_callback","body":5})",
        R"({"cmd":"aibot_msg_callback","body":{"msgtype":"text"}})",
        R"({"cmd":"aibot_msg_callback","body":{"msgtype":"stream","from":{"userid":"a"}}})",
        R"({"cmd":"aibot_event_callback","body":{"event":[]}})"}) {
    read_as<Ignored>(bytes);
  }
  CHECK(posted(single(R"("msgtype":"text","text":17)")).message.empty());
  CHECK(posted(single("\"msgtype\":\"text\",\"text\":{\"content\":\"\xff\"}")).message.plain() ==
        "\xef\xbf\xbd");
}

TEST_CASE("the inside of a callback") {
  const Frame frame = read_callback(support::kRobotMessage, kReader);
  REQUIRE(std::holds_alternative<Said>(frame));
  const Said& said = std::get<Said>(frame);
  CHECK(said.response_url == "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=RC");
  CHECK(said.req_id.empty());
  CHECK(std::get<MessagePosted>(said.event.what).message == Message("今日任务"));
  CHECK(std::holds_alternative<Ignored>(read_callback("<xml/>", kReader)));
}

TEST_CASE("frames as the reference shows them") {
  CHECK(
      boost::json::parse(write_subscribe("BOTID", "SECRET", "r1")) ==
      boost::json::parse(
          R"({"cmd":"aibot_subscribe","headers":{"req_id":"r1"},"body":{"bot_id":"BOTID","secret":"SECRET"}})"));
  CHECK(boost::json::parse(write_ping("r2")) ==
        boost::json::parse(R"({"cmd":"ping","headers":{"req_id":"r2"}})"));
  CHECK(words(delivery(Message("已打卡，连续 3 天")), {"cb1", true}) ==
        boost::json::parse(
            R"({"cmd":"aibot_respond_msg","headers":{"req_id":"cb1"},"body":{"msgtype":"stream",)"
            R"("stream":{"id":"n1","finish":true,"content":"已打卡，连续 3 天"}}})"));
  CHECK(words(delivery(Message("20:00 晚自习开始"))) ==
        boost::json::parse(
            R"({"cmd":"aibot_send_msg","headers":{"req_id":"p1"},"body":{"chatid":"CHAT1","chat_type":2,)"
            R"("msgtype":"markdown","markdown":{"content":"20:00 晚自习开始"}}})"));
  CHECK(words(Delivery({"work", "lisi", true}, Message("x"))).at("body").at("chat_type") == 1);
  CHECK(
      boost::json::parse(write_media(kGroup, "image", "D1", {"p2", false})).at("body") ==
      boost::json::parse(R"({"chatid":"CHAT1","chat_type":2,"msgtype":"image","image":{"media_id":"D1"}})"));
  CHECK(boost::json::parse(write_response(delivery(Message("x")), "n")) ==
        boost::json::parse(R"({"msgtype":"markdown","markdown":{"content":"x"}})"));
}

TEST_CASE("only a mention mentions") {
  Message message("你好 ");
  message.add(Mention{"zhangsan"}).add(Text{" 和 "}).add(MentionAll{}).add(Quote{"M1"});
  Delivery what = delivery(message);
  what.everyone = "各位";
  CHECK(words(what).at("body").at("markdown").at("content") == "你好 <@zhangsan> 和 各位");
  CHECK(markdown(Message().add(Mention{"a><@all"})) == "@a><\u200b@all");
  CHECK(markdown(Message("<@all>")) == "<\u200b@all>");
  CHECK(markdown(Message("<").add(Quote{"1"}).add(Text{"@all>"})) == "<\u200b@all>");
  CHECK(markdown(Message("&lt;@all&#62;")) == "&\u200blt;@all&\u200b#62;");
}

TEST_CASE("typed text is no markup, and stays readable") {
  CHECK(wecom_literal("<font color=\"warning\">x</font>") == "<\u200bfont color=\"warning\">x<\u200b/font>");
  CHECK(wecom_literal("[bank](https://evil)") == "[bank]\u200b(https://evil)");
  CHECK(wecom_literal("# a\n > b\nc # d") == "\u200b# a\n \u200b> b\nc # d");
  CHECK(wecom_literal("**a** `b` ~~c~~") == "∗∗a∗∗ ˋbˋ ~\u200b~c~\u200b~");
  CHECK(wecom_literal("3 < 5, a_b & c -> https://x.example/a_b?c=d#e") ==
        "3 < 5, a_b & c -> https://x.example/a_b?c=d#e");
}

TEST_CASE("a message with buttons is a card") {
  Message message("今天的任务\n背单词 50 个\n做题");
  message.add(Button{"打卡", "打卡 L3"})
      .add(Button{"又是", "打卡 L3"})
      .add(Button{"长", std::string(2000, 'x')});
  const auto frame = words(delivery(message), {"cb1", true});
  CHECK(frame.at("cmd") == "aibot_respond_msg");
  const auto& card = frame.at("body").at("template_card");
  CHECK(card.at("card_type") == "button_interaction");
  CHECK(card.at("main_title").at("title") == "今天的任务");
  CHECK(card.at("sub_title_text") == "背单词 50 个\n做题");
  CHECK(card.at("task_id") == "n1");
  REQUIRE(card.at("button_list").as_array().size() == 1);
  const auto& button = card.at("button_list").at(0);
  CHECK(button.at("text") == "打卡");
  CHECK(command_in(button.at("key").as_string().c_str()) == "打卡 L3");
  for (int number = 0; number < 10; ++number) message.add(Button{"b", std::to_string(number)});
  CHECK(words(delivery(message)).at("body").at("template_card").at("button_list").as_array().size() == 6);
  CHECK(write_words(delivery(Message().add(Button{"b", "c"})), {"p", false}, "n").empty());
}

TEST_CASE("nothing to say, too much to say, and damaged text") {
  CHECK(write_words(delivery(Message()), {"p", false}, "n").empty());
  CHECK(write_words(delivery(Message().add(Picture{"png", ""})), {"p", false}, "n").empty());
  CHECK(markdown(Message(std::string(30000, 'x'))).size() == 20480);
  CHECK(markdown(Message("\xff")) == "\xef\xbf\xbd");
}

TEST_CASE("an upload in pieces") {
  const std::string bytes = "\x89PNG" + std::string(kPiece, 'x');
  const auto begin = boost::json::parse(write_upload_begin(Media{"image", "picture.png", bytes}, "u1"));
  CHECK(begin.at("cmd") == "aibot_upload_media_init");
  CHECK(begin.at("body").at("filename") == "picture.png");
  CHECK(json::integer(&begin.at("body").at("total_size")) == static_cast<std::int64_t>(kPiece + 4));
  CHECK(json::integer(&begin.at("body").at("total_chunks")) == 2);
  const auto piece = boost::json::parse(write_upload_piece("U1", 0, "abc", "u2"));
  CHECK(piece.at("body") == boost::json::parse(R"({"upload_id":"U1","chunk_index":0,"base64_data":"YWJj"})"));
  CHECK(boost::json::parse(write_upload_end("U1", "u3")).at("body").at("upload_id") == "U1");
}

TEST_CASE("what of a message is uploaded, and as what") {
  const std::string voice = "#!AMR" + std::string(10, 'v');
  const auto file = [](Attachment::Kind kind, std::string bytes, std::string name) {
    Attachment made;
    made.kind = kind;
    made.bytes = std::move(bytes);
    made.name = std::move(name);
    return made;
  };
  Message message("看");
  message.add(Picture{"\x89PNG....", ""})
      .add(file(Attachment::Kind::voice, voice, "a.amr"))
      .add(file(Attachment::Kind::voice, "ID3 no amr", "a.mp3"))
      .add(file(Attachment::Kind::video, "0123456789", "a.mp4"))
      .add(file(Attachment::Kind::file, "0123456789", "\u540d\n\u5355.csv"))
      .add(file(Attachment::Kind::file, "01234", "too small"))
      .add(file(Attachment::Kind::file, std::string(20 * 1024 * 1024 + 1, 'x'), "too large"));
  const std::vector<Media> all = media_of(message);
  REQUIRE(all.size() == 5);
  CHECK(all[0].type == "image");
  CHECK(all[1].type == "voice");
  CHECK(all[2].type == "file");
  CHECK(all[3].type == "video");
  CHECK(all[4].type == "file");
  CHECK(all[4].name.find('\n') == std::string::npos);
}

TEST_CASE("what answers mean") {
  const auto outcome = [](std::int64_t code) {
    Ack ack;
    ack.code = code;
    return outcome_of(ack);
  };
  CHECK(std::holds_alternative<Sent>(outcome(0)));
  CHECK(std::get<NotSent>(outcome(45009)).retry_after == std::chrono::seconds(60));
  CHECK(std::get<NotSent>(outcome(-1)).retry_after);
  for (const std::int64_t code : {93001, 93006, 93008, 93019})
    CHECK(std::get<Refused>(outcome(code)).whole_chat);
  for (const std::int64_t code : {93017, 93018, 40058, 1})
    CHECK_FALSE(std::get<Refused>(outcome(code)).whole_chat);
  CHECK(read_ack("no json").code == 0);
  CHECK(read_ack(R"({"errcode":40058,"errmsg":"bad"})").code == 40058);
}
