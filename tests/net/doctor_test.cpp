/// `xueban doctor` against folders that are wrong in one way, and accounts behind real sockets.
#include "bot/doctor.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "bot/app.hpp"
#include "bot/platforms/onebot/probe.hpp"
#include "bot/store/instance_lock.hpp"
#include "bot/store/sqlite.hpp"
#include "schedules/occurrences.hpp"
#include "tests/support/http_counterpart.hpp"
#include "tests/support/onebot_counterpart.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace bot;
using support::CounterpartOptions;
using support::HttpCounterpart;
using support::OneBotCounterpart;
namespace fs = std::filesystem;

namespace {

constexpr const char* kToken = "open-sesame-4711";

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant now) : now_(now) {}
  Instant now() const noexcept override { return now_; }
  SteadyTime steady() const noexcept override { return SystemClock().steady(); }

 private:
  Instant now_;
};

/// A configuration with one account, and what the doctor says of it.
struct Patient {
  explicit Patient(const std::string& url, const std::string& token = kToken, const std::string& more = "") {
    folder.write("qq.token", token + "\n", fs::perms(0600));
    config = folder.write("xueban.toml", "content = \"" XUEBAN_SOURCE
                                         "/content\"\n[[account]]\nname = \"qq\"\nplatform = \"onebot11\"\n"
                                         "url = \"" +
                                             url + "\"\ntoken = \"file:qq.token\"\n" + more);
  }

  void see(const Clock& clock = SystemClock()) {
    std::ostringstream out;
    code = run_doctor(config, std::nullopt, out, clock);
    said = out.str();
    CHECK(said.find(kToken) == std::string::npos);
  }
  bool says(const std::string& part) const { return said.find(part) != std::string::npos; }

  fs::path data() const { return folder.path() / "data"; }
  /// As a service leaves it.
  std::unique_ptr<sql::Db> database() const {
    fs::create_directories(data());
    auto db = sql::open_sqlite(data() / "xueban.db");
    bring_up_to_date(*db, SystemClock().now());
    return db;
  }

  support::TemporaryFolder folder;
  fs::path config;
  int code = -1;
  std::string said;
};

}  // namespace

TEST_CASE("doctor: all is well, down to the account's groups") {
  OneBotCounterpart qq({.token = kToken});
  Patient patient(qq.url());
  patient.folder.write("groups/a.toml", "account = \"qq\"\nchat = \"987654321\"\n");
  patient.see();
  CAPTURE(patient.said);
  CHECK(patient.code == 0);
  CHECK(patient.says("ok    account qq     10001000 at Counterpart 1.0, in 1 group\n"));
  CHECK(patient.says("ok    secret         token of qq from file:qq.token\n"));
  CHECK(patient.says("ok    database       none yet; the first start makes it\n"));
  CHECK_FALSE(patient.says("FAIL"));
  CHECK_FALSE(fs::exists(patient.data()));
}

TEST_CASE("doctor: a token that is refused, however the platform refuses it") {
  for (const auto how :
       {CounterpartOptions::WrongToken::frame_1403, CounterpartOptions::WrongToken::http_401}) {
    OneBotCounterpart qq({.token = "another", .wrong_token = how});
    Patient patient(qq.url());
    patient.see();
    CHECK(patient.code == 1);
    CHECK_MESSAGE(patient.says("FAIL  account qq     " + qq.url() + " refuses the token from file:qq.token"),
                  patient.said);
  }
}

TEST_CASE("doctor: nobody listens") {
  OneBotCounterpart qq;
  qq.stop_accepting();
  Patient patient(qq.url());
  patient.see();
  CHECK(patient.code == 1);
  CHECK_MESSAGE(
      patient.says("FAIL  account qq     " + qq.url() + ": connect: Connection refused \u2014 start"),
      patient.said);
}

