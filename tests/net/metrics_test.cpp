/// Metrics over a real socket, read as Prometheus reads them.
#include "bot/metrics.hpp"

#include <doctest/doctest.h>

#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include "bot/base/instant.hpp"
#include "tests/support/http_get.hpp"

using namespace bot;
using support::http_get;

namespace {

class FixedClock final : public Clock {
 public:
  Instant now() const noexcept override { return Instant(std::chrono::seconds(1'000'000)); }
  SteadyTime steady() const noexcept override { return SteadyTime(std::chrono::seconds(1)); }
};

/// What a scrape holds: series → value, name → type, name → help.
struct Scrape {
  explicit Scrape(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string mark, keyword, name;
      if (!line.starts_with('#')) {
        const std::size_t space = line.rfind(' ');
        values[line.substr(0, space)] = line.substr(space + 1);
      } else if (words >> mark >> keyword >> name) {
        std::string rest;
        std::getline(words >> std::ws, rest);
        (keyword == "TYPE" ? types : helps)[name] = rest;
      }
    }
  }
  double value(const std::string& series) const {
    const auto found = values.find(series);
    REQUIRE_MESSAGE(found != values.end(), series);
    return std::stod(found->second);
  }

  std::map<std::string, std::string> values{};
  std::map<std::string, std::string> types{};
  std::map<std::string, std::string> helps{};
};

struct Shown {
  Scrape scrape() const { return Scrape(http_get(metrics.port(), "/metrics")); }

  FixedClock clock;
  Metrics metrics{0, clock};
};

Figures some_figures() {
  Figures figures;
  figures.events = 12;
  figures.commands = 5;
  figures.failed = 1;
  figures.messages.counted("planned", "qq", 4);
  figures.messages.counted("sent", "qq", 3);
  figures.messages.counted("unknown", "qq");
  figures.accounts_up = {{"qq", true}, {"second", false}};
  figures.waiting = 7;
  figures.in_flight = 2;
  figures.oldest_unknown = Instant(std::chrono::seconds(1'000'000 - 90));
  figures.pushes_held = true;
  figures.database_bytes = 4096;
  figures.inbox_waiting = 6;
  figures.inbox_refused = 8;
  figures.last_commit = Instant(std::chrono::milliseconds(999'999'500));
  return figures;
}

}  // namespace

TEST_CASE_FIXTURE(Shown, "metrics: every figure, with its help and its type") {
  metrics.publish(some_figures());
  const Scrape shown = scrape();
  CHECK(shown.value("xueban_events_heard_total") == 12);
  CHECK(shown.value("xueban_commands_total") == 5);
  CHECK(shown.value("xueban_turns_failed_total") == 1);
  CHECK(shown.value("xueban_messages_total{account=\"qq\",verdict=\"planned\"}") == 4);
  CHECK(shown.value("xueban_messages_total{account=\"qq\",verdict=\"sent\"}") == 3);
  CHECK(shown.value("xueban_messages_total{account=\"qq\",verdict=\"unknown\"}") == 1);
  CHECK(shown.value("xueban_account_up{account=\"qq\"}") == 1);
  CHECK(shown.value("xueban_account_up{account=\"second\"}") == 0);
  CHECK(shown.value("xueban_outbox_waiting") == 7);
  CHECK(shown.value("xueban_outbox_in_flight") == 2);
  CHECK(shown.value("xueban_outbox_oldest_unknown_age_seconds") == 90);
  CHECK(shown.value("xueban_pushes_held") == 1);
  CHECK(shown.value("xueban_database_bytes") == 4096);
  CHECK(shown.value("xueban_inbox_waiting") == 6);
  CHECK(shown.value("xueban_inbox_refused_total") == 8);
  CHECK(shown.value("xueban_last_commit_timestamp_seconds") == doctest::Approx(999'999.5));
  CHECK(shown.value("xueban_resident_memory_bytes") > 1'000'000);
}

TEST_CASE_FIXTURE(Shown, "metrics: names, helps and types follow the conventions") {
  metrics.publish(some_figures());
  const Scrape shown = scrape();
  for (const auto& [series, value] : shown.values) {
    if (!series.starts_with("xueban_")) continue;  // the library's own
    const std::string name = series.substr(0, series.find('{'));
    CAPTURE(name);
    CHECK(!shown.helps.at(name).empty());
    CHECK(shown.types.at(name) == (name.ends_with("_total") ? "counter" : "gauge"));
  }
}

TEST_CASE_FIXTURE(Shown, "metrics: verdicts are there before they count, and nothing is before a start") {
  CHECK(scrape().value("xueban_events_heard_total") == 0);
  CHECK_FALSE(scrape().values.contains("xueban_last_commit_timestamp_seconds"));
  CHECK(scrape().value("xueban_outbox_oldest_unknown_age_seconds") == 0);
  metrics.publish(some_figures());
  for (const char* verdict : {"planned", "sent", "refused", "unknown", "unresolved", "missed"}) {
    CHECK(scrape().value("xueban_messages_total{account=\"second\",verdict=\"" + std::string(verdict) +
                         "\"}") == 0);
  }
}

TEST_CASE_FIXTURE(Shown, "metrics: only this machine is answered, and nothing but the metrics") {
  CHECK(http_get(metrics.port(), "/") == "404");
  CHECK(http_get(metrics.port(), "/../etc/passwd") != "");
  CHECK(http_get(metrics.port(), "/metrics", "127.0.0.2") == "no connection");
}

TEST_CASE_FIXTURE(Shown, "metrics: a port that is taken is named in one sentence") {
  std::string sentence;
  try {
    const Metrics second(metrics.port(), clock);
  } catch (const std::runtime_error& failure) {
    sentence = failure.what();
  }
  CHECK(sentence.starts_with("the metrics cannot be shown on 127.0.0.1:" + std::to_string(metrics.port())));
  CHECK(sentence.find('\n') == std::string::npos);
}
