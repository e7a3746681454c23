/// The data folder: who may work on it, what is refused, backups and restores.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "bot/app.hpp"
#include "bot/backup.hpp"
#include "bot/base/log.hpp"
#include "bot/data_folder.hpp"
#include "bot/platforms/sandbox/stage.hpp"
#include "bot/restore.hpp"
#include "bot/store/instance_lock.hpp"
#include "bot/store/sqlite.hpp"
#include "schedules/push_hold.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// 2026-11-24 08:00 in Shanghai.
constexpr bot::Instant kMorning{std::chrono::seconds(1795478400)};

std::string read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void overwrite(const fs::path& file, std::streamoff at, const std::string& bytes) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(at);
  stream << bytes;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// What `act` throws for the operator; empty when it does not.
template <class Act>
std::string refusal(Act act) {
  try {
    act();
    return {};
  } catch (const std::runtime_error& failure) {
    return failure.what();
  }
}

std::int64_t number(bot::sql::Db& db, std::string_view sql) {
  return db.query(sql).front().integer(0);
}

struct Place : support::TemporaryFolder {
  Place() {
    bot::log::to_nowhere();
    config.data = path("data");
  }

  fs::path database() const { return config.data / "xueban.db"; }
  fs::path backups() const { return config.data / "backups"; }

  std::vector<std::string> names(const fs::path& folder) const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder)) all.push_back(entry.path().filename().string());
    std::ranges::sort(all);
    return all;
  }

  /// All tables, and some rows in one of them.
  void use(int rows = 3) const {
    fs::create_directories(config.data);
    const auto db = bot::sql::open_sqlite(database());
    bot::bring_up_to_date(*db, kMorning);
    bot::sql::Transaction transaction(*db);
    for (int row = 0; row < rows; ++row) {
      db->execute("INSERT INTO inbox (event_key, command, at) VALUES ($1, 'x', 0)",
                  {std::to_string(row) + std::string(200, 'k')});
    }
    transaction.commit();
  }
  std::int64_t rows(const fs::path& file) const {
    return number(*bot::sql::open_sqlite_read_only(file), "SELECT count(*) FROM inbox");
  }

  std::string back_up(bot::BackupOrder order = {}, bot::Instant now = kMorning) const {
    std::ostringstream out;
    bot::run_backup(config, order, out, now);
    return out.str();
  }
  std::string restore(const fs::path& file, bot::Instant now = kMorning) const {
    std::ostringstream out;
    bot::run_restore(config, file, out, now);
    return out.str();
  }
  std::string start() const {
    return refusal([this] { const bot::DataFolder data(config.data, {}, bot::SystemClock()); });
  }

  bot::Config config = bot::default_config();
};

}  // namespace

TEST_CASE_FIXTURE(Place, "lock: the second one is told who holds it, and changes nothing") {
  const bot::InstanceLock lock(config.data);
  const std::string before = read(config.data / "xueban.lock");
  const std::string said = refusal([this] { const bot::InstanceLock second(config.data); });
  CHECK(contains(said, "another xueban (process " + std::to_string(getpid()) + " on host "));
  CHECK(contains(said, config.data.string()));
  CHECK(contains(said, "stop that one first"));
  CHECK(read(config.data / "xueban.lock") == before);
  CHECK(names(config.data) == std::vector<std::string>{"xueban.lock"});
}

TEST_CASE_FIXTURE(Place, "lock: it goes with its object, and with its process when that is killed") {
  {
    const bot::InstanceLock lock(config.data);
  }
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    const bot::InstanceLock lock(config.data);
    if (::write(ready[1], "x", 1) == 1) pause();
    _exit(1);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK(contains(refusal([this] { const bot::InstanceLock lock(config.data); }),
                 "process " + std::to_string(child) + " "));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(refusal([this] { const bot::InstanceLock lock(config.data); }).empty());
}

TEST_CASE_FIXTURE(Place, "service: what is said when the database is lost names the one that it was") {
  const bot::sql::Unavailable lost("the connection is lost in: SELECT 1");
  CHECK(contains(bot::unusable(config.data, {}, lost), database().string() + " cannot be written: "));
  const std::string said =
      bot::unusable(config.data, bot::Secret("host=db password=hunter2", "literal"), lost);
  CHECK(contains(said, "PostgreSQL cannot be used: the connection is lost \u2014 "));
  CHECK_FALSE(contains(said, "xueban.db"));
  CHECK_FALSE(contains(said, "hunter2"));
}

