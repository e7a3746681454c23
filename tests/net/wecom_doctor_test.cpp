/// `xueban doctor` and WeCom's robots.
#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "bot/doctor.hpp"
#include "bot/platforms/wecom/probe.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wecom_counterpart.hpp"
#include "tests/support/wecom_vectors.hpp"

using namespace bot;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSecret = "open-sesame-4711";

struct Patient {
  explicit Patient(const std::string& keys) {
    folder.write("secret", std::string(kSecret) + "\n", fs::perms(0600));
    folder.write("key", std::string(support::kOwnKey) + "\n", fs::perms(0600));
    const fs::path config =
        folder.write("xueban.toml", "content = \"" XUEBAN_SOURCE
                                    "/content\"\n[[account]]\nname = \"work\"\nplatform = \"wecom-robot\"\n" +
                                        keys);
    std::ostringstream out;
    code = run_doctor(config, std::nullopt, out, SystemClock());
    said = out.str();
    CHECK(said.find(kSecret) == std::string::npos);
    CHECK(said.find(support::kOwnKey) == std::string::npos);
  }
  bool says(const std::string& part) const { return said.find(part) != std::string::npos; }

  support::TemporaryFolder folder;
  int code = -1;
  std::string said;
};

}  // namespace

TEST_CASE("doctor: a robot's platform is reached, without logging in") {
  support::WecomCounterpart work;
  const Patient patient("url = \"" + work.url() + "\"\nself = \"BOTID\"\nsecret = \"file:secret\"\n");
  CAPTURE(patient.said);
  CHECK(patient.code == 0);
  CHECK(patient.says("ok    account work   " + work.url() + " can be reached; not logged in"));
  CHECK(patient.says("secret of work from file:secret"));
  CHECK(work.connections() == 1);
  CHECK(work.frames().empty());
}

TEST_CASE("doctor: a robot's platform that is not there") {
  const Patient patient("url = \"ws://127.0.0.1:1/\"\nself = \"BOTID\"\nsecret = \"file:secret\"\n");
  CAPTURE(patient.said);
  CHECK(patient.code == 1);
  CHECK(patient.says("FAIL  account work   ws://127.0.0.1:1/: connect: Connection refused"));
}

TEST_CASE("doctor: a callback's keys fit, and the address to enter is told") {
  const Patient patient("transport = \"callback\"\ntoken = \"file:secret\"\naes_key = \"file:key\"\n");
  CAPTURE(patient.said);
  CHECK(patient.code == 0);
  CHECK(patient.says("enter https://YOUR-HOST/wecom/work at WeCom"));
  CHECK(patient.says("http://127.0.0.1:8600"));
}

TEST_CASE("doctor: the platform's own address is dialled unless the account names another") {
  AccountConfig config;
  config.certificate_authority = "/nowhere/ca.pem";
  const WecomProbe found = probe_wecom_robot(config);
  CHECK(found.url == "wss://openws.work.weixin.qq.com");
  CHECK(found.fault);
}
