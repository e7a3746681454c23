#include "bot/calendar_export.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <fstream>
#include <iostream>
#include <map>
#include <string_view>

#include "bot/app.hpp"
#include "bot/base/log.hpp"
#include "bot/copied_database.hpp"
#include "bot/icalendar.hpp"
#include "bot/platforms/sandbox/clock.hpp"

namespace bot {

namespace {

namespace fs = std::filesystem;

using Calendars = std::map<Address, SubscribedCalendar>;

std::uint64_t fnv_1a(std::string_view text) noexcept {
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211ULL;
  return hash;
}

/// From what makes an occurrence unique, so that it outlives a change of the hour. Hashed, because reminders
/// go by their text: "2026-11-24-0123456789abcdef@xueban".
std::string uid_of(const Due& due) {
  const std::string name =
      due.schedule + '\n' + due.label + '\n' + due.target.account + '\n' + due.target.chat;
  return fmt::format("{}-{:016x}@xueban", due.label.substr(0, due.label.find('#')), fnv_1a(name));
}

bool is_for_all(const Due& due) {
  return !due.target.direct && due.push->person.empty();
}

std::string summary_of(const Push& push, const Library& library) {
  if (push.occasion == "reminder") return push.subject;
  if (push.occasion != "lesson") return push.occasion;
  const Column* column = library.column(push.subject);
  return column == nullptr ? push.subject : column->name;
}

/// A column without lessons sends nothing, so nobody should wait for it.
/// A feature's own job has no subject and may have nothing to say.
bool says_something(const Push& push, const Library& library) {
  if (push.subject.empty()) return false;
  if (push.occasion != "lesson") return true;
  const Column* column = library.column(push.subject);
  return column != nullptr && !library.course(column->course).empty();
}

SubscribedCalendar empty_calendar(const Address& where, const Config& config, const KnownGroups& known) {
  const GroupProfile& group = config.groups.find(where);
  std::string name = group.name.empty() ? known.name(where) : group.name;
  return {name.empty() ? where.chat : std::move(name), group.zone.name(), {}};
}

/// Every group has one, if only an empty one: a phone that subscribed must not keep what was cancelled.
Calendars empty_calendars(const Config& config, const KnownGroups& known) {
  Calendars calendars;
  const auto add = [&](const Address& where) {
    calendars.emplace(where, empty_calendar(where, config, known));
  };
  for (const GroupProfile& group : config.groups.own()) add({group.account, group.chat, false});
  for (const KnownGroups::Entry& entry : known.all()) add(entry.where);
  return calendars;
}

/// Opens the database as the service does, and asks it what is to come.
class Outlook {
 public:
  Outlook(const Config& config, std::shared_ptr<const Content> content, sql::Db& db, Instant now)
      : config_(config),
        library_(content->library),
        db_(db),
        clock_(now),
        app_(config, content, db, clock_, postman_, 1) {}

  Calendars calendars(int days) {
    Calendars calendars = empty_calendars(config_, app_.known_groups());
    const Instant now = clock_.now();
    for (const Due& due : app_.agenda().upcoming(now, now + std::chrono::days(days), std::nullopt)) {
      const auto calendar = calendars.find(due.target);
      if (calendar == calendars.end() || !is_for_all(due) || !says_something(*due.push, library_)) continue;
      if (app_.agenda().is_booked(db_, due)) continue;
      calendar->second.events.push_back(
          {uid_of(due), summary_of(*due.push, library_), expected_at(due, config_.limits)});
    }
    return calendars;
  }

  const Problems& problems() const noexcept { return app_.problems(); }

 private:
  const Config& config_;
  const Library& library_;
  sql::Db& db_;
  TravelClock clock_;
  NoPostman postman_;
  App app_;
};

/// Letters, digits and `kept` stay; everything else becomes "_2f", so that two names never become one.
std::string file_name_part(std::string_view text, std::string_view kept) {
  std::string name;
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    const bool plain = code < 0x80 && std::isalnum(code) != 0;
    name += plain || kept.find(byte) != std::string_view::npos ? std::string(1, byte)
                                                               : fmt::format("_{:02x}", code);
  }
  return name;
}

/// The last hyphen stands between the two.
std::string file_name(const Address& where) {
  return file_name_part(where.account, "-") + "-" + file_name_part(where.chat, "") + ".ics";
}

/// Through a file beside it: who subscribes never reads half a calendar.
void replace_file(const fs::path& file, const std::string& text) {
  const fs::path fresh = file.parent_path() / fmt::format(".{}.{}", file.filename().string(), getpid());
  std::ofstream stream(fresh, std::ios::binary);
  stream << text;
  stream.close();
  std::error_code error;
  if (stream) fs::rename(fresh, file, error);
  if (stream && !error) return;
  std::error_code ignored;
  fs::remove(fresh, ignored);
  throw std::runtime_error(fmt::format(
      "{} cannot be written \u2014 choose a folder with --out where this account may write", file.string()));
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder, error)) {
    throw std::runtime_error(fmt::format(
        "{} is no folder and cannot be made one \u2014 choose another with --out", folder.string()));
  }
}

void print_problems(const Problems& problems) {
  for (const Problem& problem : problems) std::cerr << printed(problem) << '\n';
}

}  // namespace

int run_calendar(const Config& config, const fs::path& content_path, const fs::path& folder, int days,
                 std::ostream& out, Instant now) {
  log::to_nowhere();
  make_folder(folder);
  Problems problems;
  const auto content = load_content(content_path, problems);
  print_problems(problems);
  CopiedDatabase copy(config.data, config.database, now);
  Outlook outlook(config, content, copy.db(), now);
  print_problems(outlook.problems());
  const Calendars calendars = outlook.calendars(days);
  for (const auto& [where, calendar] : calendars) {
    const fs::path file = folder / file_name(where);
    replace_file(file, icalendar_text(calendar, now));
    out << fmt::format("{}: {} events\n", file.string(), calendar.events.size());
  }
  if (calendars.empty())
    std::cerr << "no group is known yet \u2014 add a file in groups/, or start Xueban once\n";
  return 0;
}

}  // namespace bot
