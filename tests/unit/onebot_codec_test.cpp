#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <string>
#include <variant>

#include "bot/platforms/onebot/codec.hpp"

using namespace bot;
using namespace bot::onebot;

namespace {

const Reader kReader{"qq", "10001000", from_ms(1'700'000'000'000)};

template <class T>
T read_as(const std::string& bytes, const Reader& reader = kReader) {
  CAPTURE(bytes);
  Frame frame = read_frame(bytes, reader);
  REQUIRE(std::holds_alternative<T>(frame));
  return std::get<T>(std::move(frame));
}

Event event_of(const std::string& bytes) {
  return read_as<Said>(bytes).event;
}
MessagePosted posted(const std::string& bytes) {
  return std::get<MessagePosted>(event_of(bytes).what);
}

/// A group message whose members after `message_type` are `more`.
std::string group(const std::string& more) {
  return R"({"post_type":"message","message_type":"group","self_id":10001000,"group_id":987654321,)"
         R"("user_id":12345678,)" +
         more + "}";
}

bool same_json(const std::string& left, const std::string& right) {
  return boost::json::parse(left) == boost::json::parse(right);
}

}  // namespace

TEST_CASE("a group message with the least that implementations send") {
  const std::string frame =
      R"({"time":1767225601,"self_id":10001000,"post_type":"message","message_type":"group",)"
      R"("sub_type":"normal","message_id":7,"group_id":987654321,"user_id":12345678,"message":[{"type":"at",)"
      R"("data":{"qq":10001000}},{"type":"text","data":{"text":" 打卡"}}],)"
      R"("raw_message":"[CQ:at,qq=10001000] 打卡","font":14,"sender":{"user_id":12345678,)"
      R"("nickname":"小明","card":""}})";
  const Event event = event_of(frame);
  CHECK(event.where == Address{"qq", "987654321", false});
  CHECK(event.at == from_ms(1'767'225'601'000));
  const auto& message = std::get<MessagePosted>(event.what);
  CHECK(message.from.id == "12345678");
  CHECK(message.from.name == "小明");
  CHECK(message.from.role == Sender::Role::unknown);
  CHECK_FALSE(message.from.anonymous);
  CHECK(message.id == "7");
  CHECK(message.to_me);
  CHECK_FALSE(message.to_others);
  CHECK_FALSE(message.quotes);
  CHECK(message.message.plain() == " 打卡");
  CHECK(message.message.parts().front() == Segment(Mention{"10001000"}));
}

