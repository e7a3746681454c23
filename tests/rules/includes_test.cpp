/// Who may include whom (architecture §1), and which folder may see which library.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rules/source.hpp"

using rules::Finding;
using rules::Findings;
using rules::Include;
using rules::is_in;
using rules::Source;

namespace {

using Places = std::vector<std::string>;

struct Room {
  std::string folder;
  Places may;  ///< besides itself
};

/// The first line that fits a file is its room. A line with a file's name (without its ending) is for that
/// file.
const std::vector<Room>& rooms() {
  static const Places core = {"bot/base", "bot/chat", "bot/texts", "bot/store", "bot/people", "bot/desk"};
  static const Places edge = {"bot/base",   "bot/chat", "bot/texts", "bot/store",
                              "bot/people", "bot/desk", "bot/net"};
  static const Places everything = {"bot", "handlers", "schedules", "tests"};
  static const std::vector<Room> table = {
      {"bot/base", {}},
      {"bot/chat", {"bot/base"}},
      {"bot/texts", {"bot/base", "bot/chat"}},
      {"bot/store", {"bot/base", "bot/chat"}},
      {"bot/people", {"bot/base", "bot/chat", "bot/texts", "bot/store"}},
      {"bot/desk", {"bot/base", "bot/chat", "bot/texts", "bot/store", "bot/people"}},
      {"bot/config", core},
      {"bot/net", core},
      {"bot/platforms/sandbox", core},
      {"bot/platforms/*", edge},
      {"schedules", core},
      {"handlers",
       {"bot/base", "bot/chat", "bot/desk", "bot/people", "bot/texts", "bot/store/sql", "bot/store/migrate",
        "bot/store/personal", "bot/store/dialect", "schedules"}},
      {"bot/main", everything},
      {"bot/accounts", everything},
      {"bot/alarm", {"bot/base", "bot/chat", "bot/desk", "bot/net", "bot/command"}},
      {"bot/app", everything},
      {"bot/backup", everything},
      {"bot/calendar_export", everything},
      {"bot/check", everything},
      {"bot/command", {"bot/base"}},
      {"bot/copied_database", {"bot/app", "bot/base", "bot/chat", "bot/data_folder", "bot/store"}},
      {"bot/data_folder", everything},
      {"bot/desk_thread", {"bot/base", "bot/desk", "bot/metrics"}},
      {"bot/doctor", everything},
      {"bot/icalendar", {"bot/base"}},
      {"bot/member_data", everything},
      {"bot/metrics", {"bot/base", "bot/desk"}},
      {"bot/plan", everything},
      {"bot/restore", everything},
      {"bot/roster_command", everything},
      {"bot/sandbox", everything},
      {"bot/serve", everything},
      {"tests", everything},
  };
  return table;
}

/// Headers of ours that only these may include, whatever their room allows.
const std::vector<Room> kDrivers = {
    {"bot/store/sqlite",
     {"bot/store/sqlite", "bot/app", "bot/backup", "bot/check", "bot/copied_database", "bot/data_folder",
      "bot/doctor", "bot/restore", "bot/sandbox", "bot/serve", "tests"}},
    {"bot/store/postgres", {"bot/store/postgres", "bot/data_folder", "tests"}},
};

/// Libraries: the beginning of the header, then the files that may see it. "x/*.cpp": not in headers of x.
struct Library {
  std::string header;
  Places may;
};

const std::vector<Library> kLibraries = {
    {"boost/beast", {"bot/net/*.cpp", "tests"}},
    {"boost/asio/ssl", {"bot/net/*.cpp", "tests"}},
    {"openssl/", {"bot/base/hashes.cpp", "bot/net/*.cpp", "bot/platforms/wecom/crypto.cpp", "tests"}},
    {"boost/asio", {"bot/net", "bot/platforms", "bot/serve", "bot/app", "tests"}},
    {"boost/json/fwd.hpp", {"bot", "handlers", "schedules", "tests"}},
    {"boost/json", {"bot/*.cpp", "handlers/*.cpp", "schedules/*.cpp", "tests/*.cpp"}},
    {"SQLiteCpp/", {"bot/store/sqlite.cpp"}},
    {"sqlite3.h", {"bot/store/sqlite.cpp"}},
    {"libpq", {"bot/store/postgres.cpp"}},
    {"toml++/", {"bot/config/*.cpp", "bot/texts/*.cpp", "tests/rules/*.cpp"}},
    {"unicode/", {"bot/base/*.cpp"}},
    {"opencc/", {"bot/texts/*.cpp"}},
    {"md4c", {"bot/texts/*.cpp"}},
    {"kainjow/", {"bot/texts/*.cpp"}},
    {"mustache.hpp", {"bot/texts/*.cpp"}},
    {"editline/", {"bot/platforms/sandbox/terminal.cpp"}},
    {"histedit.h", {"bot/platforms/sandbox/terminal.cpp"}},
    {"date/", {"bot/base/*.cpp"}},
    {"libical/", {"bot/icalendar.cpp", "tests"}},
    {"prometheus/", {"bot/metrics.cpp"}},
    {"spdlog/", {"bot/base/log.cpp"}},
    {"CLI/", {"bot/main.cpp", "tests/bench/*.cpp", "tests/faults/faults.cpp"}},
    {"doctest/", {"tests"}},
};
/// Asio is not for the sandbox, though it is for the other platforms.
const Places kNoAsio = {"bot/platforms/sandbox"};

/// The folder that a room of many siblings ("bot/platforms/*") means for this path; empty if it is not one.
std::string sibling(std::string_view path, std::string_view room) {
  if (!room.ends_with("/*")) return {};
  const std::string_view parent = room.substr(0, room.size() - 1);
  if (!path.starts_with(parent)) return {};
  const std::size_t end = path.find('/', parent.size());
  return end == std::string_view::npos ? std::string() : std::string(path.substr(0, end));
}

const Room* room_of(std::string_view path) {
  const auto fits = [&](const Room& room) {
    return is_in(path, room.folder) || !sibling(path, room.folder).empty();
  };
  const auto found = std::ranges::find_if(rooms(), fits);
  return found == rooms().end() ? nullptr : &*found;
}

bool in_any(std::string_view path, const Places& places) {
  return std::ranges::any_of(places, [&](const std::string& place) { return is_in(path, place); });
}

bool is_ours(std::string_view header) {
  return rules::starts_with_any(header, {"bot/", "handlers/", "schedules/", "tests/"});
}

bool room_allows(const Source& source, const Room& room, std::string_view header) {
  const std::string own = sibling(source.path, room.folder);
  return is_in(header, own.empty() ? room.folder : own) || in_any(header, room.may);
}

std::string checked_own(const Source& source, const Include& include) {
  const Room* room = room_of(source.path);
  if (room == nullptr) return "this file is in no room of the table in tests/rules/includes_test.cpp";
  if (!room_allows(source, *room, include.header)) return room->folder + " may not include " + include.header;
  for (const Room& driver : kDrivers) {
    if (is_in(include.header, driver.folder) && !in_any(source.path, driver.may)) {
      return include.header +
             " is a driver; only the files that put the program together include it, and tests";
    }
  }
  return {};
}

bool fits(const std::string& path, const std::string& place) {
  if (!place.ends_with("/*.cpp")) return path == place || is_in(path, place);
  return path.starts_with(place.substr(0, place.size() - 5)) && path.ends_with(".cpp");
}

std::string checked_library(const Source& source, const std::string& header) {
  if (header.starts_with("boost/asio") && in_any(source.path, kNoAsio)) return "the sandbox knows no Asio";
  const auto library = std::ranges::find_if(
      kLibraries, [&](const Library& known) { return header.starts_with(known.header); });
  if (library == kLibraries.end()) return {};
  if (std::ranges::any_of(library->may, [&](const std::string& place) { return fits(source.path, place); }))
    return {};
  std::string allowed;
  for (const std::string& place : library->may) allowed += " " + place;
  return header + " belongs to" + allowed;
}

std::string checked(const Source& source, const Include& include) {
  if (is_ours(include.header)) {
    if (!include.quoted) return "our own headers are included with quotes: " + include.header;
    return checked_own(source, include);
  }
  if (include.quoted)
    return "\"" + include.header + "\" is not written from the root, as \"bot/base/zone.hpp\" is";
  return checked_library(source, include.header);
}

Findings check_includes(const Source& source) {
  Findings findings;
  for (const Include& include : rules::includes_of(source)) {
    const std::string wrong = checked(source, include);
    if (!wrong.empty()) findings.push_back({source.path, include.line, wrong});
  }
  return findings;
}

bool allowed(const std::string& path, const std::string& include) {
  return check_includes(rules::read_text(path, "#pragma once\n#include " + include + "\n")).empty();
}

}  // namespace

