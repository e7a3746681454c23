// Q01 to Q10: what a platform says about a message (reliability C.2).
#include <fmt/format.h>

#include <algorithm>

#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"

namespace faults {

namespace {

using Answer = Behaviour::Answer;

void lesson_falls_due(Rig& rig) {
  rig.set_clock("2030-03-04 07:50:00");
  rig.start_and_wait();
  rig.set_clock("2030-03-04 08:00:01");
  rig.barrier();
}

/// The lesson of one group, of whose first send the platform makes this.
void lesson(Behaviour how, int calls, RigOptions options = {}) {
  Rig rig(std::move(options));
  rig.judge.next(how);
  lesson_falls_due(rig);
  rig.until_accepted("【微课堂·");
  rig.finish();
  require(rig.lessons_in(kGroup) == 1, fmt::format("the lesson came {} times", rig.lessons_in(kGroup)));
  int asked = 0;
  for (const Call& call : rig.judge.calls()) asked += call.direct ? 0 : 1;
  require(asked == calls, fmt::format("it was sent {} times", asked));
  require(rig.column("SELECT state FROM outbox WHERE push = 1") == std::set<std::string>{"sent"},
          "the row does not say sent");
}

RigOptions in_seconds() {
  RigOptions options;
  options.stamps = Stamps::seconds;
  options.settle = "1s";
  options.undecided = "8s";
  return options;
}

std::string failed_and_delivered(const Effort& effort) {
  lesson(Behaviour::accept(Answer::failed_1200), 1);
  if (!effort.brief) lesson(Behaviour::accept(Answer::failed_1200), 1, in_seconds());
  return {};
}

std::string failed_and_not_delivered(const Effort& effort) {
  lesson(Behaviour::refuse(Answer::failed_1200), 2);
  if (!effort.brief) lesson(Behaviour::refuse(Answer::failed_1200), 2, in_seconds());
  return {};
}

std::string pending(const Effort&) {
  lesson(Behaviour::accept(Answer::pending), 1);
  lesson(Behaviour::refuse(Answer::pending), 2);
  return {};
}

std::string without_id(const Effort&) {
  lesson(Behaviour::accept(Answer::ok_without_id), 1);
  return {};
}

std::string own_event(const Effort&) {
  Rig rig;
  rig.judge.own_events(true);
  rig.judge.history(History::failing);
  rig.judge.next(Behaviour::accept_in_silence());
  lesson_falls_due(rig);
  rig.until_accepted("【微课堂·");
  rig.finish();
  require(rig.lessons_in(kGroup) == 1, "the lesson was sent again");
  require(rig.column("SELECT state FROM outbox WHERE push = 1") == std::set<std::string>{"sent"},
          "the row does not say sent");
  return {};
}

std::string muted(const Effort&) {
  Rig rig;
  rig.judge.always(Behaviour::refuse(Answer::muted));
  lesson_falls_due(rig);
  rig.until("the lesson's row", [&] { return rig.number("SELECT count(*) FROM outbox WHERE push = 1") > 0; });
  rig.settle();
  require(rig.column("SELECT state FROM outbox WHERE push = 1") == std::set<std::string>{"refused"},
          "the row does not say refused");
  int asked = 0;
  for (const Call& call : rig.judge.calls()) asked += call.direct ? 0 : 1;
  require(asked == 1, fmt::format("it was tried {} times", asked));
  rig.finish();
  return {};
}

// ---- nobody can know ------------------------------------------------------------------------------------

void unresolved_lesson(History history) {
  Rig rig;
  rig.judge.history(history);
  rig.judge.next(Behaviour::refuse(Answer::failed_1200));
  lesson_falls_due(rig);
  rig.until("the lesson, marked as said again", [&] {
    const auto accepted = rig.judge.accepted();
    return std::ranges::any_of(accepted, [](const Accepted& entry) { return is_resent(entry.text); });
  });
  rig.finish();
  require(rig.number("SELECT count(*) FROM outbox WHERE state = 'unresolved'") == 1,
          "the first row does not say unresolved");
  require(rig.lessons_in(kGroup) == 1, fmt::format("the lesson came {} times", rig.lessons_in(kGroup)));
}

std::string admin_group() {
  return fmt::format("account = \"qq\"\nchat = \"{}\"\ntimezone = \"Asia/Shanghai\"\nadmins = [\"{}\"]\n",
                     kGroup, kAdmin);
}

void unresolved_reminder() {
  Rig rig;
  rig.folder.write("groups/a.toml", admin_group());
  rig.set_clock("2030-03-04 10:00:00");
  rig.start_and_wait();
  rig.judge.says(kGroup, kAdmin, "学伴 今天11:00提醒大家交笔记");
  rig.until_accepted("交笔记");
  rig.judge.history(History::empty);
  rig.judge.next(Behaviour::refuse(Answer::failed_1200));
  rig.set_clock("2030-03-04 11:00:01");
  rig.barrier();
  rig.until("an unresolved reminder",
            [&] { return rig.number("SELECT count(*) FROM outbox WHERE state = 'unresolved'") == 1; });
  rig.barrier();
  int asked = 0;
  for (const Call& call : rig.judge.calls())
    asked += call.at >= shanghai("2030-03-04 11:00:00") && !call.direct;
  require(asked == 1, fmt::format("the reminder was sent {} times", asked));
  rig.finish();
}

std::string nobody_knows(const Effort& effort) {
  unresolved_lesson(History::empty);
  if (effort.brief) return {};
  unresolved_lesson(History::last_only);
  unresolved_lesson(History::failing);
  unresolved_reminder();
  return {};
}

std::string reversed(const Effort&) {
  Rig rig;
  rig.judge.history(History::reversed);
  rig.judge.next(Behaviour::accept(Answer::failed_1200));
  lesson_falls_due(rig);
  rig.until_accepted("【微课堂·");
  rig.finish();
  require(rig.lessons_in(kGroup) == 1, "the lesson was sent again");
  return {};
}

// ---- one account cannot send ----------------------------------------------------------------------------

struct Second {
  explicit Second(const std::string& group) : judge({.groups = {group}}, wall) {}
  Wall wall{};
  Judge judge;
  std::string account() const {
    return "[[account]]\nname = \"other\"\nplatform = \"onebot11\"\ntransport = \"forward\"\nurl = \"" +
           judge.url() + "\"\ntoken = \"env:XUEBAN_QQ_TOKEN\"\n";
  }
};

std::string risk_control(const Effort&) {
  Second second("876543210");
  RigOptions options;
  options.account = second.account();
  options.limits = "failures = 3\npause = \"1s\"\n";
  Rig rig(std::move(options));
  rig.also(second.judge);
  rig.judge.always(Behaviour::refuse(Answer::failed_1200));
  rig.set_clock("2030-03-04 07:50:00");
  second.wall.set_shift(rig.wall.shift());
  rig.start_and_wait();
  require(second.judge.until_ready(1), "the second account does not connect");
  rig.set_clock("2030-03-04 08:00:01");
  second.wall.set_shift(rig.wall.shift());
  rig.barrier();
  require(second.judge.until([&] { return !second.judge.accepted().empty(); }, std::chrono::seconds(3)),
          "the other account's group waits too");
  rig.until("a second attempt or a decision",
            [&] { return rig.unsettled() == 0 || rig.judge.calls().size() > 2; });
  require(rig.judge.calls().size() < 20, "it tries in a tight loop");
  rig.judge.always(Behaviour::accept());
  rig.finish();
  return {};
}

std::string not_wecom(const Effort&) {
  throw NotHere("WeCom comes with its own door");
}
std::string no_retry_after(const Effort&) {
  throw NotHere("OneBot knows no Retry-After; WeCom comes with its own door");
}

}  // namespace

Cases platform_cases() {
  return {
      {"Q01", "retcode 1200, delivered", true, failed_and_delivered},
      {"Q02", "retcode 1200, not delivered", true, failed_and_not_delivered},
      {"Q03", "async, retcode 1", false, pending},
      {"Q04", "ok without a message_id", true, without_id},
      {"Q05", "a rate error of WeCom", false, not_wecom},
      {"Q06", "429 with Retry-After", false, no_retry_after},
      {"Q07", "muted or removed", false, muted},
      {"Q08", "a history that is empty, short or failing", true, nobody_knows},
      {"Q09", "every send of one account fails", false, risk_control},
      {"Q10", "a lesson that is too long for WeCom", false, not_wecom},
      {"Q11", "no answer and no history, but the own message comes back as an event", false, own_event},
      {"Q12", "a history whose order is reversed", false, reversed},
  };
}

}  // namespace faults
