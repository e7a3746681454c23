#include "bot/people/naming.hpp"

#include <algorithm>
#include <cctype>

#include "bot/base/utf8.hpp"
#include "bot/chat/shown_name.hpp"
#include "bot/people/plain_words.hpp"
#include "bot/texts/tokens.hpp"

namespace bot::people {

namespace {

constexpr std::size_t kLongestName = 16;  // code points
constexpr std::size_t kTail = 4;
constexpr auto kMendedWithin = std::chrono::minutes(10);
constexpr auto kChangedEvery = std::chrono::hours(24);

bool is_digit(char32_t point) noexcept {
  return point < 0x80 && std::isdigit(static_cast<int>(point)) != 0;
}

/// Platforms put a number in the place of a name that nobody gave.
bool only_the_id(const std::string& name, const std::string& user) {
  return name == user && std::ranges::all_of(utf8::code_points(user), is_digit);
}

/// Groups of the person in which another one has this real name, not told yet.
std::vector<Address> untold_namesakes(sql::Db& db, PersonId person, const std::string& form) {
  std::vector<Address> groups;
  for (const sql::Row& row : db.query(
           "SELECT DISTINCT mine.account, mine.chat FROM persons other JOIN memberships theirs ON "
           "theirs.person = other.id JOIN memberships mine ON mine.account = theirs.account AND mine.chat = "
           "theirs.chat AND mine.person = $1 WHERE other.name_form = $2 AND other.id <> $1",
           {person, form})) {
    const auto fresh = db.execute(
        "INSERT INTO told_namesakes (account, chat, name_form) VALUES ($1, $2, $3) ON CONFLICT (account, "
        "chat, name_form) DO NOTHING",
        {row.text(0), row.text(1), form});
    if (fresh > 0) groups.push_back({row.text(0), row.text(1), false});
  }
  return groups;
}

}  // namespace

std::string shown(const Names& names) {
  for (const std::string* name : {&names.real, &names.card, &names.nickname}) {
    if (name->empty() || only_the_id(*name, names.user)) continue;
    std::string shown = shown_name({.id = {}, .name = *name});
    if (!shown.empty()) return shown;
  }
  return {};
}

std::string id_tail(std::string_view user) {
  const std::size_t length = utf8::length(user);
  if (length <= kTail) return std::string(user);
  return std::string(user.substr(utf8::cut(user, length - kTail).size()));
}

bool fit_for_name(std::string_view text) {
  return plain_words(text, kLongestName) && std::ranges::none_of(utf8::code_points(text), is_digit);
}

Renaming rename(sql::Db& db, PersonId person, const std::string& name, Instant now, bool freely) {
  const auto rows = db.query("SELECT name, named_at FROM persons WHERE id = $1", {person});
  if (rows.empty() || rows.front().text(0) == name) return {Renaming::Result::same, {}};
  const std::string& before = rows.front().text(0);
  const Instant named = from_ms(rows.front().integer(1));
  const bool mends = now - named < kMendedWithin;
  if (!before.empty() && !freely && !mends && now - named < kChangedEvery)
    return {Renaming::Result::too_soon, {}};
  if (!before.empty()) keep_former_name(db, person, {}, before, now);
  const std::string form = compact_form(name);
  // While it is mended, the first time counts: otherwise one could go on for ever.
  const Instant counted = mends && !before.empty() ? named : now;
  db.execute("UPDATE persons SET name = $2, name_form = $3, named_at = $4 WHERE id = $1",
             {person, name, form, in_ms(counted)});
  return {Renaming::Result::done, untold_namesakes(db, person, form)};
}

std::string real_name(sql::Db& db, PersonId person) {
  const auto rows = db.query("SELECT name FROM persons WHERE id = $1", {person});
  return rows.empty() ? std::string() : rows.front().text(0);
}

std::vector<FormerName> former_names(sql::Db& db, PersonId person) {
  std::vector<FormerName> names;
  for (const sql::Row& row :
       db.query("SELECT name, account, chat, until_at FROM former_names WHERE person = $1 ORDER BY id DESC",
                {person})) {
    names.push_back({row.text(0), {row.text(1), row.text(2), false}, from_ms(row.integer(3))});
  }
  return names;
}

void keep_former_name(sql::Db& db, PersonId person, const Address& group, const std::string& name,
                      Instant until) {
  db.execute("INSERT INTO former_names (person, account, chat, name, until_at) VALUES ($1, $2, $3, $4, $5)",
             {person, group.account, group.chat, name, in_ms(until)});
}

}  // namespace bot::people