TEST_CASE_FIXTURE(Place, "start: a folder that cannot be written is named with the reason") {
  config.data = write("file", "") / "data";
  CHECK(contains(start(), config.data.string() + " cannot be written: Not a directory"));
  config.data = "/proc/xueban";
  CHECK(contains(start(), "/proc/xueban cannot be written: "));
}

TEST_CASE_FIXTURE(Place, "start: a database that is whole is opened, and so is none") {
  CHECK(start().empty());
  CHECK(start().empty());
  write("data/xueban.db", "");
  CHECK(start().empty());
  use();
  CHECK(start().empty());
}

TEST_CASE_FIXTURE(Place, "start: a damaged page is refused, the file stays, the way out is named") {
  use(200);
  SUBCASE("the middle of the file") {
    const auto root = number(*bot::sql::open_sqlite_read_only(database()),
                             "SELECT rootpage FROM sqlite_master WHERE name = 'inbox'");
    overwrite(database(), (root - 1) * 4096, std::string(64, '\xff'));
  }
  SUBCASE("the header") {
    overwrite(database(), 0, "garbage of long ago");
  }
  SUBCASE("the end is missing") {
    fs::resize_file(database(), fs::file_size(database()) - 4096);
  }
  const std::string before = read(database());
  const std::string said = start();
  CAPTURE(said);
  CHECK(contains(said, database().string() + " is damaged: "));
  CHECK(contains(said, "it was left as it is; there is no backup in "));
  CHECK_FALSE(contains(said, "\n"));
  write("data/backups/xueban-2026-11-24T0800.db", "");
  write("data/backups/xueban-2026-11-25T0800.db", "");
  CHECK(contains(start(), "xueban restore " + (backups() / "xueban-2026-11-25T0800.db").string()));
  CHECK(read(database()) == before);
}

TEST_CASE_FIXTURE(Place, "start: what another program or a newer Xueban wrote is refused and stays") {
  fs::create_directories(config.data);
  SUBCASE("another program") {
    bot::sql::open_sqlite(database())->execute("CREATE TABLE moz_places (id INTEGER)");
    const std::string before = read(database());
    CHECK(contains(start(), "is a database of another program"));
    CHECK(read(database()) == before);
  }
  SUBCASE("a newer step") {
    use();
    const auto db = bot::sql::open_sqlite(database());
    db->execute("INSERT INTO schema_steps VALUES ('outbox', 99, 'x', 0)");
    CHECK(contains(refusal([&] { bot::bring_up_to_date(*db, kMorning); }), "written by a newer Xueban"));
  }
  SUBCASE("an unknown owner") {
    use();
    const auto db = bot::sql::open_sqlite(database());
    db->execute("INSERT INTO schema_steps VALUES ('votes', 1, 'x', 0)");
    CHECK(contains(refusal([&] { bot::bring_up_to_date(*db, kMorning); }), "tables of \"votes\""));
  }
}

TEST_CASE_FIXTURE(Place, "backup: one file with the local time in its name, with all rows, verified") {
  use();
  const auto in_use = bot::sql::open_sqlite(database());
  in_use->execute("INSERT INTO inbox (event_key, command, at) VALUES ('in the log', 'x', 0)");
  const fs::path file = backups() / "xueban-2026-11-24T0800.db";
  const std::string line = back_up();
  CHECK(contains(line, file.string() + ": 0."));
  CHECK(contains(line, " MB, verified\n"));
  CHECK(rows(file) == 4);
  CHECK(names(backups()) == std::vector<std::string>{"xueban-2026-11-24T0800.db", "xueban.lock"});
}

