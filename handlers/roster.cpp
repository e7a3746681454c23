#include "handlers/roster.hpp"

#include <algorithm>
#include <charconv>

#include "bot/base/utf8.hpp"
#include "bot/desk/turn.hpp"
#include "bot/people/labels.hpp"
#include "bot/people/naming.hpp"

namespace handlers {

namespace {

namespace people = bot::people;
using bot::Address;
using bot::Reply;
using bot::Turn;
using bot::Values;
using people::Listed;

constexpr std::size_t kNamesOnPage = 40;
constexpr std::size_t kMostChanged = 20;

// ---- who is meant -----------------------------------------------------------------------------------------

struct Meant {
  std::vector<Listed> people{};
  std::string rest{};  ///< what is said of them
  bool unclear = false;
};

Listed mentioned_member(Turn& turn, const Address& group, const std::string& user) {
  for (Listed& member : people::members(turn.db(), group)) {
    if (people::look_up(turn.db(), group, user).person == member.person) return member;
  }
  Listed fresh;
  fresh.person = people::enrol(turn.db(), group, {.id = user}, turn.now());
  fresh.user = user;
  return fresh;
}

/// "给李四": whoever's name stands at the end, the longest first.
std::vector<Listed> named_at_end(Turn& turn, const Address& group, const std::string& before) {
  std::vector<Listed> found;
  for (Listed& member : people::members(turn.db(), group)) {
    if (member.shown.empty() || !before.ends_with(member.shown)) continue;
    if (!found.empty() && member.shown.size() < found.front().shown.size()) continue;
    if (!found.empty() && member.shown.size() > found.front().shown.size()) found.clear();
    found.push_back(std::move(member));
  }
  return found;
}

/// By mention, or one by name: before the verb, or as the first word behind it.
Meant meant(Turn& turn, const Address& group) {
  Meant meant;
  meant.rest = bot::utf8::trimmed(turn.text());
  for (const std::string& user : turn.mentioned()) {
    if (meant.people.size() < kMostChanged) meant.people.push_back(mentioned_member(turn, group, user));
  }
  if (!meant.people.empty()) return meant;
  meant.people = named_at_end(turn, group, turn.before());
  if (meant.people.empty()) {
    const auto [word, rest] = bot::first_word(meant.rest);
    meant.people = people::members_named(turn.db(), group, word);
    meant.rest = std::string(rest);
  }
  meant.unclear = meant.people.size() != 1;
  return meant;
}

std::vector<Values> names_of(Turn& turn, const std::vector<Listed>& people) {
  std::vector<Values> names;
  for (const Listed& one : people) names.push_back({{"name", turn.named(one)}, {"last", false}});
  if (!names.empty()) names.back().set("last", true);
  return names;
}

Reply unclear(Turn& turn, const Meant& meant) {
  if (meant.people.empty()) return Reply::say("roster.nobody").in_private();
  return Reply::say("roster.which", {{"names", names_of(turn, meant.people)}}).in_private();
}

/// Runs on the group that the turn is about; a command that may be talk is only for who surely means it.
using OnGroup = Reply (*)(Turn&, const Address&);
bot::Handler on_group(OnGroup run) {
  return [run](Turn& turn) {
    if (!turn.woken()) return Reply::silence();
    return turn.home() ? run(turn, *turn.home()) : Reply::say("roster.where");
  };
}

// ---- lists ------------------------------------------------------------------------------------------------

std::size_t page_of(std::string_view text, std::size_t pages) {
  std::size_t page = 1;
  const std::size_t digits = text.find_first_of("0123456789");
  if (digits != std::string_view::npos)
    std::from_chars(text.data() + digits, text.data() + text.size(), page);
  return std::clamp<std::size_t>(page, 1, pages);
}

Values page_values(Turn& turn, const std::vector<Listed>& people, std::size_t wanted) {
  const std::size_t pages = std::max<std::size_t>(1, (people.size() + kNamesOnPage - 1) / kNamesOnPage);
  const std::size_t page = std::clamp<std::size_t>(wanted, 1, pages);
  const std::size_t first = (page - 1) * kNamesOnPage;
  const std::size_t last = std::min(people.size(), first + kNamesOnPage);
  const std::vector<Listed> shown(people.begin() + static_cast<std::ptrdiff_t>(first),
                                  people.begin() + static_cast<std::ptrdiff_t>(last));
  Values values{{"names", names_of(turn, shown)}, {"several", pages > 1}, {"more", page < pages}};
  values.set("count", static_cast<std::int64_t>(people.size()));
  values.set("page", static_cast<std::int64_t>(page)).set("pages", static_cast<std::int64_t>(pages));
  return values.set("next", static_cast<std::int64_t>(page + 1));
}

Reply list(Turn& turn, const Address& group) {
  const std::vector<Listed> people = people::members(turn.db(), group);
  Values values = page_values(turn, people, page_of(turn.text(), people.size() + 1));
  const auto guests = std::ranges::count_if(people, &Listed::guest);
  const auto named = std::ranges::count_if(people, &Listed::named);
  values.set("group", turn.group_name(group)).set("guests", static_cast<std::int64_t>(guests));
  values.set("visited", guests > 0).set("named", static_cast<std::int64_t>(named));
  return Reply::say("roster.list", std::move(values)).in_private();
}

Reply labelled(Turn& turn, const Address& group, const std::string& label, std::vector<Listed> people) {
  Values values = page_values(turn, people, 1);
  values.set("label", label).set("group", turn.group_name(group)).set("none", people.empty());
  return Reply::say("roster.labelled", std::move(values)).in_private();
}

Reply overview(const std::string& key, const std::vector<people::Label>& labels) {
  std::vector<Values> lines;
  for (const people::Label& label : labels)
    lines.push_back(Values{{"name", label.name}}.set("count", label.count));
  return Reply::say(key, {{"none", lines.empty()}, {"labels", std::move(lines)}}).in_private();
}

Reply tags(Turn& turn, const Address& group) {
  const std::string tag(bot::utf8::trimmed(turn.text()));
  if (tag.empty()) return overview("roster.tags", people::tags(turn.db(), group));
  const auto tagged = people::tagged(turn.db(), group, tag);
  std::vector<Listed> found = people::members(turn.db(), group);
  std::erase_if(found, [&](const Listed& member) { return !tagged.contains(member.person); });
  return labelled(turn, group, tag, std::move(found));
}

Reply categories(Turn& turn, const Address& group) {
  const std::string category(bot::utf8::trimmed(turn.text()));
  if (category.empty()) return overview("roster.categories", people::categories(turn.db(), group));
  std::vector<Listed> found = people::members(turn.db(), group);
  std::erase_if(found, [&](const Listed& member) { return member.category != category; });
  return labelled(turn, group, category, std::move(found));
}

// ---- changes ----------------------------------------------------------------------------------------------

/// Changes each of those who are meant; `change` gets the group, the person and what was said of them.
template <class Change>
Reply change_each(Turn& turn, const Address& group, const std::string& key, Change change) {
  const Meant who = meant(turn, group);
  if (who.unclear) return unclear(turn, who);
  if (!people::fit_for_label(who.rest)) return Reply::say("roster.label_unfit").in_private();
  for (const Listed& one : who.people) change(one.person, who.rest);
  return Reply::say(key, {{"names", names_of(turn, who.people)}, {"label", who.rest}}).in_private();
}

Reply tag(Turn& turn, const Address& group) {
  return change_each(turn, group, "roster.tagged", [&](people::PersonId person, const std::string& label) {
    people::add_tag(turn.db(), group, person, label);
  });
}

Reply untag(Turn& turn, const Address& group) {
  return change_each(turn, group, "roster.untagged", [&](people::PersonId person, const std::string& label) {
    people::remove_tag(turn.db(), group, person, label);
  });
}

Reply categorise(Turn& turn, const Address& group) {
  return change_each(turn, group, "roster.categorised",
                     [&](people::PersonId person, const std::string& label) {
                       people::set_category(turn.db(), group, person, label);
                     });
}

/// A real name is the person's in every group, so whoever sets it must run one of them; it is kept which name
/// went before.
Reply rename(Turn& turn, const Address& group) {
  const Meant who = meant(turn, group);
  if (who.unclear || who.people.size() != 1) return unclear(turn, who);
  if (!people::fit_for_name(who.rest)) return Reply::say("member.name_unfit").in_private();
  const Listed& one = who.people.front();
  const people::Renaming renaming = people::rename(turn.db(), one.person, who.rest, turn.now(), true);
  Reply reply = Reply::say("roster.renamed", {{"before", turn.named(one)}, {"name", who.rest}});
  reply.in_private();
  for (const Address& shared : renaming.namesakes) {
    reply.also("member.namesake", {{"name", who.rest}, {"tail", people::id_tail(one.user)}})
        .to_admins_of(shared);
  }
  return reply;
}

Reply former(Turn& turn, const Address& group) {
  const Meant who = meant(turn, group);
  if (who.unclear || who.people.size() != 1) return unclear(turn, who);
  std::vector<Values> lines;
  for (const people::FormerName& name : people::former_names(turn.db(), who.people.front().person)) {
    const bool card = !name.group.chat.empty();
    if (card && name.group != group) continue;
    lines.push_back({{"name", bot::utf8::one_line(name.name)},
                     {"card", card},
                     {"until", bot::iso_date(turn.group().zone.to_local(name.until))}});
  }
  Values values{{"name", turn.named(who.people.front())}, {"none", lines.empty()}};
  values.set("lines", std::move(lines));
  return Reply::say("roster.former", std::move(values)).in_private();
}

}  // namespace

void roster(bot::Registry& registry) {
  using bot::Effect;
  using bot::Role;
  const auto add = [&registry](const char* name, Effect effect, bool anywhere, OnGroup run) {
    registry.command(
        {.name = name, .needs = Role::manager, .effect = effect, .anywhere = anywhere, .run = on_group(run)});
  };
  add("roster.list", Effect::reads, false, list);
  add("roster.tag", Effect::writes, true, tag);
  add("roster.untag", Effect::writes, true, untag);
  add("roster.tags", Effect::reads, false, tags);
  add("roster.categorise", Effect::writes, true, categorise);
  add("roster.categories", Effect::reads, false, categories);
  add("roster.rename", Effect::writes, false, rename);
  add("roster.former", Effect::writes, false, former);
}

}  // namespace handlers
