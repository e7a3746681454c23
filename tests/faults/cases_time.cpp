// T01 to T04, T06, T09: clocks (reliability C.2).
#include <fmt/format.h>

#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"

namespace faults {

namespace {

constexpr std::chrono::hours kHour{1};

void require_lessons(const Rig& rig, int count) {
  require(rig.lessons_in(kGroup) == count,
          fmt::format("{} lessons instead of {}", rig.lessons_in(kGroup), count));
}

std::string hour_forward(const Effort&) {
  Rig rig;
  rig.set_clock("2030-03-04 07:30:00");
  rig.start_and_wait();
  rig.barrier();
  rig.step_clock(kHour);
  rig.barrier();
  rig.until_accepted("【微课堂·");
  rig.barrier();
  rig.finish();
  require_lessons(rig, 1);
  return {};
}

std::string hour_back(const Effort&) {
  Rig rig;
  rig.set_clock("2030-03-04 07:50:00");
  rig.start_and_wait();
  rig.set_clock("2030-03-04 08:00:01");
  rig.barrier();
  rig.until_accepted("【微课堂·");
  rig.set_clock("2030-03-04 08:30:00");
  rig.barrier();
  rig.step_clock(-kHour);
  rig.barrier();
  rig.step_clock(kHour);
  rig.barrier();
  rig.barrier();
  rig.finish();
  require_lessons(rig, 1);
  return {};
}

/// A group in New York whose lesson is due every day at `time`.
void write_new_york(const Rig& rig, const std::string& time) {
  rig.folder.write("groups/a.toml",
                   fmt::format("account = \"qq\"\nchat = \"{}\"\ntimezone = \"America/New_York\"\n[[push]]\n"
                               "column = \"daily\"\nwhen = \"每天 {}\"\nsharp = true\n",
                               kGroup, time));
}

// 2030-03-10 02:30 does not exist there; 03:00 daylight time is 15:00 in Shanghai.
std::string spring(const Effort&) {
  Rig rig;
  write_new_york(rig, "02:30");
  rig.set_clock("2030-03-10 14:50:00");
  rig.start_and_wait();
  rig.set_clock("2030-03-10 14:59:30");
  rig.barrier();
  rig.barrier();
  require_lessons(rig, 0);
  rig.set_clock("2030-03-10 15:00:01");
  rig.barrier();
  rig.until_accepted("【微课堂·");
  rig.set_clock("2030-03-10 16:00:01");
  rig.barrier();
  rig.barrier();
  rig.finish();
  require_lessons(rig, 1);
  return {};
}

// 2030-11-03 01:30 comes twice there: at 13:30 and at 14:30 in Shanghai.
std::string autumn(const Effort&) {
  Rig rig;
  write_new_york(rig, "01:30");
  rig.set_clock("2030-11-03 13:20:00");
  rig.start_and_wait();
  rig.set_clock("2030-11-03 13:30:01");
  rig.barrier();
  rig.until_accepted("【微课堂·");
  rig.set_clock("2030-11-03 14:30:01");
  rig.barrier();
  rig.barrier();
  rig.finish();
  require_lessons(rig, 1);
  return {};
}

// Two weeks of days, each a jump to half a minute past eight; off from the third to the sixth.
std::string off_for_days(const Effort&) {
  Rig rig;
  rig.set_clock("2030-03-03 20:00:00");
  rig.start_and_wait();
  rig.barrier();
  int expected = 0;
  for (int day = 4; day <= 17; ++day) {
    const bool off = day >= 6 && day < 10;
    if (day == 6) require(rig.stop() == 0, "it does not end");
    if (off) continue;
    const std::string at = day == 10 ? "09:00:00" : "08:00:30";
    rig.set_clock(fmt::format("2030-03-{:02} {}", day, at));
    if (day == 10) rig.start_and_wait();
    rig.barrier();
    ++expected;
    rig.until("a lesson", [&] { return rig.lessons_in(kGroup) >= expected; });
    rig.barrier();
    require_lessons(rig, expected);
  }
  rig.finish();
  return {};
}

std::string beyond_2038(const Effort&) {
  Rig rig;
  rig.set_clock("2040-03-05 07:50:00");
  rig.start_and_wait();
  rig.judge.says(kGroup, 5001, "已学");
  rig.until_accepted("✔");
  rig.set_clock("2040-03-05 08:00:01");
  rig.barrier();
  rig.until_accepted("【微课堂·");
  rig.finish();
  require_lessons(rig, 1);
  return {};
}

}  // namespace

Cases time_cases() {
  return {
      {"T01", "the wall clock jumps an hour ahead over eight o'clock", false, hour_forward},
      {"T02", "the wall clock steps back an hour", false, hour_back},
      {"T03", "a time that daylight saving leaves out", false, spring},
      {"T04", "a time that daylight saving repeats", false, autumn},
      {"T06", "two weeks, off for four days", false, off_for_days},
      {"T09", "beyond 2038-01-19", false, beyond_2038},
  };
}

}  // namespace faults
