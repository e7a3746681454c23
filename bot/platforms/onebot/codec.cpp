#include "bot/platforms/onebot/codec.hpp"

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cstddef>

#include "bot/base/json.hpp"
#include "bot/base/utf8.hpp"
#include "bot/platforms/onebot/codec_fields.hpp"
#include "bot/platforms/onebot/codec_notices.hpp"
#include "bot/platforms/onebot/codec_segments.hpp"

namespace bot::onebot {

namespace {

using boost::json::object;
using boost::json::value;

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kArena = 16 * 1024;  // an ordinary frame is one or two kilobytes

// ---- JSON -----------------------------------------------------------------------------------------------

std::optional<value> parsed(std::string_view text, const boost::json::storage_ptr& storage) {
  boost::json::parse_options options;
  options.max_depth = kDeepest;
  boost::json::error_code failure;
  value result = boost::json::parse(text, failure, storage, options);
  if (failure) return std::nullopt;
  return result;
}

std::optional<unsigned> code_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned unit = 0;
  const char* end = text.data() + at + 6;
  const auto [stop, failure] = std::from_chars(text.data() + at + 2, end, unit, 16);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return unit;
}

bool is_high(std::optional<unsigned> unit) {
  return unit && *unit >= 0xD800 && *unit <= 0xDBFF;
}
bool is_low(std::optional<unsigned> unit) {
  return unit && *unit >= 0xDC00 && *unit <= 0xDFFF;
}

// JavaScript cuts a nickname in the middle of an emoji and writes the half as an escape of its own, which is
// no JSON text for others.
std::string without_lone_surrogates(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::optional<unsigned> unit = code_unit(text, at);
    std::size_t length = 1;
    if (is_high(unit) && is_low(code_unit(text, at + 6))) {
      length = 12;
    } else if (is_high(unit) || is_low(unit)) {
      result += "\\ufffd";
      at += 6;
      continue;
    } else if (unit) {
      length = 6;
    } else if (text[at] == '\\' && at + 1 < text.size()) {
      length = 2;
    }
    result += text.substr(at, length);
    at += length;
  }
  return result;
}

// ---- messages: who, where, when -------------------------------------------------------------------------

/// The members of a message that are read, found in one pass: most frames are messages.
struct MessageMembers {
  const value* anonymous = nullptr;
  const value* group_id = nullptr;
  const value* message = nullptr;
  const value* message_id = nullptr;
  const value* message_seq = nullptr;
  const value* message_type = nullptr;
  const value* real_seq = nullptr;
  const value* self_id = nullptr;
  const value* sender = nullptr;
  const value* sub_type = nullptr;
  const value* target_id = nullptr;
  const value* time = nullptr;
  const value* user_id = nullptr;
};

using MemberName = std::pair<std::string_view, const value * MessageMembers::*>;

constexpr std::array<MemberName, 13> kMemberNames{{
    {"anonymous", &MessageMembers::anonymous},
    {"group_id", &MessageMembers::group_id},
    {"message", &MessageMembers::message},
    {"message_id", &MessageMembers::message_id},
    {"message_seq", &MessageMembers::message_seq},
    {"message_type", &MessageMembers::message_type},
    {"real_seq", &MessageMembers::real_seq},
    {"self_id", &MessageMembers::self_id},
    {"sender", &MessageMembers::sender},
    {"sub_type", &MessageMembers::sub_type},
    {"target_id", &MessageMembers::target_id},
    {"time", &MessageMembers::time},
    {"user_id", &MessageMembers::user_id},
}};

MessageMembers members_of(const object& frame) {
  MessageMembers members;
  for (const auto& member : frame) {
    const std::string_view key(member.key().data(), member.key().size());
    for (const auto& [name, place] : kMemberNames) {
      if (name.size() != key.size() || name != key) continue;
      members.*place = &member.value();
      break;
    }
  }
  return members;
}

Sender::Role role_of(std::string_view role) {
  if (role == "owner") return Sender::Role::owner;
  if (role == "admin") return Sender::Role::admin;
  if (role == "member") return Sender::Role::member;
  return Sender::Role::unknown;
}

Sender sender_of(const MessageMembers& frame, std::string user) {
  Sender sender;
  sender.id = std::move(user);
  if (frame.sender != nullptr) {
    sender.name = text(*frame.sender, "card");
    if (sender.name.empty()) sender.name = text(*frame.sender, "nickname");
    sender.role = role_of(view(*frame.sender, "role"));
  }
  const bool described = frame.anonymous != nullptr && frame.anonymous->is_object();
  sender.anonymous = described || view(frame.sub_type) == "anonymous";
  if (described) {
    std::string name = text(*frame.anonymous, "name");
    if (!name.empty()) sender.name = std::move(name);
  }
  if (sender.name.empty()) sender.name = sender.id;
  return sender;
}

