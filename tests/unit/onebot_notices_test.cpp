// Events of OneBot that are no messages.
#include <doctest/doctest.h>

#include <string>

#include "bot/platforms/onebot/codec.hpp"

using namespace bot;
using namespace bot::onebot;

namespace {

const Reader kReader{"qq", "5", from_ms(1'700'000'000'000)};
const Address kGroup{"qq", "88", false};

Frame read(const std::string& members) {
  CAPTURE(members);
  return read_frame("{" + members + "}", kReader);
}

Event noticed(const std::string& members) {
  Frame frame = read(R"("post_type":"notice","self_id":5,)" + members);
  REQUIRE(std::holds_alternative<Noticed>(frame));
  return std::get<Noticed>(std::move(frame)).event;
}

template <class T>
T in_group(const std::string& members) {
  const Event event = noticed(R"("group_id":88,)" + members);
  CHECK(event.where == kGroup);
  REQUIRE(std::holds_alternative<T>(event.what));
  return std::get<T>(event.what);
}

void ignored(const std::string& members) {
  CHECK(std::holds_alternative<Ignored>(read(R"("post_type":"notice","self_id":5,)" + members)));
}

MemberMuted muted(const std::string& members) {
  return in_group<MemberMuted>(R"("notice_type":"group_ban",)" + members);
}
MemberLeft left(const std::string& members) {
  return in_group<MemberLeft>(R"("notice_type":"group_decrease",)" + members);
}

Requested wanted(const std::string& members, const Address& where) {
  Frame frame = read(R"("post_type":"request","self_id":5,)" + members);
  REQUIRE(std::holds_alternative<Noticed>(frame));
  const Event event = std::get<Noticed>(std::move(frame)).event;
  CHECK(event.where == where);
  return std::get<Requested>(event.what);
}

}  // namespace

TEST_CASE("when a notice happened") {
  const std::string rest = R"("notice_type":"group_increase","group_id":88,"user_id":7,"time":)";
  CHECK(noticed(rest + "1767225601").at == from_ms(1'767'225'601'000));
  CHECK(noticed(rest + "1767225601123").at == from_ms(1'767'225'601'123));
  CHECK(noticed(rest + "0").at == kReader.now);
}

TEST_CASE("messages that were taken back") {
  const auto own = in_group<MessageRecalled>(
      R"("notice_type":"group_recall","user_id":7,"operator_id":7,"message_id":-1259513763)");
  CHECK(own.id == "-1259513763");
  CHECK(own.by == "7");
  CHECK(in_group<MessageRecalled>(
            R"("notice_type":"group_recall","user_id":7,"operator_id":"9","message_id":"12")")
            .by == "9");
  const Event direct = noticed(R"("notice_type":"friend_recall","user_id":7,"message_id":12)");
  CHECK(direct.where == Address{"qq", "7", true});
  CHECK(std::get<MessageRecalled>(direct.what).by == "7");
  ignored(R"("notice_type":"group_recall","group_id":88,"user_id":7)");
  ignored(R"("notice_type":"group_recall","message_id":7,"user_id":7)");
  ignored(R"("notice_type":"friend_recall","message_id":7)");
}

TEST_CASE("who comes") {
  const auto joined = in_group<MemberJoined>(
      R"("notice_type":"group_increase","sub_type":"approve","user_id":7,"operator_id":9)");
  CHECK(joined.user == "7");
  CHECK_FALSE(joined.self);
  CHECK(in_group<MemberJoined>(R"("notice_type":"group_increase","sub_type":"invite","user_id":"5")").self);
  ignored(R"("notice_type":"group_increase","group_id":88,"operator_id":9)");
  ignored(R"("notice_type":"group_increase","group_id":88,"user_id":0)");
  ignored(R"("notice_type":"group_increase","user_id":7)");
}

TEST_CASE("who goes, and who removed them") {
  const MemberLeft by_choice = left(R"("sub_type":"leave","user_id":7,"operator_id":7)");
  CHECK(by_choice.user == "7");
  CHECK(by_choice.by.empty());
  CHECK_FALSE(by_choice.self);
  CHECK(left(R"("sub_type":"leave","user_id":7,"operator_id":0)").by.empty());
  CHECK(left(R"("sub_type":"kick","user_id":7,"operator_id":9)").by == "9");
  CHECK(left(R"("user_id":7)").by.empty());
  CHECK(left(R"("sub_type":"leave","user_id":5,"operator_id":5)").self);
  ignored(R"("notice_type":"group_decrease","sub_type":"kick","group_id":88)");
}

TEST_CASE("the account is removed, or the group is no more") {
  for (const std::string who : {R"("user_id":5,)", R"("user_id":0,)", ""}) {
    const MemberLeft removed = left(who + R"("sub_type":"kick_me","operator_id":9)");
    CHECK(removed.self);
    CHECK(removed.user == "5");
    CHECK(removed.by == "9");
  }
  CHECK(left(R"("sub_type":"disband","user_id":5,"operator_id":9)").self);
  const auto dismissed = in_group<MemberLeft>(R"("notice_type":"group_dismiss","user_id":9)");
  CHECK(dismissed.self);
  CHECK(dismissed.user == "5");
  CHECK(dismissed.by == "9");
}

