#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <sstream>

#include "bot/app.hpp"
#include "bot/check.hpp"
#include "bot/plan.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

constexpr const char* kContent = XUEBAN_SOURCE "/content";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bot::Config one_account(const std::filesystem::path& data) {
  bot::Config config = bot::default_config();
  config.data = data;
  config.accounts.push_back({.name = "qq", .platform = "onebot11"});
  return config;
}

}  // namespace

TEST_CASE("check: what is shipped has no problem") {
  std::ostringstream out;
  CHECK(bot::run_check(XUEBAN_SOURCE "/config/xueban.toml", {}, out) == 0);
  CHECK(contains(out.str(), "0 errors, 0 warnings"));
}

TEST_CASE("check: a push, a column and a lesson that do not fit together are named") {
  support::TemporaryFolder folder;
  std::filesystem::copy(kContent, folder.path() / "content", std::filesystem::copy_options::recursive);
  folder.write("content/lessons/basics/099-broken.md",
               "+++\nnumber = 1\ntitle = \"x\"\nminuts = 2\n+++\ntext\n");
  folder.write("xueban.toml", "data = \"data\"\ncontent = \"content\"\n");
  folder.write("groups/default.toml", "[[push]]\nwhen = \"every day 08:00\"\ncolumn = \"nothing\"\n");
  std::ostringstream out;
  CHECK(bot::run_check(folder.path() / "xueban.toml", {}, out) == 1);
  CHECK(contains(out.str(), "099-broken.md:4: unknown key \"minuts\" — did you mean \"minutes\"?"));
  CHECK(contains(out.str(), "column \"nothing\""));
}

TEST_CASE("check: a lesson that does not fit into one message with its frame is an error") {
  bot::Problems problems;
  const auto content = bot::load_content(kContent, problems);
  bot::Config config = bot::default_config();
  config.limits.length = 150;
  CHECK(bot::has_errors(bot::check_together(config, *content)));
  config.limits.length = 300;
  CHECK_FALSE(bot::has_errors(bot::check_together(config, *content)));
}

TEST_CASE("plan: a week before the first start shows one line a day and leaves nothing behind") {
  support::TemporaryFolder folder;
  std::ostringstream out;
  // Not the moment of the test: in the minute after eight o'clock the week has other days.
  const bot::Instant noon{std::chrono::sys_days{std::chrono::year{2030} / 3 / 4} + std::chrono::hours(4)};
  CHECK(bot::run_plan(one_account(folder.path() / "data"), kContent, 7, out, noon) == 0);
  CHECK(std::ranges::count(out.str(), '\n') == 8);
  CHECK(contains(out.str(), "Asia/Shanghai"));
  CHECK(contains(out.str(), "第7期"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "data"));
}
