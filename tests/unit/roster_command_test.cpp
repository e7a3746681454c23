/// People from a file of Excel into the database, and back.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "bot/app.hpp"
#include "bot/base/log.hpp"
#include "bot/data_folder.hpp"
#include "bot/people/people.hpp"
#include "bot/roster_command.hpp"
#include "bot/store/instance_lock.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;

namespace {

/// 2026-11-24 08:00 in Shanghai.
constexpr bot::Instant kMorning{std::chrono::seconds(1795478400)};

/// What goes to standard error, until the end of the scope, even when that is an exception.
class ErrorsTo {
 public:
  explicit ErrorsTo(std::ostream& out) : before_(std::cerr.rdbuf(out.rdbuf())) {}
  ~ErrorsTo() { std::cerr.rdbuf(before_); }
  ErrorsTo(const ErrorsTo&) = delete;
  ErrorsTo& operator=(const ErrorsTo&) = delete;

 private:
  std::streambuf* before_;
};

struct Office {
  Office() {
    bot::log::to_nowhere();
    config.data = folder.path() / "data";
    config.zone = *bot::Zone::named("Asia/Shanghai");
    bot::AccountConfig account;
    account.name = "qq";
    config.accounts.push_back(account);
    for (const char* name : {"一班", "二班"}) {
      bot::GroupProfile group = config.groups.fallback();
      group.account = "qq";
      group.chat = name == std::string("一班") ? "9001" : "9002";
      group.name = name;
      config.groups.add(group);
    }
  }

  std::string import(const std::string& table, bool dry_run = false) {
    const fs::path file = folder.path() / "people.csv";
    std::ofstream(file, std::ios::binary) << table;
    std::ostringstream out;
    std::ostringstream problems;
    const int code = [&] {
      const ErrorsTo captured(problems);
      return bot::run_roster_import(config, bot::content_folder(config), {file, {}, "一班", dry_run}, out,
                                    kMorning);
    }();
    CHECK((code == 0) == problems.str().empty());
    const std::string name = file.string();
    std::string said = out.str() + problems.str();
    for (auto at = said.find(name); at != std::string::npos; at = said.find(name))
      said.replace(at, name.size(), "people.csv");
    return said;
  }

  std::string exported() {
    std::ostringstream out;
    CHECK(bot::run_roster_export(config, bot::content_folder(config), {}, out, kMorning) == 0);
    return out.str();
  }

  support::TemporaryFolder folder;
  bot::Config config = bot::default_config();
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kTable =
    "姓名,QQ,类别,标签,生日,入群,角色\r\n"
    "王小明,1001,党员,新入职、90后,1990-03-05,2021-09-01,运营\r\n"
    "李思,1002,群众,,农历八月十五,,\r\n"
    "没有号,,,,,,\r\n";

}  // namespace

TEST_CASE_FIXTURE(Office, "a roster says what it will do, does it, and does it once") {
  CHECK(import(kTable, true) ==
        "people.csv: 2 new, 0 changed, 0 unchanged, 1 left out because they have no id; nothing was "
        "written\n");
  CHECK(contains(import(kTable), "2 new, 0 changed"));
  CHECK(contains(import(kTable), "0 new, 0 changed, 2 unchanged"));
  CHECK(contains(import("name,id,category\n王小明,1001,群众\n"), "0 new, 1 changed, 0 unchanged"));
}

TEST_CASE_FIXTURE(Office, "a roster with a mistake changes nothing, and every mistake is named") {
  const std::string said = import(
      "姓名,QQ,群,生日,角色\n"
      "王小明,1001,一班,3月5日,\n"
      "[CQ:at],1002,三班,农历八月三十一,超管\n");
  CHECK(contains(said, "people.csv:3: column \"name\": \"[CQ:at]\" cannot be used"));
  CHECK(contains(said, "people.csv:3: column \"group\": no single group of qq is called \"三班\""));
  CHECK(contains(said, "people.csv:3: column \"birthday\""));
  CHECK(contains(said, "people.csv:3: column \"role\""));
  CHECK(contains(said, "nothing of people.csv was imported"));
  CHECK(contains(import(kTable), "2 new"));
}

TEST_CASE_FIXTURE(Office, "what is exported is read again as it is, and one may be in two groups") {
  import(kTable);
  import("姓名,QQ,群,类别\n王小明,1001,二班,群众\n");
  const std::string table = exported();
  CHECK(contains(table, "王小明,qq,1001,一班,党员"));
  CHECK(contains(table, "农历8-15"));
  CHECK(contains(table, "运营"));
  CHECK(contains(import(table), "0 new, 0 changed, 3 unchanged, 0 left out"));
}

TEST_CASE_FIXTURE(Office, "while a service runs nothing is imported") {
  const bot::InstanceLock service(config.data);
  CHECK_THROWS_AS(import(kTable), bot::InstanceLock::Held);
}
