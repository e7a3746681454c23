#include "bot/calendar_export.hpp"

#include <doctest/doctest.h>
#include <libical/ical.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "bot/app.hpp"
#include "bot/base/utf8.hpp"
#include "bot/icalendar.hpp"
#include "bot/platforms/sandbox/clock.hpp"
#include "bot/store/sqlite.hpp"
#include "schedules/book.hpp"
#include "schedules/occurrences.hpp"
#include "tests/support/temporary_folder.hpp"

using bot::Instant;
using namespace std::chrono_literals;

namespace {

constexpr const char* kContent = XUEBAN_SOURCE "/content";

struct FreeComponent {
  void operator()(icalcomponent* component) const noexcept { icalcomponent_free(component); }
};
using Parsed = std::unique_ptr<icalcomponent, FreeComponent>;

/// An event as a phone reads it.
struct Event {
  std::string uid{};
  std::string start{};
  std::string summary{};
  int seconds = 0;
  bool transparent = false;
  auto operator<=>(const Event&) const = default;
};

Parsed parsed(const std::string& text) {
  Parsed calendar(icalparser_parse_string(text.c_str()));
  REQUIRE(calendar != nullptr);
  CHECK(icalcomponent_count_errors(calendar.get()) == 0);
  return calendar;
}

Event event_of(icalcomponent* event) {
  char start[32];
  CHECK(icaltime_is_utc(icalcomponent_get_dtstart(event)));
  CHECK(icalcomponent_get_first_property(event, ICAL_DTSTAMP_PROPERTY) != nullptr);
  icalproperty* transparency = icalcomponent_get_first_property(event, ICAL_TRANSP_PROPERTY);
  REQUIRE(transparency != nullptr);
  std::unique_ptr<char, void (*)(void*)> printed(icaltime_as_ical_string_r(icalcomponent_get_dtstart(event)),
                                                 icalmemory_free_buffer);
  std::snprintf(start, sizeof start, "%s", printed.get());
  return {icalcomponent_get_uid(event), start, icalcomponent_get_summary(event),
          icaldurationtype_as_int(icalcomponent_get_duration(event)),
          icalproperty_get_transp(transparency) == ICAL_TRANSP_TRANSPARENT};
}

std::vector<Event> events_of(const std::string& text) {
  std::vector<Event> events;
  const Parsed calendar = parsed(text);
  for (icalcomponent* event = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
       event != nullptr; event = icalcomponent_get_next_component(calendar.get(), ICAL_VEVENT_COMPONENT)) {
    events.push_back(event_of(event));
  }
  return events;
}

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bot::Zone zone(std::string_view name) {
  return bot::Zone::named(name).value();
}

/// Noon in Shanghai, two days before New York leaves daylight saving time.
Instant noon() {
  using namespace std::chrono;
  return zone("Asia/Shanghai").to_instant(bot::LocalTime(local_days(2026y / October / 30d)) + 12h);
}

bot::Push lesson(std::string when) {
  return {.occasion = "lesson", .subject = "daily", .when = std::move(when)};
}

bot::Push reminder(std::string text, std::string when) {
  return {.occasion = "reminder", .subject = std::move(text), .when = std::move(when)};
}

/// A configuration whose default group says nothing, and a folder to write to.
class Office : public support::TemporaryFolder {
 public:
  Office() {
    bot::GroupProfile fallback = config.groups.fallback();
    fallback.pushes.clear();
    config.groups = bot::GroupBook(fallback);
    config.data = path("data");
  }

  void group(const std::string& chat, const std::string& in_zone, std::vector<bot::Push> pushes) {
    bot::GroupProfile group = config.groups.fallback();
    group.account = "qq";
    group.chat = chat;
    group.name = "Class " + chat;
    group.zone = zone(in_zone);
    group.pushes = std::move(pushes);
    config.groups.add(std::move(group));
  }

  /// What is printed.
  std::string write_calendars(Instant now, int days) {
    std::ostringstream out;
    CHECK(bot::run_calendar(config, kContent, path("out"), days, out, now) == 0);
    return out.str();
  }

  std::vector<Event> events(const std::string& file) const { return events_of(read(path("out") / file)); }

