// What 30,000 members in 500 groups cost (issue 6), without a network: a roster into the database with full
// sync on a real disk, then what people say, one message at a time as a quiet evening brings them. Times are
// of this machine; compare runs of one day.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "bot/base/log.hpp"
#include "bot/people/enrolment.hpp"
#include "bot/people/roster.hpp"
#include "tests/bench/desk_rig.hpp"
#include "tests/bench/resident.hpp"
#include "tests/bench/table.hpp"

namespace {

using Wall = std::chrono::steady_clock;
namespace people = bot::people;

constexpr int kGroups = 500;
constexpr int kMembersOfGroup = 60;
constexpr int kSaidEach = 40;
constexpr std::array<const char*, 5> kSaid = {"叫我 王小明", "名单", "我是谁", "已学", "菜单"};

std::string chat_of(int group) {
  return std::to_string(900'000 + group);
}
std::string user_of(int group, int member) {
  return std::to_string(10'000'000 + group * kMembersOfGroup + member);
}

people::Enrolment row_of(int group, int member) {
  people::Enrolment row;
  row.who = {"qq", user_of(group, member)};
  row.group = {"qq", chat_of(group), false};
  row.name = fmt::format("成员{}号", static_cast<char>('a' + member % 26));
  row.category = member % 3 == 0 ? "党员" : "群众";
  row.unit = "第一支部";
  row.tags = {"新入职"};
  row.birthday = "1990-03-05";
  if (member == 0) row.role = bot::Role::manager;
  return row;
}

/// The same people as a file, read.
double read_file() {
  std::vector<bot::RosterRow> rows;
  for (int group = 0; group < kGroups; ++group) {
    for (int member = 0; member < kMembersOfGroup; ++member) {
      const people::Enrolment each = row_of(group, member);
      bot::RosterRow row;
      row.name = each.name;
      row.user = each.who.user;
      row.group = each.group.chat;
      row.category = each.category;
      row.unit = each.unit;
      row.tags = each.tags;
      row.birthday = each.birthday;
      rows.push_back(std::move(row));
    }
  }
  const std::string bytes = bot::write_roster(rows, "zh-CN");
  const auto begin = Wall::now();
  const bot::ReadRoster read = bot::read_roster(bytes, "people.csv");
  const double time = std::chrono::duration<double>(Wall::now() - begin).count();
  return read.rows.size() == rows.size() ? time : 1e9;
}

/// Everything as the command does it once the file is read.
double import_roster(bot::sql::Db& db) {
  const auto begin = Wall::now();
  bot::sql::Transaction transaction(db);
  for (int group = 0; group < kGroups; ++group) {
    for (int member = 0; member < kMembersOfGroup; ++member)
      people::take(db, row_of(group, member), bot::Instant{});
  }
  transaction.commit();
  return std::chrono::duration<double>(Wall::now() - begin).count();
}

/// Milliseconds from the message to the commit, ascending.
std::vector<double> answers_to(bench::DeskRig& rig, const std::string& said, int first_group) {
  std::vector<double> times;
  for (int group = first_group; group < first_group + kSaidEach; ++group) {
    bot::MessagePosted posted;
    posted.from = {user_of(group, 0), "card"};
    posted.message = bot::Message(said);
    posted.id = fmt::format("{}-{}", said, group);
    posted.to_me = true;
    bot::Event event({"qq", chat_of(group), false}, bot::SystemClock().now(), std::move(posted));
    rig.inbox().offer(event);
    const auto begin = Wall::now();
    rig.work(bot::SystemClock().steady());
    times.push_back(std::chrono::duration<double, std::milli>(Wall::now() - begin).count());
    rig.work(bot::SystemClock().steady());
  }
  std::ranges::sort(times);
  return times;
}

}  // namespace

int main(int count, char** arguments) {
  bot::log::to_nowhere();
  bot::Limits limits;
  limits.stagger = std::nullopt;
  bench::DeskRig rig(count > 1 ? arguments[1] : ".", limits);
  bench::Table table;
  const double file = read_file();
  table.note("  reading the file", fmt::format("{:.2f} s", file));
  const double first = file + import_roster(rig.db());
  table.judge(fmt::format("roster of {} members, import", kGroups * kMembersOfGroup),
              fmt::format("{:.2f} s", first), "", "", "<= 10 s", first <= 10);
  const double again = import_roster(rig.db());
  table.judge("  the same once more", fmt::format("{:.2f} s", again), "", "", "<= 10 s", again <= 10);
  int group = 0;
  for (const char* said : kSaid) {
    const auto times = answers_to(rig, said, group);
    group += kSaidEach;
    table.judge(said, fmt::format("{:.2f} ms, slowest {:.2f} ms", times[times.size() / 2], times.back()), "",
                "", "<= 50 ms", times.back() <= 50);
  }
  table.note("rows in the outbox", std::to_string(rig.rows("outbox")));
  const double memory = bench::resident_mib();
  table.judge("memory", fmt::format("{:.0f} MiB", memory), "", "", "<= 64", memory <= 64);
  std::cout << table.text();
  return 0;
}
