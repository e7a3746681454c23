#include "bot/desk/archive.hpp"

#include <algorithm>

namespace bot {

namespace {

/// What stands for a part that is no text.
struct Kind {
  std::string operator()(const Text& text) const { return text.text; }
  std::string operator()(const Mention&) const { return "[mention]"; }
  std::string operator()(const MentionAll&) const { return "[mention]"; }
  std::string operator()(const Quote&) const { return "[quote]"; }
  std::string operator()(const Picture&) const { return "[picture]"; }
  std::string operator()(const Place&) const { return "[place]"; }
  std::string operator()(const Card&) const { return "[card]"; }
  std::string operator()(const Forwarded&) const { return "[forwarded]"; }
  std::string operator()(const Button&) const { return "[button]"; }
  std::string operator()(const Raw&) const { return "[other]"; }
  std::string operator()(const Attachment& attachment) const {
    switch (attachment.kind) {
      case Attachment::Kind::voice:
        return "[voice]";
      case Attachment::Kind::video:
        return "[video]";
      case Attachment::Kind::file:
        break;
    }
    return "[file]";
  }
};

std::string stored(const Message& message) {
  std::string text;
  for (const Segment& part : message.parts()) text += std::visit(Kind{}, part);
  return text;
}

}  // namespace

sql::Schema Archive::schema() {
  return {"archive",
          {{1,
            "CREATE TABLE archived_groups (account TEXT NOT NULL, chat TEXT NOT NULL, days {int} NOT NULL, "
            "since {int} NOT NULL, PRIMARY KEY (account, chat)) {table};"
            "CREATE TABLE archive (account TEXT NOT NULL, chat TEXT NOT NULL, at {int} NOT NULL, message_id "
            "TEXT NOT NULL, user_id TEXT NOT NULL, text TEXT NOT NULL, "
            "PRIMARY KEY (account, chat, at, message_id, user_id)) {table};"
            "CREATE INDEX archive_of_user ON archive (account, user_id);"
            "CREATE INDEX archive_of_message ON archive (account, chat, message_id);"
            "CREATE TABLE unrecorded (account TEXT NOT NULL, user_id TEXT NOT NULL, at {int} NOT NULL, "
            "PRIMARY KEY (account, user_id)) {table}"}},
          {{.table = "archive",
            .column = "user_id",
            .what = "privacy.rows_archive",
            .shown = {"at", "chat", "text"},
            .kept = kUsual},
           {.table = "unrecorded", .column = "user_id", .what = "privacy.rows_unrecorded", .shown = {"at"}}}};
}

void Archive::load(sql::Db& db) {
  open_.clear();
  left_out_.clear();
  for (const sql::Row& row : db.query("SELECT account, chat, days FROM archived_groups"))
    open_[{row.text(0), row.text(1), false}] = std::chrono::days(row.integer(2));
  for (const sql::Row& row : db.query("SELECT account, user_id FROM unrecorded"))
    left_out_.emplace(row.text(0), row.text(1));
}

std::optional<std::chrono::days> Archive::kept(const Address& group) const {
  const auto found = open_.find(group);
  return found == open_.end() ? std::nullopt : std::optional(found->second);
}

void Archive::open(sql::Db& db, const Address& group, std::chrono::days kept, Instant now) {
  const std::int64_t days = std::clamp(kept, std::chrono::days(1), kLongest).count();
  db.execute(
      "INSERT INTO archived_groups (account, chat, days, since) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (account, chat) DO UPDATE SET days = excluded.days",
      {group.account, group.chat, days, in_ms(now)});
  open_[group] = std::chrono::days(days);
}

std::int64_t Archive::close(sql::Db& db, const Address& group) {
  db.execute("DELETE FROM archived_groups WHERE account = $1 AND chat = $2", {group.account, group.chat});
  open_.erase(group);
  return db.execute("DELETE FROM archive WHERE account = $1 AND chat = $2", {group.account, group.chat});
}

std::int64_t Archive::leave_out(sql::Db& db, const std::string& account, const std::string& user,
                                Instant now) {
  db.execute(
      "INSERT INTO unrecorded (account, user_id, at) VALUES ($1, $2, $3) ON CONFLICT (account, user_id) DO "
      "NOTHING",
      {account, user, in_ms(now)});
  left_out_.emplace(account, user);
  return db.execute("DELETE FROM archive WHERE account = $1 AND user_id = $2", {account, user});
}

void Archive::take_in(sql::Db& db, const std::string& account, const std::string& user) {
  db.execute("DELETE FROM unrecorded WHERE account = $1 AND user_id = $2", {account, user});
  left_out_.erase({account, user});
}

bool Archive::wants(const Address& group, const Sender& from) const {
  return !open_.empty() && open_.contains(group) && !leaves_out(group.account, from.id);
}

void Archive::add(sql::Db& db, const Event& event, const MessagePosted& posted) {
  db.execute(
      "INSERT INTO archive (account, chat, at, message_id, user_id, text) VALUES ($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT (account, chat, at, message_id, user_id) DO NOTHING",
      {event.where.account, event.where.chat, in_ms(event.at), posted.id, posted.from.id,
       stored(posted.message)});
}

void Archive::recall(sql::Db& db, const Address& group, const std::string& message) {
  db.execute("DELETE FROM archive WHERE account = $1 AND chat = $2 AND message_id = $3",
             {group.account, group.chat, message});
}

std::int64_t Archive::prune(sql::Db& db, Instant now, std::int64_t most) {
  constexpr std::int64_t kDay = 86'400'000;
  std::int64_t gone = 0;
  for (const sql::Row& row : db.query("SELECT account, chat, days FROM archived_groups")) {
    gone += db.execute(
        "DELETE FROM archive WHERE (account, chat, at, message_id, user_id) IN (SELECT account, chat, at, "
        "message_id, user_id FROM archive WHERE account = $1 AND chat = $2 AND at < $3 ORDER BY at LIMIT $4)",
        {row.text(0), row.text(1), in_ms(now) - row.integer(2) * kDay, most});
  }
  return gone;
}

}  // namespace bot
