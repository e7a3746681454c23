#include "bot/net/in_order.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <string>
#include <utility>

using namespace bot;

namespace {

struct Passing {
  boost::asio::io_context context{1};
  InOrder order{context.get_executor()};
  Waiter gate{context.get_executor()};
  Scope scope{context.get_executor()};
  std::string passed{};

  Task<void> pass(std::string chat, char name) {
    InOrder::Place place(order, Address{"qq", chat, false});
    co_await place.reached();
    passed += name;
    co_await gate.wait();
  }
  void come(std::string chat, char name) { spawn(scope, "pass", pass(std::move(chat), name)); }
  void run() {
    context.restart();
    context.poll();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Passing, "one at a time in each chat, in the order in which they came") {
  for (const char name : {'a', 'b', 'c'}) come("1", name);
  come("2", 'x');
  run();
  CHECK(passed == "ax");
  gate.wake();
  run();
  CHECK(passed == "axb");
  come("2", 'y');
  come("1", 'd');
  run();
  CHECK(passed == "axby");
  for (int times = 0; times < 3; ++times) {
    gate.wake();
    run();
  }
  CHECK(passed == "axbycd");
  CHECK(scope.running() == 0);
}
