/// The crossing from the net thread to the desk, with real threads; ThreadSanitizer watches.
#include "bot/desk/inbox.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <variant>
#include <vector>

using bot::Event;
using bot::Inbox;
using bot::SteadyTime;

namespace {

constexpr int kProducers = 4;
constexpr int kEach = 6'000;

Event message(int producer, int number) {
  bot::MessagePosted posted;
  posted.id = std::to_string(number);
  posted.message = bot::Message("text");
  return Event({"qq", std::to_string(producer), false}, {}, posted);
}

/// Checks that what came from each producer is in order and without gaps.
class Order {
 public:
  void take(const std::vector<Event>& events) {
    for (const Event& event : events) {
      int& next = next_[std::stoul(event.where.chat)];
      in_order_ = in_order_ && std::get<bot::MessagePosted>(event.what).id == std::to_string(next);
      ++next;
      ++taken_;
    }
  }
  bool in_order() const { return in_order_; }
  int taken() const { return taken_; }

 private:
  std::vector<int> next_ = std::vector<int>(kProducers);
  int taken_ = 0;
  bool in_order_ = true;
};

}  // namespace

TEST_CASE("several threads offer more than fits, one takes: nothing is lost and each order is kept") {
  Inbox inbox;
  std::atomic<bool> was_full = false;
  std::vector<std::thread> producers;
  for (int producer = 0; producer < kProducers; ++producer) {
    producers.emplace_back([&inbox, &was_full, producer] {
      for (int number = 0; number < kEach; ++number) {
        Event event = message(producer, number);
        while (!inbox.offer(event)) {
          was_full = true;
          was_full.notify_one();
          std::this_thread::yield();
        }
      }
    });
  }
  was_full.wait(false);
  Order order;
  while (order.taken() < kProducers * kEach) order.take(inbox.take(64, SteadyTime::max()));
  for (std::thread& producer : producers) producer.join();
  CHECK(order.in_order());
  CHECK(order.taken() == kProducers * kEach);
  CHECK(inbox.take(1, SteadyTime{}).empty());
}

TEST_CASE("an offer wakes the one who waits, every time") {
  Inbox inbox;
  Inbox answers;
  std::thread echo([&inbox, &answers] {
    for (int number = 0; number < 1'000; ++number) {
      for (Event& event : inbox.take(1, SteadyTime::max())) answers.offer(event);
    }
  });
  Order order;
  for (int number = 0; number < 1'000; ++number) {
    Event event = message(0, number);
    inbox.offer(event);
    order.take(answers.take(1, SteadyTime::max()));
  }
  echo.join();
  CHECK(order.in_order());
  CHECK(order.taken() == 1'000);
}

TEST_CASE("stop wakes the one who waits for nothing") {
  Inbox inbox;
  std::vector<Event> taken{Event()};
  std::thread taker([&inbox, &taken] { taken = inbox.take(1, SteadyTime::max()); });
  inbox.stop();
  taker.join();
  CHECK(taken.empty());
}

TEST_CASE("stop while others offer: what was taken in can still be taken out") {
  Inbox inbox;
  std::atomic<int> offered = 0;
  std::vector<std::thread> producers;
  for (int producer = 0; producer < kProducers; ++producer) {
    producers.emplace_back([&inbox, &offered, producer] {
      for (int number = 0; !inbox.stopped() || number < 100; ++number) {
        Event event = message(producer, number);
        while (!inbox.offer(event)) {
          if (inbox.stopped()) return;
          std::this_thread::yield();
        }
        ++offered;
      }
    });
  }
  Order order;
  while (order.taken() < 1'000) order.take(inbox.take(10, SteadyTime::max()));
  inbox.stop();
  for (std::thread& producer : producers) producer.join();
  order.take(inbox.take(1'000'000, SteadyTime::max()));
  CHECK(order.in_order());
  CHECK(order.taken() == offered);
}
