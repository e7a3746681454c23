#include "bot/desk/reading.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bot/desk/rights.hpp"
#include "bot/desk/router.hpp"

using bot::Address;
using bot::MessagePosted;
using bot::object_id;
using bot::ObjectId;
using bot::polite_forms;
using bot::Reading;
using bot::Role;
using bot::Sender;

namespace {

const std::vector<std::string> kNames = {"学伴", "Bob"};

/// What is said to the bot: "!" before it when it was woken, "nothing" when it is not for the bot.
std::string read(const MessagePosted& posted, bool direct = false) {
  const auto reading = bot::read_message(posted, direct, kNames);
  return reading ? (reading->woken ? "!" : "") + reading->said : "nothing";
}

std::string read(const std::string& text) {
  MessagePosted posted;
  posted.message = bot::Message(text);
  return read(posted);
}

MessagePosted mentioning(const std::string& text, bool me, bool others) {
  MessagePosted posted;
  posted.message = bot::Message(text);
  posted.to_me = me;
  posted.to_others = others;
  return posted;
}

}  // namespace

TEST_CASE("reading: wake words are taken away") {
  CHECK(read("今日一课") == "今日一课");
  CHECK(read("/今日一课") == "!今日一课");
  CHECK(read("／ 今日一课 ") == "!今日一课");
  CHECK(read("#今日一课") == "!今日一课");
  CHECK(read("＃今日一课") == "!今日一课");
  CHECK(read("学伴今日一课") == "!今日一课");
  CHECK(read("学伴 今日一课") == "!今日一课");
  CHECK(read("学伴，今日一课") == "!今日一课");
  CHECK(read("学伴: 今日一课") == "!今日一课");
  CHECK(read("学伴：/今日一课") == "!今日一课");
  CHECK(read("\u3000学伴\u3000今日一课") == "!今日一课");
}

TEST_CASE("reading: the name counts in any width, case and script") {
  CHECK(read("學伴，今日一课") == "!今日一课");
  CHECK(read("ＢＯＢ 今日一课") == "!今日一课");
  CHECK(read("bob, ping") == "!ping");
  CHECK(read("学友，今日一课") == "学友，今日一课");
  CHECK(read("今日一课学伴") == "今日一课学伴");
}

TEST_CASE("reading: a name of letters is not found inside a longer word") {
  CHECK(read("bobby is late") == "bobby is late");
  CHECK(read("bob8") == "bob8");
}

TEST_CASE("reading: a sign alone says nothing, a name alone is a call") {
  for (const std::string text : {"", "  ", "/", "＃"}) {
    CAPTURE(text);
    CHECK(read(text) == "nothing");
  }
  for (const std::string text : {"学伴", "学伴，", "学伴/"}) {
    CAPTURE(text);
    CHECK(read(text) == "!");
  }
}

namespace {

bot::Doubt doubt(const MessagePosted& posted, bool direct = false) {
  return bot::read_message(posted, direct, kNames)->doubt;
}

bot::Doubt doubt(const std::string& text) {
  return doubt(mentioning(text, false, false));
}

}  // namespace

TEST_CASE("reading: a name that runs on into the next word may be talk about the bot") {
  CHECK(doubt("学伴今天怎么没发课") == bot::Doubt::name);
  CHECK(doubt("学伴们早") == bot::Doubt::name);
  CHECK(doubt("学伴（第二期）报名") == bot::Doubt::name);
  CHECK(doubt("学伴/导师名单") == bot::Doubt::name);
  for (const std::string text : {"学伴", "学伴 今日一课", "学伴，今日一课", "学伴：/今日一课"}) {
    CAPTURE(text);
    CHECK(doubt(text) == bot::Doubt::none);
  }
}

