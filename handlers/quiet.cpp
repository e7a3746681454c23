#include "handlers/quiet.hpp"

#include <algorithm>
#include <cctype>

#include "bot/desk/turn.hpp"
#include "schedules/phrases.hpp"

namespace handlers {

namespace {

using bot::Instant;
using bot::Member;
using bot::Reply;
using bot::Turn;
using bot::Values;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr minutes kQuietUsually = hours(1);
constexpr minutes kQuietLongest = days(7);
constexpr minutes kIgnoredLongest = days(365);
constexpr std::size_t kMostIgnored = 200;
constexpr std::size_t kListed = 20;
constexpr std::size_t kLongestId = 64;  // bytes

// ---- until when -----------------------------------------------------------------------------------------

/// Either an end, or what to say instead.
struct End {
  std::optional<Instant> at{};
  Reply instead{};
};

/// Counted from when it was said.
End end_of(const Turn& turn, const std::string& phrase, minutes longest) {
  const auto until = schedules::parse_until(phrase, turn.local());
  const bool past = until.error == schedules::PhraseError::past;
  if (!until.at && !past) return {{}, Reply::say("quiet.which_time", {{"heard", phrase}})};
  const Instant at = past ? Instant::min() : turn.group().zone.to_instant(*until.at);
  if (at <= turn.now()) return {{}, Reply::say("quiet.past")};
  if (at > turn.at() + longest) {
    const std::int64_t most = std::chrono::floor<days>(longest).count();
    return {{}, Reply::say("quiet.too_long", Values().set("days", most))};
  }
  return {at, {}};
}

/// "16:20" of today, else the moment in full.
std::string told(Turn& turn, Instant at) {
  const bot::LocalTime local = turn.group().zone.to_local(at);
  const bot::LocalTime now = turn.group().zone.to_local(turn.now());
  const bool today = std::chrono::floor<days>(local) == std::chrono::floor<days>(now);
  return today ? bot::clock_time(local) : turn.moment(at);
}

// ---- a quiet group --------------------------------------------------------------------------------------

/// What is no time is said to the people of the group, unless the bot was called.
Reply begin_quiet(Turn& turn) {
  if (turn.where().direct) return turn.woken() ? Reply::say("quiet.in_group") : Reply::silence();
  const bool open = turn.text().empty();
  End end = open ? End{std::chrono::floor<minutes>(turn.at() + kQuietUsually), {}}
                 : end_of(turn, turn.text(), kQuietLongest);
  if (!end.at) return turn.woken() ? std::move(end.instead) : Reply::silence();
  turn.courtesy().quiet.begin(turn.db(), turn.where(), {turn.at(), turn.now()}, *end.at);
  return Reply::say("quiet.begun", {{"until", told(turn, *end.at)}});
}

Reply end_quiet(Turn& turn) {
  if (turn.where().direct) return turn.woken() ? Reply::say("quiet.in_group") : Reply::silence();
  if (turn.courtesy().quiet.end(turn.db(), turn.where(), {turn.at(), turn.now()}))
    return Reply::say("quiet.ended");
  return turn.woken() ? Reply::say("quiet.not_quiet") : Reply::silence();
}

// ---- people who are not mentioned -----------------------------------------------------------------------

/// Without a wake it is meant for the bot only if the bot has just mentioned the person.
Reply mention_no_more(Turn& turn) {
  if (!turn.woken() && !turn.was_called_lately()) return Reply::silence();
  const Member& member = turn.member();
  turn.courtesy().unmentioned.add(turn.db(), turn.where().account, member.user, member.name);
  return Reply::say("quiet.unmentioned").in_private();
}

Reply mention_again(Turn& turn) {
  const Member& member = turn.member();
  const bool unmentioned = turn.courtesy().unmentioned.remove(turn.db(), turn.where().account, member.user);
  if (!unmentioned && !turn.woken()) return Reply::silence();
  return Reply::say("quiet.mentioned").in_private();
}

// ---- people who are ignored -----------------------------------------------------------------------------

bool can_be_id(std::string_view word) {
  return !word.empty() && word.size() <= kLongestId && std::ranges::all_of(word, [](char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || byte == '-' || byte == '.';
  });
}

/// Who is meant, and what else was said.
struct Meant {
  std::vector<std::string> users{};
  std::string rest{};
};

/// Who is mentioned, else the author of the quoted message, else the user id that was typed.
Meant meant(const Turn& turn) {
  if (!turn.mentioned().empty()) return {turn.mentioned(), turn.text()};
  if (!turn.quoted_author().empty()) return {{turn.quoted_author()}, turn.text()};
  const auto [word, rest] = bot::first_word(turn.text());
  if (!can_be_id(word)) return {};
  return {{std::string(word)}, std::string(rest)};
}

std::vector<Values> names_of(const std::vector<Member>& people) {
  std::vector<Values> names;
  for (const Member& person : people) {
    names.push_back({{"name", person.name}, {"last", names.size() + 1 == people.size()}});
  }
  return names;
}

std::vector<Member> known(const Turn& turn, const std::vector<std::string>& users) {
  std::vector<Member> people;
  for (const std::string& user : users) people.push_back(turn.somebody(user));
  return people;
}

/// Why these people cannot be ignored; silent when they can.
Reply refused(Turn& turn, const std::vector<Member>& people) {
  if (people.empty()) return Reply::say("ignore.whom").in_private();
  for (const Member& person : people) {
    if (bot::may(person.role, bot::Role::manager))
      return Reply::say("ignore.not_admins", {{"name", person.name}}).in_private();
  }
  const std::size_t listed = turn.courtesy().ignored.of(turn.where(), turn.now()).size();
  if (listed + people.size() > kMostIgnored) return Reply::say("ignore.too_many").in_private();
  return Reply::silence();
}

Reply ignore(Turn& turn) {
  if (turn.where().direct) return Reply::say("quiet.in_group");
  const Meant whom = meant(turn);
  const std::vector<Member> people = known(turn, whom.users);
  if (Reply reason = refused(turn, people); !reason.silent()) return reason;
  End end = whom.rest.empty() ? End{} : end_of(turn, whom.rest, kIgnoredLongest);
  if (!end.instead.silent()) return end.instead.in_private();
  for (const Member& person : people) {
    turn.courtesy().ignored.add(turn.db(), turn.where(), {person.user, person.name, end.at}, turn.now());
  }
  Values values;
  values.set("people", names_of(people)).set("ends", end.at.has_value());
  values.set("until", end.at ? told(turn, *end.at) : std::string());
  return Reply::say("ignore.added", std::move(values)).in_private();
}

Reply heed(Turn& turn) {
  if (turn.where().direct) return Reply::say("quiet.in_group");
  std::vector<Member> people = known(turn, meant(turn).users);
  if (people.empty()) return Reply::say("ignore.whom").in_private();
  std::erase_if(people, [&turn](const Member& person) {
    return !turn.courtesy().ignored.remove(turn.db(), turn.where(), person.user, turn.now());
  });
  if (people.empty()) return Reply::say("ignore.not_listed").in_private();
  return Reply::say("ignore.removed", Values().set("people", names_of(people))).in_private();
}

Reply list(Turn& turn) {
  if (turn.where().direct) return Reply::say("quiet.in_group");
  std::vector<bot::Ignored::Entry> entries = turn.courtesy().ignored.of(turn.where(), turn.now());
  if (entries.empty()) return Reply::say("ignore.none").in_private();
  const bool more = entries.size() > kListed;
  entries.resize(std::min(entries.size(), kListed));
  std::vector<Values> lines;
  for (const bot::Ignored::Entry& entry : entries) {
    lines.push_back({{"name", entry.name},
                     {"id", entry.user},
                     {"named", entry.name != entry.user},
                     {"ends", entry.until.has_value()},
                     {"until", entry.until ? turn.moment(*entry.until) : std::string()}});
  }
  return Reply::say("ignore.list", Values().set("lines", std::move(lines)).set("more", more)).in_private();
}

}  // namespace

void quiet(bot::Registry& registry) {
  using bot::Effect;
  using bot::Role;
  using bot::Wake;
  registry.command({.name = "quiet",
                    .needs = Role::manager,
                    .effect = Effect::writes,
                    .wake = Wake::bare_text,
                    .counts_late = true,
                    .everyday = true,
                    .joined = true,
                    .run = begin_quiet});
  registry.command({.name = "quiet.hush",
                    .needs = Role::manager,
                    .effect = Effect::writes,
                    .counts_late = true,
                    .everyday = true,
                    .joined = true,
                    .run = begin_quiet});
  registry.command({.name = "quiet.end",
                    .needs = Role::manager,
                    .effect = Effect::writes,
                    .wake = Wake::bare,
                    .counts_late = true,
                    .everyday = true,
                    .alone = true,
                    .run = end_quiet});
  registry.command({.name = "quiet.mention_no_more",
                    .effect = Effect::writes,
                    .wake = Wake::bare,
                    .everyday = true,
                    .run = mention_no_more});
  registry.command({.name = "quiet.mention_again",
                    .effect = Effect::writes,
                    .wake = Wake::bare,
                    .everyday = true,
                    .run = mention_again});
  registry.command(
      {.name = "ignore", .needs = Role::manager, .effect = Effect::writes, .everyday = true, .run = ignore});
  registry.command({.name = "ignore.end",
                    .needs = Role::manager,
                    .effect = Effect::writes,
                    .everyday = true,
                    .run = heed});
  registry.command({.name = "ignore.list", .needs = Role::manager, .everyday = true, .run = list});
}

}  // namespace handlers