TEST_CASE_FIXTURE(Place, "backup: the newest stay, files with other names too") {
  use();
  write("data/backups/xueban-2026-11-24T0800.db.old", "");
  write("data/backups/xueban-by-hand.db", "");
  write("data/backups/.xueban-2020-01-01T0000.db.77.partial", "");
  for (int day = 0; day < 4; ++day) back_up({.to = {}, .keep = 2}, kMorning + day * 24h);
  CHECK(names(backups()) == std::vector<std::string>{"xueban-2026-11-24T0800.db.old",
                                                     "xueban-2026-11-26T0800.db", "xueban-2026-11-27T0800.db",
                                                     "xueban-by-hand.db", "xueban.lock"});
  back_up({.to = {}, .keep = 2}, kMorning);  // by a clock that went back
  CHECK(names(backups()) ==
        std::vector<std::string>{"xueban-2026-11-24T0800.db", "xueban-2026-11-24T0800.db.old",
                                 "xueban-2026-11-27T0800.db", "xueban-by-hand.db", "xueban.lock"});
  back_up({.to = path("elsewhere.db"), .keep = 1});
  CHECK(names(backups()).size() == 5);
  CHECK(rows(path("elsewhere.db")) == 3);
}

TEST_CASE_FIXTURE(Place, "backup: what cannot be copied whole leaves no file") {
  CHECK(contains(refusal([this] { back_up(); }), "nothing to back up yet"));
  SUBCASE("a damaged database") {
    use(200);
    overwrite(database(), 4096 * 3, std::string(4096 * 3, '\xff'));
    CHECK(contains(refusal([this] { back_up(); }), database().string() + " is damaged: "));
  }
  SUBCASE("a database of another program") {
    fs::create_directories(config.data);
    bot::sql::open_sqlite(database())->execute("CREATE TABLE moz_places (id INTEGER)");
    CHECK(contains(refusal([this] { back_up(); }), "is a database of another program"));
  }
  SUBCASE("a full disk") {
    use(2000);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{32 * 1024, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string said = refusal([this] { back_up(); });
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    CHECK(contains(said, "cannot be copied to " + backups().string()));
  }
  CHECK(names(backups()) == std::vector<std::string>{"xueban.lock"});
  CHECK(contains(refusal([this] { back_up({.to = path("none/x.db")}); }), database().string()));
}

TEST_CASE_FIXTURE(Place, "restore: the backup is in place, the previous database with its log aside") {
  use();
  back_up();
  std::string killed;
  {
    const auto db = bot::sql::open_sqlite(database());
    db->execute("INSERT INTO inbox (event_key, command, at) VALUES ('later', 'x', 0)");
    killed = read(database().string() + "-wal");
    fs::copy_file(database(), path("kept.db"));
  }
  fs::rename(path("kept.db"), database());  // as a kill leaves it: a row only in the log
  write("data/xueban.db-wal", killed);

  const fs::path backup = backups() / "xueban-2026-11-24T0800.db";
  const std::string said = restore(backup, kMorning + 90min);
  const fs::path aside = config.data / "xueban-replaced-2026-11-24T0930.db";
  CHECK(contains(said, backup.string() + " is restored"));
  CHECK(contains(said, "kept as " + aside.string() + "\n"));
  CHECK(contains(said, "\"resume-pushes\""));
  CHECK(rows(database()) == 3);
  CHECK(rows(aside) == 4);
  CHECK(fs::exists(backup));
  CHECK(schedules::push_hold(*bot::sql::open_sqlite_read_only(database())).holds);

  // Back again, within the same minute.
  CHECK(contains(restore(aside, kMorning + 90min), "xueban-replaced-2026-11-24T0930-2.db"));
  CHECK(rows(database()) == 4);
  CHECK(start().empty());
}

TEST_CASE_FIXTURE(Place, "restore: on a new machine there is nothing to keep aside") {
  use();
  back_up({.to = path("carried.db")});
  config.data = path("new");
  CHECK_FALSE(contains(restore(path("carried.db")), "kept"));
  CHECK(rows(database()) == 3);
  CHECK(names(config.data) == std::vector<std::string>{"xueban.db", "xueban.lock"});
}

TEST_CASE_FIXTURE(Place, "restore: what cannot be used is refused, and nothing changes") {
  use();
  back_up({.to = path("b.db")});
  std::string expected;
  std::unique_ptr<bot::InstanceLock> lock;
  SUBCASE("while somebody works on the folder") {
    lock = std::make_unique<bot::InstanceLock>(config.data);
    expected = "stop that one first";
  }
  SUBCASE("a folder") {
    fs::remove(path("b.db"));
    fs::create_directories(path("b.db"));
    expected = "b.db does not exist, or is no file";
  }
  SUBCASE("a damaged backup") {
    overwrite(path("b.db"), 4096 * 2, std::string(4096, '\xff'));
    expected = "b.db is damaged: ";
  }
  SUBCASE("half a backup") {
    fs::resize_file(path("b.db"), 4096 * 5 + 17);
    expected = "b.db is damaged: ";
  }
  SUBCASE("a text") {
    write("b.db", std::string(9000, 'x'));
    expected = "b.db is damaged: file is not a database";
  }
  SUBCASE("an empty file") {
    write("b.db", "");
    expected = "b.db is no database of Xueban";
  }
  SUBCASE("one of a newer Xueban") {
    bot::sql::open_sqlite(path("b.db"))->execute("INSERT INTO schema_steps VALUES ('outbox', 99, 'x', 0)");
    expected = "b.db cannot be used: the database has step 99";
  }
  auto before = names(config.data);
  std::erase(before, "xueban.lock");
  const std::string bytes = read(database());
  CHECK(contains(refusal([this] { restore(path("b.db")); }), expected));
  CHECK(read(database()) == bytes);
  auto after = names(config.data);
  std::erase(after, "xueban.lock");
  CHECK(after == before);
}

TEST_CASE_FIXTURE(Place, "restore: a backup of an older Xueban is brought up to date") {
  use();
  {
    const auto db = bot::sql::open_sqlite(database());
    db->execute("DROP TABLE push_hold");
    db->execute("DELETE FROM schema_steps WHERE owner = 'push_hold'");
  }
  back_up({.to = path("old.db")});
  restore(path("old.db"));
  CHECK(schedules::push_hold(*bot::sql::open_sqlite_read_only(database())).holds);
}

TEST_CASE_FIXTURE(Place, "restore: what a kill interrupted is finished at the next start") {
  use();
  back_up({.to = path("b.db")});
  use(0);
  bot::sql::open_sqlite(database())->execute("DELETE FROM inbox");
  fs::copy_file(path("b.db"), config.data / "xueban-restored-2026-11-24T0800.db");
  write("data/.xueban.db.77.partial", "");
  SUBCASE("before the first step") {}
  SUBCASE("when the previous database is aside already") {
    fs::rename(database(), config.data / "xueban-replaced-2026-11-24T0800.db");
  }
  CHECK(start().empty());
  CHECK(names(config.data) ==
        std::vector<std::string>{"xueban-replaced-2026-11-24T0800.db", "xueban.db", "xueban.lock"});
  CHECK(rows(database()) == 3);
  CHECK(rows(config.data / "xueban-replaced-2026-11-24T0800.db") == 0);
}

TEST_CASE_FIXTURE(Place, "restore: what was to be said then is not said again") {
  use();
  {
    const auto db = bot::sql::open_sqlite(database());
    for (const char* state : {"planned", "sending", "sent"}) {
      db->execute(
          "INSERT INTO outbox (account, chat, direct, body, kind, subject, push, state, reason, message_id, "
          "planned_at, expires_at, settled_at) VALUES ('qq', '1', 0, 'x', '', '', 1, $1, '', '', 0, 0, 0)",
          {state});
    }
    for (const char* label : {"a", "b"}) {
      db->execute(
          "INSERT INTO occurrences (schedule, label, account, chat, due_at, state, reason, outbox_id, "
          "booked_at) VALUES ('s', $1, 'qq', '1', $2, 'held', '', 0, 0)",
          {label, label[0] == 'a' ? 1 : 2});
    }
    db->execute(
        "INSERT INTO held (account, chat, body, subject, schedule, at, expires_at, try_at) VALUES ('qq', "
        "'1', 'x', '', "
        "'s', 2, 9, 3)");
  }
  back_up({.to = path("b.db")});
  restore(path("b.db"));
  const auto db = bot::sql::open_sqlite_read_only(database());
  CHECK(number(*db, "SELECT count(*) FROM outbox WHERE state = 'unresolved' AND reason = 'restored'") == 2);
  CHECK(number(*db, "SELECT count(*) FROM outbox WHERE state = 'sent'") == 1);
  CHECK(number(*db, "SELECT count(*) FROM held") == 0);
  CHECK(number(*db, "SELECT count(*) FROM occurrences WHERE label = 'a' AND state = 'held'") == 1);
  CHECK(number(*db, "SELECT count(*) FROM occurrences WHERE label = 'b' AND state = 'missed'") == 1);
}
