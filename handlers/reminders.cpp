#include "handlers/reminders.hpp"

#include <algorithm>

#include "bot/base/utf8.hpp"
#include "bot/desk/turn.hpp"
#include "bot/texts/tokens.hpp"
#include "schedules/phrase_reminder.hpp"
#include "schedules/rule_words.hpp"
#include "schedules/stored_rule.hpp"

namespace handlers {

namespace {

using bot::Instant;
using bot::Reply;
using bot::Scheduled;
using bot::Turn;
using bot::Values;
using schedules::Rule;

constexpr std::size_t kNextTimes = 5;
constexpr std::size_t kMostOfPerson = 20;
constexpr std::size_t kMostOfChat = 100;
constexpr std::size_t kListed = 9;
constexpr std::int64_t kListRoom = 1000;   // characters, where messages are not limited
constexpr std::int64_t kListFrame = 60;    // of them, what stands around the lines
constexpr std::size_t kLongestText = 200;  // characters
/// Said back of a text that is longer, so that the times behind it fit a group's message.
constexpr std::size_t kLongestEcho = 60;
constexpr std::chrono::minutes kLeastGap{60};
constexpr std::chrono::minutes kLeastGapOfAdmin{10};
constexpr auto kLate = std::chrono::minutes(2);

// ---- words ----------------------------------------------------------------------------------------------

std::string id_of(std::int64_t number) {
  return "T" + std::to_string(number);
}

std::string words_of(Turn& turn, const Rule& rule) {
  return schedules::rule_words(rule, [&turn](std::string key, Values values) {
    return turn.worded(std::move(key), std::move(values));
  });
}

std::string words_of(Turn& turn, const bot::Push& push) {
  const auto rule = schedules::rule_of(push.when);
  return rule ? words_of(turn, *rule) : push.when;
}

/// What is said by its moment alone; a window needs both its ends.
bool is_moment(const bot::Push& push) {
  const auto rule = schedules::rule_of(push.when);
  return rule && std::holds_alternative<schedules::Once>(rule->days) && rule->window.count() == 0;
}

std::string echo(const std::string& text) {
  const std::string_view kept = bot::utf8::cut(text, kLongestEcho);
  return kept.size() == text.size() ? text : std::string(kept) + "\u2026";
}

std::vector<Values> moment_lines(Turn& turn, const std::vector<Instant>& times) {
  std::vector<Values> lines;
  for (const Instant time : times) lines.push_back({{"moment", turn.moment(time)}});
  return lines;
}

/// What is said of a schedule whenever it was made or changed: the rule, the next times, what to mind.
Values told(Turn& turn, const Scheduled& scheduled) {
  const bot::Push& push = *scheduled.push;
  const std::vector<Instant> times = turn.agenda().coming(turn.db(), scheduled, turn.now(), kNextTimes);
  const std::string zone = turn.group().zone.name();
  Values values{{"id", id_of(scheduled.number)},     {"text", echo(push.subject)},
                {"rule", words_of(turn, push)},      {"once", is_moment(push)},
                {"paused", scheduled.paused},        {"zone", zone},
                {"beijing", zone == "Asia/Shanghai"}};
  values.set("everybody", push.person.empty());
  values.set("moment", times.empty() ? std::string() : turn.moment(times.front()));
  values.set("times", moment_lines(turn, times));
  const auto years = turn.agenda().unannounced_years(scheduled, turn.now());
  values.set("unannounced", !years.empty());
  values.set("year", std::int64_t{years.empty() ? 0 : years.front()});
  return values;
}

/// Whether the quiet hours hold it back, and until when.
void note_quiet_hours(Turn& turn, const bot::Push& push, Values& values) {
  const auto rule = schedules::rule_of(push.when);
  const bool held_back = rule && push.person.empty() && !push.urgent;
  bot::LocalTime until{};
  bool quiet = false;
  for (std::size_t i = 0; held_back && i < rule->times.size() && !quiet; ++i) {
    const bot::LocalTime local = bot::LocalTime{} + rule->times[i];
    until = bot::after_quiet_hours(turn.limits(), local);
    quiet = until != local;
  }
  values.set("quiet", quiet).set("quiet_until", bot::clock_time(until));
}

// ---- what was meant -------------------------------------------------------------------------------------

bool is_admin(const Turn& turn) {
  return turn.member().role >= bot::Role::manager;
}

bool may_touch(const Turn& turn, const Scheduled& scheduled) {
  return is_admin(turn) || scheduled.by == turn.member().user;
}

/// In a group, what is somebody else's own affair is nobody's business.
bool may_see(const Turn& turn, const Scheduled& scheduled) {
  return scheduled.push->person.empty() || may_touch(turn, scheduled);
}

/// The list is read by the whole group, so an admin's right to see everything ends there.
bool belongs_in_list(const Turn& turn, const Scheduled& scheduled) {
  return scheduled.push->person.empty() || scheduled.by == turn.member().user;
}

std::optional<Scheduled> find(Turn& turn, std::int64_t number) {
  for (Scheduled& scheduled : turn.agenda().scheduled(turn.db(), turn.where())) {
    if (scheduled.number == number) return std::move(scheduled);
  }
  return std::nullopt;
}

/// "周会" in "周会前10分钟": the one schedule of this chat whose text holds the word. nullopt for none or
/// several.
std::optional<Rule> around(Turn& turn, const schedules::AroundEvent& meant) {
  std::vector<Instant> times;
  for (const Scheduled& scheduled : turn.agenda().scheduled(turn.db(), turn.where())) {
    const bool named = scheduled.push->subject.find(meant.event) != std::string::npos;
    if (!named || scheduled.number == 0 || scheduled.paused || !may_see(turn, scheduled)) continue;
    const auto next = turn.agenda().coming(turn.db(), scheduled, turn.now() - meant.offset, 1);
    times.insert(times.end(), next.begin(), next.end());
  }
  if (times.size() != 1) return std::nullopt;
  const bot::LocalTime local = turn.group().zone.to_local(times.front() + meant.offset);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  return Rule{schedules::Once{day}, 0, {std::chrono::duration_cast<std::chrono::minutes>(local - day)}, {}};
}

/// A sentence may arrive later than the time that it names.
bool is_over(const Turn& turn, const Rule& rule) {
  const auto* once = std::get_if<schedules::Once>(&rule.days);
  if (once == nullptr || rule.times.empty()) return false;
  return turn.group().zone.to_instant(bot::LocalTime(once->day) + rule.times.back()) <= turn.now();
}

/// Either a rule, or what to say instead.
struct Meant {
  std::optional<Rule> rule{};
  Reply instead{};
};

/// A reminder for one person that comes every minute would take the whole account's messages.
bool is_too_often(const Turn& turn, const Rule& rule) {
  const std::chrono::minutes least = is_admin(turn) ? kLeastGapOfAdmin : kLeastGap;
  for (std::size_t i = 1; i < rule.times.size(); ++i) {
    if (rule.times[i] - rule.times[i - 1] < least) return true;
  }
  return false;
}

Meant rule_meant(Turn& turn, const schedules::Phrase& phrase, const std::string& heard) {
  if (!phrase.when) {
    const bool past = phrase.error == schedules::PhraseError::past;
    return {{}, past ? Reply::say("reminder.past") : Reply::say("reminder.which_time", {{"heard", heard}})};
  }
  if (const auto* rule = std::get_if<Rule>(&phrase.when->what)) {
    if (is_too_often(turn, *rule)) return {{}, Reply::say("reminder.too_often")};
    if (is_over(turn, *rule)) return {{}, Reply::say("reminder.past")};
    return {*rule, {}};
  }
  const auto& event = std::get<schedules::AroundEvent>(phrase.when->what);
  auto rule = around(turn, event);
  if (rule) return {std::move(rule), {}};
  return {{}, Reply::say("reminder.which_event", {{"event", event.event}})};
}

bool has_too_many(Turn& turn) {
  std::size_t own = 0;
  std::size_t all = 0;
  for (const Scheduled& scheduled : turn.agenda().scheduled(turn.db(), turn.where())) {
    if (scheduled.number == 0) continue;
    ++all;
    if (scheduled.by == turn.member().user) ++own;
  }
  return own >= kMostOfPerson || all >= kMostOfChat;
}

// ---- making and changing --------------------------------------------------------------------------------

/// Why this cannot be the text; silent when it can.
Reply refused_text(const std::string& text) {
  if (text.empty()) return Reply::say("reminder.of_what");
  if (bot::utf8::length(text) > kLongestText) {
    return Reply::say("reminder.too_long", Values().set("most", static_cast<std::int64_t>(kLongestText)));
  }
  return Reply::silence();
}

/// Why it cannot be planned by this person in this chat; silent when it can.
Reply refused(Turn& turn, const schedules::ReminderPhrase& asked) {
  const bool everybody = asked.whom == schedules::ReminderPhrase::Whom::everybody;
  if (everybody && !turn.where().direct && !is_admin(turn)) {
    return Reply::say("reminder.admins_only").in_private();
  }
  if (!turn.capabilities(turn.where()).push) return Reply::say("reminder.no_push");
  if (has_too_many(turn)) return Reply::say("reminder.too_many");
  return refused_text(asked.text);
}

/// Whether it will ever speak from now on.
bool has_times(Turn& turn, Scheduled scheduled, Instant since) {
  scheduled.since = since;
  return !turn.agenda().coming(turn.db(), scheduled, turn.now(), 1).empty();
}

bot::Push push_of(const Turn& turn, const schedules::ReminderPhrase& asked, Rule rule) {
  const bool for_group = asked.whom == schedules::ReminderPhrase::Whom::everybody && !turn.where().direct;
  // A group has its own moment within a window; a person who names one wants to hear when it begins.
  if (!for_group) rule.window = {};
  bot::Push push{.occasion = "reminder", .subject = asked.text, .when = schedules::stored(rule)};
  if (!for_group) push.person = turn.member().user;
  push.sharp = asked.sharp;
  push.urgent = asked.urgent && is_admin(turn);
  return push;
}

Reply make(Turn& turn) {
  const auto asked = schedules::read_reminder(turn.before(), turn.text(), turn.local());
  if (asked.thanks) return Reply::silence();
  if (turn.before().empty() && asked.text.empty() && !asked.phrase.when &&
      asked.phrase.error != schedules::PhraseError::past) {
    return Reply::say("reminder.of_what");
  }
  const std::string heard = turn.before().empty() ? turn.text() : turn.before();
  Meant meant = rule_meant(turn, asked.phrase, heard);
  if (!meant.rule) return turn.woken() ? std::move(meant.instead) : Reply::silence();
  if (Reply reason = refused(turn, asked); !reason.silent()) return reason;
  const bot::Push push = push_of(turn, asked, *std::move(meant.rule));
  const Scheduled wanted{0, turn.where(), std::make_shared<const bot::Push>(push), false, {}, turn.now()};
  if (!has_times(turn, wanted, turn.now())) return Reply::say("reminder.never");
  const auto number = turn.agenda().plan(turn.db(), turn.where(), push, turn.member().user, turn.now());
  const auto made = find(turn, number);
  Values values = told(turn, *made);
  values.set("no_time", asked.phrase.when->no_time);
  note_quiet_hours(turn, push, values);
  return Reply::say("reminder.made", std::move(values)).about(id_of(number));
}

/// The schedule that is named or quoted, if this person may see it; else what to say.
struct Named {
  std::optional<Scheduled> scheduled{};
  Reply instead{};
};

Named seen(Turn& turn) {
  std::int64_t number = turn.object() && turn.object()->letter == 'T' ? turn.object()->number : 0;
  if (number == 0 && turn.is_quote()) {
    const std::string subject = turn.quoted_subject();
    const auto id = bot::object_id(bot::compact_form(subject));
    if (id && id->letter == 'T') number = id->number;
  }
  if (number == 0) return {{}, turn.woken() ? Reply::say("reminder.which_one") : Reply::silence()};
  auto scheduled = find(turn, number);
  if (!scheduled || !may_see(turn, *scheduled)) {
    return {{}, Reply::say("reminder.unknown", {{"id", id_of(number)}})};
  }
  return {std::move(scheduled), {}};
}

/// The same, if this person may also change it.
Named named(Turn& turn) {
  Named meant = seen(turn);
  if (!meant.scheduled || may_touch(turn, *meant.scheduled)) return meant;
  return {{}, Reply::say("reminder.not_yours").in_private()};
}

Reply pause(Turn& turn) {
  Named meant = named(turn);
  if (!meant.scheduled) return std::move(meant.instead);
  const std::int64_t number = meant.scheduled->number;
  turn.agenda().pause(turn.db(), turn.where(), number, turn.now());
  return Reply::say("reminder.paused",
                    {{"id", id_of(number)}, {"text", echo(meant.scheduled->push->subject)}})
      .about(id_of(number));
}

Reply resume(Turn& turn) {
  Named meant = named(turn);
  if (!meant.scheduled) return std::move(meant.instead);
  const std::int64_t number = meant.scheduled->number;
  if (!has_times(turn, *meant.scheduled, turn.now())) {
    return Reply::say("reminder.over",
                      {{"id", id_of(number)}, {"text", echo(meant.scheduled->push->subject)}})
        .about(id_of(number));
  }
  if (meant.scheduled->paused) turn.agenda().resume(turn.db(), turn.where(), number, turn.now());
  return Reply::say("reminder.resumed", told(turn, *find(turn, number))).about(id_of(number));
}

Reply cancel(Turn& turn) {
  Named meant = named(turn);
  if (!meant.scheduled) return std::move(meant.instead);
  const std::int64_t number = meant.scheduled->number;
  turn.agenda().cancel(turn.db(), turn.where(), number, turn.now());
  return Reply::say("reminder.cancelled",
                    {{"id", id_of(number)}, {"text", echo(meant.scheduled->push->subject)}});
}

Reply change(Turn& turn) {
  Named meant = named(turn);
  const std::string said(bot::first_word(turn.text()).rest);
  const auto wanted =
      schedules::read_change(turn.is_quote() && !turn.object() ? turn.text() : said, turn.local());
  if (!meant.scheduled) {
    // "改 T5 灯管", to nobody, is about another T5.
    const bool is_talk = !turn.woken() && !wanted.of_text && !wanted.phrase.when;
    return is_talk ? Reply::silence() : std::move(meant.instead);
  }
  bot::Push push = *meant.scheduled->push;
  if (wanted.of_text) {
    if (Reply reason = refused_text(wanted.text); !reason.silent()) return reason;
    push.subject = wanted.text;
  } else {
    Meant time = rule_meant(turn, wanted.phrase, said);
    if (!time.rule) return std::move(time.instead);
    if (!push.person.empty()) time.rule->window = {};
    push.when = schedules::stored(*time.rule);
  }
  const std::int64_t number = meant.scheduled->number;
  Scheduled changed = *meant.scheduled;
  changed.push = std::make_shared<const bot::Push>(push);
  // Other words keep what waits, such as for the end of the quiet hours.
  const Instant since = wanted.of_text ? changed.since : turn.now();
  if (!has_times(turn, std::move(changed), since)) {
    return Reply::say(wanted.of_text ? "reminder.over" : "reminder.spoken",
                      {{"id", id_of(number)}, {"text", echo(meant.scheduled->push->subject)}})
        .about(id_of(number));
  }
  turn.agenda().replan(turn.db(), turn.where(), number, push, turn.now());
  Values values = told(turn, *find(turn, number));
  values.set("no_time", wanted.phrase.when && wanted.phrase.when->no_time);
  note_quiet_hours(turn, push, values);
  return Reply::say("reminder.changed", std::move(values)).about(id_of(number));
}

// ---- the list -------------------------------------------------------------------------------------------

Values line_of(Turn& turn, const Scheduled& scheduled) {
  const auto next = turn.agenda().coming(turn.db(), scheduled, turn.now(), 1);
  const bool own_words = scheduled.push->occasion == "reminder";
  const bot::Column* column = own_words ? nullptr : turn.content().library.column(scheduled.push->subject);
  Values values{{"id", scheduled.number == 0 ? std::string("\u00b7") : id_of(scheduled.number)},
                {"rule", words_of(turn, *scheduled.push)},
                {"text", column == nullptr ? echo(scheduled.push->subject) : column->name},
                {"paused", scheduled.paused}};
  values.set("personal", !scheduled.push->person.empty() && !turn.where().direct);
  const bool once = is_moment(*scheduled.push);
  values.set("once", once && !next.empty()).set("next", !once && !next.empty() && !scheduled.paused);
  values.set("moment", next.empty() ? std::string() : turn.moment(next.front()));
  return values;
}

/// What is planned here, as many lines a message as a group takes.
std::vector<std::vector<Values>> pages_of(Turn& turn) {
  std::vector<std::vector<Values>> pages;
  std::size_t room = 0;
  for (const Scheduled& scheduled : turn.agenda().scheduled(turn.db(), turn.where())) {
    if (!belongs_in_list(turn, scheduled)) continue;
    const std::string line = turn.worded("reminder.line", line_of(turn, scheduled));
    const std::size_t length = bot::utf8::length(line) + 1;
    if (pages.empty() || pages.back().size() == kListed || length > room) {
      pages.emplace_back();
      room = static_cast<std::size_t>(
          std::max(turn.limits().length.value_or(kListRoom) - kListFrame, std::int64_t{0}));
    }
    room -= std::min(room, length);
    pages.back().push_back({{"line", line}});
  }
  return pages;
}

Reply list(Turn& turn) {
  std::vector<std::vector<Values>> pages = pages_of(turn);
  if (pages.empty()) return Reply::say("reminder.none");
  const auto asked = bot::object_id("p" + bot::compact_form(turn.text()));
  const std::size_t last = pages.size() - 1;
  const std::size_t page = asked ? std::min(static_cast<std::size_t>(asked->number) - 1, last) : 0;
  Values values;
  const std::string zone = turn.group().zone.name();
  values.set("lines", std::move(pages[page])).set("more", page < last);
  values.set("following", static_cast<std::int64_t>(page + 2));
  values.set("zone", zone).set("beijing", zone == "Asia/Shanghai");
  return Reply::say("reminder.list", std::move(values));
}

Reply show(Turn& turn) {
  Named meant = seen(turn);
  if (!meant.scheduled) return std::move(meant.instead);
  if (meant.scheduled->paused) {
    return Reply::say("reminder.is_paused", {{"id", id_of(meant.scheduled->number)},
                                             {"text", echo(meant.scheduled->push->subject)}})
        .about(id_of(meant.scheduled->number));
  }
  return Reply::say("reminder.shown", told(turn, *meant.scheduled)).about(id_of(meant.scheduled->number));
}

// ---- said by itself -------------------------------------------------------------------------------------

Reply say(Turn& turn) {
  const bot::Due& due = turn.due();
  const auto late = std::chrono::floor<std::chrono::minutes>(turn.now() - due.at);
  Values values{
      {"text", due.push->subject}, {"everybody", due.push->person.empty()}, {"late", late >= kLate}};
  values.set("minutes", late.count());
  Reply reply = Reply::say("reminder.due", std::move(values));
  if (!due.push->person.empty()) reply.mentioning(due.push->person);
  if (due.number != 0) reply.about(id_of(due.number));
  return reply;
}

/// Once a year, when schedules of this group will need days off that nobody has brought.
Reply warn_unannounced(Turn& turn) {
  std::vector<Values> lines;
  int year = 0;
  for (const Scheduled& scheduled : turn.agenda().scheduled(turn.db(), turn.where())) {
    const auto years = turn.agenda().unannounced_years(scheduled, turn.now());
    if (years.empty() || !may_see(turn, scheduled)) continue;
    year = years.front();
    lines.push_back(line_of(turn, scheduled));
  }
  if (lines.empty()) return Reply::silence();
  return Reply::say("reminder.unannounced",
                    Values().set("year", std::int64_t{year}).set("lines", std::move(lines)));
}

}  // namespace

void reminders(bot::Registry& registry) {
  using bot::Effect;
  using bot::Wake;
  registry.command({.name = "reminder.make", .effect = Effect::writes, .anywhere = true, .run = make});
  registry.command({.name = "reminder.list", .run = list});
  registry.command({.name = "reminder.show", .wake = Wake::bare, .run = show});
  registry.command({.name = "reminder.pause", .effect = Effect::writes, .wake = Wake::bare, .run = pause});
  registry.command({.name = "reminder.resume", .effect = Effect::writes, .wake = Wake::bare, .run = resume});
  registry.command({.name = "reminder.cancel", .effect = Effect::writes, .wake = Wake::bare, .run = cancel});
  registry.command(
      {.name = "reminder.change", .effect = Effect::writes, .wake = Wake::bare_id_text, .run = change});
  registry.identifier('T', "reminder.show");
  registry.occasion("reminder", say);
  registry.occasion("reminder.calendar", warn_unannounced);
  registry.job({.occasion = "reminder.calendar", .when = "every year on 20 December 10:00"});
}

}  // namespace handlers
