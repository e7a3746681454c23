#include "bot/desk/read_back.hpp"

#include <algorithm>

namespace bot {

namespace {

/// Platforms count whole seconds, by their own clock.
constexpr auto kClockTolerance = std::chrono::seconds(60);

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::string without_spaces(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  std::ranges::copy_if(text, std::back_inserter(kept), [](char c) { return !is_space(c); });
  return kept;
}

}  // namespace

bool is_same_text(std::string_view sent, std::string_view shown) {
  return without_spaces(sent) == without_spaces(shown);
}

Instant earliest_shown(Instant started) {
  return started - kClockTolerance;
}

Finding look_for(const Sought& sought, const HistoryRead& history,
                 const std::function<bool(const std::string&)>& is_taken) {
  bool older = false;
  bool newer = false;
  for (const PastMessage& past : history.messages) {
    older = older || past.at < earliest_shown(sought.started);
    newer = newer || past.at > sought.started + sought.settle;
    const bool in_time = past.at >= earliest_shown(sought.started);
    if (!past.own || !in_time || !is_same_text(sought.text, past.posted.message.plain())) continue;
    if (!is_taken(past.posted.id)) return {Trace::found, past.posted.id};
  }
  return {older && newer ? Trace::absent : Trace::unclear, {}};
}

}  // namespace bot
