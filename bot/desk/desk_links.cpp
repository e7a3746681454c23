// The part of the desk that minds its accounts: up or down, deaf, and what was said while nobody listened.
#include "bot/base/log.hpp"
#include "bot/desk/desk.hpp"

namespace bot {

namespace {

constexpr std::size_t kCanary = 20;  // messages, to see whether the platform tells everything
constexpr auto kMinute = std::chrono::minutes(1);

/// Of somebody else than the account.
std::optional<Instant> newest_from_others(const HistoryRead& history) {
  std::optional<Instant> newest;
  for (const PastMessage& past : history.messages) {
    if (!past.own && (!newest || past.at > *newest)) newest = past.at;
  }
  return newest;
}

}  // namespace

/// What the account allows anywhere.
Capabilities Desk::capabilities(const std::string& account) const {
  return parts_.postman.capabilities({account, {}, false});
}

bool Desk::hears(const std::string& account) const {
  return capabilities(account).hears != Hears::nothing;
}

bool Desk::has_history(const Address& chat) const {
  return parts_.postman.capabilities(chat).history;
}

void Desk::link_up(const std::string& account, Work& work) {
  const Instant now = parts_.clock.now();
  const Capabilities allowed = capabilities(account);
  outbox_.cap(account, {allowed.per_chat, allowed.per_account});
  outbox_.link_up(account);
  hearing_.link_up(account);
  accounts_[account] = {account, true, now, {}};
  if (allowed.hears == Hears::nothing) return;
  std::vector<Address> chats;
  for (const KnownGroups::Entry& group : parts_.known.all()) {
    const bool ours = group.where.account == account && parts_.groups.find(group.where).enabled;
    if (ours && has_history(group.where)) chats.push_back(group.where);
  }
  gaps_.end(work.begin(), account, chats, now);
}

void Desk::link_down(const std::string& account, const std::string& reason, Work& work) {
  const Instant now = parts_.clock.now();
  hearing_.link_down(account, reason);
  accounts_[account] = {account, false, now, reason};
  // An account that only speaks learns by speaking that it can do so again.
  if (!hears(account)) return;
  outbox_.link_down(account);
  gaps_.begin(work.begin(), account, now);
}

void Desk::ask_histories(Work& work) {
  const SteadyTime steady = parts_.clock.steady();
  for (const Address& chat : gaps_.due(steady)) parts_.postman.read_history(chat, Gaps::kReading);
  for (const Address& chat : hearing_.suspects()) {
    // Without a bell nobody would be told.
    if (parts_.bell != nullptr && has_history(chat)) {
      parts_.postman.read_history(chat, kCanary);
    } else {
      hearing_.canary_failed(chat);
    }
  }
  look_back(work);
}

/// One reading answers whoever waits for one of this chat.
void Desk::hear_history(const Address& chat, const HistoryRead& history, Work& work) {
  if (history.failure.empty()) {
    hearing_.canary_answered(chat, newest_from_others(history));
  } else {
    hearing_.canary_failed(chat);
  }
  if (outbox_.awaits(chat)) {
    outbox_.hear(work.begin(), chat, history, {parts_.clock.now(), parts_.clock.steady()});
  }
  made_up_ = true;
  for (const Event& missed : gaps_.missed(chat, history))
    hear(missed, std::get<MessagePosted>(missed.what), work);
  made_up_ = false;
}

void Desk::tell_made_up(Work& work) {
  if (!gaps_.has_finished()) return;
  for (const Gaps::MadeUp& gap : gaps_.finished(work.begin(), parts_.clock.now())) {
    log::info("a gap was made up for", {{"account", gap.chat.account},
                                        {"chat", gap.chat.chat},
                                        {"booked", gap.booked},
                                        {"skipped", gap.skipped}});
    const std::int64_t minutes = std::max<std::int64_t>(1, gap.lasted / kMinute);
    tell_admins(gap.chat, "core.made_up",
                Values()
                    .set("minutes", minutes)
                    .set("booked", gap.booked)
                    .set("skipped", gap.skipped)
                    .set("old", gap.skipped > 0),
                work.begin());
  }
}

void Desk::ring_alarms() {
  for (const HearingChange& change : hearing_.changes()) {
    Alarm alarm = alarm_of(change);
    alarm.text = parts_.content->texts.render(parts_.groups.fallback().language, said_of(change), random_);
    log::warning("an account's hearing changed",
                 {{"account", alarm.account}, {"kind", alarm.kind}, {"over", alarm.over}});
    if (parts_.bell != nullptr) parts_.bell->ring(alarm);
  }
}

}  // namespace bot
