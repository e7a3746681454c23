// N07 to N12: what the platform says (reliability C.2).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"

namespace faults {

namespace {

void start_in_the_morning(Rig& rig) {
  rig.set_clock("2030-03-04 10:00:00");
  rig.start_and_wait();
}

std::size_t answers(const Rig& rig, const std::string& part) {
  std::size_t found = 0;
  for (const Accepted& entry : rig.judge.accepted()) found += entry.text.find(part) != std::string::npos;
  return found;
}

std::string each_event_twice(const Effort&) {
  constexpr std::size_t kMembers = 20;
  Rig rig;
  start_in_the_morning(rig);
  rig.judge.tell_events(2);
  for (std::size_t member = 0; member < kMembers; ++member) {
    rig.judge.says(kGroup, 5001 + static_cast<std::int64_t>(member), "已学");
  }
  rig.until_accepted("✔", kMembers);
  rig.judge.replay(kGroup);
  rig.judge.tell_events(1);
  rig.barrier();
  rig.finish();
  require(answers(rig, "✔") == kMembers, fmt::format("{} answers", answers(rig, "✔")));
  require(rig.number("SELECT count(*) FROM lesson_done") == kMembers, "check-ins count more than once");
  return {};
}

std::string renumbered(const Effort&) {
  Rig rig;
  start_in_the_morning(rig);
  rig.judge.says(kGroup, 5001, "已学");
  rig.until_accepted("✔");
  rig.judge.replay(kGroup, true);
  rig.barrier();
  rig.finish();
  require(rig.number("SELECT count(*) FROM lesson_done") == 1, "the check-in counts twice");
  return {};
}

std::string swapped(const Effort&) {
  Rig rig;
  start_in_the_morning(rig);
  const bot::Instant now = rig.wall.now();
  const Line first = line_of("已学", 5001, 4001, now - std::chrono::seconds(2));
  const Line second = line_of("已学", 5002, 4002, now - std::chrono::seconds(1));
  for (const Line* line : {&second, &first, &second, &first}) rig.judge.says(*line);
  rig.until_accepted("✔", 2);
  rig.barrier();
  rig.finish();
  require(answers(rig, "✔") == 2, fmt::format("{} answers", answers(rig, "✔")));
  require(answers(rig, "m5002 已学 L1，第 1 位") == 1, "the order of arrival was not kept");
  return {};
}

std::string same_id(const Effort&) {
  Rig rig;
  start_in_the_morning(rig);
  const bot::Instant now = rig.wall.now();
  for (const std::int64_t user : {5001, 5002}) {
    Line line = line_of("已学", user, 4001, now);
    line.sequence = user;
    rig.judge.says(line);
  }
  rig.until_accepted("✔", 2);
  rig.finish();
  return {};
}

// ---- frames ---------------------------------------------------------------------------------------------

std::string huge_frame(const Effort&) {
  constexpr std::size_t kHuge = std::size_t{64} << 20U;
  Rig rig;
  start_in_the_morning(rig);
  const std::size_t ready = rig.judge.ready();
  rig.judge.frame(std::string(kHuge, 'x'));
  require(rig.judge.until_ready(ready + 1), "it does not come back");
  rig.barrier();
  require(rig.mebibytes() < 256, fmt::format("it takes {} MiB", rig.mebibytes()));
  rig.finish();
  return {};
}

std::string bad_text(const Effort&) {
  Rig rig;
  start_in_the_morning(rig);
  for (const char* bytes : {"\xff\xfe", "{\"post_type\":\"message\",\"x\":\"\xc0\x80\"}"}) {
    const std::size_t ready = rig.judge.ready();
    const std::size_t connections = rig.judge.connections();
    rig.judge.frame(bytes);
    rig.until("a closed connection", [&] { return rig.judge.connections() > connections; });
    require(rig.judge.until_ready(ready + 1), "it does not come back");
  }
  rig.judge.frame("\xff\xfe", false);
  rig.barrier();
  rig.finish();
  return {};
}

std::string group_event(const std::string& group, const std::string& rest) {
  return R"({"time":1898820000,"self_id":10001000,"post_type":"message","message_type":"group",)"
         R"("sub_type":"normal","message_id":1,"group_id":)" +
         group + R"(,"user_id":5001,"message":[{"type":"text","data":{"text":"已学"}}])" + rest + "}";
}

std::string bad_values(const Effort&) {
  constexpr std::size_t kDepth = 100'000;
  Rig rig;
  start_in_the_morning(rig);
  for (const char* group : {"1e400", "-1", "9223372036854775808", "{}", "[]", "null", "true", "1.5"}) {
    rig.judge.frame(group_event(group, ""));
  }
  rig.judge.frame(group_event("\"987654321\"", R"(,"sender":{"nickname":"text"})"));
  rig.judge.frame(std::string(kDepth, '['));
  rig.judge.frame(group_event("987654321", ",\"x\":" + std::string(kDepth, '[') + std::string(kDepth, ']')));
  for (const char* frame : {"", "{", "[]", "null", "\"x\"", R"({"post_type":{}})"}) rig.judge.frame(frame);
  rig.until_accepted("text 已学");
  rig.barrier();
  rig.finish();
  require(rig.number("SELECT count(*) FROM lesson_done WHERE chat = '987654321'") == 1,
          "a group id written as text is not read");
  return {};
}

std::string strange_echoes(const Effort&) {
  Rig rig;
  rig.set_clock("2030-03-04 07:50:00");
  rig.start_and_wait();
  rig.judge.next(Behaviour::accept(Behaviour::Answer::held));
  rig.set_clock("2030-03-04 08:00:01");
  rig.judge.says(kGroup, 5001, "大家早上好");
  rig.until_accepted("【微课堂·");
  for (const char* echo : {"\"nobody\"", "{}", "[1]", "null", "17", "\"\""}) {
    rig.judge.frame(fmt::format(
        R"({{"status":"failed","retcode":1400,"data":null,"message":"x","wording":"x","echo":{}}})", echo));
  }
  rig.barrier();
  rig.judge.answer_held();
  rig.judge.frame(ok_frame(rig.judge.calls().front().echo, nullptr));
  rig.barrier();
  rig.finish();
  require(rig.lessons_in(kGroup) == 1, "the lesson was sent again");
  require(rig.column("SELECT state FROM outbox WHERE push = 1") == std::set<std::string>{"sent"},
          "the row does not say sent");
  return {};
}

// ---- after a gap ----------------------------------------------------------------------------------------

std::string gap(const Effort&) {
  Rig rig;
  rig.folder.write("groups/a.toml",
                   fmt::format("account = \"qq\"\nchat = \"{}\"\nadmins = [\"{}\"]\n", kGroup, kAdmin));
  start_in_the_morning(rig);
  rig.barrier();
  rig.kill();
  const bot::Instant long_ago = rig.wall.now() + std::chrono::seconds(5);
  rig.judge.says(line_of("已学", 5001, 4001, long_ago));
  rig.judge.says(line_of("学伴 每天18:00提醒大家收衣服", kAdmin, 4002, long_ago));
  rig.step_clock(std::chrono::minutes(20));
  rig.start_and_wait();
  rig.until("the check-in that was missed",
            [&] { return rig.number("SELECT count(*) FROM lesson_done WHERE name = 'm5001'") == 1; });
  rig.barrier();
  rig.finish();
  require(rig.number("SELECT count(*) FROM schedules WHERE chat = '987654321'") == 0,
          "a command of twenty minutes ago was executed");
  return {};
}

}  // namespace

Cases frame_cases() {
  return {
      {"N07", "each event delivered twice, and again later", true, each_event_twice},
      {"N08", "events of one group swapped and repeated", false, swapped},
      {"N09", "a frame of 64 MiB", false, huge_frame},
      {"N10", "text that is no UTF-8", false, bad_text},
      {"N11", "JSON of depth 100,000, and numbers that are none", false, bad_values},
      {"N12", "echoes that nobody asked for", false, strange_echoes},
      {"N19", "events delivered again under new message ids", false, renumbered},
      {"N20", "two messages that share an id", false, same_id},
      {"N21", "messages of a gap are read after it, old commands are not executed", false, gap},
  };
}

}  // namespace faults