TEST_CASE("reading: whoever is called before others are mentioned is meant, if it is a command") {
  const auto said = [](bot::Segment first, bot::Segment second, bot::Segment third) {
    MessagePosted posted;
    posted.message.add(std::move(first)).add(std::move(second)).add(std::move(third));
    posted.to_others = true;
    return bot::read_message(posted, false, kNames);
  };
  const auto reading = said(bot::Text{"学伴 不理 "}, bot::Mention{"li"}, bot::Text{" 2天"});
  REQUIRE(reading);
  CHECK(reading->woken);
  CHECK(reading->said == "不理  2天");
  CHECK(reading->doubt == bot::Doubt::name);
  CHECK(said(bot::Quote{"7"}, bot::Text{"学伴，不理 "}, bot::Mention{"li"}));
  CHECK_FALSE(said(bot::Mention{"li"}, bot::Text{" 学伴 不理 "}, bot::Mention{"wang"}));
  CHECK_FALSE(said(bot::Text{"学伴今天不理 "}, bot::Mention{"li"}, bot::Text{"吗"}));
  CHECK_FALSE(said(bot::Text{"/不理 "}, bot::Mention{"li"}, bot::Text{""}));
  CHECK_FALSE(said(bot::Text{"不理 "}, bot::Mention{"li"}, bot::Text{""}));
  CHECK_FALSE(said(bot::Text{"学伴 今日一课 "}, bot::Mention{"li"}, bot::MentionAll{}));
}

TEST_CASE("reading: a sign may begin what is for others") {
  for (const std::string text : {"/home", "#接龙", "＃今日一课"}) {
    CAPTURE(text);
    CHECK(doubt(text) == bot::Doubt::sign);
  }
}

TEST_CASE("reading: a mention and a private chat leave no doubt") {
  for (const std::string text : {"学伴今天怎么没发课", "/home"}) {
    CAPTURE(text);
    CHECK(doubt(mentioning(text, true, false)) == bot::Doubt::none);
    CHECK(doubt(mentioning(text, false, false), true) == bot::Doubt::none);
  }
}

TEST_CASE("reading: who is mentioned decides") {
  CHECK(read(mentioning("今日一课", true, false)) == "!今日一课");
  CHECK(read(mentioning("今日一课", true, true)) == "!今日一课");
  CHECK(read(mentioning("今日一课", false, true)) == "nothing");
  CHECK(read(mentioning("/今日一课", false, true)) == "nothing");
  CHECK(read(mentioning("今日一课", false, false), true) == "!今日一课");
  CHECK(read(mentioning("", true, false)) == "!");
}

TEST_CASE("reading: only typed text is read") {
  MessagePosted posted;
  posted.message.add(bot::Quote{"7"}).add(bot::Text{"已"}).add(bot::Raw{"face", "/x"}).add(bot::Text{"学"});
  CHECK(read(posted) == "已学");
}

TEST_CASE("reading: long talk is looked at only when it is addressed to the bot") {
  CHECK(read(std::string(60, 'a')) == std::string(60, 'a'));
  CHECK(read(std::string(61, 'a')) == "nothing");
  CHECK(read("/" + std::string(5000, 'a')) == "!" + std::string(5000, 'a'));
}

TEST_CASE("reading: politeness is taken away bit by bit, the longest form first") {
  using Forms = std::vector<std::string>;
  CHECK(polite_forms("今日一课") == Forms{"今日一课"});
  CHECK(polite_forms("今日一课吧，谢谢！") == Forms{"今日一课吧谢谢", "今日一课吧", "今日一课"});
  CHECK(polite_forms("Lesson please") == Forms{"lessonplease", "lesson"});
  CHECK(polite_forms("學完了") == Forms{"学完了", "学完"});
  CHECK(polite_forms("谢谢") == Forms{"谢谢"});
  CHECK(polite_forms("了") == Forms{"了"});
  CHECK(polite_forms("?") == Forms{"?"});
}

TEST_CASE("reading: ids carry their letter") {
  CHECK(object_id("l12") == ObjectId{'L', 12});
  CHECK(object_id("l007") == ObjectId{'L', 7});
  CHECK(object_id("l9223372036854775807") == ObjectId{'L', 9'223'372'036'854'775'807});
  CHECK(bot::printed(ObjectId{'L', 12}) == "L12");
}

TEST_CASE("reading: ids in Chinese numerals") {
  CHECK(object_id("l十") == ObjectId{'L', 10});
  CHECK(object_id("l十二") == ObjectId{'L', 12});
  CHECK(object_id("l二十") == ObjectId{'L', 20});
  CHECK(object_id("l一百二十三") == ObjectId{'L', 123});
  CHECK(object_id("l一百零五") == ObjectId{'L', 105});
  CHECK(object_id("l两千") == ObjectId{'L', 2000});
  CHECK(object_id("l一二三") == ObjectId{'L', 123});
  CHECK(object_id("l二〇") == ObjectId{'L', 20});
  CHECK(object_id("l九千九百九十九") == ObjectId{'L', 9999});
}

