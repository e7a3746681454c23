/// What `xueban plan` prints.
#include "bot/plan.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "bot/app.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace std::chrono_literals;

namespace {

bot::Push lesson(std::string column, std::string when) {
  return {.occasion = "lesson", .subject = std::move(column), .when = std::move(when)};
}

std::string column(const std::string& id, const std::string& name) {
  return "[[column]]\nid = \"" + id + "\"\nname = \"" + name + "\"\ncourse = \"basics\"\nabout = \"x\"\n";
}

/// One account, columns that all have lessons, and Monday 2026-11-23 12:00 in Shanghai.
class Office : public support::TemporaryFolder {
 public:
  Office() {
    std::filesystem::copy(XUEBAN_SOURCE "/content", path("content"),
                          std::filesystem::copy_options::recursive);
    std::string columns = column("daily", "微课堂") + column("news", "要闻");
    for (int hour = 10; hour < 17; ++hour) columns += column("c" + std::to_string(hour), "整点");
    write("content/columns.toml", columns);
    config.data = path("data");
    config.accounts.push_back({.name = "qq", .platform = "onebot11"});
    bot::GroupProfile silent = config.groups.fallback();
    silent.pushes.clear();
    config.groups = bot::GroupBook(silent);
  }

  void group(const std::string& chat, const std::string& name, std::vector<bot::Push> pushes) {
    bot::GroupProfile group = config.groups.fallback();
    group.account = "qq";
    group.chat = chat;
    group.name = name;
    group.pushes = std::move(pushes);
    config.groups.add(std::move(group));
  }

  std::string plan(int days) {
    using namespace std::chrono;
    const auto noon = config.zone.to_instant(bot::LocalTime(local_days(2026y / November / 23d)) + 12h);
    std::ostringstream out;
    CHECK(bot::run_plan(config, path("content"), days, out, noon) == 0);
    CHECK_FALSE(std::filesystem::exists(config.data));
    return out.str();
  }

  bot::Config config = bot::default_config();
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("plan: without its PostgreSQL there is none, and it says so") {
  Office office;
  office.config.database = bot::Secret("host=/nowhere", "literal");
  std::ostringstream out;
  CHECK_THROWS_WITH(bot::run_plan(office.config, office.path("content"), 1, out),
                    doctest::Contains("PostgreSQL cannot be reached"));
}

TEST_CASE("plan: group by group, at the minute that people know") {
  Office office;
  office.group("1", "一班", {lesson("daily", "every day 08:00")});
  office.group("2", "二班", {lesson("news", "every day 09:30")});
  CHECK(office.plan(2) ==
        "一班（qq/1，Asia/Shanghai）\n"
        "  周二 2026-11-24  08:00  【微课堂·第1期】开会记录怎么记才有用\n"
        "  周三 2026-11-25  08:00  【微课堂·第2期】问题这样问，别人才好答\n"
        "\n"
        "二班（qq/2，Asia/Shanghai）\n"
        "  周二 2026-11-24  09:30  【要闻·第1期】开会记录怎么记才有用\n"
        "  周三 2026-11-25  09:30  【要闻·第2期】问题这样问，别人才好答\n");
}

TEST_CASE("plan: two pushes of one group within ten minutes are marked on both") {
  Office office;
  office.group("1", "一班", {lesson("daily", "every day 08:00"), lesson("news", "every day 08:05")});
  office.group("2", "二班", {lesson("daily", "every day 08:05"), lesson("news", "every day 08:15")});
  const std::string plan = office.plan(1);
  CHECK(contains(plan, "08:00  【微课堂·第1期】开会记录怎么记才有用  ⚠ 与 08:05 相撞\n"));
  CHECK(contains(plan, "08:05  【要闻·第1期】开会记录怎么记才有用  ⚠ 与 08:00 相撞\n"));
  CHECK(contains(plan, "08:05  【微课堂·第1期】开会记录怎么记才有用\n"));
  CHECK(contains(plan, "08:15  【要闻·第1期】开会记录怎么记才有用\n"));
}

TEST_CASE("plan: what waits for the digest is shown in it") {
  Office office;
  office.config.limits.unasked_hour = bot::Rate{1, 1h};
  office.group("1", "一班",
               {lesson("daily", "every day 08:00"), lesson("news", "every day 08:30"),
                lesson("c10", "every day 08:40")});
  const std::string plan = office.plan(1);
  CHECK_FALSE(contains(plan, "08:30"));
  CHECK(contains(plan, "09:00  〔合并〕 · 【要闻·第1期】"));
}

TEST_CASE("plan: a day with more than six is named") {
  Office office;
  office.config.limits.unasked_hour = std::nullopt;
  office.config.limits.unasked_day = std::nullopt;
  std::vector<bot::Push> pushes;
  for (int hour = 10; hour < 17; ++hour) {
    pushes.push_back(lesson("c" + std::to_string(hour), "every day " + std::to_string(hour) + ":00"));
  }
  office.group("1", "一班", pushes);
  pushes.pop_back();
  office.group("2", "二班", pushes);
  const std::string plan = office.plan(2);
  CHECK(contains(plan, "  ⚠ 周二 2026-11-24 共 7 条，超过 6 条\n"));
  CHECK_FALSE(contains(plan, "共 6 条"));
}

TEST_CASE("plan: nothing planned is said") {
  Office office;
  CHECK(office.plan(3) == "这段时间没有安排推送\n");
}
