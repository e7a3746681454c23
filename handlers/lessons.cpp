#include "handlers/lessons.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "bot/desk/turn.hpp"
#include "bot/texts/pages.hpp"

namespace handlers {

namespace {

using bot::Address;
using bot::Lesson;
using bot::Reply;
using bot::Turn;
using bot::Values;

constexpr std::string_view kUsualColumn = "daily";
constexpr auto kNotRepeatedFor = std::chrono::days(180);
/// What title, page number and the hint take of a message in a group.
constexpr std::int64_t kFrameCharacters = 70;
constexpr std::int64_t kFrameLines = 2;

bot::sql::Schema schema() {
  return {"lessons",
          {{1,
            "CREATE TABLE lesson_days (account TEXT NOT NULL, chat TEXT NOT NULL, column_id TEXT NOT NULL, "
            "day TEXT NOT NULL, lesson {int} NOT NULL, issue {int} NOT NULL, "
            "PRIMARY KEY (account, chat, column_id, day)) {table};"
            "CREATE TABLE lesson_done (account TEXT NOT NULL, chat TEXT NOT NULL, lesson {int} NOT NULL, "
            "member TEXT NOT NULL, name TEXT NOT NULL, day TEXT NOT NULL, late {int} NOT NULL, at {int} NOT "
            "NULL, "
            "PRIMARY KEY (account, chat, lesson, member)) {table}"}},
          {{.table = "lesson_done",
            .column = "member",
            .what = "privacy.rows_lessons",
            .shown = {"chat", "lesson", "name", "at"},
            .left = "member = {pseudonym}, name = ''"}}};
}

/// The column that the group's lesson push names.
std::string usual_column(const Turn& turn) {
  for (const bot::Push& push : turn.group().pushes) {
    if (push.occasion == "lesson") return push.subject;
  }
  return std::string(kUsualColumn);
}

/// The group in which a member studies: here, or, in private, where he or she last learned something, or the
/// only group there is.
std::optional<Address> study_group(Turn& turn) {
  if (!turn.where().direct) return turn.where();
  const auto rows = turn.db().query(
      "SELECT chat FROM lesson_done WHERE account = $1 AND member = $2 ORDER BY at DESC LIMIT 1",
      {turn.where().account, turn.member().user});
  if (!rows.empty()) return Address{turn.where().account, rows.front().text(0), false};
  const auto& known = turn.known_groups().all();
  return known.size() == 1 ? std::optional(known.front().where) : std::nullopt;
}

struct DayLesson {
  const Lesson* lesson = nullptr;
  std::int64_t issue = 0;
  bool stored = false;  ///< the group has had it today already
};

/// What the group has had in this column: lesson → last day.
std::map<std::int64_t, std::string> last_days(Turn& turn, const Address& group, const std::string& column) {
  std::map<std::int64_t, std::string> days;
  for (const auto& row :
       turn.db().query("SELECT lesson, max(day) FROM lesson_days WHERE account = $1 AND chat = $2 "
                       "AND column_id = $3 GROUP BY lesson",
                       {group.account, group.chat, column})) {
    days.emplace(row.integer(0), row.text(1));
  }
  return days;
}

const Lesson* next_lesson(const std::vector<Lesson>& course, const std::map<std::int64_t, std::string>& last,
                          const std::string& fresh_before) {
  const Lesson* longest_ago = nullptr;
  for (const Lesson& lesson : course) {
    const auto had = last.find(lesson.number);
    if (had == last.end() || had->second < fresh_before) return &lesson;
    if (longest_ago == nullptr || had->second < last.at(longest_ago->number)) longest_ago = &lesson;
  }
  return longest_ago;
}

std::int64_t issues_so_far(Turn& turn, const Address& group, const std::string& column) {
  return turn.db()
      .query(
          "SELECT CAST(coalesce(max(issue), 0) AS BIGINT) FROM lesson_days WHERE account = $1 AND chat = $2 "
          "AND "
          "column_id = $3",
          {group.account, group.chat, column})
      .front()
      .integer(0);
}

DayLesson lesson_of_day(Turn& turn, const Address& group, const std::string& column) {
  const bot::Library& library = turn.content().library;
  const auto rows = turn.db().query(
      "SELECT lesson, issue FROM lesson_days WHERE account = $1 AND chat = $2 AND column_id = $3 AND day = "
      "$4",
      {group.account, group.chat, column, bot::iso_date(turn.local())});
  if (!rows.empty()) return {library.lesson(rows.front().integer(0)), rows.front().integer(1), true};
  const bot::Column* entry = library.column(column);
  if (entry == nullptr) return {};
  const std::string fresh_before = bot::iso_date(turn.local() - kNotRepeatedFor);
  const Lesson* lesson =
      next_lesson(library.course(entry->course), last_days(turn, group, column), fresh_before);
  return {lesson, issues_so_far(turn, group, column) + 1, false};
}

void store_day(Turn& turn, const Address& group, const std::string& column, const DayLesson& day) {
  if (day.stored) return;
  turn.db().execute(
      "INSERT INTO lesson_days (account, chat, column_id, day, lesson, issue) VALUES ($1, $2, $3, $4, $5, "
      "$6)",
      {group.account, group.chat, column, bot::iso_date(turn.local()), day.lesson->number, day.issue});
}

/// People, not accounts. An account that is on no record counts as one.
std::int64_t learners(Turn& turn, const Address& group, std::int64_t lesson) {
  return turn.db()
      .query(
          "SELECT count(DISTINCT coalesce(CAST(a.person AS TEXT), 'user ' || d.member)) FROM lesson_done d "
          "LEFT JOIN person_accounts a ON a.account = d.account AND a.user_id = d.member "
          "WHERE d.account = $1 AND d.chat = $2 AND d.lesson = $3",
          {group.account, group.chat, lesson})
      .front()
      .integer(0);
}

std::string id_of(const Lesson& lesson) {
  return "L" + std::to_string(lesson.number);
}

Values lesson_values(Turn& turn, const Lesson& lesson, const std::string& column) {
  const bot::Column* entry = turn.content().library.column(column);
  Values values{{"id", id_of(lesson)},     {"title", lesson.title},
                {"brief", lesson.brief},   {"question", lesson.question},
                {"source", lesson.source}, {"column", entry == nullptr ? column : entry->name}};
  return values.set("minutes", lesson.minutes);
}

Reply show_lesson(Turn& turn, std::int64_t number) {
  const Lesson* lesson = turn.content().library.lesson(number);
  if (lesson == nullptr) return Reply::say("lesson.unknown", Values().set("number", number));
  const bot::Limits& limits = turn.limits();
  const bool whole = turn.where().direct || !limits.length;
  const auto characters =
      whole ? std::string::npos : static_cast<std::size_t>(*limits.length - kFrameCharacters);
  const auto lines =
      whole || !limits.lines ? std::string::npos : static_cast<std::size_t>(*limits.lines - kFrameLines);
  const std::vector<std::string> pages = bot::pages_of(lesson->body, characters, lines);
  std::size_t page = 1;
  const std::string_view asked = bot::first_word(turn.text()).word;
  const auto after_id =
      bot::object_id(asked) ? bot::first_word(bot::first_word(turn.text()).rest).word : asked;
  std::from_chars(after_id.data(), after_id.data() + after_id.size(), page);
  page = std::clamp<std::size_t>(page, 1, pages.size());
  Values values = lesson_values(turn, *lesson, usual_column(turn));
  values.set("text", pages[page - 1]).set("page", static_cast<std::int64_t>(page));
  values.set("pages", static_cast<std::int64_t>(pages.size()))
      .set("next", static_cast<std::int64_t>(page + 1));
  values.set("several", pages.size() > 1).set("more", page < pages.size());
  values.set("cited", page == pages.size() && !lesson->source.empty());
  return Reply::say("lesson.full", std::move(values)).about(id_of(*lesson));
}

Reply show(Turn& turn) {
  return turn.object() ? show_lesson(turn, turn.object()->number) : Reply::say("lesson.show_what");
}

Reply today(Turn& turn) {
  if (turn.object() && turn.object()->letter == 'L') return show_lesson(turn, turn.object()->number);
  const auto group = study_group(turn);
  if (!group) return Reply::say("lesson.where");
  const std::string column = usual_column(turn);
  const DayLesson day = lesson_of_day(turn, *group, column);
  if (day.lesson == nullptr) return Reply::say("lesson.none");
  const std::int64_t count = learners(turn, *group, day.lesson->number);
  Values values = lesson_values(turn, *day.lesson, column);
  values.set("count", count).set("some", count > 0);
  return Reply::say("lesson.today", std::move(values)).about(id_of(*day.lesson));
}

/// The lesson that a member means by "done": typed, quoted, or today's. 0: quoted something else.
std::optional<std::int64_t> meant_lesson(Turn& turn, const DayLesson& day) {
  if (turn.object() && turn.object()->letter == 'L') return turn.object()->number;
  if (!turn.is_quote()) return day.lesson == nullptr ? std::nullopt : std::optional(day.lesson->number);
  const std::string subject = turn.quoted_subject();
  std::int64_t number = 0;
  if (subject.starts_with('L')) std::from_chars(subject.data() + 1, subject.data() + subject.size(), number);
  return number;
}

/// Learned on a later day than it was given.
bool is_late(Turn& turn, const Address& group, std::int64_t lesson) {
  const auto rows =
      turn.db().query("SELECT max(day) FROM lesson_days WHERE account = $1 AND chat = $2 AND lesson = $3",
                      {group.account, group.chat, lesson});
  return !rows.front().is_null(0) && rows.front().text(0) < bot::iso_date(turn.local());
}

/// By another account of the same person.
bool learned_elsewhere(Turn& turn, const Address& group, std::int64_t lesson) {
  return !turn.db()
              .query(
                  "SELECT 1 FROM lesson_done d JOIN person_accounts a ON a.account = d.account AND "
                  "a.user_id = d.member WHERE d.account = $1 AND d.chat = $2 AND d.lesson = $3 AND "
                  "a.person = $4 AND d.member <> $5",
                  {group.account, group.chat, lesson, turn.member().person, turn.member().user})
              .empty();
}

std::int64_t lessons_done(bot::sql::Db& db, bot::people::PersonId person) {
  return db
      .query(
          "SELECT count(DISTINCT d.lesson) FROM lesson_done d JOIN person_accounts a ON a.account = "
          "d.account AND a.user_id = d.member WHERE a.person = $1",
          {person})
      .front()
      .integer(0);
}

Reply count_learner(Turn& turn, const Address& group, const Lesson& lesson, bool today) {
  const bool late = !today && is_late(turn, group, lesson.number);
  const bool elsewhere = learned_elsewhere(turn, group, lesson.number);
  const auto fresh =
      elsewhere ? 0
                : turn.db().execute(
                      "INSERT INTO lesson_done (account, chat, lesson, member, name, day, late, at) "
                      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account, chat, lesson, member) "
                      "DO NOTHING",
                      {group.account, group.chat, lesson.number, turn.member().user, turn.member().name,
                       bot::iso_date(turn.local()), late, bot::in_ms(turn.at())});
  Values values{{"name", turn.member().name}, {"id", id_of(lesson)}, {"title", lesson.title}, {"late", late}};
  values.set("count", learners(turn, group, lesson.number));
  if (fresh == 0) return Reply::say("lesson.already", std::move(values));
  return Reply::say("lesson.done", std::move(values)).merged().about(id_of(lesson));
}

Reply done(Turn& turn) {
  const auto group = study_group(turn);
  if (!group) return Reply::say("lesson.where");
  const std::string column = usual_column(turn);
  const DayLesson day = lesson_of_day(turn, *group, column);
  const auto number = meant_lesson(turn, day);
  if (!number) return Reply::silence();
  if (*number == 0) return Reply::say("lesson.which");
  const Lesson* lesson = turn.content().library.lesson(*number);
  if (lesson == nullptr) return Reply::say("lesson.unknown", Values().set("number", *number));
  if (lesson == day.lesson) store_day(turn, *group, column, day);
  return count_learner(turn, *group, *lesson, lesson == day.lesson);
}

Reply push(Turn& turn) {
  const std::string& column = turn.due().push->subject;
  const DayLesson day = lesson_of_day(turn, turn.where(), column);
  if (day.lesson == nullptr) return Reply::silence();
  store_day(turn, turn.where(), column, day);
  Values values = lesson_values(turn, *day.lesson, column);
  values.set("issue", day.issue);
  return Reply::say("lesson.push", std::move(values)).with_button().about(id_of(*day.lesson));
}

}  // namespace

void lessons(bot::Registry& registry) {
  registry.schema(schema());
  registry.tally({"lesson.tally", lessons_done});
  registry.command({.name = "lesson.today", .wake = bot::Wake::bare, .run = today});
  registry.command({.name = "lesson.done",
                    .effect = bot::Effect::writes,
                    .wake = bot::Wake::bare,
                    .counts_late = true,
                    .run = done});
  registry.command({.name = "lesson.show", .wake = bot::Wake::bare, .run = show});
  registry.identifier('L', "lesson.show");
  registry.repeatable_occasion("lesson", push);
}

}  // namespace handlers
