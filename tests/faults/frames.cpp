#include "tests/faults/frames.hpp"

#include <boost/json.hpp>

#include "bot/base/json.hpp"

namespace faults {

namespace json = boost::json;

namespace {

constexpr std::size_t kUsualCount = 20;

std::string text_of(const json::value& message) {
  std::string text;
  const auto* segments = message.if_array();
  if (segments == nullptr) return text;
  for (const json::value& segment : *segments) {
    if (bot::json::text(bot::json::member(segment, "type")) != "text") continue;
    if (const json::value* data = bot::json::member(segment, "data")) {
      text += bot::json::text(bot::json::member(*data, "text"));
    }
  }
  return text;
}

std::int64_t stamp(bot::Instant at, Stamps stamps) {
  return stamps == Stamps::seconds ? bot::in_ms(at) / 1000 : bot::in_ms(at);
}

json::object event(bot::Instant at, const char* post_type) {
  return {{"time", stamp(at, Stamps::seconds)}, {"self_id", kSelf}, {"post_type", post_type}};
}

std::string answer_frame(json::object answer, const std::string& echo, const std::string& why) {
  answer["message"] = why;
  answer["wording"] = why;
  answer["echo"] = echo;
  answer["stream"] = "normal-action";
  return json::serialize(answer);
}

}  // namespace

std::optional<Request> read_request(const std::string& frame) {
  json::error_code failure;
  const json::value call = json::parse(frame, failure);
  if (failure) return std::nullopt;
  Request request;
  request.action = bot::json::text(bot::json::member(call, "action"));
  if (request.action.empty()) return std::nullopt;
  request.echo = bot::json::text(bot::json::member(call, "echo"));
  request.direct = request.action == "send_private_msg" || request.action == "get_friend_msg_history";
  request.count = kUsualCount;
  const json::value* params = bot::json::member(call, "params");
  if (params == nullptr) return request;
  request.chat = bot::json::id(bot::json::member(*params, request.direct ? "user_id" : "group_id"));
  if (const json::value* message = bot::json::member(*params, "message")) request.text = text_of(*message);
  const auto count = bot::json::integer(bot::json::member(*params, "count"));
  if (count && *count > 0) request.count = static_cast<std::size_t>(*count);
  return request;
}

json::object message_event(const Line& line, Stamps stamps) {
  const bool own = line.user == kSelf;
  json::object message = event(line.at, own ? "message_sent" : "message");
  message["time"] = stamp(line.at, stamps);
  message["message_type"] = line.direct ? "private" : "group";
  message["sub_type"] = line.direct ? "friend" : "normal";
  message["user_id"] = line.user;
  if (!line.direct) message["group_id"] = std::stoll(line.chat);
  if (own) message["message_sent_type"] = "self";
  if (own) message["target_id"] = std::stoll(line.chat);
  message["message_id"] = line.message_id;
  message["message_seq"] = line.message_id;
  message["real_id"] = line.message_id;
  message["real_seq"] = std::to_string(line.sequence);
  message["message"] = json::array{json::object{{"type", "text"}, {"data", {{"text", line.text}}}}};
  message["raw_message"] = line.text;
  message["message_format"] = "array";
  message["font"] = 14;
  message["sender"] = {{"user_id", line.user},
                       {"nickname", own ? "学伴" : "m" + std::to_string(line.user)},
                       {"card", ""},
                       {"role", "member"}};
  return message;
}

std::string heartbeat_frame(bot::Milliseconds interval, bot::Instant at) {
  json::object beat = event(at, "meta_event");
  beat["meta_event_type"] = "heartbeat";
  beat["status"] = {{"online", true}, {"good", true}};
  beat["interval"] = interval.count();
  return json::serialize(beat);
}

std::string connect_frame(bot::Instant at) {
  json::object connect = event(at, "meta_event");
  connect["meta_event_type"] = "lifecycle";
  connect["sub_type"] = "connect";
  return json::serialize(connect);
}

std::string ok_frame(const std::string& echo, json::value data) {
  return answer_frame({{"status", "ok"}, {"retcode", 0}, {"data", std::move(data)}}, echo, "");
}

std::string failed_frame(const std::string& echo, int retcode, const std::string& why) {
  return answer_frame({{"status", "failed"}, {"retcode", retcode}, {"data", nullptr}}, echo, why);
}

std::string pending_frame(const std::string& echo) {
  return answer_frame({{"status", "async"}, {"retcode", 1}, {"data", nullptr}}, echo, "");
}

std::string wrong_token_frame() {
  json::object refusal{{"status", "failed"}, {"retcode", 1403}, {"data", nullptr}, {"echo", nullptr}};
  refusal["message"] = "token验证失败";
  refusal["wording"] = "token验证失败";
  return json::serialize(refusal);
}

json::value group_list(const std::vector<std::string>& groups) {
  json::array list;
  for (const std::string& group : groups) {
    list.push_back({{"group_id", std::stoll(group)}, {"group_name", "群" + group}, {"member_count", 3}});
  }
  return list;
}

json::value login_info() {
  return {{"user_id", kSelf}, {"nickname", "学伴"}};
}

json::value version_info() {
  return {{"app_name", "Judge"}, {"app_version", "1.0"}, {"protocol_version", "v11"}};
}

}  // namespace faults
