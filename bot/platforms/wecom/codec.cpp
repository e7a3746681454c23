// Reading: bytes to types.
#include "bot/platforms/wecom/codec.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "bot/base/json.hpp"
#include "bot/base/utf8.hpp"
#include "bot/platforms/wecom/button_key.hpp"

namespace bot::wecom {

namespace {

using boost::json::value;

constexpr std::int64_t kMillisecondsBelow = 100'000'000'000'000;
constexpr std::int64_t kSecondsBelow = 100'000'000'000;

std::string text(const value* holder, std::string_view name) {
  return holder == nullptr ? std::string() : json::text(json::member(*holder, name));
}
std::string id(const value* holder, std::string_view name) {
  return holder == nullptr ? std::string() : json::id(json::member(*holder, name));
}
const value* member(const value* holder, std::string_view name) {
  return holder == nullptr ? nullptr : json::member(*holder, name);
}

Instant time_of(const value& body, Instant fallback) {
  const std::int64_t time = json::integer(json::member(body, "create_time")).value_or(0);
  if (time <= 0 || time >= kMillisecondsBelow) return fallback;
  return from_ms(time < kSecondsBelow ? time * 1000 : time);
}

/// "@StudyBot 打卡" without the name, whose end is the first space of any kind.
std::string_view without_name(std::string_view said) {
  static constexpr std::array<std::string_view, 7> spaces{" ",      "\n",     "\t",    "\u00a0",
                                                          "\u2005", "\u2006", "\u3000"};
  said = utf8::trimmed(said);
  if (!said.starts_with('@')) return said;
  std::size_t end = said.size();
  std::size_t length = 0;
  for (const std::string_view space : spaces) {
    const std::size_t at = said.find(space);
    if (at >= end) continue;
    end = at;
    length = space.size();
  }
  return utf8::trimmed(said.substr(end + length));
}

Attachment attachment(Attachment::Kind kind, const value* content) {
  Attachment made;
  made.kind = kind;
  made.name = text(content, "filename");
  made.url = text(content, "url");
  made.key = text(content, "aeskey");
  return made;
}

/// One part by its type; the content lies in a member of the same name. Voice comes as text.
Segment segment_of(const std::string& type, const value& holder) {
  const value* content = json::member(holder, type);
  if (type == "text" || type == "voice") return Text{text(content, "content")};
  if (type == "image") return Picture{{}, text(content, "url"), text(content, "aeskey")};
  if (type == "video") return attachment(Attachment::Kind::video, content);
  if (type == "file") return attachment(Attachment::Kind::file, content);
  return Raw{type, content == nullptr ? std::string() : boost::json::serialize(*content)};
}

void add(Message& message, Segment part) {
  const auto* typed = std::get_if<Text>(&part);
  if (typed == nullptr || !typed->text.empty()) message.add(std::move(part));
}

void add_items(Message& message, const value* mixed) {
  const value* items = member(mixed, "msg_item");
  const auto* list = items == nullptr ? nullptr : items->if_array();
  if (list == nullptr) return;
  for (const value& item : *list) {
    std::string type = text(&item, "msgtype");
    if (!type.empty()) add(message, segment_of(type, item));
  }
}

/// The first text loses the mention that made it arrive.
Message without_mention(const Message& message) {
  Message result;
  bool first = true;
  for (const Segment& part : message.parts()) {
    const auto* typed = std::get_if<Text>(&part);
    if (typed != nullptr && std::exchange(first, false)) {
      add(result, Text{std::string(without_name(typed->text))});
    } else {
      result.add(part);
    }
  }
  return result;
}

Message message_of(const value& body, const std::string& type, bool direct) {
  Message message;
  if (type == "mixed") {
    add_items(message, json::member(body, "mixed"));
  } else {
    add(message, segment_of(type, body));
  }
  if (!direct) message = without_mention(message);
  // The quoted message has no id.
  if (const value* quote = json::member(body, "quote")) {
    message.add(Raw{"quote", boost::json::serialize(*quote)});
  }
  return message;
}

/// Where and by whom; nothing when that is not told.
std::optional<Said> addressed(const value& body, const Reader& reader) {
  const bool direct = text(&body, "chattype") != "group";
  Sender sender;
  sender.id = id(json::member(body, "from"), "userid");
  sender.name = sender.id;
  std::string chat = direct ? sender.id : id(&body, "chatid");
  if (sender.id.empty() || chat.empty()) return std::nullopt;
  MessagePosted posted;
  posted.from = std::move(sender);
  posted.id = id(&body, "msgid");
  posted.to_me = true;
  Said said;
  said.event = Event({std::string(reader.account), std::move(chat), direct}, time_of(body, reader.now),
                     std::move(posted));
  said.response_url = text(&body, "response_url");
  return said;
}

Frame said(const value& body, Message message, const Reader& reader) {
  auto result = addressed(body, reader);
  if (!result) return Ignored{"from nobody or nowhere"};
  std::get<MessagePosted>(result->event.what).message = std::move(message);
  return std::move(*result);
}

Frame read_tap(const value& body, const value* event, const Reader& reader) {
  const value* card = member(event, "template_card_event");
  auto command = command_in(text(card, "event_key"));
  if (!command) return Ignored{"a card that is not ours"};
  return said(body, Message(std::move(*command)), reader);
}

Frame read_event(const value& body, const Reader& reader) {
  const value* event = json::member(body, "event");
  const std::string type = text(event, "eventtype");
  if (type == "disconnected_event") return Replaced{};
  if (type == "template_card_event") return read_tap(body, event, reader);
  return Ignored{"event " + type};
}

Frame read_body(const value& body, const Reader& reader) {
  const std::string type = text(&body, "msgtype");
  if (type == "event") return read_event(body, reader);
  // The platform asks how a stream goes on; ours are finished when they begin.
  if (type.empty() || type == "stream") return Ignored{"msgtype " + type};
  return said(body, message_of(body, type, text(&body, "chattype") != "group"), reader);
}

Ack ack_of(const value& frame) {
  Ack ack;
  ack.echo = id(json::member(frame, "headers"), "req_id");
  ack.code = json::integer(json::member(frame, "errcode")).value_or(0);
  ack.message = text(&frame, "errmsg");
  const value* body = json::member(frame, "body");
  ack.upload_id = id(body, "upload_id");
  ack.media_id = id(body, "media_id");
  return ack;
}

Result<value> parsed(std::string_view bytes) {
  auto frame = json::parsed(bytes);
  return frame ? std::move(frame) : json::parsed(utf8::repaired(bytes));
}

}  // namespace

Frame read_frame(std::string_view bytes, const Reader& reader) {
  const auto frame = parsed(bytes);
  if (!frame || !frame->is_object()) return Ignored{"no JSON object"};
  const std::string command = text(&*frame, "cmd");
  if (command.empty() && json::member(*frame, "errcode") != nullptr) return ack_of(*frame);
  const value* body = json::member(*frame, "body");
  const bool message = command == "aibot_msg_callback";
  if (body == nullptr || (!message && command != "aibot_event_callback")) return Ignored{"cmd " + command};
  Frame read = message ? read_body(*body, reader) : read_event(*body, reader);
  if (auto* heard = std::get_if<Said>(&read); heard != nullptr && message) {
    heard->req_id = id(json::member(*frame, "headers"), "req_id");
  }
  return read;
}

Frame read_callback(std::string_view bytes, const Reader& reader) {
  const auto body = parsed(bytes);
  if (!body || !body->is_object()) return Ignored{"no JSON object"};
  return read_body(*body, reader);
}

Ack read_ack(std::string_view bytes) {
  const auto answer = parsed(bytes);
  return answer ? ack_of(*answer) : Ack();
}

}  // namespace bot::wecom
