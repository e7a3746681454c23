// What a message of OneBot is made of, read and written.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <string>

#include "bot/platforms/onebot/codec.hpp"

using namespace bot;
using namespace bot::onebot;

namespace {

Message read(const std::string& message) {
  CAPTURE(message);
  const Frame frame =
      read_frame(R"({"post_type":"message","message_type":"group","self_id":10001000,"group_id":987654321,)"
                 R"("user_id":12345678,"message":)" +
                     message + "}",
                 Reader{"qq", "10001000", from_ms(1)});
  REQUIRE(std::holds_alternative<Said>(frame));
  return std::get<MessagePosted>(std::get<Said>(frame).event.what).message;
}

Segment segment(const std::string& type, const std::string& data) {
  const Message message = read(R"([{"type":")" + type + R"(","data":)" + data + "}]");
  REQUIRE(message.parts().size() == 1);
  return message.parts().front();
}

Segment coded(const std::string& code) {
  const Message message = read(boost::json::serialize(boost::json::value(code)));
  REQUIRE(message.parts().size() == 1);
  return message.parts().front();
}

/// A card as QQ sends it: JSON within JSON.
Segment card(const std::string& written) {
  return segment("json", boost::json::serialize(boost::json::object{{"data", written}}));
}

bool is_raw(const Segment& part) {
  return std::holds_alternative<Raw>(part);
}

boost::json::value sent(const Message& message) {
  const std::string call = write_send(Address{"qq", "987", false}, message, "e");
  return call.empty() ? boost::json::value() : boost::json::parse(call).at("params").at("message");
}

constexpr const char* kLocationCard =
    R"({"app":"com.tencent.map","desc":"地图","view":"LocationShare","ver":"0.0.0.1",)"
    R"("prompt":"[位置]图书馆","meta":{"Location.Search":{"id":"1","name":"图书馆",)"
    R"("address":"学院路 1 号","lat":"39.896","lng":"116.310","from":"plusPanel"}},)"
    R"("config":{"forward":1,"type":"card"}})";

}  // namespace

