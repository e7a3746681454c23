#include "handlers/privacy.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "bot/base/utf8.hpp"
#include "bot/desk/pruning.hpp"
#include "bot/desk/turn.hpp"
#include "bot/people/forgotten.hpp"

namespace handlers {

namespace {

using bot::Archive;
using bot::Reply;
using bot::Turn;
using bot::Values;
using bot::sql::PersonalTable;

bot::sql::Subject speaker(Turn& turn) {
  bot::sql::Subject subject = bot::people::subject_of(turn.db(), turn.where().account, turn.member().user);
  subject.called.insert(turn.member().name);
  return subject;
}

bool is_time(const std::string& column) {
  return column == "at" || column == "since" || column == "active" || column.ends_with("_at");
}

/// A group by its name, a time as people write it, anything else as it is; empty when it says nothing.
std::string shown(Turn& turn, const std::string& column, const bot::sql::Value& value) {
  const std::string text = bot::sql::printed(value);
  if (is_time(column)) {
    std::int64_t at = 0;
    std::from_chars(text.data(), text.data() + text.size(), at);
    return at == 0 ? std::string() : turn.moment(bot::from_ms(at));
  }
  if (column == "chat") {
    const std::string name = turn.known_groups().name({turn.where().account, text, false});
    return name.empty() ? text : name;
  }
  return bot::utf8::one_line(text);
}

std::string line_of(Turn& turn, const PersonalTable& table, const bot::sql::Row& row) {
  std::string line;
  for (std::size_t column = 0; column < table.shown.size(); ++column) {
    const std::string part = shown(turn, table.shown[column], row.values()[column]);
    if (!part.empty()) line += (line.empty() ? "" : " \u00B7 ") + part;
  }
  return line;
}

/// The rows of all tables in as few messages as texts allow: an answer of many would still be leaving when it
/// is too late for the last.
class Listing {
 public:
  void head(std::string what, std::size_t count) {
    Values line{{"head", true}, {"row", std::move(what)}};
    line.set("count", static_cast<std::int64_t>(count));
    lines_.push_back(std::move(line));
  }
  void row(std::string text) {
    bytes_ += text.size() + kFrame;
    lines_.push_back({{"head", false}, {"row", std::move(text)}});
    if (bytes_ > kMostBytes) finish();
  }
  Reply finished() {
    if (!lines_.empty()) finish();
    return std::move(reply_);
  }

 private:
  static constexpr std::size_t kMostBytes = 12'000;
  static constexpr std::size_t kFrame = 6;
  void finish() {
    reply_.also("privacy.rows", {{"lines", std::exchange(lines_, {})}}).in_private();
    bytes_ = 0;
  }

