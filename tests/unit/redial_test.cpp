#include "bot/net/redial.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace bot;
using namespace std::chrono_literals;

namespace {

/// A steady clock that stands still until it is moved.
class StillClock final : public Clock {
 public:
  Instant now() const noexcept override { return Instant{}; }
  SteadyTime steady() const noexcept override { return at; }
  SteadyTime at{};
};

/// Connections that last as long, and end as, the test says; no pause is really taken.
struct Dialling final : Dialled {
  struct Fate {
    Milliseconds lasts{0};
    Error why{};
  };

  Task<Error> connection() override {
    const Fate fate = fates.at(dialled++);
    clock.at += fate.lasts;
    if (dialled == fates.size()) redial.stop();
    co_return fate.why;
  }
  Milliseconds ended(const Error& why, Milliseconds pause) override {
    reasons.push_back(why.detail);
    pauses.push_back(pause);
    return Milliseconds(0);
  }
  void run() {
    spawn(scope, "redial", redial.run());
    context.run();
  }

  std::vector<Fate> fates{};
  std::size_t dialled = 0;
  std::vector<std::string> reasons{};
  std::vector<Milliseconds> pauses{};
  StillClock clock{};
  boost::asio::io_context context{1};
  Scope scope{context.get_executor()};
  Redial redial{*this, context.get_executor(), clock, 7};
};

const Error kLost{Errc::closed, "cut"};
const Error kRefused{Errc::refused, "wrong token"};

}  // namespace

TEST_CASE("redial: after a loss soon, after a refusal not") {
  Dialling dialling;
  dialling.fates = {{0ms, kLost}, {0ms, kRefused}, {0ms, {Errc::bad_input, "no such host"}}, {0ms, kLost}};
  dialling.run();
  REQUIRE(dialling.pauses.size() == 3);
  CHECK(dialling.pauses[0] <= 500ms);
  CHECK(dialling.pauses[1] >= 30s);
  CHECK(dialling.pauses[2] >= 30s);
  CHECK(dialling.reasons == std::vector<std::string>{"cut", "wrong token", "no such host"});
}

TEST_CASE("redial: a connection that lasted a minute starts the pauses anew") {
  Dialling dialling;
  for (int times = 0; times < 12; ++times) dialling.fates.push_back({0ms, kLost});
  dialling.fates.push_back({2min, kLost});
  dialling.fates.push_back({0ms, kLost});
  dialling.run();
  REQUIRE(dialling.pauses.size() == 13);
  CHECK(*std::ranges::max_element(dialling.pauses.begin(), dialling.pauses.begin() + 12) > 1s);
  CHECK(dialling.pauses.back() <= 500ms);
}

TEST_CASE("redial: once stopped, nothing is dialled, told or waited for") {
  Dialling dialling;
  dialling.fates = {{0ms, kLost}};
  dialling.run();
  CHECK(dialling.dialled == 1);
  CHECK(dialling.pauses.empty());
  CHECK(dialling.scope.running() == 0);
}
