#include <doctest/doctest.h>

#include <boost/json/value.hpp>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/json.hpp"
#include "bot/base/log.hpp"
#include "bot/base/problem.hpp"
#include "bot/base/random.hpp"
#include "bot/base/utf8.hpp"
#include "bot/base/zone.hpp"

namespace utf8 = bot::utf8;
namespace json = bot::json;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const std::string kReplacement = "\xef\xbf\xbd";

bot::Zone zone(std::string_view name) {
  return bot::Zone::named(name).value();
}

bot::LocalTime wall(int year, unsigned month, unsigned day, std::chrono::minutes time) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  return bot::LocalTime{std::chrono::local_days(date)} + time;
}

/// What a JSON text is read as, as an id and as an integer.
std::string id_of(std::string_view text) {
  const auto value = json::parsed(text).value();
  return json::id(&value);
}

std::optional<std::int64_t> integer_of(std::string_view text) {
  const auto value = json::parsed(text).value();
  return json::integer(&value);
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_CASE("utf8: what is valid") {
  for (const std::string_view good : {"", "a", "学伴", "😀", "\x7f", "\xf4\x8f\xbf\xbf"}) {
    CAPTURE(good);
    CHECK(utf8::valid(good));
    CHECK(utf8::repaired(good) == good);
  }
  CHECK(utf8::valid("a\0b"s));
}

TEST_CASE("utf8: what people see as one character") {
  using Ends = std::vector<std::size_t>;
  CHECK(utf8::character_ends("") == Ends{});
  CHECK(utf8::character_ends("a学") == Ends{1, 4});
  CHECK(utf8::character_ends("e\u0301a") == Ends{3, 4});
  CHECK(utf8::character_ends("👍🏽👨‍👩‍👧‍👦🇨🇳") == Ends{8, 33, 41});
  CHECK(utf8::character_ends("\r\n") == Ends{2});
  CHECK(utf8::character_ends("\xff学\xe5").back() == 5);
}

TEST_CASE("utf8: what is not valid, and that a repair leaves the rest as it was") {
  for (const std::string& bad : {"\x80"s, "\xff"s, "\xe5\xad"s, "\xc0\xaf"s, "\xe0\x80\xaf"s, "\xed\xa0\x80"s,
                                 "\xf4\x90\x80\x80"s, "\xf5\x80\x80\x80"s}) {
    CAPTURE(utf8::escaped(bad));
    CHECK_FALSE(utf8::valid(bad));
    const std::string repaired = utf8::repaired("学" + bad + "z");
    CHECK(utf8::valid(repaired));
    CHECK(repaired.starts_with("学" + kReplacement));
    CHECK(repaired.ends_with(kReplacement + "z"));
  }
  CHECK(utf8::repaired("a\xffz") == "a" + kReplacement + "z");
  CHECK(utf8::repaired("\xe5\xad") == kReplacement);
}

TEST_CASE("utf8: length counts code points") {
  CHECK(utf8::length("") == 0);
  CHECK(utf8::length("abc") == 3);
  CHECK(utf8::length("学伴") == 2);
  CHECK(utf8::length("😀") == 1);
  CHECK(utf8::length("\xff\xff") == 2);
  CHECK(utf8::code_points("学a").size() == 2);
  CHECK(utf8::from_code_points(utf8::code_points("学a😀")) == "学a😀");
}

TEST_CASE("utf8: cut ends at a code point") {
  CHECK(utf8::cut("学伴", 0) == "");
  CHECK(utf8::cut("学伴", 1) == "学");
  CHECK(utf8::cut("学伴", 2) == "学伴");
  CHECK(utf8::cut("学伴", 3) == "学伴");
  CHECK(utf8::cut("", 3) == "");
}

TEST_CASE("utf8: cut_bytes never leaves half a character") {
  CHECK(utf8::cut_bytes("学伴", 0) == "");
  CHECK(utf8::cut_bytes("学伴", 2) == "");
  CHECK(utf8::cut_bytes("学伴", 3) == "学");
  CHECK(utf8::cut_bytes("学伴", 5) == "学");
  CHECK(utf8::cut_bytes("学伴", 6) == "学伴");
  CHECK(utf8::cut_bytes("学伴", 7) == "学伴");
  CHECK(utf8::cut_bytes("a😀", 4) == "a");
}

TEST_CASE("utf8: folded makes width, case and invisible marks equal") {
  CHECK(utf8::folded("ＡＢＣ１２３！") == "abc123!");
  CHECK(utf8::folded("L12") == "l12");
  CHECK(utf8::folded("a\u200bb\u200db\ufeff") == "abb");
  CHECK(utf8::folded("ﬁ") == "fi");
  CHECK(utf8::folded("学伴") == "学伴");
  CHECK(utf8::folded("") == "");
}

TEST_CASE("utf8: trimmed takes ASCII and full-width space from both ends") {
  CHECK(utf8::trimmed(" \t\r\n学 伴\u3000\u00a0") == "学 伴");
  CHECK(utf8::trimmed("\u3000") == "");
  CHECK(utf8::trimmed("") == "");
  CHECK(utf8::trimmed("a") == "a");
}

TEST_CASE("utf8: one line of what can be seen") {
  CHECK(utf8::one_line(" \u3000\u5f20\r\n\t \u4e09\u2028\x1b[2J\u0085") == "\u5f20 \u4e09 [2J");
  CHECK(utf8::one_line("a\0b"s) == "a b");
  CHECK(utf8::one_line("a\u202eb\u2066c\u200e\u061cd\u200be\u200c\u200df\ufeff\u2060g\u00adh") == "abcdefgh");
  CHECK(utf8::one_line("\u200b\u3164\n\u2069").empty());
  CHECK(utf8::one_line("\u2764\ufe0f e\u0301") == "\u2764\ufe0f e\u0301");
  CHECK(utf8::one_line("[CQ:at,qq=all]{balance}{{7*7}}%s%n") == "[CQ:at,qq=all]{balance}{{7*7}}%s%n");
  CHECK(utf8::one_line("\xff") == kReplacement);
}

TEST_CASE("utf8: escaped shows what would act on a terminal") {
  CHECK(utf8::escaped("a\x1b[2Jb") == "a\\x1b[2Jb");
  CHECK(utf8::escaped("a\r\nb\t") == "a\\x0d\\x0ab\\x09");
  CHECK(utf8::escaped("a\0b"s) == "a\\x00b");
  CHECK(utf8::escaped("\x7f\u009b") == "\\x7f\\x9b");
  CHECK(utf8::escaped("a\u202eb") == "a\\u202eb");
  CHECK(utf8::escaped("\u2066\u2069\u200e\u200f\u2028\u2029") ==
        "\\u2066\\u2069\\u200e\\u200f\\u2028\\u2029");
  CHECK(utf8::escaped("学伴 😀") == "学伴 😀");
  CHECK(utf8::escaped("\xff") == kReplacement);
}

TEST_CASE("utf8: escaped knows the Arabic bidirectional mark") {
  CHECK(utf8::escaped("a\u061cb") == "a\\u061cb");
}

TEST_CASE("utf8: words and ideographs") {
  for (const char32_t word : U"aZ9学あ") {
    if (word != 0) CHECK(utf8::is_word(word));
  }
  for (const char32_t other : U" ,。+😀_") {
    if (other != 0) CHECK_FALSE(utf8::is_word(other));
  }
  CHECK(utf8::is_cjk(U'学'));
  CHECK_FALSE(utf8::is_cjk(U'。'));
  CHECK_FALSE(utf8::is_cjk(U'a'));
}

TEST_CASE("utf8: distance counts slips in code points") {
  CHECK(utf8::distance("", "") == 0);
  CHECK(utf8::distance("", "学伴") == 2);
  CHECK(utf8::distance("学伴", "") == 2);
  CHECK(utf8::distance("接笼", "接龙") == 1);
  CHECK(utf8::distance("token", "tokn") == 1);
  CHECK(utf8::distance("kitten", "sitting") == 3);
}

TEST_CASE("zone: Shanghai is eight hours ahead, before and after 2038") {
  const bot::Zone shanghai = zone("Asia/Shanghai");
  CHECK(shanghai.name() == "Asia/Shanghai");
  const bot::LocalTime morning = wall(2026, 3, 6, 8h);
  CHECK(shanghai.to_instant(morning) == bot::from_ms(1'772'755'200'000));
  CHECK(shanghai.to_local(bot::from_ms(1'772'755'200'000)) == morning);
  const bot::LocalTime late = wall(2040, 2, 29, 23h + 59min);
  CHECK(shanghai.to_local(shanghai.to_instant(late)) == late);
  CHECK(bot::in_ms(shanghai.to_instant(late)) == 2'214'143'940'000);
}

TEST_CASE("zone: UTC changes nothing") {
  const bot::LocalTime noon = wall(2026, 3, 6, 12h);
  CHECK(bot::Zone::utc().to_instant(noon).time_since_epoch() == noon.time_since_epoch());
}

TEST_CASE("zone: a time in the spring gap becomes the first instant after it") {
  const bot::Zone york = zone("America/New_York");
  const bot::Instant after_gap = york.to_instant(wall(2026, 3, 8, 3h));
  CHECK(york.to_instant(wall(2026, 3, 8, 2h + 30min)) == after_gap);
  CHECK(york.to_instant(wall(2026, 3, 8, 2h)) == after_gap);
  CHECK(york.to_instant(wall(2026, 3, 8, 1h + 59min)) == after_gap - 1min);
  CHECK(york.to_local(after_gap) == wall(2026, 3, 8, 3h));
}

TEST_CASE("zone: a time that happens twice in autumn is its first occurrence") {
  const bot::Zone york = zone("America/New_York");
  const bot::Instant first = york.to_instant(wall(2026, 11, 1, 1h + 30min));
  CHECK(first == york.to_instant(wall(2026, 11, 1, 0h + 30min)) + 1h);
  CHECK(york.to_local(first + 1h) == wall(2026, 11, 1, 1h + 30min));
  CHECK(york.to_instant(wall(2026, 11, 1, 2h)) == first + 90min);
}

TEST_CASE("zone: an unknown name is an error that names it") {
  for (const std::string name : {"Asia/Peking", "", "asia/shanghai", "../../etc/passwd"}) {
    CAPTURE(name);
    const auto unknown = bot::Zone::named(name);
    REQUIRE(unknown.has_error());
    CHECK(unknown.error().code == bot::Errc::not_found);
    CHECK(unknown.error().detail == "time zone \"" + name + "\" is unknown");
  }
}

TEST_CASE("zone: dates, times and weekdays") {
  CHECK(bot::iso_date(wall(2026, 3, 6, 23h + 59min)) == "2026-03-06");
  CHECK(bot::iso_date(wall(1969, 12, 31, 0h)) == "1969-12-31");
  CHECK(bot::iso_date(wall(2040, 2, 29, 0h)) == "2040-02-29");
  CHECK(bot::clock_time(wall(2026, 3, 6, 8h + 5min)) == "08:05");
  CHECK(bot::clock_time(wall(2026, 3, 6, 24h) - 1ms) == "23:59");
  CHECK(bot::clock_time(wall(1969, 12, 31, 23h)) == "23:00");
  CHECK(bot::weekday_of(wall(2026, 3, 8, 0h)) == 0);
  CHECK(bot::weekday_of(wall(2026, 3, 9, 0h) - 1ms) == 0);
  CHECK(bot::weekday_of(wall(2026, 3, 14, 0h)) == 6);
  CHECK(bot::weekday_of(wall(1969, 12, 31, 12h)) == 3);
}

TEST_CASE("json: nesting is allowed down to 64") {
  CHECK(json::parsed(nested(64)).has_value());
  for (const std::size_t depth : {65U, 100'000U}) {
    const auto refused = json::parsed(nested(depth));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == bot::Errc::bad_input);
    CHECK(refused.error().detail.starts_with("JSON: "));
  }
}

TEST_CASE("json: what is not one value in UTF-8 is refused") {
  for (const std::string& bad :
       {""s, "{"s, "{} {}"s, "nul"s, "\"\xff\""s, "\"\xed\xa0\x80\""s, "{\"a\":1,}"s, "NaN"s, "'a'"s}) {
    CAPTURE(utf8::escaped(bad));
    CHECK(json::parsed(bad).has_error());
  }
  CHECK(json::parsed(" {\"a\": 1}\n").has_value());
}

TEST_CASE("json: an id is text, whatever it came as") {
  CHECK(id_of("123") == "123");
  CHECK(id_of("-123") == "-123");
  CHECK(id_of("\"00123\"") == "00123");
  CHECK(id_of("9223372036854775807") == "9223372036854775807");
  CHECK(id_of("-9223372036854775808") == "-9223372036854775808");
  CHECK(id_of("18446744073709551615") == "18446744073709551615");
  for (const std::string_view none : {"null", "true", "1.5", "[]", "{}", "1e400", "\"\""}) {
    CAPTURE(none);
    if (json::parsed(none).has_value()) CHECK(id_of(none) == "");
  }
  CHECK(json::id(nullptr) == "");
}

TEST_CASE("json: an integer may be written as a string or as a whole double") {
  CHECK(integer_of("-5") == -5);
  CHECK(integer_of("\"-5\"") == -5);
  CHECK(integer_of("5.0") == 5);
  CHECK(integer_of("1e3") == 1000);
  CHECK(integer_of("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(integer_of("9007199254740992.0") == 9'007'199'254'740'992);
}

TEST_CASE("json: what is no integer in range is absent") {
  for (const std::string_view none :
       {"5.5", "\"5.0\"", "\"5 \"", "\" 5\"", "\"\"", "\"x\"", "\"9223372036854775808\"",
        "9223372036854775808", "1e300", "-1e300", "9007199254740994.0", "null", "true", "[]", "{}"}) {
    CAPTURE(none);
    CHECK(integer_of(none) == std::nullopt);
  }
  if (json::parsed("1e400").has_value()) CHECK(integer_of("1e400") == std::nullopt);
  CHECK(json::integer(nullptr) == std::nullopt);
}

TEST_CASE("json: members, texts and flags of the wrong type are absent") {
  const auto value = json::parsed(R"({"a":"x","b":true,"c":1,"d":null})").value();
  CHECK(json::text(json::member(value, "a")) == "x");
  CHECK(json::text(json::member(value, "c")) == "");
  CHECK(json::text(json::member(value, "e")) == "");
  CHECK(json::boolean(json::member(value, "b")) == true);
  CHECK(json::boolean(json::member(value, "c")) == std::nullopt);
  CHECK(json::boolean(nullptr) == std::nullopt);
  CHECK(json::member(value, "e") == nullptr);
  CHECK(json::member(*json::member(value, "a"), "b") == nullptr);
}

TEST_CASE("problem: file, line, what and what to do") {
  using Weight = bot::Problem::Weight;
  const bot::Problem whole{Weight::error, "a.toml", 12, "unknown key \"tokn\"", "did you mean \"token\"?"};
  CHECK(bot::printed(whole) == "a.toml:12: unknown key \"tokn\" — did you mean \"token\"?");
  CHECK(bot::printed({Weight::error, "a.toml", 0, "is empty", ""}) == "a.toml: is empty");
  CHECK(bot::printed({Weight::warning, "a.toml", 3, "is old", ""}) == "a.toml:3: warning: is old");
}

TEST_CASE("problem: only errors count as errors") {
  using Weight = bot::Problem::Weight;
  CHECK_FALSE(bot::has_errors({}));
  CHECK_FALSE(bot::has_errors({{Weight::warning, "a", 1, "b", ""}}));
  CHECK(bot::has_errors({{Weight::warning, "a", 1, "b", ""}, {Weight::error, "a", 2, "c", ""}}));
}

TEST_CASE("log: one event is one line of fields") {
  CHECK(bot::log::line("started", {}) == "started");
  CHECK(bot::log::line("sent", {{"to", "qq"}, {"row", 17}}) == "sent to=\"qq\" row=\"17\"");
}

TEST_CASE("log: what people typed cannot make a line or move the cursor") {
  CHECK(bot::log::line("heard", {{"text", "a\r\nerror forged\x1b[2J\u202e"}}) ==
        "heard text=\"a\\x0d\\x0aerror forged\\x1b[2J\\u202e\"");
  CHECK(bot::log::line("a\nb", {}) == "a\\x0ab");
}

TEST_CASE("log: what people typed cannot forge a field") {
  const std::string line = bot::log::line("heard", {{"text", "x\" rank=\"admin"}});
  CHECK(line.find(" rank=\"admin\"") == std::string::npos);
  CHECK(bot::log::line("heard", {{"text", "x\\"}, {"rank", "none"}}) == R"(heard text="x\\" rank="none")");
  CHECK(bot::log::line("heard", {{"text", R"(x\" rank=")"}}) == R"(heard text="x\\\" rank=\"")");
}

TEST_CASE("log: a secret is shown by its name, in values, in what happened and where a value is cut") {
  bot::log::hide("open-sesame-4711", "XUEBAN_QQ_TOKEN");
  bot::log::hide("open-sesame-4711-and-more", "file:qq.token");
  bot::log::hide("x1", "short");
  bot::log::hide("", "empty");
  CHECK(bot::log::line("open-sesame-4711", {{"why", "bad open-sesame-4711, open-sesame-4711"}}) ==
        "[XUEBAN_QQ_TOKEN] why=\"bad [XUEBAN_QQ_TOKEN], [XUEBAN_QQ_TOKEN]\"");
  CHECK(bot::log::line("x", {{"a", "open-sesame-4711-and-more"}}) == "x a=\"[file:qq.token]\"");
  CHECK(bot::log::line("x", {{"a", "x1"}, {"b", "box12"}}) == "x a=\"[short]\" b=\"box12\"");
  CHECK(bot::log::line("x", {{"a", std::string(295, 'a') + "open-sesame-4711"}}).find("open") ==
        std::string::npos);
  CHECK(bot::log::without_secrets("no open-sesame-4711") == "no [XUEBAN_QQ_TOKEN]");
}

TEST_CASE("log: values are cut at 300 bytes, at a whole character") {
  CHECK(bot::log::line("x", {{"v", std::string(300, 'a')}}) == "x v=\"" + std::string(300, 'a') + "\"");
  CHECK(bot::log::line("x", {{"v", std::string(301, 'a')}}) == "x v=\"" + std::string(300, 'a') + "\"");
  std::string chinese = "a";
  while (chinese.size() < 400) chinese += "学";
  CHECK(bot::log::line("x", {{"v", chinese}}) == "x v=\"" + chinese.substr(0, 298) + "\"");
}

TEST_CASE("random: the same seed gives the same chances, within the bound") {
  bot::Random one(7);
  bot::Random two(7);
  CHECK(one.below(0) == 0);
  CHECK(two.below(0) == 0);
  for (int i = 0; i < 100; ++i) {
    const auto chance = one.below(3);
    CHECK(chance < 3);
    CHECK(chance == two.below(3));
  }
}
