/// What an account hears and says, against a real server on loopback.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "bot/platforms/onebot/session.hpp"
#include "tests/support/onebot_linked.hpp"

using namespace bot;
using namespace support;
using std::chrono::seconds;

TEST_CASE_FIXTURE(Linked, "an account comes up, says who it is, and lists its groups") {
  const auto up = bot.sink.wait<LinkUp>();
  CHECK(up->self == "10001000");
  CHECK(up->implementation == "Counterpart 1.0");
  const auto listed = bot.sink.wait<GroupsListed>();
  REQUIRE(listed);
  REQUIRE(listed->groups.size() == 1);
  CHECK(listed->groups[0].chat == kGroup);
  CHECK(bot.links_down() == 0);
}

TEST_CASE_FIXTURE(Linked, "messages arrive, in a group and in private") {
  qq.says_in_group(kGroup, "12345678", "打卡", true);
  qq.says_in_private("12345678", "帮助");
  REQUIRE(bot.sink.wait<MessagePosted>(2));
  const auto messages = bot.sink.all<MessagePosted>();
  CHECK(messages[0].message.plain() == "打卡");
  CHECK(messages[0].to_me);
  CHECK(messages[0].from.id == "12345678");
  CHECK(messages[1].message.plain() == "帮助");
  for (const Event& event : bot.sink.events()) CHECK(event.where.account == "qq");
}

TEST_CASE_FIXTURE(Linked, "who comes and goes arrives too") {
  qq.frame(
      R"({"post_type":"notice","notice_type":"group_increase","self_id":10001000,"group_id":1,"user_id":7})");
  qq.frame(
      R"({"post_type":"notice","notice_type":"group_decrease","sub_type":"kick_me","self_id":10001000,"group_id":1})");
  CHECK(bot.sink.wait<MemberJoined>()->user == "7");
  CHECK(bot.sink.wait<MemberLeft>()->self);
}

TEST_CASE("a history that does not exist is asked for once") {
  CounterpartOptions options;
  options.history = false;
  Linked linked(options);
  const Address group{"qq", kGroup, false};
  CHECK(linked.bot.network.capabilities(group).history);
  linked.bot.network.read_history(group, 5);
  const auto read = linked.bot.sink.wait<HistoryRead>();
  REQUIRE(read);
  CHECK_FALSE(read->supported);
  CHECK_FALSE(linked.bot.network.capabilities(group).history);
  CHECK(linked.bot.network.capabilities({"qq", "7", true}).history);
  linked.bot.network.read_history(group, 5);
  REQUIRE(linked.bot.sink.wait<HistoryRead>(2));
  CHECK(linked.bot.sink.all<HistoryRead>()[1].failure == "the implementation has no history");
}

TEST_CASE_FIXTURE(Linked, "everybody is mentioned where the quota cannot be asked for") {
  for (int i = 1; i <= 2; ++i) {
    Delivery loud = delivery(i, "开课");
    loud.message.add(MentionAll{});
    loud.everyone = "【全体】";
    bot.send(std::move(loud));
  }
  REQUIRE(qq.wait_for_sends(2));
  for (const auto& sent : qq.sends()) CHECK(sent.mentions == std::vector<std::string>{"all"});
}

TEST_CASE_FIXTURE(Linked, "an answer is sent as it is and settled with its id") {
  Message message("[CQ:at,qq=all] 你好\xff");
  message.add(Mention{"12345678"}).add(Quote{"77"});
  Delivery answer(Address{"qq", kGroup, false}, message);
  answer.outbox = 5;
  answer.subject = "L5";
  bot.send(std::move(answer));
  const auto sent = qq.wait_for_send([](const auto& each) { return each.chat == kGroup; });
  REQUIRE(sent);
  CHECK_FALSE(sent->direct);
  CHECK(sent->text == "[CQ:at,qq=all] 你好\xef\xbf\xbd");
  CHECK(sent->mentions == std::vector<std::string>{"12345678"});
  CHECK(sent->quotes == "77");
  CHECK(sent->echo.size() == 32);
  const auto settled = bot.sink.wait<Settled>();
  REQUIRE(ended_as<Sent>(settled));
  CHECK(settled->outbox == 5);
  CHECK(settled->subject == "L5");
  CHECK(std::get<Sent>(settled->outcome).message_id == sent->message_id);
  for (const Event& event : bot.sink.events()) {
    if (std::holds_alternative<Settled>(event.what)) CHECK(event.where == Address{"qq", kGroup, false});
  }
}

TEST_CASE_FIXTURE(Linked, "answers may come in another order than the calls") {
  qq.answer_sends(Answering::held);
  bot.send({delivery(1, "one"), delivery(2, "two"), delivery(3, "three")});
  REQUIRE(qq.wait_for_sends(3));
  qq.answer_held();
  REQUIRE(bot.sink.wait<Settled>(3));
  const auto sent = qq.sends();
  for (const Settled& settled : bot.sink.all<Settled>()) {
    REQUIRE(std::holds_alternative<Sent>(settled.outcome));
    const auto index = static_cast<std::size_t>(settled.outbox - 1);
    CHECK(std::get<Sent>(settled.outcome).message_id == sent[index].message_id);
  }
}

TEST_CASE_FIXTURE(Linked, "many messages keep their order") {
  std::vector<Delivery> deliveries;
  for (int number = 0; number < 300; ++number) deliveries.push_back(delivery(number, std::to_string(number)));
  bot.send(std::move(deliveries));
  REQUIRE(qq.wait_for_sends(300));
  const auto sent = qq.sends();
  for (std::size_t number = 0; number < sent.size(); ++number)
    CHECK(sent[number].text == std::to_string(number));
  CHECK(bot.sink.wait<Settled>(300));
}

TEST_CASE_FIXTURE(Linked, "what proves that nothing was sent, and what does not") {
  qq.answer_sends(Answering::failed_1200);
  bot.send(delivery(1, "one"));
  CHECK(ended_as<Unknown>(bot.sink.wait<Settled>(1)));
  qq.answer_sends(Answering::failed_1400);
  bot.send(delivery(2, "two"));
  CHECK(ended_as<Refused>(bot.sink.wait<Settled>(2)));
  Delivery late = delivery(3, "three");
  late.expires = from_ms(1);
  bot.send(std::move(late));
  CHECK(ended_as<NotSent>(bot.sink.wait<Settled>(3)));
  bot.send(Delivery(Address{"nobody", "1", false}, Message("x")));
  CHECK(ended_as<NotSent>(bot.sink.wait<Settled>(4)));
  bot.send(Delivery(Address{"qq", "1", false}, Message("")));
  CHECK(ended_as<Refused>(bot.sink.wait<Settled>(5)));
  CHECK(qq.sends().size() == 2);
}

TEST_CASE_FIXTURE(Linked, "who is in a group is asked for, and told") {
  bot.network.read_members({"qq", kGroup, false});
  const auto listed = bot.sink.wait<MembersListed>();
  REQUIRE(listed);
  CHECK(listed->failure.empty());
  REQUIRE(listed->members.size() == 2);
  CHECK(listed->members[0].user == "12345678");
  CHECK(listed->members[0].card == "李四");
  CHECK(listed->members[0].role == Sender::Role::owner);
  CHECK(listed->members[1].role == Sender::Role::member);
  CHECK(listed->members[1].joined);

  bot.network.read_members({"qq", "1", false});
  const auto refused = bot.sink.wait<MembersListed>(2);
  REQUIRE(refused);
  CHECK_FALSE(refused->failure.empty());
}
