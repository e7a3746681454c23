// The part of the desk that minds what happens around the messages: mutes, comings and goings, requests.
#include <algorithm>

#include "bot/base/log.hpp"
#include "bot/base/utf8.hpp"
#include "bot/desk/desk.hpp"

namespace bot {

namespace {

/// Of a mute whose end nobody told.
constexpr auto kTriedAgainAfter = std::chrono::hours(24);
/// More would be a flood, and the platform's app lists them all.
constexpr Rate kRequestsTold{3, std::chrono::hours(1)};
constexpr std::size_t kCommentShown = 60;  // characters

/// What is left of a mute now, by the platform's time of its beginning.
Milliseconds left_of(Milliseconds duration, Instant began, Instant now) {
  const auto gone = std::max(std::chrono::duration_cast<Milliseconds>(now - began), Milliseconds{0});
  return std::max(duration - gone, Milliseconds{0});
}

/// A stranger's words, in one line that does nothing.
std::string cleaned(std::string comment) {
  std::ranges::replace_if(comment, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  const std::string shown = utf8::escaped(utf8::trimmed(comment));
  const std::string_view kept = utf8::cut(shown, kCommentShown);
  return kept.size() == shown.size() ? shown : std::string(kept) + "\u2026";
}

std::string sentence_for(Requested::What what) {
  if (what == Requested::What::friendship) return "core.request_friendship";
  return what == Requested::What::joining ? "core.request_joining" : "core.request_invitation";
}

}  // namespace

/// Taps concern no part of the desk.
void Desk::hear_notice(const Event& event, Work& work) {
  if (const auto* muted = std::get_if<MemberMuted>(&event.what)) {
    hear_muted(event, *muted, work);
  } else if (const auto* left = std::get_if<MemberLeft>(&event.what)) {
    if (left->self) hear_removed(event.where, work);
    if (!left->self) people::went(work.begin(), event.where, left->user, event.at);
  } else if (const auto* joined = std::get_if<MemberJoined>(&event.what)) {
    if (joined->self) hear_taken_in(event.where, work);
    const auto forgotten = parts_.forgotten.at(event.where.account, joined->user);
    const bool old = forgotten && event.at <= *forgotten;
    if (!joined->self && !old) people::came(work.begin(), event.where, joined->user, event.at);
  } else if (const auto* recalled = std::get_if<MessageRecalled>(&event.what)) {
    if (parts_.archive.kept(event.where)) Archive::recall(work.begin(), event.where, recalled->id);
  } else if (const auto* requested = std::get_if<Requested>(&event.what)) {
    hear_requested(event.where, *requested, work);
  }
  tell_news(work);
}

/// Whether a mute of the whole group concerns the account, only its admins know, who may be us: the first
/// message tells, and its refusal pauses the chat.
void Desk::hear_muted(const Event& event, const MemberMuted& muted, Work& work) {
  const bool lifted = muted.duration == Milliseconds{0};
  if (lifted && muted.self) return outbox_.restored(event.where);
  if (lifted && muted.user.empty()) return outbox_.group_unmuted(event.where);
  if (lifted || !muted.self) return;
  const Instant now = parts_.clock.now();
  const SteadyTime steady = parts_.clock.steady();
  const Milliseconds left = left_of(muted.duration.value_or(kTriedAgainAfter), event.at, now);
  log::warning("muted", {{"account", event.where.account}, {"chat", event.where.chat}, {"ms", left.count()}});
  if (!outbox_.muted(event.where, steady + left, steady)) return;
  Turn turn(parts_of_turn(event.where, parts_.groups.find(event.where)));
  Values values{{"ends", muted.duration.has_value()}, {"moment", turn.moment(now + left)}};
  tell_admins(event.where, "core.muted", std::move(values), work.begin());
}

void Desk::hear_removed(const Address& group, Work& work) {
  log::warning("no more in a group", {{"account", group.account}, {"chat", group.chat}});
  hearing_.left(group);
  if (outbox_.removed(group, parts_.clock.steady())) tell_admins(group, "core.removed", {}, work.begin());
}

void Desk::hear_taken_in(const Address& group, Work& work) {
  outbox_.restored(group);
  hearing_.joined(group);
  if (!parts_.known.knows(group)) parts_.known.add(work.begin(), group, {}, parts_.clock.now());
}

void Desk::hear_requested(const Address& where, const Requested& requested, Work& work) {
  const Address group{where.account, where.direct ? std::string() : where.chat, false};
  const GroupProfile& profile = parts_.groups.find(group);
  if (!profile.enabled || profile.admins.empty() || !may_tell_request()) return;
  const std::string comment = cleaned(requested.comment);
  tell_admins(group, sentence_for(requested.what),
              {{"who", requested.by}, {"commented", !comment.empty()}, {"comment", comment}}, work.begin());
}

bool Desk::may_tell_request() {
  const SteadyTime now = parts_.clock.steady();
  std::erase_if(requests_told_, [now](SteadyTime at) { return now - at >= kRequestsTold.window; });
  if (static_cast<std::int64_t>(requests_told_.size()) >= kRequestsTold.count) return false;
  requests_told_.push_back(now);
  return true;
}

}  // namespace bot