TEST_CASE("doctor: a certificate that nobody vouches for, for another host, or of yesterday") {
  OneBotCounterpart unknown({.token = kToken, .tls = true});
  Patient stranger(unknown.url());
  stranger.see();
  CHECK(stranger.code == 1);
  CHECK_MESSAGE(
      stranger.says("TLS: certificate refused: unable to get local issuer certificate \u2014 name the"),
      stranger.said);

  OneBotCounterpart other({.token = kToken, .tls = true, .certificate_for = "bot.example"});
  Patient misled(other.url(), kToken, "certificate_authority = \"" + other.authority_file() + "\"\n");
  misled.see();
  CHECK(misled.code == 1);
  CHECK_MESSAGE(misled.says("TLS: certificate refused: IP address mismatch \u2014 use the host"),
                misled.said);

  OneBotCounterpart old({.token = kToken, .tls = true, .validity = support::Validity::expired});
  Patient late(old.url(), kToken, "certificate_authority = \"" + old.authority_file() + "\"\n");
  late.see();
  CHECK_MESSAGE(late.says("TLS: certificate refused: certificate has expired \u2014 renew"), late.said);

  Patient well(unknown.url(), kToken, "certificate_authority = \"" + unknown.authority_file() + "\"\n");
  well.see();
  CHECK_MESSAGE(well.code == 0, well.said);
}

TEST_CASE("doctor: not logged in, not in a group, no history") {
  OneBotCounterpart offline({.token = kToken, .online = false});
  Patient patient(offline.url());
  patient.see();
  CHECK(patient.code == 1);
  CHECK_MESSAGE(patient.says("the account 10001000 is not logged in at the platform \u2014 log in there"),
                patient.said);

  OneBotCounterpart old({.token = kToken, .history = false});
  Patient outsider(old.url());
  outsider.folder.write("groups/a.toml", "account = \"qq\"\nchat = \"1\"\n");
  outsider.folder.write("groups/b.toml", "account = \"qq\"\nchat = \"2\"\nenabled = false\n");
  outsider.see();
  CHECK(outsider.code == 1);
  CHECK_MESSAGE(outsider.says("groups/a.toml: not in the group 1 \u2014 let it join"), outsider.said);
  CHECK_FALSE(outsider.says("not in the group 2"));
  CHECK(outsider.says("warn  account qq     the platform has no action get_group_msg_history"));
}

TEST_CASE("doctor: a platform that answers nothing is given up in time") {
  OneBotCounterpart qq;
  qq.freeze();
  AccountConfig account;
  account.url = qq.url();
  const SystemClock clock;
  const SteadyTime begin = clock.steady();
  const OneBotProbe found = probe_onebot(account, HttpServerOptions(), clock, Milliseconds(400));
  CHECK(clock.steady() - begin < std::chrono::seconds(4));
  REQUIRE(found.fault);
  CHECK(found.fault->detail.starts_with("upgrade: "));
  qq.thaw();
}

TEST_CASE("doctor: a configuration with errors is all that it looks at") {
  Patient patient("ws://127.0.0.1:1/", kToken, "[metrics]\nprot = 1\n");
  patient.see();
  CHECK(patient.code == 1);
  CHECK(patient.says("xueban.toml:8: unknown key \"prot\""));
  CHECK(patient.says("0 ok, 0 warnings, 1 failed\nthe rest was not looked at"));
  fs::permissions(patient.folder.path("qq.token"), fs::perms(0644));
  patient.see();
  CHECK(patient.says("others can read the token's file"));
}

TEST_CASE("doctor: the database is damaged, or newer than the program") {
  OneBotCounterpart qq({.token = kToken});
  Patient damaged(qq.url());
  damaged.folder.write("data/xueban.db",
                       "this is no database, but long enough to be taken for one by its size");
  damaged.see();
  CHECK(damaged.code == 1);
  CHECK_MESSAGE(damaged.says("FAIL  database "), damaged.said);
  CHECK(damaged.says("there is no backup in"));

  Patient newer(qq.url());
  newer.database()->execute(
      "INSERT INTO schema_steps (owner, version, fingerprint, applied_at) VALUES ('wishes', 1, 'x', 0)");
  newer.see();
  CHECK(newer.code == 1);
  CHECK_MESSAGE(newer.says("which this program does not know: it was written by a newer Xueban"), newer.said);
}