TEST_CASE("a picture says where it is kept") {
  CHECK(segment("image", R"({"file":"a.png","url":"https://p.example/1?rkey=x","sub_type":0})") ==
        Segment(Picture{"", "https://p.example/1?rkey=x"}));
  CHECK(segment("image", R"({"file":"http://p.example/2"})") == Segment(Picture{"", "http://p.example/2"}));
  CHECK(segment("image", R"({"file":"a.png","file_size":"17"})") == Segment(Picture{}));
  CHECK(coded("[CQ:image,file=a.png,url=https://p.example/1?a=1&amp;b=2]") ==
        Segment(Picture{"", "https://p.example/1?a=1&b=2"}));
}

TEST_CASE("an address that is none of the web is not kept") {
  CHECK(segment("image", R"({"file":"a.png","url":"file:///etc/passwd"})") == Segment(Picture{}));
  CHECK(segment("image", R"({"file":"file://C:\\Pic\\a.png","path":"C:\\Pic\\a.png"})") ==
        Segment(Picture{}));
  const auto file = std::get<Attachment>(segment("file", R"({"file":"a.pdf","url":"/local/a.pdf"})"));
  CHECK(file.url.empty());
}

TEST_CASE("a picture about which nothing is known stays raw") {
  CHECK(is_raw(segment("image", "{}")));
  CHECK(is_raw(segment("image", "null")));
  CHECK(is_raw(segment("image", R"({"url":5,"file":null})")));
}

TEST_CASE("voice messages, videos and files") {
  CHECK(segment("file",
                R"({"file":"报告.pdf","file_id":"/f-1","file_size":"123","url":"http://x.example/r"})") ==
        Segment(Attachment{Attachment::Kind::file, "", "报告.pdf", "/f-1", "http://x.example/r", 123}));
  CHECK(segment("file", R"({"name":"b.txt","id":"fd7b","size":43075,"url":""})") ==
        Segment(Attachment{Attachment::Kind::file, "", "b.txt", "fd7b", "", 43075}));
  CHECK(segment("record", R"({"file":"v.amr","path":"","file_size":-1})") ==
        Segment(Attachment{Attachment::Kind::voice, "", "v.amr", "", "", {}}));
  CHECK(segment("video", R"({"file":"https://v.example/1.mp4","file_id":77})") ==
        Segment(Attachment{Attachment::Kind::video, "", "", "77", "https://v.example/1.mp4", {}}));
  CHECK(coded("[CQ:file,file=a.ipk,url=/s,file_id=00dc.ipk,file_size=60232]") ==
        Segment(Attachment{Attachment::Kind::file, "", "a.ipk", "00dc.ipk", "", 60232}));
  CHECK(is_raw(segment("file", "{}")));
  CHECK(is_raw(segment("record", "null")));
}

TEST_CASE("places, as numbers and as strings") {
  const Place library{39.896, 116.31, "图书馆", "学院路 1 号"};
  CHECK(segment("location", R"({"lat":39.896,"lon":116.31,"title":"图书馆","content":"学院路 1 号"})") ==
        Segment(library));
  CHECK(segment("location", R"({"lat":"39.896","lon":"116.31","title":"图书馆","content":"学院路 1 号"})") ==
        Segment(library));
  CHECK(coded("[CQ:location,lat=39.896,lon=116.31,title=图书馆,content=学院路 1 号]") == Segment(library));
  CHECK(card(kLocationCard) == Segment(library));
  CHECK(segment("location", R"({"lat":0,"lon":-180})") == Segment(Place{0, -180, "", ""}));
}

TEST_CASE("what is no place on earth stays raw") {
  for (const std::string data :
       {R"({"lat":"39.8","lon":""})", R"({"lat":"nan","lon":"1"})", R"({"lat":"inf","lon":"1"})",
        R"({"lat":91,"lon":1})", R"({"lat":1,"lon":180.5})", R"({"lat":"1x","lon":1})", R"({"lat":1})",
        R"({"lat":null,"lon":[]})", "{}", "null"}) {
    CHECK(is_raw(segment("location", data)));
  }
  CHECK(is_raw(card(R"({"app":"com.tencent.map","meta":{"Location.Search":{"name":"x","lat":""}}})")));
}

TEST_CASE("cards of apps and shared links") {
  CHECK(card(R"({"app":"com.tencent.structmsg","view":"news","prompt":"[分享]","meta":{"news":)"
             R"({"title":"支部工作条例","desc":"全文","jumpUrl":"https:\/\/n.example\/1","tag":"网站"}}})") ==
        Segment(Card{"支部工作条例", "全文", "https://n.example/1"}));
  CHECK(card(R"({"app":"com.tencent.miniapp_01","meta":{"detail_1":{"title":"哔哩哔哩","desc":"公开课",)"
             R"("url":"m.q.qq.com\/a\/s\/1","qqdocurl":"https:\/\/b23.example\/x"}}})") ==
        Segment(Card{"哔哩哔哩", "公开课", "https://b23.example/x"}));
  CHECK(card("{\"app\":\"com.x\",\n\"meta\":{\"x\":{\"title\":\"两行\n标题\"}}}") ==
        Segment(Card{"两行 标题", "", ""}));
  CHECK(segment("share", R"({"url":"https://e.example/","title":"第1课","content":"导论"})") ==
        Segment(Card{"第1课", "导论", "https://e.example/"}));
  CHECK(coded("[CQ:share,url=https://e.example/?a=1&b=2,title=第1课&#44; &#91;导论&#93;]") ==
        Segment(Card{"第1课, [导论]", "", "https://e.example/?a=1&b=2"}));
  CHECK(coded(R"([CQ:json,data={"app":"com.x"&#44;"meta":{"news":{"title":"t"}}}])") ==
        Segment(Card{"t", "", ""}));
}

TEST_CASE("cards that show nothing readable stay raw, whatever they hold") {
  for (
      const std::string written :
      {R"({"app":"com.tencent.gxhServiceIntelligentTip","prompt":"冒泡","meta":{"x":{"bgImg":"https://e"}}})",
       R"({"app":"com.tencent.mannounce","meta":{"mannounce":{"encode":1,"title":"5YWs","text":"5ZGK"}}})",
       R"({"app":"x","meta":null})", R"({"app":"x","meta":{"news":7}})", R"({"meta":[]})", "[]", "7", "",
       "not json", R"({"app":)"}) {
    CHECK(is_raw(card(written)));
  }
  CHECK(is_raw(card(std::string(100'000, '['))));
  CHECK(is_raw(segment("json", "{}")));
  CHECK(is_raw(segment("json", R"({"data":17})")));
  CHECK(is_raw(segment("share", R"({"url":"mqqapi://x"})")));
}

TEST_CASE("messages that were forwarded together") {
  CHECK(segment("forward", R"({"id":"7436387625315107617","content":[{"message":"x"}]})") ==
        Segment(Forwarded{"7436387625315107617"}));
  CHECK(segment("forward", R"({"id":17})") == Segment(Forwarded{"17"}));
  CHECK(card(R"({"app":"com.tencent.multimsg","meta":{"detail":{"resid":"resXYZ","summary":"2 条"}}})") ==
        Segment(Forwarded{"resXYZ"}));
  CHECK(is_raw(segment("forward", "{}")));
}

TEST_CASE("stickers and games stay as they are") {
  CHECK(segment("face", R"({"id":"178"})") == Segment(Raw{"face", R"({"id":"178"})"}));
  CHECK(is_raw(segment("mface", R"({"summary":"[摸头]","url":"https://e.example/1.gif"})")));
  CHECK(is_raw(segment("dice", R"({"result":3})")));
  CHECK(is_raw(segment("markdown", R"({"content":"# x"})")));
}

TEST_CASE("a picture goes out as its bytes") {
  Message message("看图");
  message.add(Picture{std::string("\x89PNG\r\n\x1a\n", 8), "https://p.example/1"});
  CHECK(sent(message) == boost::json::parse(R"([{"type":"text","data":{"text":"看图"}},)"
                                            R"({"type":"image","data":{"file":"base64://iVBORw0KGgo="}}])"));
  Message alone;
  alone.add(Picture{"\xff", ""});
  CHECK(sent(alone) == boost::json::parse(R"([{"type":"image","data":{"file":"base64:///w=="}}])"));
}

TEST_CASE("voices, videos and files go out as their bytes") {
  const auto of = [](Attachment::Kind kind, const std::string& name) {
    Message message;
    message.add(Attachment{kind, "\xff", name, "", "https://e.example/", {}, ""});
    return sent(message);
  };
  CHECK(of(Attachment::Kind::voice, "a.amr") ==
        boost::json::parse(R"([{"type":"record","data":{"file":"base64:///w=="}}])"));
  CHECK(of(Attachment::Kind::video, "a.mp4") ==
        boost::json::parse(R"([{"type":"video","data":{"file":"base64:///w=="}}])"));
  CHECK(of(Attachment::Kind::file, "\u540d\n\xff.csv") ==
        boost::json::parse(
            "[{\"type\":\"file\",\"data\":{\"file\":\"base64:///w==\",\"name\":\"\u540d \ufffd.csv\"}}]"));
}

TEST_CASE("no address and nothing that only comes in is ever written") {
  Message message;
  message.add(Picture{"", "file:///etc/passwd"})
      .add(Picture{"", "https://p.example/1"})
      .add(Button{"打卡", "打卡"})
      .add(Place{1, 2, "x", "y"})
      .add(Card{"t", "d", "https://e.example/"})
      .add(Attachment{Attachment::Kind::file, "", "a", "b", "https://e.example/", 1})
      .add(Forwarded{"7"})
      .add(Raw{"shake", "{}"});
  CHECK(sent(message).is_null());
  message.add(Text{"好"});
  CHECK(sent(message) == boost::json::parse(R"([{"type":"text","data":{"text":"好"}}])"));
}
