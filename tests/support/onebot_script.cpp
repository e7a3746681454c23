#include "tests/support/onebot_script.hpp"

#include <boost/json.hpp>
#include <utility>

namespace support {

namespace json = boost::json;

namespace {

constexpr std::int64_t kSomeTime = 1'767'225'600;

std::string text_of(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  return json::serialize(value);
}

std::string member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found == nullptr ? std::string() : text_of(*found);
}

void read_segment(SentMessage& sent, const json::object& segment) {
  const std::string type = member(segment, "type");
  const json::object& data = segment.at("data").as_object();
  if (type == "text") sent.text += member(data, "text");
  if (type == "at") sent.mentions.push_back(member(data, "qq"));
  if (type == "reply") sent.quotes = member(data, "id");
}

SentMessage read_send(const json::object& call, const std::string& frame) {
  const json::object& params = call.at("params").as_object();
  SentMessage sent;
  sent.direct = member(call, "action") == "send_private_msg";
  sent.chat = member(params, sent.direct ? "user_id" : "group_id");
  sent.echo = member(call, "echo");
  sent.frame = frame;
  for (const json::value& segment : params.at("message").as_array()) read_segment(sent, segment.as_object());
  return sent;
}

std::string answer_frame(const std::string& echo, json::value data) {
  return json::serialize(json::value{{"status", "ok"},
                                     {"retcode", 0},
                                     {"data", std::move(data)},
                                     {"message", ""},
                                     {"wording", ""},
                                     {"echo", echo},
                                     {"stream", "normal-action"}});
}

json::value group_list(const std::vector<std::string>& groups) {
  json::array list;
  for (const std::string& group : groups) {
    list.push_back({{"group_id", std::stoll(group)}, {"group_name", "群" + group}, {"member_count", 3}});
  }
  return list;
}

json::value member_list() {
  return json::array{{{"user_id", 12345678}, {"nickname", "li"}, {"card", "李四"}, {"role", "owner"}},
                     {{"user_id", 23456789},
                      {"nickname", "王五"},
                      {"card", ""},
                      {"role", "member"},
                      {"join_time", kSomeTime}}};
}

json::object event(const ScriptedAccount& account, const char* post_type) {
  return {{"time", kSomeTime}, {"self_id", std::stoll(account.self)}, {"post_type", post_type}};
}

std::string message(const ScriptedAccount& account, const json::object& place, std::int64_t id,
                    const std::string& user, json::array segments) {
  json::object said = event(account, "message");
  said.insert(place.begin(), place.end());
  said["message_id"] = id;
  said["user_id"] = std::stoll(user);
  said["message"] = std::move(segments);
  said["message_format"] = "array";
  said["font"] = 14;
  said["sender"] = {{"user_id", std::stoll(user)}, {"nickname", "同学" + user}, {"role", "member"}};
  return json::serialize(said);
}

}  // namespace

HeardCall read_call(const std::string& frame) {
  boost::system::error_code failure;
  const json::value value = json::parse(frame, failure);
  HeardCall heard;
  if (failure || !value.is_object()) return heard;
  const json::object& call = value.as_object();
  heard.action = member(call, "action");
  heard.echo = member(call, "echo");
  const json::value* params = call.if_contains("params");
  if (params != nullptr && params->is_object()) heard.group = member(params->get_object(), "group_id");
  heard.sends = heard.action == "send_group_msg" || heard.action == "send_private_msg";
  if (heard.sends) heard.message = read_send(call, frame);
  return heard;
}

std::string ScriptedAccount::answer_to(const HeardCall& question) const {
  const std::string& echo = question.echo;
  if (question.action == "get_login_info")
    return answer_frame(echo, {{"user_id", std::stoll(self)}, {"nickname", "学伴"}});
  if (question.action == "get_version_info") {
    return answer_frame(echo,
                        {{"app_name", "Counterpart"}, {"app_version", "1.0"}, {"protocol_version", "v11"}});
  }
  if (question.action == "get_group_list") return answer_frame(echo, group_list(groups));
  if (question.action == "get_group_member_list" && question.group == groups.front())
    return answer_frame(echo, member_list());
  if (question.action == "get_status") return answer_frame(echo, {{"online", online}, {"good", true}});
  if (question.action == "get_group_msg_history" && history)
    return failure_answer(echo, 1400, "group_id is missing");
  return failure_answer(echo, 1404, "no such action");
}

std::string ScriptedAccount::connected() const {
  json::object connect = event(*this, "meta_event");
  connect["meta_event_type"] = "lifecycle";
  connect["sub_type"] = "connect";
  return json::serialize(connect);
}

std::string ScriptedAccount::heartbeat(bot::Milliseconds interval, bool logged_in) const {
  json::object beat = event(*this, "meta_event");
  beat["meta_event_type"] = "heartbeat";
  beat["status"] = {{"online", logged_in}, {"good", true}};
  beat["interval"] = interval.count();
  return json::serialize(beat);
}

std::string ScriptedAccount::group_message(std::int64_t id, const std::string& group, const std::string& user,
                                           const std::string& text, bool mention_self) const {
  json::array segments;
  if (mention_self) segments.push_back({{"type", "at"}, {"data", {{"qq", self}}}});
  segments.push_back({{"type", "text"}, {"data", {{"text", text}}}});
  const json::object place{
      {"message_type", "group"}, {"sub_type", "normal"}, {"group_id", std::stoll(group)}};
  return message(*this, place, id, user, std::move(segments));
}

std::string ScriptedAccount::private_message(std::int64_t id, const std::string& user,
                                             const std::string& text) const {
  json::array segments;
  segments.push_back({{"type", "text"}, {"data", {{"text", text}}}});
  const json::object place{{"message_type", "private"}, {"sub_type", "friend"}};
  return message(*this, place, id, user, std::move(segments));
}

std::string sent_answer(const SentMessage& sent) {
  return answer_frame(sent.echo, {{"message_id", std::stoll(sent.message_id)}});
}

std::string failure_answer(const std::string& echo, int retcode, const std::string& why) {
  return json::serialize(json::value{{"status", "failed"},
                                     {"retcode", retcode},
                                     {"data", nullptr},
                                     {"message", why},
                                     {"wording", why},
                                     {"echo", echo.empty() ? json::value(nullptr) : json::value(echo)},
                                     {"stream", "normal-action"}});
}

}  // namespace support
