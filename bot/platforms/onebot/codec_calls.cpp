// Calls: types to bytes.
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "bot/base/hashes.hpp"
#include "bot/base/utf8.hpp"
#include "bot/platforms/onebot/codec.hpp"

namespace bot::onebot {

namespace {

using boost::json::object;
using boost::json::value;

constexpr std::size_t kArena = 16 * 1024;

value number_or_text(const std::string& id, const boost::json::storage_ptr& storage) {
  std::int64_t number = 0;
  const char* end = id.data() + id.size();
  const auto [stop, failure] = std::from_chars(id.data(), end, number);
  // "007" must come back as it is.
  if (failure == std::errc() && stop == end && std::to_string(number) == id) return value(number, storage);
  return value(utf8::repaired(id), storage);
}

void add_segment(boost::json::array& segments, std::string_view type, std::string_view name,
                 const std::string& content) {
  object data(segments.storage());
  data[name] = content;
  object segment(segments.storage());
  segment["type"] = type;
  segment["data"] = std::move(data);
  segments.push_back(std::move(segment));
}

/// Implementations take voices and videos as they are; everything else needs a name.
void add_file(boost::json::array& segments, const Attachment& file) {
  const std::string bytes = "base64://" + base64(file.bytes);
  if (file.kind == Attachment::Kind::voice) return add_segment(segments, "record", "file", bytes);
  if (file.kind == Attachment::Kind::video) return add_segment(segments, "video", "file", bytes);
  add_segment(segments, "file", "file", bytes);
  segments.back().as_object()["data"].as_object()["name"] = utf8::one_line(utf8::repaired(file.name));
}

const Quote* first_quote(const Message& message) {
  for (const Segment& part : message.parts()) {
    if (const auto* quote = std::get_if<Quote>(&part)) return quote;
  }
  return nullptr;
}

// Whether anything but a quote was added.
bool add_content(boost::json::array& segments, const Message& message) {
  const std::size_t before = segments.size();
  for (const Segment& part : message.parts()) {
    if (const auto* typed = std::get_if<Text>(&part)) {
      if (!typed->text.empty()) add_segment(segments, "text", "text", utf8::repaired(typed->text));
    } else if (const auto* mention = std::get_if<Mention>(&part)) {
      add_segment(segments, "at", "qq", utf8::repaired(mention->user));
    } else if (std::holds_alternative<MentionAll>(part)) {
      add_segment(segments, "at", "qq", "all");
    } else if (const auto* picture = std::get_if<Picture>(&part)) {
      if (!picture->bytes.empty())
        add_segment(segments, "image", "file", "base64://" + base64(picture->bytes));
    } else if (const auto* file = std::get_if<Attachment>(&part)) {
      if (!file->bytes.empty()) add_file(segments, *file);
    }
  }
  return segments.size() > before;
}

std::string written(std::string_view action, object params, std::string_view echo) {
  object call(params.storage());
  call["action"] = action;
  call["params"] = std::move(params);
  call["echo"] = echo;
  return boost::json::serialize(call);
}

}  // namespace

std::string write_call(std::string_view action, std::string_view echo) {
  return written(action, object(), echo);
}

std::string write_send(const Address& to, const Message& message, std::string_view echo,
                       std::string_view through_group) {
  std::array<unsigned char, kArena> arena;
  boost::json::monotonic_resource memory(arena.data(), arena.size());
  boost::json::array segments(&memory);
  if (const Quote* quote = first_quote(message)) {
    add_segment(segments, "reply", "id", utf8::repaired(quote->message_id));
  }
  if (!add_content(segments, message)) return {};
  object params(&memory);
  params[to.direct ? "user_id" : "group_id"] = number_or_text(to.chat, &memory);
  if (to.direct && !through_group.empty()) {
    params["group_id"] = number_or_text(std::string(through_group), &memory);
  }
  params["message"] = std::move(segments);
  return written(to.direct ? "send_private_msg" : "send_group_msg", std::move(params), echo);
}

std::string write_mention_all_quota(const Address& group, std::string_view echo) {
  object params;
  params["group_id"] = number_or_text(group.chat, params.storage());
  return written("get_group_at_all_remain", std::move(params), echo);
}

std::string write_members(const Address& group, std::string_view echo) {
  object params;
  params["group_id"] = number_or_text(group.chat, params.storage());
  return written("get_group_member_list", std::move(params), echo);
}

std::string write_history(const Address& chat, std::size_t count, std::string_view echo) {
  object params;
  params[chat.direct ? "user_id" : "group_id"] = number_or_text(chat.chat, params.storage());
  params["count"] = count;
  return written(chat.direct ? "get_friend_msg_history" : "get_group_msg_history", std::move(params), echo);
}

}  // namespace bot::onebot