void read_mentions(MessagePosted& posted, std::string_view self) {
  for (const Segment& part : posted.message.parts()) {
    if (const auto* mention = std::get_if<Mention>(&part)) {
      const bool me = !self.empty() && mention->user == self;
      (me ? posted.to_me : posted.to_others) = true;
    } else if (std::holds_alternative<MentionAll>(part)) {
      posted.to_others = true;
    } else if (const auto* quote = std::get_if<Quote>(&part)) {
      if (!posted.quotes) posted.quotes = quote->message_id;
    }
  }
}

// NapCat's real_seq is the platform's number; its message_seq only repeats message_id, LLBot's does not.
std::string sequence_of(const MessageMembers& frame, const std::string& message_id) {
  std::string sequence = json::id(frame.real_seq);
  if (!sequence.empty()) return sequence;
  sequence = json::id(frame.message_seq);
  return sequence == message_id ? std::string() : sequence;
}

std::string group_of_temporary_chat(const MessageMembers& frame) {
  if (view(frame.sub_type) != "group") return {};
  std::string group = json::id(frame.group_id);
  if (!group.empty()) return group;
  return frame.sender == nullptr ? std::string() : id(*frame.sender, "group_id");
}

bool is_own(const MessageMembers& frame, std::string_view user, const Reader& reader) {
  const std::string self = json::id(frame.self_id);
  return (!self.empty() && user == self) || (!reader.self.empty() && user == reader.self);
}

/// In a private chat it is the other side that names it. Own messages call it the target; some
/// implementations call it the user.
std::string chat_of(const MessageMembers& frame, bool direct, bool own, bool by_self) {
  if (!direct) return json::id(frame.group_id);
  std::string target = own ? json::id(frame.target_id) : std::string();
  if (!target.empty() && target != "0") return target;
  return by_self ? std::string() : json::id(frame.user_id);
}

MessagePosted posted_of(const MessageMembers& frame, std::string user, const Reader& reader) {
  MessagePosted posted;
  posted.from = sender_of(frame, std::move(user));
  posted.message = message_of(frame.message);
  posted.id = json::id(frame.message_id);
  const std::string self = json::id(frame.self_id);
  read_mentions(posted, self.empty() ? reader.self : std::string_view(self));
  return posted;
}

Frame read_message(const object& whole, const Reader& reader, bool was_sent) {
  const MessageMembers frame = members_of(whole);
  const std::string_view type = view(frame.message_type);
  const bool direct = type == "private";
  if (!direct && type != "group") return Ignored{"message_type " + std::string(type)};
  std::string user = json::id(frame.user_id);
  if (user.empty()) return Ignored{"message without user_id"};
  const bool by_self = is_own(frame, user, reader);
  const bool own = was_sent || by_self;
  std::string chat = chat_of(frame, direct, own, by_self);
  if (chat.empty()) return Ignored{own ? "own message" : "message without group_id"};

  Address where{std::string(reader.account), std::move(chat), direct};
  const Instant at = time_of(frame.time, reader.now);
  if (own) {
    return OwnSaid{
        Event(std::move(where), at, OwnMessage{message_of(frame.message), json::id(frame.message_id)})};
  }
  MessagePosted posted = posted_of(frame, std::move(user), reader);
  Said said{Event(std::move(where), at, MessagePosted()), {}};
  said.event.sequence = sequence_of(frame, posted.id);
  said.event.what = std::move(posted);
  if (direct) said.through_group = group_of_temporary_chat(frame);
  return said;
}

std::optional<PastMessage> past_message(const value& entry, const Reader& reader) {
  const auto* whole = entry.if_object();
  if (whole == nullptr) return std::nullopt;
  const MessageMembers frame = members_of(*whole);
  std::string user = json::id(frame.user_id);
  if (user.empty() && frame.sender != nullptr) user = id(*frame.sender, "user_id");
  if (user.empty()) return std::nullopt;
  PastMessage past;
  past.at = time_of(frame.time, reader.now);
  past.own = is_own(frame, user, reader);
  past.posted = posted_of(frame, std::move(user), reader);
  past.sequence = sequence_of(frame, past.posted.id);
  return past;
}

// ---- other events ---------------------------------------------------------------------------------------

