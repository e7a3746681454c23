#include "handlers/records.hpp"

#include <array>
#include <string_view>

#include "bot/desk/turn.hpp"

namespace handlers {

namespace {

using bot::Occurred;
using bot::Reply;
using bot::Turn;
using bot::Values;

constexpr std::size_t kListed = 9;
constexpr std::size_t kSearched = 100;

struct Word {
  std::string_view name;
  const char* key;
};
constexpr std::array<Word, 10> kStates{{{"sent", "record.sent"},
                                        {"planned", "record.waiting"},
                                        {"sending", "record.under_way"},
                                        {"held", "record.held"},
                                        {"skipped", "record.skipped"},
                                        {"unknown", "record.unknown"},
                                        {"unresolved", "record.unresolved"},
                                        {"sent again", "record.sent_again"},
                                        {"refused", "record.refused"},
                                        {"missed", "record.missed"}}};
constexpr std::array<Word, 11> kReasons{{{"downtime", "record.reason_downtime"},
                                         {"clock", "record.reason_clock"},
                                         {"overtaken", "record.reason_overtaken"},
                                         {"solemn", "record.reason_solemn"},
                                         {"too late", "record.reason_too_late"},
                                         {"chat refuses", "record.reason_chat_refuses"},
                                         {"account paused", "record.reason_account_paused"},
                                         {"withdrawn", "record.reason_withdrawn"},
                                         {"restored", "record.reason_restored"},
                                         {"error", "record.reason_error"},
                                         {"no such occasion", "record.reason_no_feature"}}};

template <std::size_t count>
std::string worded(Turn& turn, const std::array<Word, count>& words, const std::string& name) {
  for (const Word& word : words) {
    if (word.name == name) return turn.worded(word.key);
  }
  return name;  // what a platform gave as its reason
}

bool went_out(const Occurred& occurred) {
  return occurred.state == "sent" || occurred.state == "skipped" || occurred.state == "held";
}

/// "T3", or the column's name.
std::string name_of(Turn& turn, const Occurred& occurred) {
  const std::size_t colon = occurred.schedule.find(':');
  if (colon == std::string::npos) return occurred.schedule;
  const std::string subject = occurred.schedule.substr(colon + 1);
  const bot::Column* column = turn.content().library.column(subject);
  return column == nullptr ? subject : column->name;
}

Values line_of(Turn& turn, const Occurred& occurred) {
  const bool explained = !occurred.reason.empty() && !went_out(occurred);
  return {{"moment", turn.moment(occurred.due)},
          {"what", name_of(turn, occurred)},
          {"state", worded(turn, kStates, occurred.state)},
          {"explained", explained},
          {"reason", explained ? worded(turn, kReasons, occurred.reason) : std::string()}};
}

/// The features' own jobs have no subject and mostly nothing to say.
bool is_job(const Occurred& occurred) {
  return occurred.schedule.ends_with(':') && occurred.state == "skipped";
}

Reply list(Turn& turn) {
  std::vector<Values> lines;
  for (const Occurred& occurred : turn.agenda().occurred(turn.db(), turn.where(), 0, kSearched)) {
    if (is_job(occurred)) continue;
    lines.push_back(line_of(turn, occurred));
    if (lines.size() == kListed) break;
  }
  if (lines.empty()) return Reply::say("record.none");
  return Reply::say("record.list", Values().set("lines", std::move(lines)));
}

Reply why(Turn& turn) {
  const bool named = turn.object() && turn.object()->letter == 'T';
  const std::int64_t number = named ? turn.object()->number : 0;
  for (const Occurred& occurred : turn.agenda().occurred(turn.db(), turn.where(), number, kSearched)) {
    if (!went_out(occurred)) return Reply::say("record.why", line_of(turn, occurred));
  }
  if (const auto quiet = turn.courtesy().quiet.until(turn.where(), turn.now()))
    return Reply::say("record.quiet", {{"until", turn.moment(*quiet)}});
  return Reply::say("record.all_sent");
}

}  // namespace

void records(bot::Registry& registry) {
  registry.command({.name = "record.list", .needs = bot::Role::manager, .run = list});
  registry.command({.name = "record.why", .needs = bot::Role::manager, .run = why});
}

}  // namespace handlers