TEST_CASE("the include rule tells right from wrong") {
  CHECK(allowed("bot/desk/desk.cpp", "\"bot/store/sql.hpp\""));
  CHECK(allowed("bot/desk/desk.cpp", "\"bot/desk/desk.hpp\""));
  CHECK(allowed("bot/serve.cpp", "\"bot/store/sqlite.hpp\""));
  CHECK(allowed("bot/platforms/onebot/onebot.cpp", "\"bot/net/websocket.hpp\""));
  CHECK(allowed("handlers/lessons.cpp", "\"schedules/phrases.hpp\""));
  CHECK(allowed("handlers/lessons.cpp", "\"bot/store/sql.hpp\""));
  CHECK(allowed("bot/desk/desk.cpp", "\"bot/people/roster.hpp\""));
  CHECK(allowed("tests/net/link_test.cpp", "\"handlers/lessons.hpp\""));

  CHECK_FALSE(allowed("bot/base/zone.cpp", "\"bot/chat/event.hpp\""));
  CHECK_FALSE(allowed("bot/texts/texts.cpp", "\"bot/store/sql.hpp\""));
  CHECK_FALSE(allowed("bot/people/roster.cpp", "\"bot/desk/desk.hpp\""));
  CHECK_FALSE(allowed("bot/desk/desk.cpp", "\"bot/net/task.hpp\""));
  CHECK_FALSE(allowed("bot/desk/desk.cpp", "\"handlers/features.hpp\""));
  CHECK_FALSE(allowed("bot/desk/desk.cpp", "\"bot/store/sqlite.hpp\""));
  CHECK_FALSE(allowed("bot/desk/desk.cpp", "\"bot/store/postgres.hpp\""));
  CHECK_FALSE(allowed("bot/config/config.cpp", "\"schedules/due.hpp\""));
  CHECK_FALSE(allowed("bot/platforms/onebot/onebot.cpp", "\"bot/platforms/sandbox/room.hpp\""));
  CHECK_FALSE(allowed("bot/platforms/sandbox/room.cpp", "\"bot/net/task.hpp\""));
  CHECK_FALSE(allowed("handlers/lessons.cpp", "\"bot/config/config.hpp\""));
  CHECK_FALSE(allowed("handlers/lessons.cpp", "\"bot/store/sqlite.hpp\""));
  CHECK_FALSE(allowed("schedules/due.cpp", "\"handlers/lessons.hpp\""));
  CHECK_FALSE(allowed("bot/helpers/odd.cpp", "\"bot/base/zone.hpp\""));
  CHECK_FALSE(allowed("bot/base/zone.cpp", "\"zone.hpp\""));
  CHECK_FALSE(allowed("bot/base/zone.cpp", "<bot/base/zone.hpp>"));
}

