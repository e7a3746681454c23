#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/platforms/onebot/cq.hpp"

using bot::onebot::cq_text;
using bot::onebot::CqPart;
using bot::onebot::CqParts;
using bot::onebot::parse_cq;
using bot::onebot::print_cq;

namespace {

using Data = std::vector<std::pair<std::string, std::string>>;

CqPart code(std::string type, Data data = {}) {
  return CqPart{std::move(type), std::move(data)};
}

void check_both_ways(const CqParts& parts, const std::string& text) {
  CAPTURE(text);
  CHECK(print_cq(parts) == text);
  CHECK(parse_cq(text) == parts);
}

}  // namespace

TEST_CASE("messages and their strings, both ways") {
  check_both_ways({cq_text("打卡成功")}, "打卡成功");
  check_both_ways({cq_text("a&b [x], y")}, "a&amp;b &#91;x&#93;, y");
  check_both_ways({cq_text("&#91; &amp;")}, "&amp;#91; &amp;amp;");
  check_both_ways({cq_text("[CQ:at,qq=all]")}, "&#91;CQ:at,qq=all&#93;");
  check_both_ways({code("at", {{"qq", "10001"}}), cq_text(" 记得交作业")}, "[CQ:at,qq=10001] 记得交作业");
  check_both_ways({code("at", {{"qq", "all"}})}, "[CQ:at,qq=all]");
  check_both_ways({code("reply", {{"id", "-2147483648"}}), code("at", {{"qq", "10001"}}), cq_text(" ok")},
                  "[CQ:reply,id=-2147483648][CQ:at,qq=10001] ok");
  check_both_ways(
      {code("share", {{"url", "https://e.example/?a=1&b=[2],3"}, {"title", "第1课, [导论]"}})},
      "[CQ:share,url=https://e.example/?a=1&amp;b=&#91;2&#93;&#44;3,title=第1课&#44; &#91;导论&#93;]");
  check_both_ways({code("image", {{"file", "base64://iVBORw0KGgo=="}})},
                  "[CQ:image,file=base64://iVBORw0KGgo==]");
  check_both_ways({code("json", {{"data", R"({"app":"com.x","list":[1,2]})"}})},
                  R"([CQ:json,data={"app":"com.x"&#44;"list":&#91;1&#44;2&#93;}])");
  check_both_ways({cq_text("早安"), code("face", {{"id", "178"}}), cq_text("看[图]")},
                  "早安[CQ:face,id=178]看&#91;图&#93;");
  check_both_ways(
      {code("location", {{"lat", "39.8969426"}, {"lon", "116.3109099"}, {"title", "图书馆,3层"}})},
      "[CQ:location,lat=39.8969426,lon=116.3109099,title=图书馆&#44;3层]");
  check_both_ways({cq_text("第一行\n第二行")}, "第一行\n第二行");
  check_both_ways({code("shake")}, "[CQ:shake]");
  check_both_ways({}, "");
}

TEST_CASE("what is read but never written") {
  CHECK(parse_cq("[CQ:image,file=a b.png,url=]") ==
        CqParts{code("image", {{"file", "a b.png"}, {"url", ""}})});
  CHECK(parse_cq("[CQ:share,url=http://x/?a=1&b=2,title=t]") ==
        CqParts{code("share", {{"url", "http://x/?a=1&b=2"}, {"title", "t"}})});
  CHECK(parse_cq("[CQ:at,qq=1]]") == CqParts{code("at", {{"qq", "1"}}), cq_text("]")});
  CHECK(parse_cq("x&#44;y") == CqParts{cq_text("x,y")});
  CHECK(parse_cq("&#38;#91;") == CqParts{cq_text("&#38;#91;")});
  CHECK(parse_cq("&amp;#91;") == CqParts{cq_text("&#91;")});
  CHECK(parse_cq("[CQ:poke,type=1,id=-1,id=2]") == CqParts{code("poke", {{"type", "1"}, {"id", "2"}})});
  CHECK(parse_cq("a[CQ:text,text=b]c") == CqParts{cq_text("abc")});
}

TEST_CASE("a bracket that makes no code is text") {
  for (const std::string text :
       {"[CQ:at, qq=1]", "[CQ:at,qq=1", "[cq:at,qq=1]", "[CQ:]", "[CQ:at,]", "[CQ:at,qq]", "[CQ:at,=1]",
        "[CQ: at]", "[", "[CQ", "[CQ:", "]", "[CQ:at,qq=1,", "[图片]"}) {
    CAPTURE(text);
    CHECK(parse_cq(text) == CqParts{cq_text(text)});
  }
}

TEST_CASE("a code behind a broken one is found") {
  CHECK(parse_cq("[CQ:at,[CQ:at,qq=1]") == CqParts{cq_text("[CQ:at,"), code("at", {{"qq", "1"}})});
  CHECK(parse_cq("[CQ:[CQ:face,id=1]") == CqParts{cq_text("[CQ:"), code("face", {{"id", "1"}})});
  CHECK(parse_cq("[CQ:a b[CQ:shake]") == CqParts{cq_text("[CQ:a b"), code("shake")});
}

TEST_CASE("hostile texts take linear time") {
  std::string nested;
  while (nested.size() < 2'000'000) nested += "[CQ:a,b=";
  std::string keys = "[CQ:a";
  for (int key = 0; keys.size() < 2'000'000; ++key) keys += ",k" + std::to_string(key) + "=";
  keys += "]";
  const auto began = bot::SystemClock().steady();
  CHECK(parse_cq(nested) == CqParts{cq_text(nested)});
  CHECK(parse_cq(keys).size() == 1);
  CHECK(parse_cq(nested + ",!]").size() == 1);
  CHECK(bot::SystemClock().steady() - began < std::chrono::seconds(10));
}
