#include "bot/desk/lane.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>

using bot::Address;
using bot::Delivery;
using bot::Lane;
using bot::Priority;

namespace {

const Address kHere{"qq", "1", false};
const Address kThere{"qq", "2", false};

Delivery row(std::int64_t number, Priority priority = Priority::push, const Address& to = kHere) {
  Delivery delivery(to, bot::Message(std::to_string(number)));
  delivery.outbox = number;
  delivery.priority = priority;
  return delivery;
}

Delivery part(std::int64_t number, std::int64_t first, bool last) {
  Delivery delivery = row(number);
  delivery.part_of = first;
  delivery.last_part = last;
  return delivery;
}

/// "1 2": what leaves at this priority when whatever `fate` says happens.
std::string taken(Lane& lane, Priority priority, const Lane::Judge& fate) {
  std::string all;
  for (const Delivery& delivery : lane.take(priority, fate)) {
    all += (all.empty() ? "" : " ") + delivery.message.plain();
  }
  return all;
}

std::string everything(Lane& lane, Priority priority = Priority::push) {
  return taken(lane, priority, [](Delivery&) { return Lane::Fate::leave; });
}

}  // namespace

TEST_CASE("lane: every priority has a queue of its own, the urgent one first") {
  CHECK(Lane::kPriorities.front() == Priority::urgent);
  CHECK(Lane::kPriorities.back() == Priority::push);
  Lane lane;
  std::int64_t number = 0;
  for (const Priority priority : {Priority::push, Priority::urgent, Priority::merged, Priority::reply}) {
    lane.add(row(++number, priority));
  }
  CHECK(lane.waiting() == 4);
  std::string order;
  for (const Priority priority : Lane::kPriorities) order += everything(lane, priority);
  CHECK(order == "2431");
  CHECK(lane.waiting() == 0);
}

TEST_CASE("lane: what waits keeps its place, what is dropped is forgotten, the end leaves the rest alone") {
  Lane lane;
  for (std::int64_t number = 1; number <= 5; ++number) lane.add(row(number));
  const auto fate = [](Delivery& delivery) {
    if (delivery.outbox == 1) return Lane::Fate::wait;
    if (delivery.outbox == 2) return Lane::Fate::drop;
    return delivery.outbox == 4 ? Lane::Fate::end : Lane::Fate::leave;
  };
  CHECK(taken(lane, Priority::push, fate) == "3");
  CHECK(everything(lane) == "1 4 5");
}

TEST_CASE("lane: what comes back has its old place, before answers that are no rows") {
  Lane lane;
  lane.add(row(3));
  lane.add(row(0));
  lane.add(row(7));
  lane.give_back(row(5));
  lane.give_back(row(1));
  CHECK(everything(lane) == "1 3 5 0 7");
}

TEST_CASE("lane: answers take turns by who asked") {
  Lane lane;
  const auto answer = [&lane](std::int64_t number, const std::string& asker, std::int64_t part_of = 0) {
    Delivery delivery = row(number, Priority::reply, number % 2 == 0 ? kHere : kThere);
    delivery.asker = asker;
    delivery.part_of = part_of;
    lane.add(std::move(delivery));
  };
  SUBCASE("a flood holds up whoever made it") {
    for (std::int64_t number = 1; number <= 5; ++number) answer(number, "li");
    answer(6, "wang");
    answer(7, "wang");
    answer(8, "zhao");
    CHECK(everything(lane, Priority::reply) == "1 6 8 2 7 3 4 5");
  }
  SUBCASE("one after the other, all keep their order") {
    answer(1, "li");
    answer(2, "wang");
    answer(3, "zhao");
    answer(4, "li");
    CHECK(everything(lane, Priority::reply) == "1 2 3 4");
  }
  SUBCASE("parts of one message are one turn") {
    answer(1, "li", 1);
    answer(2, "li", 1);
    answer(3, "li");
    answer(4, "wang", 4);
    answer(5, "wang", 4);
    CHECK(everything(lane, Priority::reply) == "1 2 4 5 3");
  }
  SUBCASE("what answers nobody stays where it is") {
    answer(1, "li");
    answer(2, "");
    answer(3, "li");
    answer(4, "wang");
    CHECK(everything(lane, Priority::reply) == "1 2 4 3");
  }
}

TEST_CASE("lane: of answers that nobody is owed one person has twenty waiting, and of rows any number") {
  Lane lane;
  Delivery unowed = row(0, Priority::reply);
  unowed.asker = "li";
  for (int i = 0; i < 500; ++i) lane.add(unowed);
  CHECK(lane.waiting() == 20);
  Delivery owed = row(1, Priority::reply);
  owed.asker = "li";
  lane.add(owed);
  Delivery other = unowed;
  other.asker = "wang";
  lane.add(other);
  CHECK(lane.waiting() == 22);
}

TEST_CASE("lane: a head that waits is searched behind, but not for ever") {
  Lane lane;
  for (std::int64_t number = 1; number <= 1002; ++number) lane.add(row(number));
  std::size_t asked = 0;
  const auto fate = [&](Delivery&) {
    ++asked;
    return Lane::Fate::wait;
  };
  CHECK(taken(lane, Priority::push, fate) == "");
  CHECK(asked == 1000);
  CHECK(lane.waiting() == 1002);
  CHECK(everything(lane).starts_with("1 2 3 "));
}

TEST_CASE("lane: nothing else is said in a chat between the parts of a message") {
  Lane lane;
  lane.add(part(1, 1, false));
  CHECK_FALSE(lane.is_between_parts(row(9)));
  CHECK(everything(lane) == "1");
  CHECK(lane.is_between_parts(row(9)));
  CHECK_FALSE(lane.is_between_parts(row(9, Priority::push, kThere)));
  CHECK_FALSE(lane.is_between_parts(part(2, 1, true)));
  lane.add(part(2, 1, true));
  SUBCASE("until the last has left") {
    CHECK(everything(lane) == "2");
  }
  SUBCASE("until the last was dropped") {
    CHECK(taken(lane, Priority::push, [](Delivery&) { return Lane::Fate::drop; }) == "");
  }
  SUBCASE("until the last was forgotten") {
    CHECK(lane.forget([](const Delivery&) { return true; }).size() == 1);
  }
  CHECK_FALSE(lane.is_between_parts(row(9)));
}

TEST_CASE("lane: to forget some leaves the others in their order") {
  Lane lane;
  for (std::int64_t number = 1; number <= 4; ++number) lane.add(row(number));
  const auto is_odd = [](const Delivery& delivery) { return delivery.outbox % 2 == 1; };
  CHECK(lane.any_waits(is_odd));
  CHECK(lane.forget(is_odd).size() == 2);
  CHECK_FALSE(lane.any_waits(is_odd));
  CHECK(everything(lane) == "2 4");
}

TEST_CASE("lane: what is under way is counted and known by its chat") {
  Lane lane;
  lane.in_flight[1] = {{1, kHere, "a", {}}, true, "m1"};
  lane.in_flight[2] = {{2, kThere, "b", {}}, false, {}};
  CHECK(lane.flying(true) == 1);
  CHECK(lane.flying(false) == 1);
  CHECK(lane.waiting() == 2);
  CHECK(lane.flies_to(kHere));
  CHECK_FALSE(lane.flies_to({"qq", "1", true}));
  CHECK(lane.has_seen(kHere, "m1"));
  CHECK_FALSE(lane.has_seen(kThere, "m1"));
}
