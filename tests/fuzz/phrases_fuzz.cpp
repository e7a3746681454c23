/// Whatever is typed, reading it as a time never fails; what is understood lies within a day, and what
/// remains of a sentence is a piece of it.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "schedules/phrases.hpp"

using namespace schedules;

namespace {

constexpr bot::LocalTime kNow{std::chrono::hours(24 * 20780 + 10)};

void check(const Rule& rule) {
  const auto in_a_day = [](std::chrono::minutes time) {
    return time >= std::chrono::minutes(0) && time <= std::chrono::hours(24);
  };
  const bool good = !rule.times.empty() && std::ranges::all_of(rule.times, in_a_day) &&
                    std::ranges::is_sorted(rule.times) && rule.window >= std::chrono::minutes(0);
  if (!good) std::abort();
}

void check(const Phrase& phrase) {
  if (!phrase.when) return;
  if (const Rule* rule = std::get_if<Rule>(&phrase.when->what)) check(*rule);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(parse_when(text, kNow));
  if (const auto rule = parse_rule(text)) check(*rule);
  parse_moment(text, kNow);
  parse_until(text, kNow);
  const Timed timed = split_time(text, kNow);
  check(timed.phrase);
  if (text.find(timed.rest) == std::string_view::npos) std::abort();
  return 0;
}
