#pragma once

#include <vector>

#include "bot/desk/ignored.hpp"
#include "bot/desk/quiet.hpp"
#include "bot/desk/unmentioned.hpp"

namespace bot {

/// What groups and people asked the bot to refrain from.
struct Courtesy {
  Quiet quiet{};
  Unmentioned unmentioned{};
  Ignored ignored{};

  static std::vector<sql::Schema> schemas() {
    return {Quiet::schema(), Unmentioned::schema(), Ignored::schema()};
  }
  /// Reads the rows anew; also after a turn was rolled back.
  void load(sql::Db& db) {
    quiet.load(db);
    unmentioned.load(db);
    ignored.load(db);
  }
};

}  // namespace bot
