#include "bot/net/backoff.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

using bot::Backoff;
using bot::Milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr std::uint64_t kSeeds = 200;

}  // namespace

TEST_CASE("the first attempt after a drop comes within half a second") {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Backoff backoff(seed);
    CHECK(backoff.after_loss(minutes(10)) <= Milliseconds(500));
  }
}

TEST_CASE("failed attempts wait longer and longer, up to 30 s, and never in step") {
  Milliseconds longest{0};
  Milliseconds shortest = seconds(30);
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Backoff backoff(seed);
    for (int attempt = 0; attempt < 6; ++attempt) {
      CHECK(backoff.after_loss(Milliseconds(0)) <= Milliseconds(500 << attempt));
    }
    for (int attempt = 0; attempt < 100; ++attempt) backoff.after_loss(Milliseconds(0));
    const Milliseconds late = backoff.after_loss(Milliseconds(0));
    CHECK(late >= Milliseconds(0));
    CHECK(late <= seconds(30));
    longest = std::max(longest, late);
    shortest = std::min(shortest, late);
  }
  CHECK(longest > seconds(25));
  CHECK(shortest < seconds(5));
}

TEST_CASE("a minute of stability is forgiven, a shorter connection is not") {
  Milliseconds after_short{0};
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Backoff backoff(seed);
    for (int attempt = 0; attempt < 20; ++attempt)
      after_short = std::max(after_short, backoff.after_loss(seconds(59)));
    CHECK(backoff.after_loss(seconds(60)) <= Milliseconds(500));
  }
  CHECK(after_short > seconds(25));
}

TEST_CASE("a refused token is not asked for again soon") {
  Milliseconds longest{0};
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Backoff backoff(seed);
    for (int attempt = 0; attempt < 30; ++attempt) {
      const Milliseconds pause = backoff.after_refusal();
      CHECK(pause >= seconds(30));
      CHECK(pause <= minutes(5));
      longest = std::max(longest, pause);
    }
  }
  CHECK(longest > minutes(4));
}

TEST_CASE("after a stable connection a refusal counts as the first") {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Backoff backoff(seed);
    for (int attempt = 0; attempt < 30; ++attempt) backoff.after_refusal();
    backoff.after_loss(minutes(2));
    CHECK(backoff.after_refusal() <= minutes(1));
  }
}

TEST_CASE("the same seed gives the same pauses") {
  Backoff left(7);
  Backoff right(7);
  for (int attempt = 0; attempt < 20; ++attempt) {
    CHECK(left.after_loss(Milliseconds(0)) == right.after_loss(Milliseconds(0)));
  }
}