TEST_CASE("the library rule tells right from wrong") {
  CHECK(allowed("bot/net/websocket.cpp", "<boost/beast/core.hpp>"));
  CHECK(allowed("bot/net/task.hpp", "<boost/asio/awaitable.hpp>"));
  CHECK(allowed("bot/base/json.hpp", "<boost/json/fwd.hpp>"));
  CHECK(allowed("bot/base/json.cpp", "<boost/json.hpp>"));
  CHECK(allowed("bot/serve.hpp", "<boost/asio/io_context.hpp>"));
  CHECK(allowed("handlers/lessons.cpp", "<vector>"));

  CHECK_FALSE(allowed("bot/net/websocket.hpp", "<boost/beast/core.hpp>"));
  CHECK_FALSE(allowed("bot/net/task.hpp", "<boost/asio/ssl.hpp>"));
  CHECK_FALSE(allowed("bot/desk/desk.cpp", "<boost/asio/post.hpp>"));
  CHECK_FALSE(allowed("handlers/lessons.cpp", "<boost/asio.hpp>"));
  CHECK_FALSE(allowed("bot/platforms/sandbox/room.cpp", "<boost/asio.hpp>"));
  CHECK_FALSE(allowed("bot/base/json.hpp", "<boost/json.hpp>"));
  CHECK_FALSE(allowed("bot/doctor.cpp", "<SQLiteCpp/SQLiteCpp.h>"));
  CHECK_FALSE(allowed("bot/store/sqlite.hpp", "<sqlite3.h>"));
  CHECK_FALSE(allowed("bot/store/postgres.hpp", "<libpq-fe.h>"));
  CHECK_FALSE(allowed("bot/config/config.hpp", "<toml++/toml.h>"));
  CHECK_FALSE(allowed("bot/desk/reading.cpp", "<unicode/uchar.h>"));
  CHECK_FALSE(allowed("schedules/due.cpp", "<date/tz.h>"));
  CHECK_FALSE(allowed("bot/app.cpp", "<spdlog/spdlog.h>"));
  CHECK_FALSE(allowed("bot/app.cpp", "<CLI/CLI.hpp>"));
}

TEST_CASE("includes point one way, and libraries stay in their folders") {
  rules::report_all(check_includes);
}

TEST_CASE("every included header of ours exists") {
  Findings findings;
  for (const Source& source : rules::whole_tree()) {
    for (const Include& include : rules::includes_of(source)) {
      if (!is_ours(include.header) || exists(rules::root() / include.header)) continue;
      findings.push_back(Finding{source.path, include.line, include.header + " does not exist"});
    }
  }
  rules::report(findings);
}