TEST_CASE("reading: what is no id") {
  for (const std::string_view text :
       {"", "l", "l0", "l00", "l-5", "l+5", "l1.5", "l12x", "l1十", "l零", "l一万", "l九九九九九", "lesson",
        "12", "L12", "课12", "l9223372036854775808", "l 12", "十二"}) {
    CAPTURE(text);
    CHECK(object_id(text) == std::nullopt);
  }
}

TEST_CASE("reading: the first word ends at any space") {
  const auto check = [](std::string_view text, std::string_view word, std::string_view rest) {
    CAPTURE(text);
    CHECK(bot::first_word(text).word == word);
    CHECK(bot::first_word(text).rest == rest);
  };
  check("看课 L12", "看课", "L12");
  check("看课　L12", "看课", "L12");
  check(" 看课\n\tL12 x ", "看课", "L12 x");
  check("看课", "看课", "");
  check("", "", "");
}

namespace {

/// The router over a few commands, and what it finds: "command id text", "?nearest" or "nothing".
class Commands {
 public:
  Commands() {
    add("lesson.today", bot::Wake::bare);
    add("lesson.done", bot::Wake::bare);
    add("lesson.show", bot::Wake::bare);
    add("menu", bot::Wake::bare);
    add("ping", bot::Wake::bare_text);
    add("health", bot::Wake::needed);
    registry.command({.name = "quiet",
                      .wake = bot::Wake::bare_text,
                      .everyday = true,
                      .joined = true,
                      .run = [](bot::Turn&) { return bot::Reply::silence(); }});
    add("remind.go_on", bot::Wake::bare);
    registry.command({.name = "quiet.end", .wake = bot::Wake::bare, .alone = true, .run = [](bot::Turn&) {
                        return bot::Reply::silence();
                      }});
    registry.identifier('L', "lesson.show");
    std::string pattern = (std::filesystem::temp_directory_path() / "xueban-verbs-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    std::filesystem::create_directory(folder_ / "zh-CN");
    write(R"([verbs]
"lesson.today" = ["今日一课", "今天学什么", "lesson"]
"lesson.done" = ["已学", "学完了"]
"lesson.show" = ["看课"]
"menu" = ["菜单", "?"]
"ping" = ["ping"]
"health" = ["自检"]
"quiet" = ["安静", "quiet"]
"remind.go_on" = ["恢复"]
"quiet.end" = ["恢复", "说话"]
)");
  }
  ~Commands() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  void write(std::string_view verbs) const { std::ofstream(folder_ / "zh-CN/a.toml") << verbs; }

  bot::Router router() {
    bot::Problems found;
    texts = bot::Texts::load(folder_, found);
    REQUIRE(found.empty());
    return bot::Router(registry, texts, problems);
  }

  std::string route(const std::string& said, bool woken, bot::Doubt doubt = bot::Doubt::none) {
    const bot::Router made = router();
    const auto routed = made.route(Reading{woken, said, doubt});
    if (!routed) return "nothing";
    if (const auto* miss = std::get_if<bot::Miss>(&*routed))
      return miss->heard + "?" + miss->nearest.value_or("");
    const auto& order = std::get<bot::Order>(*routed);
    const std::string alone = order.alone == nullptr ? std::string() : " or " + order.alone->name;
    return order.command->name + alone + "|" + (order.object ? bot::printed(*order.object) : "") + "|" +
           order.text;
  }

  bot::Registry registry{};
  bot::Texts texts{};
  bot::Problems problems{};

 private:
  void add(const std::string& name, bot::Wake wake) {
    registry.command({.name = name, .wake = wake, .run = [](bot::Turn&) { return bot::Reply::silence(); }});
  }

  std::filesystem::path folder_{};
};

struct Typed {
  std::string said;
  std::string bare;   ///< what it is in a group
  std::string woken;  ///< what it is when addressed to the bot
};

}  // namespace

TEST_CASE("router: what is typed and what it means") {
  Commands commands;
  const std::vector<Typed> table = {
      {"今日一课", "lesson.today||", "lesson.today||"},
      {"今 日 一 課！", "lesson.today||", "lesson.today||"},
      {"今日一课吧谢谢", "lesson.today||", "lesson.today||"},
      {"LESSON please", "lesson.today||", "lesson.today||"},
      {"学完了", "lesson.done||", "lesson.done||"},
      {"已学 L12", "lesson.done|L12|L12", "lesson.done|L12|L12"},
      {"已学L十二", "lesson.done|L12|L12", "lesson.done|L12|L12"},
      {"看课l3", "lesson.show|L3|L3", "lesson.show|L3|L3"},
      {"L12", "lesson.show|L12|", "lesson.show|L12|"},
      {"l 12", "lesson.show|L12|", "lesson.show|L12|"},
      {"L12 2", "lesson.show|L12|2", "lesson.show|L12|2"},
      {"L12 讲得真好", "nothing", "lesson.show|L12|讲得真好"},
      {"已学 L12 的举个手", "nothing", "lesson.done|L12|L12 的举个手"},
      {"已学 L12 了，谢谢", "lesson.done|L12|L12 了，谢谢", "lesson.done|L12|L12 了，谢谢"},
      {"今日一课 真好", "nothing", "lesson.today||真好"},
      {"我昨天今日一课没看", "nothing", "我昨天今日一课没看?"},
      {"ping 还在吗", "ping||还在吗", "ping||还在吗"},
      {"自检", "nothing", "health||"},
      {"?", "nothing", "menu||"},
      {"？", "nothing", "menu||"},
      {"今日两课", "nothing", "今日两课?今日一课"},
      {"pong", "nothing", "pong?ping"},
      {"天气", "nothing", "天气?"},
      {"x", "nothing", "x?"},
      {"！！！", "nothing", "！！！?"},
  };
  for (const Typed& typed : table) {
    CAPTURE(typed.said);
    CHECK(commands.route(typed.said, false) == typed.bare);
    CHECK(commands.route(typed.said, true) == typed.woken);
  }
}

TEST_CASE("router: in doubt a command is obeyed, and a strange word is talk") {
  Commands commands;
  for (const bot::Doubt doubt : {bot::Doubt::sign, bot::Doubt::name}) {
    CHECK(commands.route("今日一课", true, doubt) == "lesson.today||");
    CHECK(commands.route("自检", true, doubt) == "health||");
    CHECK(commands.route("今天怎么没发课", true, doubt) == "nothing");
  }
  CHECK(commands.route("L12 已修复", true, bot::Doubt::sign) == "nothing");
  CHECK(commands.route("今日两课", true, bot::Doubt::sign) == "今日两课?今日一课");
  CHECK(commands.route("今日两课", true, bot::Doubt::name) == "nothing");
}

TEST_CASE("router: text may follow some verbs without a space, and they are never suggested") {
  Commands commands;
  const std::vector<Typed> table = {
      {"安静", "quiet||", "quiet||"},
      {"安静 2小时", "quiet||2小时", "quiet||2小时"},
      {"安靜2小时", "quiet||2小时", "quiet||2小时"},
      {"大家安静", "nothing", "大家安静?"},
      {"quiet2h", "nothing", "quiet2h?"},
      {"安心", "nothing", "安心?"},
  };
  for (const Typed& typed : table) {
    CAPTURE(typed.said);
    CHECK(commands.route(typed.said, false) == typed.bare);
    CHECK(commands.route(typed.said, true) == typed.woken);
  }
}

TEST_CASE("router: a verb alone may mean another command than with an object") {
  Commands commands;
  CHECK(commands.route("恢复", false) == "remind.go_on or quiet.end||");
  CHECK(commands.route("恢复 L3", false) == "remind.go_on|L3|L3");
  CHECK(commands.route("恢复L3", false) == "remind.go_on|L3|L3");
  CHECK(commands.route("说话", false) == "quiet.end or quiet.end||");
  CHECK(commands.problems.empty());
}

TEST_CASE("router: a strange word is said back shortened, and then without a suggestion") {
  Commands commands;
  CHECK(commands.route("一二三四五六七八九十十一十二", true) == "一二三四五六七八九十十一?");
}

TEST_CASE("router: verbs that mean nothing or two things are problems") {
  Commands commands;
  commands.write(
      "[verbs]\n\"lesson.today\" = \"打卡\"\n\"lesson.done\" = [\"打 卡！\", \"已学\"]\n\"gone\" = \"x\"\n");
  (void)commands.router();
  REQUIRE(commands.problems.size() == 2);
  CHECK(bot::printed(commands.problems[0]) ==
        "words/zh-CN: [verbs] names the command \"gone\", which does not exist — remove the line or correct "
        "the "
        "name");
  CHECK(commands.problems[1].what.find("means both") != std::string::npos);
}

namespace {

Sender person(std::string id, Sender::Role role = Sender::Role::member) {
  Sender sender;
  sender.id = std::move(id);
  sender.role = role;
  return sender;
}

}  // namespace

TEST_CASE("rights: who may do what") {
  bot::GroupProfile fallback;
  fallback.admins = {"everywhere"};
  fallback.superadmins = {"qq:root"};
  bot::GroupProfile group;
  group.account = "qq";
  group.chat = "1";
  group.admins = {"boss"};
  bot::GroupBook groups(fallback);
  groups.add(group);
  const Address in_group{"qq", "1", false};
  const Address other_group{"qq", "2", false};
  const auto role = [&](const Sender& sender, const Address& where, const bot::people::Record& record = {}) {
    return bot::role_of(sender, where.account, record, groups.find(where.account, where.chat));
  };

  CHECK(role(person("boss"), in_group) == Role::secretary);
  CHECK(role(person("boss"), other_group) == Role::member);
  CHECK(role(person("li"), in_group) == Role::member);
  CHECK(role(person("everywhere"), in_group) == Role::member);
  CHECK(role(person("everywhere"), other_group) == Role::secretary);
  CHECK(role(person("root"), other_group) == Role::superadmin);
  CHECK(role(person("root"), {"wecom", "2", false}) == Role::member);
  CHECK(role(person(""), in_group) == Role::nobody);

  Sender masked = person("boss", Sender::Role::owner);
  masked.anonymous = true;
  CHECK(role(masked, in_group) == Role::nobody);
}

TEST_CASE("rights: what a message claims widens nothing, and narrows at once (X4)") {
  const bot::GroupProfile group;
  const auto role = [&](Sender::Role claimed, Sender::Role listed, std::optional<Role> given = {}) {
    bot::people::Record record;
    record.listed = listed;
    record.given = given;
    return bot::role_of(person("li", claimed), "qq", record, group);
  };
  using Claim = Sender::Role;

  CHECK(role(Claim::owner, Claim::unknown) == Role::member);
  CHECK(role(Claim::owner, Claim::member) == Role::member);
  CHECK(role(Claim::owner, Claim::admin) == Role::manager);
  CHECK(role(Claim::owner, Claim::owner) == Role::secretary);
  CHECK(role(Claim::unknown, Claim::owner) == Role::secretary);
  CHECK(role(Claim::admin, Claim::owner) == Role::manager);
  CHECK(role(Claim::member, Claim::owner) == Role::member);
  CHECK(role(Claim::owner, Claim::owner, Role::guest) == Role::guest);
  CHECK(role(Claim::member, Claim::member, Role::reviewer) == Role::reviewer);
}

TEST_CASE("rights: a claim that the list does not know is worth a new list") {
  bot::people::Record record;
  CHECK(bot::claims_more(person("li", Sender::Role::owner), record));
  CHECK(bot::claims_more(person("li", Sender::Role::admin), record));
  CHECK_FALSE(bot::claims_more(person("li", Sender::Role::member), record));
  record.listed = Sender::Role::owner;
  CHECK_FALSE(bot::claims_more(person("li", Sender::Role::owner), record));
  record.listed = Sender::Role::member;
  record.given = Role::guest;
  CHECK_FALSE(bot::claims_more(person("li", Sender::Role::owner), record));
}

TEST_CASE("rights: in private, the group whose file names the person") {
  bot::GroupBook groups{bot::GroupProfile{}};
  for (const char* chat : {"9", "1"}) {
    bot::GroupProfile group;
    group.account = "qq";
    group.chat = chat;
    group.admins = {"boss"};
    groups.add(group);
  }
  REQUIRE(bot::group_led_by("boss", "qq", groups) != nullptr);
  CHECK(bot::group_led_by("boss", "qq", groups)->chat == "1");
  CHECK(bot::group_led_by("boss", "other", groups) == nullptr);
  CHECK(bot::group_led_by("li", "qq", groups) == nullptr);
}

TEST_CASE("rights: a higher role may do what a lower one may") {
  CHECK(bot::may(Role::manager, Role::member));
  CHECK(bot::may(Role::member, Role::member));
  CHECK_FALSE(bot::may(Role::member, Role::manager));
  CHECK_FALSE(bot::may(Role::nobody, Role::guest));
  CHECK(bot::role_named("manager") == Role::manager);
  CHECK_FALSE(bot::role_named("king"));
}