  bot::Config config = bot::default_config();
};

/// The database of a Xueban that has run.
std::unique_ptr<bot::sql::Db> used_database(const Office& office, Instant now) {
  std::filesystem::create_directories(office.config.data);
  auto db = bot::sql::open_sqlite(office.config.data / "xueban.db");
  bot::Problems problems;
  bot::TravelClock clock(now);
  bot::NoPostman postman;
  const bot::App app(office.config, bot::load_content(kContent, problems), *db, clock, postman, 1);
  return db;
}

void know(bot::sql::Db& db, const std::string& chat, const std::string& name, Instant since) {
  bot::KnownGroups groups;
  bot::sql::Transaction transaction(db);
  groups.add(db, {"qq", chat, false}, name, since);
  transaction.commit();
}

void plan(bot::sql::Db& db, const bot::Address& where, const bot::Push& push, Instant now) {
  bot::sql::Transaction transaction(db);
  schedules::add_row(db, where, push, "1", now);
  transaction.commit();
}

std::vector<std::string> starts(const std::vector<Event>& events) {
  std::vector<std::string> starts;
  for (const Event& event : events) starts.push_back(event.start);
  return starts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("icalendar: a phone learns the name, the zone and how often to look") {
  const std::string text =
      bot::icalendar_text({"一班", "Asia/Shanghai", {{"a@xueban", "课", noon()}}}, noon());
  CHECK(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Xueban//"));
  for (const char* line : {"METHOD:PUBLISH", "X-WR-CALNAME:一班", "X-WR-TIMEZONE:Asia/Shanghai",
                           "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H", "UID:a@xueban",
                           "DTSTAMP:20261030T040000Z", "DTSTART:20261030T040000Z", "DURATION:PT10M",
                           "SUMMARY:课", "TRANSP:TRANSPARENT", "END:VCALENDAR"}) {
    CHECK_MESSAGE(contains(text, "\r\n" + std::string(line) + "\r\n"), line);
  }
}

TEST_CASE("icalendar: text is data, whatever it holds") {
  const std::string summary = "带笔, 本; \"引号\" \\n 和\n第二行: END:VEVENT\nEND:VCALENDAR";
  const std::string text = bot::icalendar_text({"a,b;c", "UTC", {{"a", summary, noon()}}}, noon());
  const auto events = events_of(text);
  REQUIRE(events.size() == 1);
  CHECK(events[0].summary == summary);
  CHECK(contains(text, "SUMMARY:带笔\\, 本\\; \"引号\" \\\\n 和\\n第二行"));
}

TEST_CASE("icalendar: control characters and damaged text do not break a file") {
  const std::string summary = std::string("a\r\nb\tc\x01\x7f") + "\xff!";
  const auto events = events_of(bot::icalendar_text({"x", "UTC", {{"a", summary, noon()}}}, noon()));
  REQUIRE(events.size() == 1);
  CHECK(events[0].summary == "a\nb c\uFFFD!");
}

TEST_CASE("icalendar: long Chinese text is folded at 75 octets, between characters") {
  std::string summary;
  for (int i = 0; i < 100; ++i) summary += i % 7 == 0 ? "😀" : i % 3 == 0 ? "a" : "学";
  const std::string text = bot::icalendar_text({summary, "UTC", {{"a", summary, noon()}}}, noon());
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.ends_with('\r'));
    CHECK(line.size() <= 76);  // with the carriage return
    CHECK(bot::utf8::valid(line));
  }
  CHECK(events_of(text).at(0).summary == summary);
}

TEST_CASE("icalendar: without events it is still a calendar") {
  CHECK(events_of(bot::icalendar_text({"x", "UTC", {}}, noon())).empty());
}

TEST_CASE("calendar: each group by its own wall, through the end of daylight saving time") {
  Office office;
  office.group("1", "Asia/Shanghai", {lesson("every day 08:00")});
  office.group("2", "America/New_York", {lesson("every day 08:00")});
  CHECK(office.write_calendars(noon(), 3) == (office.path("out") / "qq-1.ics").string() + ": 3 events\n" +
                                                 (office.path("out") / "qq-2.ics").string() + ": 3 events\n");
  CHECK(starts(office.events("qq-1.ics")) ==
        Texts{"20261031T000000Z", "20261101T000000Z", "20261102T000000Z"});
  CHECK(starts(office.events("qq-2.ics")) ==
        Texts{"20261030T120000Z", "20261031T120000Z", "20261101T130000Z"});
  for (const Event& event : office.events("qq-1.ics")) {
    CHECK(event.summary == "微课堂");
    CHECK(event.seconds == 600);
    CHECK(event.transparent);
  }
  CHECK(contains(read(office.path("out/qq-2.ics")), "X-WR-TIMEZONE:America/New_York\r\n"));
  CHECK(contains(read(office.path("out/qq-2.ics")), "X-WR-CALNAME:Class 2\r\n"));
}

TEST_CASE("calendar: what quiet hours move stands where it will be said") {
  Office office;
  office.group("1", "Asia/Shanghai", {lesson("every day 23:30")});
  office.write_calendars(noon(), 1);
  CHECK(starts(office.events("qq-1.ics")) == Texts{"20261030T230000Z"});
}

TEST_CASE("calendar: an occurrence keeps its id, and no two share one") {
  Office office;
  office.group("1", "Asia/Shanghai", {lesson("every day 08:00"), reminder("报, 表", "every day 18:00")});
  office.group("2", "Asia/Shanghai", {lesson("every day 08:00")});
  office.write_calendars(noon(), 366);
  const auto before = office.events("qq-1.ics");
  std::set<std::string> ids;
  for (const auto& event : before) ids.insert(event.uid);
  for (const auto& event : office.events("qq-2.ics")) ids.insert(event.uid);
  CHECK(ids.size() == 3 * 366);
  for (const std::string& id : ids) CHECK(id.ends_with("@xueban"));

  office.write_calendars(noon(), 366);
  CHECK(office.events("qq-1.ics") == before);

  // A day later the two that are over are gone, two are new, and nothing else has changed.
  office.write_calendars(noon() + 24h, 366);
  const auto after = office.events("qq-1.ics");
  REQUIRE(after.size() == before.size());
  CHECK(std::equal(before.begin() + 2, before.end(), after.begin()));
}

TEST_CASE("calendar: an occurrence that is moved to another hour keeps its id") {
  Office office;
  office.group("1", "Asia/Shanghai", {lesson("every day 08:00")});
  office.write_calendars(noon(), 1);
  const Event before = office.events("qq-1.ics").at(0);
  office.group("1", "Asia/Shanghai", {lesson("every day 09:15")});
  office.write_calendars(noon(), 1);
  const Event after = office.events("qq-1.ics").at(0);
  CHECK(after.uid == before.uid);
  CHECK(after.start == "20261031T011500Z");
}

TEST_CASE("calendar: what the database knows is in it, except what is for one person") {
  Office office;
  const auto db = used_database(office, noon());
  know(*db, "7", "夜校", noon());
  const bot::Address group{"qq", "7", false};
  bot::Push for_one = reminder("for one", "daily 15:00");
  for_one.person = "10001";
  plan(*db, group, reminder("for all", "daily 14:00"), noon());
  plan(*db, group, for_one, noon());
  plan(*db, {"qq", "7", true}, reminder("in private", "daily 16:00"), noon());
  const auto rows = db->query("SELECT count(*) FROM sqlite_master").front().integer(0);

  CHECK(contains(office.write_calendars(noon() + 1s, 1), "qq-7.ics: 1 events\n"));
  const auto events = office.events("qq-7.ics");
  REQUIRE(events.size() == 1);
  CHECK(events[0].summary == "for all");
  CHECK(contains(read(office.path("out/qq-7.ics")), "X-WR-CALNAME:夜校\r\n"));
  CHECK(db->query("SELECT count(*) FROM sqlite_master").front().integer(0) == rows);
  CHECK(db->query("SELECT count(*) FROM occurrences").front().integer(0) == 0);
}

TEST_CASE("calendar: what has been said today is not announced again at the new hour") {
  Office office;
  office.group("1", "Asia/Shanghai", {lesson("every day 14:00")});
  const auto db = used_database(office, noon());
  bot::Due said;
  said.schedule = "lesson:daily";
  said.label = "2026-10-30";
  said.target = {"qq", "1", false};
  bot::sql::Transaction transaction(*db);
  schedules::book(*db, said, {"planned", "", 0, noon()});
  transaction.commit();
  office.write_calendars(noon(), 2);
  CHECK(starts(office.events("qq-1.ics")) == Texts{"20261031T060000Z"});
}

TEST_CASE("calendar: a column without lessons announces nothing") {
  Office office;
  office.group("1", "Asia/Shanghai",
               {{.occasion = "lesson", .subject = "secretary", .when = "every day 08:00"}});
  office.write_calendars(noon(), 3);
  CHECK(office.events("qq-1.ics").empty());
}

TEST_CASE("calendar: before the first start nothing is made but the files") {
  Office office;
  CHECK(office.write_calendars(noon(), 3).empty());
  CHECK_FALSE(std::filesystem::exists(office.config.data));
}

TEST_CASE("calendar: files of groups that are gone stay, and nothing else is left behind") {
  Office office;
  office.write("out/qq-99.ics", "old");
  office.write("out/qq-1.ics", "to be replaced");
  office.group("1", "Asia/Shanghai", {lesson("every day 08:00")});
  office.write_calendars(noon(), 3);
  CHECK(read(office.path("out/qq-99.ics")) == "old");
  CHECK(office.events("qq-1.ics").size() == 3);
  const auto files = std::filesystem::directory_iterator(office.path("out"));
  CHECK(std::distance(begin(files), end(files)) == 2);
}

TEST_CASE("calendar: a chat's id cannot lead out of the folder") {
  Office office;
  office.group("../a-b", "Asia/Shanghai", {});
  office.group("..", "Asia/Shanghai", {});
  office.write_calendars(noon(), 3);
  CHECK(std::filesystem::exists(office.path("out/qq-_2e_2e_2fa_2db.ics")));
  CHECK(std::filesystem::exists(office.path("out/qq-_2e_2e.ics")));
}

TEST_CASE("calendar: a folder that cannot be written is named in one sentence") {
  Office office;
  office.group("1", "Asia/Shanghai", {});
  const auto file = office.write("file", "");
  const auto fails = [&](const std::filesystem::path& folder) -> std::string {
    std::ostringstream out;
    try {
      bot::run_calendar(office.config, kContent, folder, 3, out, noon());
    } catch (const std::runtime_error& failure) {
      return failure.what();
    }
    return {};
  };
  CHECK(contains(fails(file / "below"), "is no folder"));
  std::filesystem::create_directories(office.path("out/qq-1.ics"));  // a folder where the file belongs
  CHECK(contains(fails(office.path("out")), "qq-1.ics cannot be written"));
  const auto files = std::filesystem::directory_iterator(office.path("out"));
  CHECK(std::distance(begin(files), end(files)) == 1);
}
