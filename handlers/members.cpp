#include "handlers/members.hpp"

#include <array>

#include "bot/base/utf8.hpp"
#include "bot/desk/turn.hpp"
#include "bot/people/labels.hpp"
#include "bot/people/naming.hpp"
#include "bot/texts/tokens.hpp"
#include "schedules/phrase_birthday.hpp"
#include "schedules/phrases.hpp"
#include "schedules/rule_words.hpp"

namespace handlers {

namespace {

namespace people = bot::people;
using bot::Address;
using bot::Reply;
using bot::Turn;
using bot::Values;

constexpr std::size_t kShortName = 3;
constexpr std::array<const char*, bot::kRoleNames.size()> kRoles{
    "role.nobody",   "role.guest",   "role.member",    "role.aide",
    "role.reviewer", "role.manager", "role.secretary", "role.superadmin"};

schedules::Day today_of(const Turn& turn) {
  return std::chrono::floor<std::chrono::days>(turn.local());
}

// ---- name -------------------------------------------------------------------------------------------------

/// "叫我 明天8点 起床" is no name, "叫我 周一鸣" is.
bool is_a_reminder(const Turn& turn) {
  if (bot::utf8::length(turn.text()) <= kShortName) return false;
  const auto timed = schedules::split_time(turn.text(), turn.local());
  return timed.phrase.when || timed.phrase.error != schedules::PhraseError::not_understood;
}

void tell_of_namesakes(Turn& turn, const people::Renaming& renaming, const std::string& name, Reply& reply) {
  for (const Address& group : renaming.namesakes) {
    Values values{{"name", name}, {"tail", people::id_tail(turn.member().user)}};
    reply.also("member.namesake", std::move(values)).to_admins_of(group);
  }
}

Reply name(Turn& turn) {
  const bot::Command* reminder = turn.registry().find("reminder.make");
  if (reminder != nullptr && is_a_reminder(turn)) return reminder->run(turn);
  if (!turn.woken()) return Reply::silence();
  const std::string told(bot::utf8::trimmed(turn.text()));
  if (told.empty()) return Reply::say("member.name_what");
  if (!people::fit_for_name(told)) return Reply::say("member.name_unfit");
  const bool freely = may(turn.member().role, bot::Role::manager);
  const people::Renaming renaming = people::rename(turn.db(), turn.member().person, told, turn.now(), freely);
  if (renaming.result == people::Renaming::Result::too_soon) return Reply::say("member.name_too_soon");
  Reply reply = Reply::say("member.named", {{"name", told}});
  tell_of_namesakes(turn, renaming, told, reply);
  return reply;
}

// ---- birthday ---------------------------------------------------------------------------------------------

Values birthday_values(Turn& turn, const people::BirthdayRecord& record) {
  const auto birthday = schedules::restored_birthday(record.day);
  Values values{{"hidden", record.hidden}, {"told", birthday.has_value()}};
  if (!birthday) return values;
  const auto worded = [&turn](std::string key, Values inner) {
    return turn.worded(std::move(key), std::move(inner));
  };
  values.set("day", schedules::day_words(birthday->day, worded));
  const auto next = schedules::next_birthday(*birthday, today_of(turn));
  values.set("known", next.has_value());
  if (next) values.set("next", bot::iso_date(bot::LocalTime(*next)));
  return values;
}

/// What is hidden is not said in the group either.
Reply where_it_may(Reply reply, const people::BirthdayRecord& record) {
  if (record.hidden) reply.in_private();
  return reply;
}

Reply birthday(Turn& turn) {
  if (!turn.woken()) return Reply::silence();
  people::BirthdayRecord record = people::birthday_of(turn.db(), turn.member().person);
  if (bot::utf8::trimmed(turn.text()).empty())
    return where_it_may(Reply::say("member.birthday", birthday_values(turn, record)), record);
  const auto told = schedules::parse_birthday(turn.text(), today_of(turn));
  if (!told) return Reply::say("member.birthday_unclear");
  record.day = schedules::stored(*told);
  people::set_birthday(turn.db(), turn.member().person, record);
  return where_it_may(Reply::say("member.birthday_told", birthday_values(turn, record)), record);
}

Reply hide(Turn& turn, bool hidden) {
  if (!turn.woken()) return Reply::silence();
  people::BirthdayRecord record = people::birthday_of(turn.db(), turn.member().person);
  record.hidden = hidden;
  people::set_birthday(turn.db(), turn.member().person, record);
  return Reply::say(hidden ? "member.birthday_hidden" : "member.birthday_shown");
}

// ---- groups -----------------------------------------------------------------------------------------------

std::vector<Values> group_lines(Turn& turn, const std::vector<Address>& groups) {
  const auto own = people::own_group(turn.db(), turn.member().person);
  std::vector<Values> lines;
  for (const Address& group : groups) {
    const auto joined = people::joined_at(turn.db(), group, turn.member().person);
    std::vector<Values> tags;
    for (const std::string& tag : people::tags_of(turn.db(), group, turn.member().person))
      tags.push_back({{"tag", tag}});
    const std::string category = people::category_of(turn.db(), group, turn.member().person);
    Values line{{"name", turn.group_name(group)}, {"own", own == group}, {"guest", own && own != group}};
    line.set("tags", std::move(tags)).set("category", category).set("sorted", !category.empty());
    line.set("dated", joined.has_value())
        .set("joined", joined ? bot::iso_date(turn.group().zone.to_local(*joined)) : "");
    lines.push_back(std::move(line));
  }
  return lines;
}

Reply own_groups(Turn& turn, const std::string& key) {
  const auto groups = people::groups_of(turn.db(), turn.member().person);
  return Reply::say(key, {{"groups", group_lines(turn, groups)}, {"none", groups.empty()}}).in_private();
}

/// Among those that the person is in; the others are not even denied.
std::optional<Address> meant_group(Turn& turn) {
  const std::string form = bot::compact_form(turn.text());
  for (const Address& group : people::groups_of(turn.db(), turn.member().person)) {
    const bool by_id = group.chat == bot::utf8::trimmed(turn.text());
    if (by_id || bot::compact_form(turn.group_name(group)) == form) return group;
  }
  return std::nullopt;
}

Reply own_group(Turn& turn) {
  if (!turn.woken()) return Reply::silence();
  if (bot::utf8::trimmed(turn.text()).empty()) return own_groups(turn, "member.groups");
  const auto group = meant_group(turn);
  if (!group) return own_groups(turn, "member.no_such_group");
  people::set_own_group(turn.db(), *group, turn.member().person);
  return Reply::say("member.own_group", {{"group", turn.group_name(*group)}});
}

/// In a group "去 吃饭" is talk.
Reply change_group(Turn& turn) {
  if (!turn.where().direct) return Reply::silence();
  const auto group = meant_group(turn);
  if (!group) return own_groups(turn, "member.no_such_group");
  people::set_home(turn.db(), *group, turn.member().person, turn.now());
  return Reply::say("member.group_meant", {{"group", turn.group_name(*group)}});
}

// ---- all of it --------------------------------------------------------------------------------------------

Reply own_record(Turn& turn) {
  if (turn.member().person == 0) return Reply::say("member.unknown").in_private();
  const people::PersonId person = turn.member().person;
  const std::string name = people::real_name(turn.db(), person);
  const auto accounts = static_cast<std::int64_t>(people::accounts_of(turn.db(), person).size());
  std::vector<Values> tallies;
  for (const bot::Tally& tally : turn.registry().tallies()) {
    const std::int64_t count = tally.count(turn.db(), person);
    tallies.push_back({{"text", turn.worded(tally.sentence, Values().set("count", count))}});
  }
  Values values = birthday_values(turn, people::birthday_of(turn.db(), person));
  values.set("name", turn.member().name).set("named", !name.empty());
  values.set("role", turn.worded(kRoles[static_cast<std::size_t>(turn.member().role)]));
  values.set("accounts", accounts).set("several", accounts > 1);
  values.set("groups", group_lines(turn, people::groups_of(turn.db(), person)));
  values.set("tallies", std::move(tallies));
  return Reply::say("member.record", std::move(values)).in_private();
}

}  // namespace

void members(bot::Registry& registry) {
  using bot::Effect;
  registry.command({.name = "member.name", .effect = Effect::writes, .run = name});
  registry.command({.name = "member.birthday", .effect = Effect::writes, .run = birthday});
  registry.command({.name = "member.birthday_hide", .effect = Effect::writes, .run = [](Turn& turn) {
                      return hide(turn, true);
                    }});
  registry.command({.name = "member.birthday_show", .effect = Effect::writes, .run = [](Turn& turn) {
                      return hide(turn, false);
                    }});
  registry.command({.name = "member.record", .run = own_record});
  registry.command({.name = "member.own_group", .effect = Effect::writes, .run = own_group});
  registry.command({.name = "member.change_group", .effect = Effect::writes, .run = change_group});
}

}  // namespace handlers
