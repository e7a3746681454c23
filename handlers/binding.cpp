#include "handlers/binding.hpp"

#include "bot/desk/turn.hpp"
#include "bot/people/binding.hpp"
#include "bot/people/naming.hpp"
#include "bot/texts/tokens.hpp"

namespace handlers {

namespace {

namespace people = bot::people;
using bot::Reply;
using bot::Turn;
using bot::Values;
using people::PersonId;

constexpr std::size_t kCodeDigits = 6;

people::Account account_of(const Turn& turn) {
  return {turn.where().account, turn.member().user};
}

bool is_code(const std::string& text) {
  return text.size() == kCodeDigits && text.find_first_not_of("0123456789") == std::string::npos;
}

Reply give_code(Turn& turn) {
  const std::string code =
      people::new_code(turn.db(), account_of(turn), turn.member().person, turn.random(), turn.now());
  return Reply::say("binding.code", Values{{"code", code}}.set("minutes", people::kCodeValid.count()));
}

/// What is known of one side.
Values side(Turn& turn, PersonId person) {
  std::vector<Values> tallies;
  for (const bot::Tally& tally : turn.registry().tallies()) {
    const std::int64_t count = tally.count(turn.db(), person);
    tallies.push_back({{"text", turn.worded(tally.sentence, Values().set("count", count))}});
  }
  std::vector<Values> groups;
  for (const bot::Address& group : people::groups_of(turn.db(), person))
    groups.push_back({{"name", turn.group_name(group)}, {"last", false}});
  if (!groups.empty()) groups.back().set("last", true);
  const std::string name = people::real_name(turn.db(), person);
  Values values{{"name", name}, {"named", !name.empty()}, {"grouped", !groups.empty()}};
  values.set("born", !people::birthday_of(turn.db(), person).day.empty());
  values.set("groups", std::move(groups)).set("tallies", std::move(tallies));
  return values;
}

Reply preview(Turn& turn, PersonId stays, PersonId joins) {
  const std::string first = people::real_name(turn.db(), stays);
  const std::string second = people::real_name(turn.db(), joins);
  const std::string one_day = people::birthday_of(turn.db(), stays).day;
  const std::string other_day = people::birthday_of(turn.db(), joins).day;
  Values values{{"sides", std::vector<Values>{side(turn, stays).set("first", true), side(turn, joins)}},
                {"two_names", !first.empty() && !second.empty() && first != second},
                {"name", first},
                {"former", second},
                {"two_birthdays", !one_day.empty() && !other_day.empty() && one_day != other_day}};
  values.set("code", turn.confirm());
  return Reply::say("binding.preview", std::move(values));
}

Reply bind_or_ask(Turn& turn, const std::string& code) {
  const people::Tried tried = people::try_code(turn.db(), account_of(turn), code, turn.now());
  if (tried.verdict == people::Tried::Verdict::too_often) return Reply::say("binding.too_often");
  if (tried.verdict == people::Tried::Verdict::wrong) return Reply::say("binding.wrong");
  const PersonId joins = turn.member().person;
  if (tried.person == joins) return Reply::say("binding.same");
  if (!turn.confirmed()) return preview(turn, tried.person, joins);
  people::bind(turn.db(), tried.person, joins, turn.now());
  const auto count = static_cast<std::int64_t>(people::accounts_of(turn.db(), tried.person).size());
  return Reply::say("binding.done",
                    Values().set("count", count).set("minutes", people::kUnbindWithin.count()));
}

Reply bind(Turn& turn) {
  if (!turn.where().direct) return Reply::say("binding.in_private").in_private();
  const std::string code = bot::compact_form(turn.text());
  if (code.empty()) return give_code(turn);
  return is_code(code) ? bind_or_ask(turn, code) : Reply::say("binding.no_code");
}

Reply unbind(Turn& turn) {
  if (!turn.where().direct) return Reply::say("binding.in_private").in_private();
  const auto apart = people::unbind(turn.db(), turn.member().person, turn.now());
  if (apart.empty()) return Reply::say("binding.nothing");
  return Reply::say("binding.apart", Values().set("count", static_cast<std::int64_t>(apart.size())));
}

}  // namespace

void binding(bot::Registry& registry) {
  registry.command({.name = "binding.bind", .effect = bot::Effect::writes, .run = bind});
  registry.command({.name = "binding.unbind", .effect = bot::Effect::writes, .run = unbind});
}

}  // namespace handlers
