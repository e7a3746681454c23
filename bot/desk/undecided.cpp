#include "bot/desk/undecided.hpp"

#include <algorithm>

namespace bot {

namespace {

constexpr auto kHeldLongest = std::chrono::seconds(60);
constexpr auto kReadingLongest = std::chrono::seconds(30);
constexpr int kAbsencesNeeded = 2;

}  // namespace

void Undecided::add(Send send, Instant now, SteadyTime steady) {
  // What a restart finds began before; a wall clock that was set back must not make it wait for ever.
  const Milliseconds past = std::clamp(now - send.started, Milliseconds{0}, waits_.settle);
  Entry entry;
  entry.settled_at = steady + (waits_.settle - past);
  entry.look_at = entry.settled_at;
  entry.holds_until = steady + kHeldLongest;
  entry.given_up = steady + waits_.undecided;
  const std::int64_t row = send.row;
  entry.send = std::move(send);
  entries_.insert_or_assign(row, std::move(entry));
}

std::vector<Undecided::Send> Undecided::in(const Address& where) const {
  std::vector<Send> sends;
  for (const auto& [row, entry] : entries_) {
    if (entry.send.where == where) sends.push_back(entry.send);
  }
  return sends;
}

std::optional<Instant> Undecided::oldest() const {
  std::optional<Instant> oldest;
  for (const auto& [row, entry] : entries_) {
    if (!oldest || entry.send.started < *oldest) oldest = entry.send.started;
  }
  return oldest;
}

bool Undecided::holds(const Address& where, SteadyTime steady) const {
  return std::ranges::any_of(entries_, [&](const auto& item) {
    return item.second.holds_until > steady && item.second.send.where == where;
  });
}

std::vector<Address> Undecided::due(const std::string& account, SteadyTime steady) {
  std::vector<Address> chats;
  for (auto& [row, entry] : entries_) {
    if (entry.look_at > steady || entry.send.where.account != account) continue;
    entry.look_at = steady + kReadingLongest;
    entry.asked = true;
    if (std::ranges::find(chats, entry.send.where) == chats.end()) chats.push_back(entry.send.where);
  }
  return chats;
}

SteadyTime Undecided::next(const std::string& account, SteadyTime steady) const {
  SteadyTime next = SteadyTime::max();
  for (const auto& [row, entry] : entries_) {
    if (entry.send.where.account != account) continue;
    next = std::min(next, entry.look_at);
    if (entry.holds_until > steady) next = std::min(next, entry.holds_until);
  }
  return next;
}

std::vector<Undecided::Decided> Undecided::judge(const Address& where, const HistoryRead& history,
                                                 SteadyTime steady,
                                                 const std::function<bool(const std::string&)>& is_taken) {
  std::vector<Decided> all;
  std::vector<std::string> found;
  const auto is_known = [&](const std::string& id) {
    return std::ranges::find(found, id) != found.end() || is_taken(id);
  };
  for (auto& [row, entry] : entries_) {
    if (entry.send.where != where) continue;
    const Sought sought{entry.send.text, entry.send.started, waits_.settle};
    const Finding finding = look_for(sought, history, is_known);
    auto decided = judged(entry, finding, history, steady);
    if (!decided) continue;
    if (decided->verdict == Verdict::sent) found.push_back(decided->message_id);
    all.push_back(std::move(*decided));
  }
  for (const Decided& decided : all) entries_.erase(decided.row);
  return all;
}

std::optional<Undecided::Decided> Undecided::judged(Entry& entry, const Finding& finding,
                                                    const HistoryRead& history, SteadyTime steady) const {
  const std::int64_t row = entry.send.row;
  if (finding.trace == Trace::found) return Decided{row, Verdict::sent, finding.message_id, {}};
  if (!entry.asked || history.asked < kReading) return std::nullopt;
  entry.asked = false;
  entry.look_at = steady + waits_.look_again;
  if (finding.trace == Trace::absent && ++entry.absences == kAbsencesNeeded) {
    return Decided{row, Verdict::not_sent, {}, "not in the chat"};
  }
  if (!history.supported) return Decided{row, Verdict::unresolved, {}, "the platform has no history"};
  // One absence asks for the second look, also after the account was down for long.
  if (steady < entry.given_up || finding.trace == Trace::absent) return std::nullopt;
  return Decided{row, Verdict::unresolved, {}, "the history proves nothing"};
}

}  // namespace bot