Frame read_meta(const value& frame) {
  const std::string_view type = view(frame, "meta_event_type");
  if (type == "lifecycle") return Lifecycle{id(frame, "self_id")};
  if (type != "heartbeat") return Ignored{"meta_event_type " + std::string(type)};
  Heartbeat heartbeat;
  const std::optional<std::int64_t> interval = json::integer(json::member(frame, "interval"));
  if (interval && *interval > 0) heartbeat.interval = Milliseconds(*interval);
  if (const value* status = json::member(frame, "status")) {
    heartbeat.online = json::boolean(json::member(*status, "online"));
  }
  return heartbeat;
}

Frame read_event(std::string_view type, const value& frame, const Reader& reader) {
  if (type == "message") return read_message(frame.get_object(), reader, false);
  if (type == "message_sent") return read_message(frame.get_object(), reader, true);
  if (type == "meta_event") return read_meta(frame);
  if (type == "notice") return read_notice(frame, reader);
  if (type == "request") return read_request(frame, reader);
  return Ignored{"post_type " + std::string(type)};
}

// ---- responses ------------------------------------------------------------------------------------------

std::vector<GroupsListed::Entry> groups_of(const value& data) {
  std::vector<GroupsListed::Entry> groups;
  const auto* entries = data.if_array();
  if (entries == nullptr) return groups;
  for (const value& entry : *entries) {
    GroupsListed::Entry group{id(entry, "group_id"), text(entry, "group_name")};
    if (!group.chat.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

std::optional<Instant> joined_at(const value& entry) {
  const Instant joined = time_of(json::member(entry, "join_time"), Instant{});
  return joined == Instant{} ? std::nullopt : std::optional(joined);
}

std::vector<MembersListed::Entry> members_of(const value& data) {
  std::vector<MembersListed::Entry> members;
  const auto* entries = data.if_array();
  if (entries == nullptr) return members;
  for (const value& entry : *entries) {
    MembersListed::Entry member{id(entry, "user_id"), text(entry, "card"), text(entry, "nickname"),
                                role_of(view(entry, "role")), joined_at(entry)};
    if (!member.user.empty()) members.push_back(std::move(member));
  }
  return members;
}

std::vector<PastMessage> history_in(const value& data, const Reader& reader) {
  std::vector<PastMessage> history;
  const value* messages = json::member(data, "messages");
  const auto* entries = messages == nullptr ? nullptr : messages->if_array();
  if (entries == nullptr) return history;
  for (const value& entry : *entries) {
    if (auto past = past_message(entry, reader)) history.push_back(std::move(*past));
  }
  return history;
}

std::optional<bool> mention_all_in(const value& data) {
  const auto allowed = json::boolean(json::member(data, "can_at_all"));
  if (!allowed) return std::nullopt;
  const auto left = json::integer(json::member(data, "remain_at_all_count_for_uin"));
  return *allowed && left.value_or(1) > 0;
}

void read_data(Response& response, const value& data, const Reader& reader) {
  response.message_id = id(data, "message_id");
  response.user_id = id(data, "user_id");
  response.implementation = text(data, "app_name");
  const std::string_view version = view(data, "app_version");
  if (!version.empty()) response.implementation += ' ' + std::string(version);
  response.groups = groups_of(data);
  response.members = members_of(data);
  response.history = history_in(data, reader);
  response.mention_all = mention_all_in(data);
  response.online = json::boolean(json::member(data, "online"));
}

Frame read_response(const value& frame, const Reader& reader) {
  Response response;
  const std::string_view status = view(frame, "status");
  const std::optional<std::int64_t> retcode = json::integer(json::member(frame, "retcode"));
  response.echo = text(frame, "echo");
  response.retcode = retcode.value_or(0);
  response.pending = status == "async" || response.retcode == 1;
  response.ok = !response.pending && (status == "ok" || retcode == 0);
  response.message = first_text(frame, {"message", "wording", "msg"});
  if (const value* data = json::member(frame, "data")) read_data(response, *data, reader);
  return response;
}

Frame read_value(const value& frame, const Reader& reader) {
  if (!frame.is_object()) return Ignored{"no object"};
  const value* post_type = json::member(frame, "post_type");
  if (post_type != nullptr) return read_event(view(post_type), frame, reader);
  const bool answers = !view(frame, "status").empty() || json::member(frame, "retcode") != nullptr;
  if (!answers) return Ignored{"neither event nor response"};
  return read_response(frame, reader);
}

}  // namespace

Frame read_frame(std::string_view bytes, const Reader& reader) {
  std::array<unsigned char, kArena> arena;
  boost::json::monotonic_resource memory(arena.data(), arena.size());
  std::optional<value> frame = parsed(bytes, &memory);
  if (!frame) frame = parsed(without_lone_surrogates(utf8::repaired(bytes)), &memory);
  if (!frame) return Ignored{"no JSON"};
  return read_value(*frame, reader);
}

}  // namespace bot::onebot
