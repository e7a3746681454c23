/// `xueban doctor` about accounts that are dialled by their platform, or that speak HTTP.
#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "bot/doctor.hpp"
#include "bot/platforms/onebot/probe.hpp"
#include "bot/store/instance_lock.hpp"
#include "tests/support/onebot_dialler.hpp"
#include "tests/support/onebot_http_counterpart.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace bot;
using support::DiallerOptions;
using support::OneBotDialler;
using support::OneBotHttpCounterpart;
namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

constexpr const char* kToken = "open-sesame-4711";

/// A port that somebody has.
struct TakenPort {
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
  std::uint16_t number = acceptor.local_endpoint().port();
};

std::uint16_t free_port() {
  return TakenPort().number;
}

/// A configuration with one account that is dialled at `port`, and what the doctor says of it.
struct Patient {
  Patient(std::uint16_t port, const std::string& transport, const std::string& more = "") {
    folder.write("qq.token", std::string(kToken) + "\n", fs::perms(0600));
    config = folder.write(
        "xueban.toml", "content = \"" XUEBAN_SOURCE "/content\"\n[server]\nport = " + std::to_string(port) +
                           "\n[[account]]\nname = \"qq\"\nplatform = \"onebot11\"\nself = \"10001000\"\n"
                           "token = \"file:qq.token\"\ntransport = \"" +
                           transport + "\"\n" + more);
  }

  void see() {
    std::ostringstream out;
    code = run_doctor(config, std::nullopt, out);
    said = out.str();
    CHECK(said.find(kToken) == std::string::npos);
  }
  bool says(const std::string& part) const { return said.find(part) != std::string::npos; }

  support::TemporaryFolder folder;
  fs::path config;
  int code = -1;
  std::string said;
};

DiallerOptions insisting(const std::string& self, const std::string& token) {
  DiallerOptions options;
  options.headers = {{"X-Self-ID", self}, {"Authorization", "Bearer " + token}};
  options.insists = true;
  return options;
}

/// What a visit finds when this platform dials.
OneBotProbe probe(const std::optional<DiallerOptions>& dialler, Milliseconds limit) {
  AccountConfig account;
  account.name = "qq";
  account.transport = "reverse";
  account.self = "10001000";
  account.token = Secret(kToken, "literal");
  HttpServerOptions place;
  place.port = free_port();
  std::optional<OneBotDialler> platform;
  if (dialler) platform.emplace(place.port, *dialler);
  return probe_onebot(account, place, SystemClock(), limit);
}

}  // namespace

TEST_CASE("doctor: an account that is dialled, down to its groups") {
  const std::uint16_t port = free_port();
  Patient patient(port, "reverse");
  const OneBotDialler qq(port, insisting("10001000", kToken));
  patient.see();
  CHECK(patient.code == 0);
  CHECK_MESSAGE(patient.says("ok    account qq     10001000 at Counterpart 1.0, in 1 group\n"), patient.said);
}

TEST_CASE("doctor: a platform that dials with a wrong token") {
  const std::uint16_t port = free_port();
  Patient patient(port, "reverse");
  const OneBotDialler qq(port, insisting("10001000", "wrong"));
  patient.see();
  CHECK(patient.code == 1);
  CHECK_MESSAGE(
      patient.says("FAIL  account qq     a platform has dialled, but the token is wrong \u2014 enter "
                   "there the token from file:qq.token"),
      patient.said);
}

TEST_CASE("doctor: the port is taken, by another program or by the service") {
  const TakenPort taken;
  Patient patient(taken.number, "reverse");
  patient.see();
  CHECK(patient.code == 1);
  CHECK_MESSAGE(patient.says("FAIL  account qq     cannot listen on 127.0.0.1:" +
                             std::to_string(taken.number) + ": Address already in use \u2014 stop"),
                patient.said);
  const InstanceLock service(patient.folder.path() / "data");
  patient.see();
  CHECK(patient.code == 0);
  CHECK_MESSAGE(patient.says("warn  account qq     not tried, because the running service"), patient.said);
}

TEST_CASE("doctor: nobody dials, or somebody for another account") {
  const OneBotProbe silent = probe(std::nullopt, Milliseconds(50));
  REQUIRE(silent.fault);
  CHECK(silent.fault->code == Errc::not_found);
  const OneBotProbe other = probe(insisting("2", kToken), Milliseconds(500));
  REQUIRE(other.fault);
  CHECK(other.fault->code == Errc::bad_input);
  CHECK(other.fault->detail == "a platform has dialled for 2, not for 10001000");
  CHECK(other.stranger == "2");
  DiallerOptions anonymous = insisting("", kToken);
  anonymous.headers.erase(anonymous.headers.begin());
  const OneBotProbe nameless = probe(anonymous, Milliseconds(500));
  REQUIRE(nameless.fault);
  CHECK(nameless.fault->detail == "somebody has dialled, but X-Self-ID is missing");
}

TEST_CASE("doctor: an account by HTTP, and where its events go") {
  OneBotHttpCounterpart qq(kToken);
  const std::uint16_t port = free_port();
  Patient patient(port, "http", "url = \"" + qq.url() + "\"\n");
  patient.see();
  CHECK(patient.code == 0);
  CHECK_MESSAGE(patient.says("ok    account qq     10001000 at Counterpart 1.0, in 1 group\n"), patient.said);
  CHECK(patient.says("events are expected by POST at http://127.0.0.1:" + std::to_string(port) +
                     "/onebot/v11/http"));
  const TakenPort taken;
  Patient deaf(taken.number, "http", "url = \"" + qq.url() + "\"\n");
  deaf.see();
  CHECK(deaf.code == 1);
  CHECK(deaf.says("cannot listen on"));
}

TEST_CASE("doctor: an account by HTTP whose token is refused, or where nobody is") {
  OneBotHttpCounterpart qq("another");
  Patient patient(free_port(), "http", "url = \"" + qq.url() + "\"\n");
  patient.see();
  CHECK(patient.code == 1);
  CHECK_MESSAGE(patient.says(qq.url() + " refuses the token from file:qq.token"), patient.said);
  Patient nobody(free_port(), "http", "url = \"http://127.0.0.1:1\"\n");
  nobody.see();
  CHECK(nobody.code == 1);
  CHECK_MESSAGE(nobody.says("connect: Connection refused \u2014 start"), nobody.said);
}
