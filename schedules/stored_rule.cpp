#include "schedules/stored_rule.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "bot/base/json.hpp"
#include "schedules/phrases.hpp"

namespace schedules {

namespace {

using boost::json::object;
using boost::json::value;

constexpr std::int64_t kMinutesOfDay = 24 * 60;

// ---- writing --------------------------------------------------------------------------------------------

void write(object& into, const Months& months) {
  into["every"] = months.every;
  into["first"] = months.first;
}

struct Writer {
  object operator()(const EveryDay&) const { return {{"days", "every_day"}}; }
  object operator()(const Weekly& weekly) const {
    return {{"days", "weekly"},
            {"bits", weekly.days},
            {"every", weekly.every},
            {"anchor", weekly.anchor.time_since_epoch().count()}};
  }
  object operator()(const MonthDay& monthly) const {
    object into{{"days", "month_day"}, {"day", monthly.day}};
    write(into, monthly.months);
    return into;
  }
  object operator()(const NthWeekday& monthly) const {
    object into{{"days", "nth_weekday"}, {"nth", monthly.nth}, {"weekday", monthly.weekday}};
    write(into, monthly.months);
    return into;
  }
  object operator()(const Yearly& yearly) const {
    return {{"days", "yearly"},
            {"month", yearly.month},
            {"day", yearly.day},
            {"march_1", yearly.leap_day == LeapDay::march_1}};
  }
  object operator()(const EachWorkday& workday) const { return {{"days", "workday"}, {"nth", workday.nth}}; }
  object operator()(const EachDayOff&) const { return {{"days", "day_off"}}; }
  object operator()(const Lunar& lunar) const {
    return {{"days", "lunar"}, {"month", lunar.month}, {"day", lunar.day}, {"leap", lunar.leap}};
  }
  object operator()(const SolarTerm& term) const { return {{"days", "solar_term"}, {"term", term.term}}; }
  object operator()(const Once& once) const {
    return {{"days", "once"}, {"day", once.day.time_since_epoch().count()}};
  }
  object operator()(const CronDays& cron) const { return {{"days", "cron"}, {"cron", cron.expression}}; }
};

// ---- reading --------------------------------------------------------------------------------------------

/// A number of the object within its range; what is missing or outside makes the whole rule unreadable.
class Reader {
 public:
  explicit Reader(const value& from) : from_(from) {}

  std::int64_t number(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto found = bot::json::integer(bot::json::member(from_, name));
    good_ = good_ && found && *found >= least && *found <= most;
    return good_ ? *found : least;
  }
  int small(std::string_view name, int least, int most) {
    return static_cast<int>(number(name, least, most));
  }
  unsigned count(std::string_view name, unsigned least, unsigned most) {
    return static_cast<unsigned>(number(name, least, most));
  }
  bool flag(std::string_view name) {
    const auto found = bot::json::boolean(bot::json::member(from_, name));
    good_ = good_ && found.has_value();
    return found.value_or(false);
  }
  std::string text(std::string_view name) { return bot::json::text(bot::json::member(from_, name)); }
  Day day(std::string_view name) { return Day{std::chrono::days(number(name, -100'000, 100'000))}; }
  Months months() { return {small("every", 1, 12), small("first", 1, 12)}; }
  void fail() { good_ = false; }
  bool good() const noexcept { return good_; }

 private:
  const value& from_;
  bool good_ = true;
};

Days read_cron(Reader& from) {
  auto rule = parse_cron(from.text("cron"));
  if (rule) return std::move(rule->days);
  from.fail();
  return EveryDay{};
}

Days read_days(Reader& from) {
  const std::string kind = from.text("days");
  if (kind == "every_day") return EveryDay{};
  if (kind == "weekly") {
    return Weekly{static_cast<std::uint8_t>(from.count("bits", 1, 127)), from.small("every", 1, 520),
                  from.day("anchor")};
  }
  if (kind == "month_day") return MonthDay{from.small("day", -31, 31), from.months()};
  if (kind == "nth_weekday") {
    return NthWeekday{from.small("nth", -5, 5), from.count("weekday", 0, 6), from.months()};
  }
  if (kind == "yearly") {
    return Yearly{from.count("month", 1, 12), from.count("day", 1, 31),
                  from.flag("march_1") ? LeapDay::march_1 : LeapDay::february_28};
  }
  if (kind == "workday") return EachWorkday{from.small("nth", -31, 31)};
  if (kind == "day_off") return EachDayOff{};
  if (kind == "lunar") {
    return Lunar{from.small("month", 0, 12), from.small("day", 1, 30), from.flag("leap")};
  }
  if (kind == "solar_term") return SolarTerm{from.small("term", 0, 23)};
  if (kind == "once") return Once{from.day("day")};
  if (kind == "cron") return read_cron(from);
  from.fail();
  return EveryDay{};
}

std::vector<std::chrono::minutes> read_times(Reader& from, const value* list) {
  std::vector<std::chrono::minutes> times;
  const auto* entries = list == nullptr ? nullptr : list->if_array();
  if (entries == nullptr) return times;
  for (const value& entry : *entries) {
    const auto minute = bot::json::integer(&entry);
    if (!minute || *minute < 0 || *minute > kMinutesOfDay) from.fail();
    times.emplace_back(minute.value_or(0));
  }
  if (!std::ranges::is_sorted(times)) from.fail();
  return times;
}

}  // namespace

std::string stored(const Rule& rule) {
  object into = std::visit(Writer{}, rule.days);
  into["offset"] = rule.offset;
  boost::json::array times;
  for (const std::chrono::minutes time : rule.times) times.push_back(time.count());
  into["times"] = std::move(times);
  into["window"] = rule.window.count();
  return boost::json::serialize(into);
}

std::optional<Rule> restored(std::string_view text) {
  const auto parsed = bot::json::parsed(text);
  if (!parsed) return std::nullopt;
  Reader from(*parsed);
  Rule rule;
  rule.days = read_days(from);
  rule.offset = from.small("offset", -366, 366);
  rule.times = read_times(from, bot::json::member(*parsed, "times"));
  rule.window = std::chrono::minutes(from.number("window", 0, kMinutesOfDay));
  return from.good() && !rule.times.empty() ? std::optional(std::move(rule)) : std::nullopt;
}

std::optional<Rule> rule_of(std::string_view when) {
  return when.starts_with('{') ? restored(when) : parse_rule(when);
}

}  // namespace schedules