TEST_CASE("the same message as a string with codes") {
  const MessagePosted message =
      posted(group(R"("message":"[CQ:reply,id=-5][CQ:at,qq=10001000] a&amp;b&#91;c")"));
  CHECK(message.to_me);
  CHECK(message.quotes == "-5");
  CHECK(message.message.plain() == " a&b[c");
  CHECK(message.message.parts().size() == 3);
}

TEST_CASE("one segment without its array") {
  CHECK(posted(group(R"("message":{"type":"text","data":{"text":"hi"}})")).message == Message("hi"));
}

TEST_CASE("a message may be empty or missing, and odd segments do no harm") {
  CHECK(posted(group(R"("message":[])")).message.empty());
  CHECK(posted(group(R"("font":0)")).message.empty());
  CHECK(posted(group(R"("message":null)")).message.empty());
  CHECK(posted(group(R"("message":17)")).message.empty());
  CHECK(posted(group(R"("message":[null,1,"x",{},{"type":5},{"type":"text"},{"type":"text","data":null}])"))
            .message.empty());
  CHECK(posted(group(R"("message":[{"type":"text","data":{"text":12}}])")).message == Message("12"));
}

TEST_CASE("segments that nobody reads are kept as they are") {
  const Message message =
      posted(group(R"("message":[{"type":"shake","data":null},{"type":"face","data":{"id":178}},)"
                   R"({"type":"at","data":{}},{"type":"reply","data":{"id":0}}])"))
          .message;
  REQUIRE(message.parts().size() == 4);
  CHECK(message.parts()[0] == Segment(Raw{"shake", "null"}));
  CHECK(message.parts()[1] == Segment(Raw{"face", R"({"id":178})"}));
  CHECK(message.parts()[2] == Segment(Raw{"at", "{}"}));
  CHECK(message.parts()[3] == Segment(Raw{"reply", R"({"id":0})"}));
  CHECK(posted(group(R"("message":"[CQ:face,id=178]")")).message.parts().front() ==
        Segment(Raw{"face", R"({"id":"178"})"}));
}

TEST_CASE("whom a message mentions") {
  const auto at = [](const std::string& qq) {
    return posted(group(R"("message":[{"type":"at","data":{"qq":)" + qq + "}}]"));
  };
  CHECK(at(R"("10001000")").to_me);
  CHECK(at("10001000").to_me);
  CHECK(at("7").to_others);
  CHECK_FALSE(at("7").to_me);
  for (const std::string all : {R"("all")", "0", R"("0")"}) {
    CHECK(at(all).to_others);
    CHECK_FALSE(at(all).to_me);
    CHECK(at(all).message.parts().front() == Segment(MentionAll{}));
  }
}

TEST_CASE("ids are text, whatever they were") {
  const Event event = event_of(
      R"({"post_type":"message","message_type":"group","self_id":"1","group_id":"888","user_id":"u7",)"
      R"("message_id":-2147483648,"message":"hi"})");
  CHECK(event.where.chat == "888");
  const auto& message = std::get<MessagePosted>(event.what);
  CHECK(message.from.id == "u7");
  CHECK(message.from.name == "u7");
  CHECK(message.id == "-2147483648");
  CHECK(posted(group(R"("message":"hi")")).id.empty());
}

TEST_CASE("a private chat, and one that goes through a group") {
  const std::string head =
      R"({"post_type":"message","message_type":"private","self_id":10001000,"user_id":12,"message":"hi",)";
  CHECK(event_of(head + R"("sub_type":"friend"})").where == Address{"qq", "12", true});
  const Said said = read_as<Said>(head + R"("sub_type":"group","group_id":99,"temp_source":0})");
  CHECK(said.event.where == Address{"qq", "12", true});
  CHECK(said.through_group == "99");
  CHECK(read_as<Said>(head + R"("sub_type":"group","sender":{"group_id":98}})").through_group == "98");
  CHECK(read_as<Said>(head + R"("sub_type":"friend","group_id":97})").through_group.empty());
}

TEST_CASE("who speaks") {
  const auto from = [](const std::string& more) { return posted(group(R"("message":"hi",)" + more)).from; };
  CHECK(from(R"("sender":{"card":"卡","nickname":"名","role":"admin"})").name == "卡");
  CHECK(from(R"("sender":{"card":"卡","role":"admin"})").role == Sender::Role::admin);
  CHECK(from(R"("sender":{"role":"owner"})").role == Sender::Role::owner);
  CHECK(from(R"("sender":{"role":"member"})").role == Sender::Role::member);
  CHECK(from(R"("sender":{"role":"king"})").role == Sender::Role::unknown);
  CHECK(from(R"("sender":"nobody")").name == "12345678");
  CHECK_FALSE(from(R"("anonymous":null)").anonymous);
  const Sender hidden = from(R"("sub_type":"anonymous","anonymous":{"id":1,"name":"大力鬼王","flag":"x"},)"
                             R"("sender":{"nickname":"名"})");
  CHECK(hidden.anonymous);
  CHECK(hidden.name == "大力鬼王");
  CHECK(from(R"("sub_type":"anonymous")").anonymous);
}

TEST_CASE("time in seconds, in milliseconds, and none at all") {
  const auto at = [](const std::string& time) {
    return event_of(group(R"("message":"hi","time":)" + time)).at;
  };
  CHECK(at("1767225601") == from_ms(1'767'225'601'000));
  CHECK(at("1767225601123") == from_ms(1'767'225'601'123));
  CHECK(at(R"("1767225601")") == from_ms(1'767'225'601'000));
  for (const std::string bad :
       {"0", "-5", "null", "1e300", "9223372036854775807", "18446744073709551615", "{}"}) {
    CAPTURE(bad);
    CHECK(at(bad) == kReader.now);
  }
}

TEST_CASE("the true sequence number") {
  const auto sequence = [](const std::string& more) {
    return event_of(group(R"("message":"hi",)" + more)).sequence;
  };
  CHECK(sequence(R"("message_id":7,"message_seq":7,"real_id":7,"real_seq":"874512")") == "874512");
  CHECK(sequence(R"("message_id":-7,"message_seq":6552)") == "6552");
  CHECK(sequence(R"("message_id":7,"message_seq":7)").empty());
  CHECK(sequence(R"("message_id":7)").empty());
}

TEST_CASE("the account's own messages are told apart") {
  for (
      const std::string frame :
      {R"({"post_type":"message","message_type":"group","self_id":5,"group_id":1,"user_id":5,"message":"x"})",
       R"({"post_type":"message","message_type":"group","group_id":1,"user_id":10001000,"message":"x"})",
       R"({"post_type":"message_sent","message_type":"group","self_id":5,"group_id":1,"user_id":5,"message":"x"})"}) {
    const auto own = read_as<OwnSaid>(frame);
    CHECK(own.event.where == bot::Address{"qq", "1", false});
    CHECK(std::get<bot::OwnMessage>(own.event.what).message.plain() == "x");
  }
  const auto direct = read_as<OwnSaid>(
      R"({"post_type":"message_sent","message_type":"private","self_id":5,"user_id":5,"target_id":7,"message":"x"})");
  CHECK(direct.event.where == bot::Address{"qq", "7", true});
  const auto to_user = read_as<OwnSaid>(
      R"({"post_type":"message_sent","message_type":"private","self_id":5,"user_id":7,"message":"x"})");
  CHECK(to_user.event.where == bot::Address{"qq", "7", true});
  read_as<Ignored>(
      R"({"post_type":"message_sent","message_type":"private","self_id":5,"user_id":5,"message":"x"})");
}

TEST_CASE("a history is read the oldest first, whatever order it comes in") {
  const auto ids = [](const std::string& messages) {
    auto response =
        read_as<Response>(R"({"status":"ok","retcode":0,"echo":"e","data":{"messages":[)" + messages + "]}}");
    std::string all;
    for (const bot::PastMessage& past : history_of(std::move(response)).messages) {
      all += past.posted.id + (past.own ? "! " : " ");
    }
    return all;
  };
  const std::string first = R"({"time":1700000001,"message_id":1,"user_id":7,"message":"a"})";
  const std::string second = R"({"time":1700000002,"message_id":2,"user_id":10001000,"message":"b"})";
  const std::string third = R"({"time":1700000002,"message_id":3,"sender":{"user_id":8},"message":"c"})";
  CHECK(ids(first + "," + second + "," + third) == "1 2! 3 ");
  CHECK(ids(third + "," + second + "," + first) == "1 2! 3 ");
  CHECK(ids("7,null,{}," + second) == "2! ");
  CHECK(ids("") == "");
}

TEST_CASE("a platform without a history is not asked again") {
  const auto read = [](const std::string& frame) { return history_of(read_as<Response>(frame)); };
  CHECK_FALSE(read(R"({"status":"failed","retcode":1404,"echo":"e"})").supported);
  const auto empty = read(R"({"status":"failed","retcode":1200,"message":"no messages","echo":"e"})");
  CHECK(empty.supported);
  CHECK(empty.failure == "retcode 1200: no messages");
}

TEST_CASE("what the platform's servers refuse was not delivered") {
  const auto outcome = [](const std::string& message) {
    Response response;
    response.retcode = 1200;
    response.message = message;
    return outcome_of(response);
  };
  const auto muted = outcome("EventChecker Failed: EventRet { \"result\": 120, \"errMsg\": \"\" }");
  REQUIRE(std::holds_alternative<bot::Refused>(muted));
  CHECK(std::get<bot::Refused>(muted).whole_chat);
  const auto busy = outcome(R"({"result":299})");
  REQUIRE(std::holds_alternative<bot::NotSent>(busy));
  CHECK(std::get<bot::NotSent>(busy).retry_after == std::chrono::seconds(60));
  CHECK(std::holds_alternative<bot::Unknown>(outcome(R"({"result":1101})")));
  CHECK(std::holds_alternative<bot::Unknown>(outcome("Timeout: NTEvent")));
}

TEST_CASE("frames that say nothing to us") {
  for (const std::string frame : {R"({"post_type":"notice","notice_type":"group_card","group_id":1})",
                                  R"({"post_type":"request"})",
                                  R"({"post_type":"custom"})",
                                  R"({"post_type":7})",
                                  R"({"post_type":"meta_event","meta_event_type":"x"})",
                                  R"({"post_type":"message","user_id":7})",
                                  R"({"post_type":"message","message_type":"guild","user_id":7})",
                                  R"({"post_type":"message","message_type":"group","user_id":7})",
                                  R"({"post_type":"message","message_type":"group","group_id":7})",
                                  R"({"a":1})",
                                  R"([])",
                                  R"("x")",
                                  "17",
                                  "null",
                                  "",
                                  " ",
                                  "not json",
                                  "{",
                                  R"({"post_type":"message")",
                                  "\xff\xfe",
                                  "{}{}"}) {
    read_as<Ignored>(frame);
  }
  read_as<Ignored>(std::string(100'000, '['));
  read_as<Ignored>(std::string("\0\0", 2));
}

TEST_CASE("damaged text is repaired, not lost") {
  CHECK(posted(group("\"message\":\"a\xffz\"")).message.plain() == "a\xef\xbf\xbdz");
  CHECK(posted(group(R"("message":"a\ud83dz")")).message.plain() == "a\xef\xbf\xbdz");
  CHECK(posted(group(R"("message":"a\u0000z")")).message.plain() == "az");
  CHECK(posted(group(R"("message":"a\ude00\ud83d\ude00\\ud83d","time":1)")).message.plain() ==
        "a\xef\xbf\xbd😀\\ud83d");
}

TEST_CASE("heartbeat, lifecycle and the end of a login") {
  const auto beat = read_as<Heartbeat>(
      R"({"post_type":"meta_event","meta_event_type":"heartbeat","status":{"online":false,"good":true},"interval":30000})");
  CHECK(beat.interval == Milliseconds(30000));
  CHECK(beat.online == false);
  const auto bare =
      read_as<Heartbeat>(R"({"post_type":"meta_event","meta_event_type":"heartbeat","interval":-1})");
  CHECK_FALSE(bare.interval);
  CHECK_FALSE(bare.online);
  CHECK_FALSE(read_as<Heartbeat>(
                  R"({"post_type":"meta_event","meta_event_type":"heartbeat","status":{"online":null}})")
                  .online);
  CHECK(read_as<Lifecycle>(
            R"({"post_type":"meta_event","meta_event_type":"lifecycle","sub_type":"connect","self_id":1})")
            .self == "1");
  CHECK(read_as<WentOffline>(
            R"({"post_type":"notice","notice_type":"bot_offline","user_id":1,"tag":"t","message":"下线"})")
            .reason == "下线");
}

TEST_CASE("answers to calls") {
  const auto sent = read_as<Response>(
      R"({"status":"ok","retcode":0,"data":{"message_id":-123},"message":"","wording":"","echo":"17"})");
  CHECK(sent.ok);
  CHECK(sent.echo == "17");
  CHECK(sent.message_id == "-123");
  CHECK(read_as<Response>(R"({"status":"ok"})").ok);
  CHECK(read_as<Response>(R"({"retcode":0})").ok);
  const auto failed = read_as<Response>(
      R"({"status":"failed","retcode":1200,"data":null,"message":"","wording":"w","echo":"e"})");
  CHECK_FALSE(failed.ok);
  CHECK(failed.retcode == 1200);
  CHECK(failed.message == "w");
  CHECK(read_as<Response>(R"({"status":"failed","retcode":100,"msg":"SEND_MSG_API_ERROR"})").message ==
        "SEND_MSG_API_ERROR");
  CHECK(read_as<Response>(R"({"status":"async","retcode":1})").pending);
  for (const std::string echo : {"null", "17", "{}", "[]", R"("")"}) {
    CHECK(read_as<Response>(R"({"status":"ok","retcode":0,"echo":)" + echo + "}").echo.empty());
  }
}

TEST_CASE("what the first three calls answer") {
  CHECK(read_as<Response>(R"({"status":"ok","data":{"user_id":10001000,"nickname":"x"}})").user_id ==
        "10001000");
  CHECK(read_as<Response>(R"({"status":"ok","data":{"app_name":"NapCat.Onebot","app_version":"4.8.90"}})")
            .implementation == "NapCat.Onebot 4.8.90");
  const auto listed = read_as<Response>(
      R"({"status":"ok","data":[{"group_id":1,"group_name":"一班"},{"group_id":"2"},{"group_name":"x"},7]})");
  REQUIRE(listed.groups.size() == 2);
  CHECK(listed.groups[0].chat == "1");
  CHECK(listed.groups[0].name == "一班");
  CHECK(listed.groups[1].chat == "2");
}

TEST_CASE("typed text can never become a code") {
  Message message("[CQ:at,qq=all] & \"x\"\n");
  CHECK(same_json(write_send(Address{"qq", "987", false}, message, "e1"),
                  R"({"action":"send_group_msg","params":{"group_id":987,"message":[{"type":"text",)"
                  R"("data":{"text":"[CQ:at,qq=all] & \"x\"\n"}}]},"echo":"e1"})"));
}

TEST_CASE("the quote comes first and once; what cannot be sent is left out") {
  Message message("看");
  message.add(Mention{"12"}).add(Quote{"-5"}).add(Quote{"6"}).add(Raw{"image", "{}"}).add(MentionAll{});
  CHECK(same_json(write_send(Address{"qq", "12", true}, message, "e"),
                  R"({"action":"send_private_msg","params":{"user_id":12,"message":[)"
                  R"({"type":"reply","data":{"id":"-5"}},{"type":"text","data":{"text":"看"}},)"
                  R"({"type":"at","data":{"qq":"12"}},{"type":"at","data":{"qq":"all"}}]},"echo":"e"})"));
  Message nothing;
  nothing.add(Quote{"5"}).add(Raw{"image", "{}"}).add(Text{});
  CHECK(write_send(Address{"qq", "12", true}, nothing, "e").empty());
}

TEST_CASE("ids are numbers when they are numbers") {
  const auto params = [](const std::string& chat) {
    const std::string frame = write_send(Address{"qq", chat, false}, Message("x"), "e");
    return boost::json::serialize(boost::json::parse(frame).at("params").at("group_id"));
  };
  CHECK(params("987") == "987");
  CHECK(params("-9") == "-9");
  CHECK(params("9223372036854775807") == "9223372036854775807");
  CHECK(params("9223372036854775808") == "\"9223372036854775808\"");
  CHECK(params("007") == "\"007\"");
  CHECK(params("abc") == "\"abc\"");
  CHECK(params("") == "\"\"");
  CHECK(params("1\xff") == "\"1\xef\xbf\xbd\"");
}

TEST_CASE("a temporary chat names its group, a group never does") {
  const Address person{"qq", "12", true};
  const auto call = boost::json::parse(write_send(person, Message("x"), "e", "99"));
  CHECK(call.at("params").at("group_id") == 99);
  CHECK(call.at("params").at("user_id") == 12);
}

TEST_CASE("damaged text is repaired on the way out") {
  const auto call = boost::json::parse(write_send(Address{"qq", "1", false}, Message("a\xffz"), "e"));
  CHECK(call.at("params").at("message").at(0).at("data").at("text") == "a\xef\xbf\xbdz");
}

TEST_CASE("a call without parameters") {
  CHECK(
      same_json(write_call("get_login_info", "e"), R"({"action":"get_login_info","params":{},"echo":"e"})"));
}

TEST_CASE("what an answer proves") {
  const auto outcome = [](const std::string& frame) { return outcome_of(read_as<Response>(frame)); };
  const SendOutcome sent = outcome(R"({"status":"ok","retcode":0,"data":{"message_id":12}})");
  REQUIRE(std::holds_alternative<Sent>(sent));
  CHECK(std::get<Sent>(sent).message_id == "12");
  CHECK(std::holds_alternative<Sent>(outcome(R"({"status":"ok","retcode":0,"data":null})")));
  CHECK(std::holds_alternative<Refused>(outcome(R"({"status":"failed","retcode":1400})")));
  CHECK(std::holds_alternative<Refused>(outcome(R"({"status":"failed","retcode":1404})")));
  CHECK(std::holds_alternative<Unknown>(outcome(R"({"status":"async","retcode":1})")));
  CHECK(std::holds_alternative<Unknown>(outcome(R"({"status":"failed"})")));
  const SendOutcome failed = outcome(R"({"status":"failed","retcode":1200,"message":"Timeout: NTEvent"})");
  REQUIRE(std::holds_alternative<Unknown>(failed));
  CHECK(std::get<Unknown>(failed).reason == "retcode 1200: Timeout: NTEvent");
}
