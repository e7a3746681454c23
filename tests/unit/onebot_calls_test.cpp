#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <utility>

#include "bot/platforms/onebot/calls.hpp"

using namespace bot;
using namespace bot::onebot;

namespace {

Response answer_to(std::string echo) {
  Response response;
  response.echo = std::move(echo);
  response.ok = true;
  return response;
}

/// A loop with a table of calls; at the end nothing may be left waiting.
struct Table {
  boost::asio::io_context context{1};
  Calls calls{context.get_executor()};
  Scope scope{context.get_executor()};

  ~Table() {
    context.run();
    CHECK(scope.running() == 0);
    CHECK(calls.pending() == 0);
  }
  void ask(const std::string& echo, std::optional<Answer>& answer,
           Milliseconds limit = std::chrono::seconds(30)) {
    calls.open(echo);
    spawn(scope, echo, wait(echo, limit, &answer));
  }
  Task<void> wait(std::string echo, Milliseconds limit, std::optional<Answer>* answer) {
    Answer got = co_await calls.answer(std::move(echo), limit);
    *answer = std::move(got);
  }
  void run() {
    context.restart();
    context.poll();
  }
};

template <class T>
bool is(const std::optional<Answer>& answer) {
  return answer && std::holds_alternative<T>(*answer);
}

}  // namespace

TEST_CASE_FIXTURE(Table, "answers find their calls in any order") {
  std::optional<Answer> first;
  std::optional<Answer> second;
  ask("a", first);
  ask("b", second);
  run();
  CHECK(calls.started("a"));
  CHECK(calls.started("b"));
  CHECK(calls.settle(answer_to("b")));
  run();
  CHECK(is<Response>(second));
  CHECK_FALSE(first);
  CHECK(calls.settle(answer_to("a")));
  run();
  CHECK(is<Response>(first));
}

TEST_CASE_FIXTURE(Table, "an answer that comes before anybody waits is kept") {
  std::optional<Answer> answer;
  ask("a", answer);
  CHECK(calls.started("a"));
  CHECK(calls.settle(answer_to("a")));
  run();
  CHECK(is<Response>(answer));
}

TEST_CASE_FIXTURE(Table, "strange, empty, repeated and late answers are counted and dropped") {
  std::optional<Answer> answer;
  ask("a", answer);
  CHECK_FALSE(calls.settle(answer_to("a")));  // not even written yet
  CHECK(calls.started("a"));
  CHECK_FALSE(calls.settle(answer_to("")));
  CHECK_FALSE(calls.settle(answer_to("x")));
  CHECK(calls.settle(answer_to("a")));
  CHECK_FALSE(calls.settle(answer_to("a")));
  run();
  CHECK_FALSE(calls.settle(answer_to("a")));
  CHECK(calls.stray() == 5);
}

TEST_CASE_FIXTURE(Table, "when time is up, only what was written is unknown") {
  std::optional<Answer> written;
  std::optional<Answer> waiting;
  ask("a", written, Milliseconds(1));
  ask("b", waiting, Milliseconds(1));
  CHECK(calls.started("a"));
  context.run();
  CHECK(is<Unknown>(written));
  CHECK(is<NotSent>(waiting));
  CHECK_FALSE(calls.started("b"));
}

TEST_CASE_FIXTURE(Table, "when the connection goes, every call ends at once") {
  std::optional<Answer> written;
  std::optional<Answer> waiting;
  std::optional<Answer> answered;
  ask("a", written);
  ask("b", waiting);
  ask("c", answered);
  calls.started("a");
  calls.started("c");
  calls.settle(answer_to("c"));
  calls.lose("gone");
  run();
  CHECK(is<Unknown>(written));
  CHECK(is<NotSent>(waiting));
  CHECK(is<Response>(answered));
  CHECK(std::get<Unknown>(*written).reason == "gone");
}