TEST_CASE("doctor: backups, by their age") {
  OneBotCounterpart qq({.token = kToken});
  Patient patient(qq.url());
  patient.database();
  patient.see();
  CHECK(patient.code == 0);
  CHECK_MESSAGE(patient.says("warn  backup         none in "), patient.said);
  const fs::path backup = patient.folder.write("data/backups/xueban-2030-01-01T0330.db", "");
  patient.see();
  CHECK(patient.says("ok    backup         xueban-2030-01-01T0330.db, less than an hour old\n"));
  fs::last_write_time(backup, fs::last_write_time(backup) - std::chrono::hours(24 * 9 + 3));
  patient.see();
  CHECK_MESSAGE(patient.says("warn  backup         xueban-2030-01-01T0330.db, 9d3h old"), patient.said);
}

TEST_CASE("doctor: a clock before the build, or behind the last run") {
  OneBotCounterpart qq({.token = kToken});
  Patient patient(qq.url());
  const Instant now = build_day() + std::chrono::hours(36);
  const auto db = patient.database();
  schedules::set_checked_until(*db, now);
  patient.see(FixedClock(now - std::chrono::minutes(50)));
  CHECK(patient.code == 0);
  patient.see(FixedClock(build_day() - std::chrono::hours(24)));
  CHECK(patient.code == 1);
  CHECK(patient.says("is before this program was built \u2014 set it right"));
  CHECK_MESSAGE(patient.says("FAIL  clock          behind the last run, which was on "), patient.said);
}

TEST_CASE("doctor: who works on the data is named, and not disturbed") {
  OneBotCounterpart qq({.token = kToken});
  Patient patient(qq.url());
  {
    const InstanceLock service(patient.data());
    patient.see();
    CHECK(patient.code == 0);
    CHECK_MESSAGE(
        patient.says("ok    service        running: process " + std::to_string(getpid()) + " on host "),
        patient.said);
  }
  patient.see();
  CHECK(patient.says("ok    service        not running\n"));
  CHECK_NOTHROW(InstanceLock(patient.data()));
}

TEST_CASE("doctor: a webhook is visited, but not spoken to") {
  HttpCounterpart robot({.tls = true});
  support::TemporaryFolder folder;
  folder.write("hook", robot.url() + "/send?key=hunter2\n", fs::perms(0600));
  const auto said = [&](const std::string& more) {
    const fs::path config = folder.write(
        "xueban.toml", "content = \"" XUEBAN_SOURCE
                       "/content\"\n[[account]]\nname = \"robot\"\nplatform = \"wecom-webhook\"\n"
                       "webhook = \"file:hook\"\n" +
                           more);
    std::ostringstream out;
    run_doctor(config, std::nullopt, out);
    CHECK(out.str().find("hunter2") == std::string::npos);
    return out.str();
  };
  const std::string well = said("certificate_authority = \"" + robot.authority_file() + "\"\n");
  CHECK_MESSAGE(
      well.find("ok    account robot  " + robot.url() +
                " answers; nothing was said there, so the first message tells") != std::string::npos,
      well);
  CHECK(well.find("ok    secret         webhook of robot from file:hook\n") != std::string::npos);
  REQUIRE(robot.seen().size() == 1);
  CHECK(robot.seen()[0].method == "GET");
  CHECK(robot.seen()[0].target == "/");
  const std::string stranger = said("");
  CHECK_MESSAGE(stranger.find("FAIL  account robot  " + robot.url() + ": ") != std::string::npos, stranger);
  CHECK(stranger.find("name the certificate's authority in certificate_authority") != std::string::npos);
}

TEST_CASE("doctor: nobody to serve") {
  support::TemporaryFolder folder;
  const fs::path config = folder.write("xueban.toml", "content = \"" XUEBAN_SOURCE "/content\"\n");
  std::ostringstream out;
  CHECK(run_doctor(config, std::nullopt, out) == 1);
  CHECK(out.str().find("FAIL  accounts       none is configured") != std::string::npos);
}
