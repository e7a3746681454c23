/// What a roster says of people.
#include <doctest/doctest.h>

#include "bot/people/enrolment.hpp"
#include "bot/people/labels.hpp"
#include "bot/people/naming.hpp"
#include "tests/support/world.hpp"

using namespace std::chrono_literals;
namespace people = bot::people;
using people::Taken;

namespace {

const bot::Address kClass{"qq", "一班", false};
const bot::Instant kNow{bot::Milliseconds{1'772'400'000'000}};

people::Enrolment row(const std::string& user, const std::string& name) {
  people::Enrolment row;
  row.who = {"qq", user};
  row.group = kClass;
  row.name = name;
  return row;
}

struct Roster : World {
  Roster() { count("SELECT count(*) FROM persons"); }

  Taken take(const people::Enrolment& row) {
    bot::sql::Transaction transaction(db());
    const Taken taken = people::take(db(), row, kNow);
    transaction.commit();
    return taken;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Roster, "enrolment: new, unchanged, changed; what is empty stays as it is") {
  people::Enrolment full = row("1001", "王小明");
  full.category = "党员";
  full.tags = {"新入职", "90后"};
  full.birthday = "--03-05";
  full.role = bot::Role::aide;
  full.joined = kNow - 24h;
  CHECK(take(full) == Taken::added);
  CHECK(take(full) == Taken::unchanged);
  CHECK(take(row("1001", "")) == Taken::unchanged);
  full.category = "群众";
  CHECK(take(full) == Taken::changed);
  const auto kept = people::enrolments(db(), kClass);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].name == "王小明");
  CHECK(kept[0].category == "群众");
  CHECK(kept[0].tags == std::vector<std::string>{"90后", "新入职"});
  CHECK(kept[0].birthday == "--03-05");
  CHECK(kept[0].role == bot::Role::aide);
  CHECK(kept[0].joined == full.joined);
  CHECK_FALSE(kept[0].left);
}

TEST_CASE_FIXTURE(Roster, "enrolment: people are told apart by the account, never by the name") {
  CHECK(take(row("1001", "王小明")) == Taken::added);
  CHECK(take(row("1002", "王小明")) == Taken::added);
  CHECK(count("SELECT count(*) FROM persons") == 2);
  for (const people::Listed& member : people::members(db(), kClass)) CHECK(member.ambiguous);
}

TEST_CASE_FIXTURE(Roster, "enrolment: who left is on no list, and who came to another group is new there") {
  CHECK(take(row("1001", "王小明")) == Taken::added);
  people::Enrolment gone = row("1001", "王小明");
  gone.left = kNow - 1h;
  CHECK(take(gone) == Taken::changed);
  CHECK(take(gone) == Taken::unchanged);
  CHECK(people::members(db(), kClass).empty());
  people::Enrolment elsewhere = row("1001", "");
  elsewhere.group.chat = "二班";
  CHECK(take(elsewhere) == Taken::added);
  CHECK(count("SELECT count(*) FROM persons") == 1);
}
