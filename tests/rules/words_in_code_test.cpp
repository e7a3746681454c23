/// What must not be written in C++: the system's clock, sentences, notes to oneself, headers without a guard.
#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rules/source.hpp"

using rules::Finding;
using rules::Findings;
using rules::Literal;
using rules::Source;

namespace {

struct ClockRule {
  std::vector<std::string> words;
  std::vector<std::string> except;
  std::string what;
};

const std::vector<ClockRule> kClockRules = {
    {{"steady_clock::now"},
     {"bot/base/instant.cpp", "tests/bench/", "tests/support/"},
     "time comes from the Clock"},
    {{"system_clock::now", "high_resolution_clock::now", "utc_clock::now", "time(nullptr)", "time(NULL)",
      "time(0)", "gettimeofday", "clock_gettime"},
     {"bot/base/instant.cpp", "tests/support/shifted_clock.cpp"},
     "time comes from the Clock"},
    {{"this_thread::sleep_for", "this_thread::sleep_until", "usleep", "nanosleep"},
     {"bot/base/instant.cpp"},
     "nothing sleeps"},
};

Findings check_clock(const Source& source) {
  Findings findings;
  for (const ClockRule& rule : kClockRules) {
    if (rules::starts_with_any(source.path, rule.except)) continue;
    std::ranges::move(rules::find_words(source, source.code, rule.words, rule.what),
                      std::back_inserter(findings));
  }
  return findings;
}

/// Files whose literals are grammar, not sentences.
const std::vector<std::string> kGrammar = {"schedules/phrase", "bot/desk/reading.cpp", "bot/people/roster",
                                           "bot/texts/tokens.cpp"};

/// Ideographs, and the punctuation and wide forms that come with them, by the first bytes of their UTF-8:
/// U+3000–9FFF, U+F900–FAFF, U+FF00–FFEF and U+20000 upwards.
bool has_chinese(std::string_view text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const auto second = static_cast<unsigned char>(text[at + 1]);
    if (first >= 0xe3 && first <= 0xe9) return true;
    if (first == 0xef && ((second >= 0xa4 && second <= 0xab) || second >= 0xbc)) return true;
    if (first == 0xf0 && second >= 0xa0) return true;
  }
  return false;
}

Findings check_sentences(const Source& source) {
  if (source.path.starts_with("tests/") || rules::starts_with_any(source.path, kGrammar)) return {};
  Findings findings;
  for (const Literal& literal : source.literals) {
    if (!has_chinese(literal.text)) continue;
    findings.push_back({source.path, literal.line, "\"" + literal.text + "\" belongs in content/words"});
  }
  return findings;
}

Findings check_notes(const Source& source) {
  // Written in two halves, so that this file does not break its own rule.
  static const std::vector<std::string> notes = {
      "TO"
      "DO",
      "FIX"
      "ME",
      "X"
      "XX"};
  return rules::find_words(source, source.text, notes, "do it, or write an issue");
}

Findings check_pragma(const Source& source) {
  if (!rules::is_header(source)) return {};
  const std::size_t begin = source.code.find_first_not_of(" \n\t");
  if (begin != std::string::npos && source.code.compare(begin, 12, "#pragma once") == 0) return {};
  return {Finding{source.path, 1, "a header begins with #pragma once"}};
}

constexpr int kLongestFile = 500;

Findings check_length(const Source& source) {
  const int lines = source.line_at(source.text.size()) - (source.text.ends_with('\n') ? 1 : 0);
  if (lines <= kLongestFile || source.path.starts_with("tests/")) return {};
  return {Finding{source.path, lines, std::to_string(lines) + " lines; what is this file's second thing?"}};
}

std::size_t found(Findings (*check)(const Source&), const std::string& path, const std::string& text) {
  return check(rules::read_text(path, text)).size();
}

}  // namespace

TEST_CASE("the clock rule tells right from wrong") {
  CHECK(found(check_clock, "bot/desk/desk.cpp", "auto t = std::chrono::system_clock::now();") == 1);
  CHECK(found(check_clock, "handlers/a.cpp", "std::time(nullptr); time(NULL);") == 2);
  CHECK(found(check_clock, "bot/net/a.cpp", "std::this_thread::sleep_for(1s);") == 1);
  CHECK(found(check_clock, "bot/net/a.cpp", "gettimeofday(&t, nullptr); clock_gettime(c, &t);") == 2);
  CHECK(found(check_clock, "tests/talk/a_test.cpp", "steady_clock::now()") == 1);
  CHECK(found(check_clock, "tests/support/world.cpp", "steady_clock::now()") == 0);
  CHECK(found(check_clock, "tests/support/world.cpp", "system_clock::now()") == 1);
  CHECK(found(check_clock, "bot/base/instant.cpp", "system_clock::now()") == 0);
  CHECK(found(check_clock, "bot/net/a.cpp",
              "// system_clock::now()\nlocal_time(zone); uptime(0); co_await sleep_for(clock, delay);") == 0);
}

TEST_CASE("the sentence rule tells right from wrong") {
  CHECK(found(check_sentences, "handlers/a.cpp", "say(\"你好\");") == 1);
  CHECK(found(check_sentences, "handlers/a.cpp", "join(\"，\");") == 1);
  CHECK(found(check_sentences, "bot/base/utf8.cpp", "say(\"caf\u00e9 — …\");") == 0);
  CHECK(found(check_sentences, "handlers/a.cpp", "say(R\"(你好)\");") == 1);
  CHECK(found(check_sentences, "handlers/a.cpp", "say(\"greeting.hello\");  // 你好") == 0);
  CHECK(found(check_sentences, "schedules/phrases.cpp", "word(\"每天\");") == 0);
  CHECK(found(check_sentences, "tests/talk/a_test.cpp", "says(\"你好\");") == 0);
}

TEST_CASE("the rules about notes, guards and length tell right from wrong") {
  const std::string note = std::string("// TO") + "DO later\n";
  CHECK(found(check_notes, "bot/a.cpp", note) == 1);
  CHECK(found(check_notes, "bot/a.cpp", "std::string todo; // TODOS\n") == 0);
  CHECK(found(check_pragma, "bot/a.hpp", "#include <vector>\n#pragma once\n") == 1);
  CHECK(found(check_pragma, "bot/a.hpp", "") == 1);
  CHECK(found(check_pragma, "bot/a.hpp", "/// What it is.\n#pragma once\n") == 0);
  CHECK(found(check_pragma, "bot/a.cpp", "#include <vector>\n") == 0);
  CHECK(found(check_length, "bot/a.cpp", std::string(500, '\n')) == 0);
  CHECK(found(check_length, "bot/a.cpp", std::string(501, '\n')) == 1);
}

TEST_CASE("only the clock asks the system for the time, and nothing sleeps") {
  rules::report_all(check_clock);
}

TEST_CASE("no sentence in C++") {
  rules::report_all(check_sentences);
}

TEST_CASE("no notes to oneself") {
  rules::report_all(check_notes);
}

TEST_CASE("every header begins with its guard") {
  rules::report_all(check_pragma);
}

TEST_CASE("no file is longer than 500 lines") {
  rules::report_all(check_length);
}