  std::vector<Values> lines_;
  std::size_t bytes_ = 0;
  Reply reply_;
};

Reply mine(Turn& turn) {
  const bot::sql::Subject subject = speaker(turn);
  Listing listing;
  for (const PersonalTable& table : turn.personal()) {
    const bot::sql::Rows rows = bot::sql::rows_of(turn.db(), table, subject);
    if (!rows.empty()) listing.head(turn.worded(table.what), rows.size());
    for (const bot::sql::Row& row : rows) listing.row(line_of(turn, table, row));
  }
  Reply reply = listing.finished();
  if (reply.silent()) return Reply::say("privacy.nothing").in_private();
  return reply.also("privacy.all").in_private();
}

/// What goes, by kind; what stays is said by the sentence.
std::vector<Values> kinds(Turn& turn, const bot::sql::Subject& subject) {
  std::vector<Values> lines;
  for (const PersonalTable& table : turn.personal()) {
    const auto count = static_cast<std::int64_t>(bot::sql::rows_of(turn.db(), table, subject).size());
    if (count == 0) continue;
    Values line{{"what", turn.worded(table.what)}};
    line.set("count", count).set("stays", table.left.find("{pseudonym}") != std::string::npos);
    lines.push_back(std::move(line));
  }
  return lines;
}

Reply forget(Turn& turn) {
  if (!turn.where().direct) return Reply::say("privacy.forget_private").in_private();
  const bot::sql::Subject subject = speaker(turn);
  if (!turn.confirmed()) {
    return Reply::say("privacy.forget_preview",
                      Values().set("kinds", kinds(turn, subject)).set("code", turn.confirm()));
  }
  turn.forget(subject);
  return Reply::say("privacy.forgotten").unrecorded();
}

Reply leave_out(Turn& turn) {
  const std::int64_t gone =
      turn.archive().leave_out(turn.db(), turn.where().account, turn.member().user, turn.now());
  return Reply::say("privacy.left_out", Values().set("count", gone).set("some", gone > 0)).in_private();
}

Reply take_in(Turn& turn) {
  turn.archive().take_in(turn.db(), turn.where().account, turn.member().user);
  return Reply::say("privacy.taken_in").in_private();
}

/// Of this group, or of the one that is meant in private; empty when it is off.
Values archive_values(Turn& turn) {
  const auto days = turn.home() ? turn.archive().kept(*turn.home()) : std::nullopt;
  Values values{{"archive", days.has_value()}};
  values.set("days", days ? static_cast<std::int64_t>(days->count()) : std::int64_t{0});
  return values;
}

Reply about(Turn& turn) {
  Values values = archive_values(turn);
  values.set("heard", std::int64_t{bot::kept::inbox.count()});
  values.set("said", std::int64_t{bot::kept::outbox.count()});
  return Reply::say("privacy.about", std::move(values));
}

/// The number in "30天"; nullopt when there is none.
std::optional<std::int64_t> typed_days(const std::string& text) {
  const std::size_t digits = text.find_first_of("0123456789");
  std::int64_t days = 0;
  if (digits == std::string::npos) return std::nullopt;
  const auto read = std::from_chars(text.data() + digits, text.data() + text.size(), days);
  const bool good = read.ec == std::errc{} && days >= 1 && days <= Archive::kLongest.count();
  return good ? std::optional(days) : std::nullopt;
}

/// The group sees that it is switched on, so only the group can do it.
Reply open_archive(Turn& turn) {
  if (turn.where().direct) return Reply::say("privacy.in_group");
  const auto before = turn.archive().kept(turn.where());
  turn.archive().open(turn.db(), turn.where(), before.value_or(Archive::kUsual), turn.now());
  return Reply::say("privacy.archive_on", archive_values(turn));
}

Reply keep_archive(Turn& turn) {
  if (turn.where().direct) return Reply::say("privacy.in_group");
  if (!turn.archive().kept(turn.where())) return Reply::say("privacy.archive_is_off");
  const auto days = typed_days(turn.text());
  if (!days)
    return Reply::say("privacy.which_days", Values().set("most", std::int64_t{Archive::kLongest.count()}));
  turn.archive().open(turn.db(), turn.where(), std::chrono::days(*days), turn.now());
  return Reply::say("privacy.archive_on", archive_values(turn));
}

Reply close_archive(Turn& turn) {
  if (turn.where().direct) return Reply::say("privacy.in_group");
  if (!turn.archive().kept(turn.where())) return Reply::say("privacy.archive_is_off");
  return Reply::say("privacy.archive_off",
                    Values().set("count", turn.archive().close(turn.db(), turn.where())));
}

Reply remind(Turn& turn) {
  if (!turn.archive().kept(turn.where())) return Reply::silence();
  return Reply::say("privacy.archive_on", archive_values(turn));
}

}  // namespace

void privacy(bot::Registry& registry) {
  using bot::Effect;
  using bot::Role;
  registry.command({.name = "privacy.about", .needs = Role::guest, .run = about});
  registry.command({.name = "privacy.mine", .needs = Role::guest, .run = mine});
  registry.command({.name = "privacy.forget", .needs = Role::guest, .effect = Effect::writes, .run = forget});
  registry.command(
      {.name = "privacy.leave_out", .needs = Role::guest, .effect = Effect::writes, .run = leave_out});
  registry.command(
      {.name = "privacy.take_in", .needs = Role::guest, .effect = Effect::writes, .run = take_in});
  registry.command(
      {.name = "archive.open", .needs = Role::secretary, .effect = Effect::writes, .run = open_archive});
  registry.command(
      {.name = "archive.close", .needs = Role::secretary, .effect = Effect::writes, .run = close_archive});
  registry.command(
      {.name = "archive.keep", .needs = Role::secretary, .effect = Effect::writes, .run = keep_archive});
  registry.occasion("privacy.notice", remind);
  registry.job({.occasion = "privacy.notice", .when = "on the 1st of every month 10:00"});
}

}  // namespace handlers
