// A group whose only account is a webhook: it is told things, and nobody is heard.
#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

namespace {

struct Webhook : World {
  Webhook() {
    bot::Capabilities only_speaks;
    only_speaks.hears = bot::Hears::nothing;
    only_speaks.history = false;
    only_speaks.per_account = {{2, 60s}};
    allow(only_speaks);
    config.limits.per_group = std::nullopt;
    config.limits.unasked_hour = std::nullopt;
    config.limits.unasked_day = std::nullopt;
    add_group({bot::Push{.occasion = "lesson", .subject = "daily"}});
    at("2026-03-02 07:50");
  }

  void add_group(std::vector<bot::Push> pushes) {
    bot::GroupProfile own = config.groups.fallback();
    own.account = "qq";
    own.chat = "qq";
    own.pushes = std::move(pushes);
    config.groups.add(own);
  }
  Chat here() { return group("qq"); }
  std::int64_t state(const std::string& state) {
    return count("SELECT count(*) FROM outbox WHERE state = '" + state + "'");
  }
};

bot::Push text_at_eight(const std::string& text) {
  return {.occasion = "reminder", .subject = text, .when = "every day 08:00", .sharp = true};
}

}  // namespace

TEST_CASE_FIXTURE(Webhook, "a webhook's group gets its lesson, every day, and after a restart") {
  tick(15min);
  here().hears("lesson.push", "第1期");
  restart();
  tick(24h);
  here().hears("lesson.push", "第2期").hears_nothing();
  CHECK(state("sent") == 2);
  CHECK(count("SELECT count(*) FROM gaps") == 0);
  CHECK(count("SELECT count(*) FROM heard_until") == 0);
}

TEST_CASE_FIXTURE(Webhook, "nobody can look up what became of a message: it is said again, and says so") {
  next_send(bot::Unknown{"timeout"});
  tick(10min + 5s);
  here().hears("lesson.push");
  CHECK(state("unknown") == 1);
  tick(15s);
  here().hears("core.again");
  CHECK(state("unresolved") == 1);
  CHECK(state("sent") == 1);
}

TEST_CASE_FIXTURE(Webhook, "a dead webhook is tried again the next day, while its account counts as down") {
  next_send(bot::Refused{"the robot was removed", true});
  tick(15min);
  here().hears_nothing();
  link_down();
  CHECK(state("refused") == 1);
  tick(24h);
  here().hears("lesson.push");
}

TEST_CASE_FIXTURE(Webhook, "the platform's rate holds, whatever the settings say") {
  add_group({text_at_eight("一"), text_at_eight("二"), text_at_eight("三")});
  tick(10min + 30s);
  here().hears("reminder.due");
  here().hears("reminder.due").hears_nothing();
  tick(1min);
  here().hears("reminder.due").hears_nothing();
}