TEST_CASE("mutes of one member") {
  const MemberMuted other = muted(R"("sub_type":"ban","user_id":7,"operator_id":9,"duration":600)");
  CHECK(other.user == "7");
  CHECK(other.duration == std::chrono::minutes(10));
  CHECK_FALSE(other.self);
  const MemberMuted self = muted(R"("sub_type":"ban","user_id":"5","duration":"60")");
  CHECK(self.self);
  CHECK(self.duration == std::chrono::minutes(1));
  CHECK(muted(R"("sub_type":"lift_ban","user_id":5,"duration":0)").duration == Milliseconds{0});
  CHECK(muted(R"("sub_type":"lift_ban","user_id":5)").duration == Milliseconds{0});
  CHECK(muted(R"("user_id":5,"duration":0)").duration == Milliseconds{0});
}

TEST_CASE("mutes of the whole group and mutes without an end") {
  const MemberMuted whole = muted(R"("sub_type":"ban","user_id":0,"duration":-1)");
  CHECK(whole.user.empty());
  CHECK_FALSE(whole.duration);
  CHECK_FALSE(whole.self);
  CHECK(muted(R"("sub_type":"lift_ban","user_id":0,"duration":-1)").duration == Milliseconds{0});
  for (const std::string endless : {"-1", "0", "268435455", "9223372036854775807", "null", "1e300"}) {
    CAPTURE(endless);
    CHECK_FALSE(muted(R"("sub_type":"ban","user_id":5,"duration":)" + endless).duration);
  }
}

TEST_CASE("taps in a group") {
  const auto poked = in_group<Poked>(R"("notice_type":"notify","sub_type":"poke","user_id":7,"target_id":5)");
  CHECK(poked.by == "7");
  CHECK(poked.user == "5");
  CHECK(poked.self);
  CHECK_FALSE(in_group<Poked>(R"("notice_type":"notify","sub_type":"poke","user_id":7,"target_id":8)").self);
  ignored(R"("notice_type":"notify","sub_type":"poke","group_id":88,"user_id":7)");
  ignored(R"("notice_type":"notify","sub_type":"poke","group_id":88,"user_id":5,"target_id":7)");
}

TEST_CASE("taps in a private chat") {
  for (const std::string target : {"5", "0", "null"}) {
    const Event event = noticed(
        R"("notice_type":"notify","sub_type":"poke","sender_id":7,"user_id":7,"time":0,"target_id":)" +
        target);
    CHECK(event.where == Address{"qq", "7", true});
    CHECK(std::get<Poked>(event.what).self);
  }
  ignored(R"("notice_type":"notify","sub_type":"poke","sender_id":5,"user_id":7,"target_id":7)");
}

TEST_CASE("requests to the account") {
  const Requested friendship = wanted(
      R"("request_type":"friend","user_id":7,"comment":"我是学员","flag":1718000011)", {"qq", "7", true});
  CHECK(friendship.what == Requested::What::friendship);
  CHECK(friendship.by == "7");
  CHECK(friendship.comment == "我是学员");
  CHECK(friendship.flag == "1718000011");
  const Requested joining = wanted(
      R"("request_type":"group","sub_type":"add","group_id":88,"user_id":7,"comment":"问题：x\n答案：y","flag":"88|1|2|0")",
      kGroup);
  CHECK(joining.what == Requested::What::joining);
  CHECK(joining.flag == "88|1|2|0");
  CHECK(wanted(R"("request_type":"group","sub_type":"invite","group_id":"88","user_id":"7")", kGroup).what ==
        Requested::What::invitation);
}

TEST_CASE("requests that lack what makes them one") {
  for (const std::string members :
       {R"("request_type":"friend")", R"("request_type":"friend","user_id":0)",
        R"("request_type":"group","sub_type":"add","user_id":7)",
        R"("request_type":"group","sub_type":"x","group_id":88,"user_id":7)", R"("request_type":"x")", ""}) {
    const std::string head = R"("post_type":"request","self_id":5)";
    CHECK(std::holds_alternative<Ignored>(read(members.empty() ? head : head + "," + members)));
  }
}

TEST_CASE("notices that nobody uses") {
  ignored(R"("notice_type":"group_card","group_id":88,"user_id":7,"card_new":"x")");
  ignored(R"("notice_type":"group_msg_emoji_like","group_id":88,"user_id":7,"message_id":1)");
  ignored(R"("notice_type":"notify","sub_type":"honor","group_id":88,"user_id":7)");
  ignored(R"("notice_type":"friend_add","user_id":7)");
  ignored(R"("notice_type":7)");
  ignored(R"("notice_type":null)");
}
