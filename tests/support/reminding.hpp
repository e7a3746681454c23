#pragma once

#include <doctest/doctest.h>

#include <string>

#include "schedules/phrases.hpp"
#include "tests/support/world.hpp"

/// Groups that say nothing by themselves but reminders; 周书记 is an admin in all of them.
struct Reminding : World {
  Reminding() {
    bot::GroupProfile plain = config.groups.fallback();
    plain.pushes.clear();
    plain.admins = {"周书记"};
    config.groups = bot::GroupBook(plain);
    make_admin("周书记");
  }

  Chat here() { return group("一班"); }
  /// To be changed and added before anybody speaks.
  bot::GroupProfile profile(const std::string& chat) const {
    bot::GroupProfile own = config.groups.fallback();
    own.account = "qq";
    own.chat = chat;
    return own;
  }
  /// One millisecond before the moment, by the clock of Shanghai.
  void until_just_before(const std::string& moment) {
    const auto then = schedules::parse_moment(moment, now());
    REQUIRE(then.has_value());
    REQUIRE(*then - std::chrono::milliseconds(1) > now());
    tick(*then - std::chrono::milliseconds(1) - now());
  }
  void until(const std::string& moment) {
    until_just_before(moment);
    tick(std::chrono::milliseconds(1));
  }
  std::int64_t planned() { return count("SELECT count(*) FROM schedules WHERE ended = 0"); }
};

/// Monday 2026-03-02 14:20.
struct Afternoon : Reminding {
  Afternoon() { at("2026-03-02 14:20"); }
};

inline bool mentions_anybody(const bot::Room::Line& line) {
  for (const bot::Segment& part : line.said.parts()) {
    if (std::holds_alternative<bot::Mention>(part)) return true;
  }
  return false;
}
