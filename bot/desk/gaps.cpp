#include "bot/desk/gaps.hpp"

#include <algorithm>
#include <chrono>

namespace bot {

namespace {

constexpr auto kReadingLongest = std::chrono::seconds(30);
/// Platforms count whole seconds, by their own clock.
constexpr auto kClockTolerance = std::chrono::seconds(5);

void set_heard(sql::Db& db, const std::string& account, Instant now) {
  db.execute(
      "INSERT INTO heard_until (account, at) VALUES ($1, $2) ON CONFLICT (account) DO UPDATE SET at = "
      "excluded.at",
      {account, in_ms(now)});
}

}  // namespace

sql::Schema Gaps::schema() {
  return {"gaps",
          {{1,
            "CREATE TABLE heard_until (account TEXT PRIMARY KEY, at {int} NOT NULL) {table};"
            "CREATE TABLE gaps (id {id}, account TEXT NOT NULL, from_at {int} NOT NULL, until_at {int} NOT "
            "NULL, unread {int} NOT NULL, booked {int} NOT NULL, skipped {int} NOT NULL, read_at {int} NOT "
            "NULL) {strict}"}}};
}

void Gaps::note_heard(sql::Db& db, Instant now) {
  for (const std::string& account : hearing_) {
    if (!catching_.contains(account)) set_heard(db, account, now);
  }
}

void Gaps::begin(sql::Db& db, const std::string& account, Instant now) {
  if (hearing_.erase(account) == 0) return;
  // What was not read back yet belongs to the gap that begins.
  const auto catching = catching_.find(account);
  if (catching == catching_.end()) return set_heard(db, account, now);
  half_read_.insert_or_assign(account, std::move(catching->second));
  catching_.erase(catching);
}

void Gaps::end(sql::Db& db, const std::string& account, const std::vector<Address>& chats, Instant now) {
  if (!hearing_.insert(account).second) return;
  const auto heard = db.query("SELECT at FROM heard_until WHERE account = $1", {account});
  if (heard.empty()) return set_heard(db, account, now);
  Catching catching;
  if (auto half = half_read_.extract(account); !half.empty()) catching = std::move(half.mapped());
  catching.from = std::min(from_ms(heard.front().integer(0)), now);
  catching.until = now;
  catching.chats.assign(chats.begin(), chats.end());
  catching.asked.reset();
  catching.unread = 0;
  store(db, account, catching);
  catching_.insert_or_assign(account, std::move(catching));
}

void Gaps::store(sql::Db& db, const std::string& account, Catching& catching) {
  const std::int64_t until = in_ms(catching.until);
  if (catching.row != 0) {
    db.execute("UPDATE gaps SET until_at = $2 WHERE id = $1", {catching.row, until});
    return;
  }
  catching.row = db.query(
                       "INSERT INTO gaps (account, from_at, until_at, unread, booked, skipped, read_at) "
                       "VALUES ($1, $2, $3, 0, 0, 0, 0) RETURNING id",
                       {account, in_ms(catching.from), until})
                     .front()
                     .integer(0);
}

std::vector<Address> Gaps::due(SteadyTime steady) {
  std::vector<Address> asked;
  for (auto& [account, catching] : catching_) {
    if (catching.asked && catching.given_up > steady) continue;
    if (catching.asked) ++catching.unread;
    catching.asked.reset();
    if (catching.chats.empty()) continue;
    catching.asked = catching.chats.front();
    catching.chats.pop_front();
    catching.given_up = steady + kReadingLongest;
    asked.push_back(*catching.asked);
  }
  return asked;
}

SteadyTime Gaps::next() const {
  SteadyTime next = SteadyTime::max();
  for (const auto& [account, catching] : catching_) {
    next = std::min(next, catching.asked ? catching.given_up : SteadyTime{});
  }
  return next;
}

std::vector<Event> Gaps::missed(const Address& chat, const HistoryRead& history) {
  std::vector<Event> events;
  const auto found = catching_.find(chat.account);
  if (found == catching_.end() || found->second.asked != chat || history.asked < kReading) return events;
  Catching& catching = found->second;
  catching.asked.reset();
  if (!history.failure.empty()) ++catching.unread;
  for (const PastMessage& past : history.messages) {
    const bool within =
        past.at >= catching.from - kClockTolerance && past.at <= catching.until + kClockTolerance;
    if (past.own || !within) continue;
    Event event(chat, past.at, past.posted);
    event.sequence = past.sequence;
    events.push_back(std::move(event));
  }
  return events;
}

void Gaps::count(const Address& chat, bool executed) {
  const auto found = catching_.find(chat.account);
  if (found == catching_.end()) return;
  Counts& counts = found->second.counts[chat.chat];
  ++(executed ? counts.booked : counts.skipped);
}

bool Gaps::has_finished() const {
  return std::ranges::any_of(catching_, [](const auto& entry) { return is_over(entry.second); });
}

std::vector<Gaps::MadeUp> Gaps::finished(sql::Db& db, Instant now) {
  std::vector<MadeUp> all;
  std::erase_if(catching_, [&](const auto& entry) {
    const auto& [account, catching] = entry;
    if (!is_over(catching)) return false;
    Counts sum;
    for (const auto& [chat, counts] : catching.counts) {
      all.push_back({{account, chat, false}, catching.until - catching.from, counts.booked, counts.skipped});
      sum.booked += counts.booked;
      sum.skipped += counts.skipped;
    }
    db.execute("UPDATE gaps SET unread = $2, booked = $3, skipped = $4, read_at = $5 WHERE id = $1",
               {catching.row, catching.unread, sum.booked, sum.skipped, in_ms(now)});
    set_heard(db, account, now);
    return true;
  });
  return all;
}

}  // namespace bot
