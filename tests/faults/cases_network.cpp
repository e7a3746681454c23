// N01 to N06, N13 to N16: the way to the platform (reliability C.2).
#include <fmt/format.h>

#include <filesystem>

#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"

namespace faults {

namespace {

using Kind = Proxy::Fault::Kind;
using Way = Proxy::Way;
using bot::Milliseconds;

constexpr Milliseconds kHeartbeat{300};
constexpr Milliseconds kNoticed = std::chrono::seconds(15);

RigOptions proxied() {
  RigOptions options;
  options.through_proxy = true;
  return options;
}

void start_before_lesson(Rig& rig) {
  rig.set_clock("2030-03-04 07:50:00");
  rig.start_and_wait();
}

/// The lesson falls due now. Somebody speaks, since nothing else wakes the program.
void lesson_falls_due(Rig& rig) {
  rig.set_clock("2030-03-04 08:00:01");
  rig.judge.says(kGroup, 5001, "大家早上好");
}

void finish_with_one_lesson(Rig& rig) {
  rig.until_accepted("【微课堂·");
  rig.finish();
  require(rig.lessons_in(kGroup) == 1, fmt::format("the lesson came {} times", rig.lessons_in(kGroup)));
}

void until_reconnected(Rig& rig, std::size_t ready) {
  rig.until("a new connection", [&] { return rig.judge.ready() > ready; }, kNoticed);
}

// What is swallowed on both ways is what a cable that was pulled out looks like from here.
std::string dead_peer_while_idle(const Effort&) {
  Rig rig(proxied());
  start_before_lesson(rig);
  rig.judge.heartbeat(kHeartbeat);
  rig.barrier();
  const std::size_t before = rig.proxy->connections();
  const std::size_t ready = rig.judge.ready();
  rig.proxy->set(Way::to_bot, {Kind::swallow, {}, 0});
  rig.proxy->set(Way::to_platform, {Kind::swallow, {}, 0});
  rig.until("a new attempt", [&] { return rig.proxy->connections() > before; }, kNoticed);
  rig.proxy->heal();
  until_reconnected(rig, ready);
  rig.barrier();
  rig.finish();
  return {};
}

std::string dead_peer_after_the_send(const Effort&) {
  Rig rig(proxied());
  start_before_lesson(rig);
  rig.judge.heartbeat(kHeartbeat);
  rig.barrier();
  rig.judge.next(Behaviour::accept(Behaviour::Answer::held));
  lesson_falls_due(rig);
  rig.until_accepted("【微课堂·");
  const std::size_t ready = rig.judge.ready();
  rig.proxy->set(Way::to_bot, {Kind::swallow, {}, 0});
  rig.judge.answer_held();
  rig.until(
      "the dead connection to be given up",
      [&, before = rig.proxy->connections()] { return rig.proxy->connections() > before; }, kNoticed);
  rig.proxy->heal();
  until_reconnected(rig, ready);
  finish_with_one_lesson(rig);
  return {};
}

std::string reset_in_a_frame(const Effort&) {
  Rig rig(proxied());
  start_before_lesson(rig);
  const std::size_t ready = rig.judge.ready();
  rig.proxy->set(Way::to_platform, {Kind::cut, {}, 60});
  lesson_falls_due(rig);
  until_reconnected(rig, ready);
  finish_with_one_lesson(rig);
  return {};
}

std::string corrupted_byte(const Effort&) {
  Rig rig(proxied());
  start_before_lesson(rig);
  rig.proxy->set(Way::to_platform, {Kind::corrupt, {}, 1});
  lesson_falls_due(rig);
  finish_with_one_lesson(rig);
  return {};
}

std::string trickling(const Effort&) {
  Rig rig(proxied());
  start_before_lesson(rig);
  rig.proxy->set(Way::to_bot, {Kind::trickle, Milliseconds(1), 0});
  lesson_falls_due(rig);
  finish_with_one_lesson(rig);
  return {};
}

std::string slow_answers(const Effort&) {
  constexpr std::size_t kGroups = 6;
  RigOptions options = proxied();
  options.groups = many_groups(kGroups);
  Rig rig(std::move(options));
  start_before_lesson(rig);
  rig.proxy->set(Way::to_bot, {Kind::delay, kAnswerLimit / 2, 0});
  rig.set_clock("2030-03-04 08:00:01");
  const bot::SystemClock clock;
  const bot::SteadyTime begin = clock.steady();
  rig.barrier();
  require(clock.steady() - begin < std::chrono::seconds(5), "a member waited longer than five seconds");
  rig.until("every group's lesson", [&] { return rig.lessons().size() == kGroups; });
  rig.finish();
  std::size_t asked = 0;
  for (const Call& call : rig.judge.calls()) asked += call.direct ? 0 : 1;
  require(asked == kGroups, fmt::format("{} lessons were sent {} times", kGroups, asked));
  return {};
}

// Neither the history nor an event can tell: only the answer, by its echo.
std::string late_answer(const Effort&) {
  Rig rig;
  start_before_lesson(rig);
  rig.judge.history(History::failing);
  rig.judge.next(Behaviour::accept_late(kAnswerLimit + Milliseconds(500)));
  lesson_falls_due(rig);
  finish_with_one_lesson(rig);
  require(rig.column("SELECT state FROM outbox WHERE push = 1") == std::set<std::string>{"sent"},
          "the row does not say sent");
  return {};
}

std::string many_reconnects(const Effort& effort) {
  const std::size_t times = effort.brief ? 3 : 8;
  Rig rig;
  start_before_lesson(rig);
  for (std::size_t round = 1; round <= times; ++round) {
    const std::size_t ready = rig.judge.ready();
    rig.judge.vanish();
    rig.until("a new connection", [&] { return rig.judge.ready() > ready; }, std::chrono::seconds(60));
    rig.judge.says(kGroup, 5000 + static_cast<std::int64_t>(round), "已学");
    rig.until_accepted("✔", round);
  }
  rig.barrier();
  rig.finish();
  std::size_t answers = 0;
  for (const Accepted& entry : rig.judge.accepted()) answers += entry.direct ? 0 : 1;
  require(answers == times, fmt::format("{} check-ins had {} answers", times, answers));
  return {};
}

// ---- who may not be talked to ---------------------------------------------------------------------------

std::string wrong_token(const Effort&) {
  Rig rig;
  rig.set_clock("2030-03-04 07:50:00");
  rig.with_token("wrong-token-0815");
  rig.start();
  require(rig.process().wait_for_output("token refused"), "it does not say that the token was refused");
  require(rig.judge.connections() == 1, "it tried again at once");
  require(rig.log().find("wrong-token-0815") == std::string::npos, "the token is in the log");
  rig.stop();
  return {};
}

void refused_certificate(const std::string& host, const std::string& pretended) {
  const support::Certificate certificate = support::make_certificate(host);
  const support::TemporaryFolder folder;
  RigOptions options;
  options.certificate = certificate;
  options.account =
      "certificate_authority = \"" +
      folder.write("authority.pem", pretended.empty() ? certificate.authority : pretended).string() + "\"\n";
  Rig rig(std::move(options));
  rig.set_clock("2030-03-04 07:50:00");
  rig.start();
  require(rig.process().wait_for_output("not connected"), "it does not say that it cannot connect");
  require(rig.log().find("TLS: ") != std::string::npos, "it does not say why: " + rig.log());
  require(rig.judge.connections() == 0, "it spoke to a stranger");
  rig.stop();
}

std::string certificates(const Effort&) {
  refused_certificate("qq.example", "");
  refused_certificate("127.0.0.1", support::make_certificate("127.0.0.1").authority);
  return {};
}

std::string not_wecom(const Effort&) {
  throw NotHere("WeCom comes with its own door");
}
std::string no_console(const Effort&) {
  throw NotHere("there is no console yet");
}

}  // namespace

Cases network_cases() {
  return {
      {"N01", "the platform falls silent while nothing is sent", false, dead_peer_while_idle},
      {"N02", "the platform falls silent just after a send", true, dead_peer_after_the_send},
      {"N03", "reset in the middle of a frame", true, reset_in_a_frame},
      {"N04", "slow answers in a fan-out", false, slow_answers},
      {"N05", "an answer after the bot's own time limit", true, late_answer},
      {"N06", "many reconnects", true, many_reconnects},
      {"N13", "a wrong token", false, wrong_token},
      {"N14", "a name that cannot be resolved, for WeCom", false, not_wecom},
      {"N15", "a certificate for another host, or of another authority", false, certificates},
      {"N16", "a console client that sends a byte a second", false, no_console},
      {"N17", "a byte that changes on the way", false, corrupted_byte},
      {"N18", "answers that trickle", false, trickling},
  };
}

}  // namespace faults
