#include "bot/platforms/onebot/codec_notices.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "bot/base/json.hpp"
#include "bot/platforms/onebot/codec_fields.hpp"

namespace bot::onebot {

namespace {

using boost::json::value;

/// QQ mutes nobody for longer; implementations write more where they mean "until further notice".
constexpr std::chrono::seconds kLongestMute = std::chrono::hours(24 * 31);

/// One notice, with what all of them have.
struct Notice {
  const value& frame;
  const Reader& reader;

  std::string_view sub_type() const noexcept { return view(frame, "sub_type"); }
  /// A user; nobody is written as 0.
  std::string person(std::string_view name) const {
    std::string user = id(frame, name);
    return user == "0" ? std::string() : user;
  }
  std::string self() const {
    std::string own = person("self_id");
    return own.empty() ? std::string(reader.self) : own;
  }
  bool is_self(std::string_view user) const { return !user.empty() && user == self(); }
  Noticed in(std::string chat, bool direct, Happening what) const {
    Address where{std::string(reader.account), std::move(chat), direct};
    return Noticed{
        Event(std::move(where), time_of(json::member(frame, "time"), reader.now), std::move(what))};
  }
  Noticed in_group(Happening what) const { return in(id(frame, "group_id"), false, std::move(what)); }
};

Frame incomplete(std::string_view what) {
  return Ignored{"incomplete " + std::string(what)};
}

// ---- messages taken back --------------------------------------------------------------------------------

Frame read_recall(const Notice& notice, bool direct) {
  MessageRecalled recalled{id(notice.frame, "message_id"), notice.person("operator_id")};
  std::string user = notice.person("user_id");
  if (recalled.by.empty()) recalled.by = user;
  if (recalled.id.empty() || (direct && user.empty())) return incomplete("recall");
  if (direct) return notice.in(std::move(user), true, std::move(recalled));
  return notice.in_group(std::move(recalled));
}

Frame read_group_recall(const Notice& notice) {
  return read_recall(notice, false);
}
Frame read_friend_recall(const Notice& notice) {
  return read_recall(notice, true);
}

// ---- who comes and goes ---------------------------------------------------------------------------------

Frame read_increase(const Notice& notice) {
  MemberJoined joined{notice.person("user_id")};
  if (joined.user.empty()) return incomplete("group_increase");
  joined.self = notice.is_self(joined.user);
  return notice.in_group(std::move(joined));
}

/// The group is no more; whoever that notice names.
Frame read_dismissal(const Notice& notice) {
  MemberLeft left{notice.self(), notice.person("operator_id"), true};
  if (left.by.empty()) left.by = notice.person("user_id");
  if (left.by == left.user) left.by.clear();
  return notice.in_group(std::move(left));
}

Frame read_decrease(const Notice& notice) {
  const std::string_view how = notice.sub_type();
  if (how == "disband") return read_dismissal(notice);
  MemberLeft left{notice.person("user_id"), notice.person("operator_id")};
  if (how == "kick_me" && left.user.empty()) left.user = notice.self();
  if (left.user.empty()) return incomplete("group_decrease");
  left.self = how == "kick_me" || notice.is_self(left.user);
  if (how == "leave" || left.by == left.user) left.by.clear();
  return notice.in_group(std::move(left));
}

// ---- mutes ----------------------------------------------------------------------------------------------

std::optional<Milliseconds> duration_of(const Notice& notice) {
  if (notice.sub_type() == "lift_ban") return Milliseconds{0};
  const auto seconds = json::integer(json::member(notice.frame, "duration"));
  const bool lifted = seconds == 0 && notice.sub_type() != "ban";
  if (lifted) return Milliseconds{0};
  if (!seconds || *seconds <= 0 || *seconds > kLongestMute.count()) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

/// A mute of the whole group does not concern the account for certain: admins may go on speaking.
Frame read_ban(const Notice& notice) {
  MemberMuted muted{notice.person("user_id"), duration_of(notice), false};
  muted.self = notice.is_self(muted.user);
  return notice.in_group(std::move(muted));
}

// ---- taps -----------------------------------------------------------------------------------------------

Frame read_notify(const Notice& notice) {
  if (notice.sub_type() != "poke") return Ignored{"notify " + std::string(notice.sub_type())};
  Poked poked{notice.person("sender_id"), notice.person("target_id")};
  if (poked.by.empty()) poked.by = notice.person("user_id");
  const bool direct = id(notice.frame, "group_id").empty();
  if (direct && poked.user.empty()) poked.user = notice.self();
  if (poked.by.empty() || poked.user.empty()) return incomplete("poke");
  if (notice.is_self(poked.by)) return Ignored{"own poke"};
  poked.self = notice.is_self(poked.user);
  std::string other = poked.by;
  if (direct) return notice.in(std::move(other), true, std::move(poked));
  return notice.in_group(std::move(poked));
}

// ---- all of them ----------------------------------------------------------------------------------------

struct NoticeReading {
  std::string_view type;
  Frame (*read)(const Notice& notice);
  bool in_group = true;  ///< nothing without its group
};

constexpr std::array<NoticeReading, 7> kNotices{{
    {"group_recall", read_group_recall},
    {"friend_recall", read_friend_recall, false},
    {"group_increase", read_increase},
    {"group_decrease", read_decrease},
    {"group_dismiss", read_dismissal},  // LLBot
    {"group_ban", read_ban},
    {"notify", read_notify, false},
}};

std::optional<Requested::What> wanted(std::string_view type, std::string_view sub_type) {
  if (type == "friend") return Requested::What::friendship;
  if (type != "group") return std::nullopt;
  if (sub_type == "add") return Requested::What::joining;
  if (sub_type == "invite") return Requested::What::invitation;
  return std::nullopt;
}

}  // namespace

Frame read_notice(const value& frame, const Reader& reader) {
  const std::string_view type = view(frame, "notice_type");
  if (type == "bot_offline") return WentOffline{text(frame, "message")};
  const auto known = std::ranges::find(kNotices, type, &NoticeReading::type);
  if (known == kNotices.end()) return Ignored{"notice_type " + std::string(type)};
  if (known->in_group && id(frame, "group_id").empty()) return incomplete(type);
  return known->read(Notice{frame, reader});
}

Frame read_request(const value& frame, const Reader& reader) {
  const std::string_view type = view(frame, "request_type");
  const auto what = wanted(type, view(frame, "sub_type"));
  if (!what) return Ignored{"request_type " + std::string(type)};
  const Notice notice{frame, reader};
  Requested requested{*what, notice.person("user_id"), text(frame, "comment"), id(frame, "flag")};
  const bool direct = *what == Requested::What::friendship;
  std::string chat = direct ? requested.by : id(frame, "group_id");
  if (requested.by.empty() || chat.empty()) return incomplete("request");
  return notice.in(std::move(chat), direct, std::move(requested));
}

}  // namespace bot::onebot
