#include "schedules/rule_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

#include "bot/base/zone.hpp"
#include "schedules/solar_terms.hpp"

namespace schedules {

using bot::Values;
using std::chrono::minutes;

namespace {

constexpr std::array<const char*, 7> kWeekdays{
    "schedule.rule_sunday",   "schedule.rule_monday", "schedule.rule_tuesday", "schedule.rule_wednesday",
    "schedule.rule_thursday", "schedule.rule_friday", "schedule.rule_saturday"};
constexpr std::array<const char*, 12> kMonths{
    "schedule.rule_january",   "schedule.rule_february", "schedule.rule_march",    "schedule.rule_april",
    "schedule.rule_may",       "schedule.rule_june",     "schedule.rule_july",     "schedule.rule_august",
    "schedule.rule_september", "schedule.rule_october",  "schedule.rule_november", "schedule.rule_december"};
constexpr std::array<const char*, 5> kOrdinals{"schedule.rule_first", "schedule.rule_second",
                                               "schedule.rule_third", "schedule.rule_fourth",
                                               "schedule.rule_fifth"};
constexpr std::array<const char*, 12> kLunarMonths{
    "schedule.rule_lunar_month_1",  "schedule.rule_lunar_month_2",  "schedule.rule_lunar_month_3",
    "schedule.rule_lunar_month_4",  "schedule.rule_lunar_month_5",  "schedule.rule_lunar_month_6",
    "schedule.rule_lunar_month_7",  "schedule.rule_lunar_month_8",  "schedule.rule_lunar_month_9",
    "schedule.rule_lunar_month_10", "schedule.rule_lunar_month_11", "schedule.rule_lunar_month_12"};
constexpr std::array<const char*, 30> kLunarDays{
    "schedule.rule_lunar_day_1",  "schedule.rule_lunar_day_2",  "schedule.rule_lunar_day_3",
    "schedule.rule_lunar_day_4",  "schedule.rule_lunar_day_5",  "schedule.rule_lunar_day_6",
    "schedule.rule_lunar_day_7",  "schedule.rule_lunar_day_8",  "schedule.rule_lunar_day_9",
    "schedule.rule_lunar_day_10", "schedule.rule_lunar_day_11", "schedule.rule_lunar_day_12",
    "schedule.rule_lunar_day_13", "schedule.rule_lunar_day_14", "schedule.rule_lunar_day_15",
    "schedule.rule_lunar_day_16", "schedule.rule_lunar_day_17", "schedule.rule_lunar_day_18",
    "schedule.rule_lunar_day_19", "schedule.rule_lunar_day_20", "schedule.rule_lunar_day_21",
    "schedule.rule_lunar_day_22", "schedule.rule_lunar_day_23", "schedule.rule_lunar_day_24",
    "schedule.rule_lunar_day_25", "schedule.rule_lunar_day_26", "schedule.rule_lunar_day_27",
    "schedule.rule_lunar_day_28", "schedule.rule_lunar_day_29", "schedule.rule_lunar_day_30"};
constexpr std::array<const char*, kSolarTerms> kTerms{
    "schedule.rule_xiaohan", "schedule.rule_dahan",   "schedule.rule_lichun",    "schedule.rule_yushui",
    "schedule.rule_jingzhe", "schedule.rule_chunfen", "schedule.rule_qingming",  "schedule.rule_guyu",
    "schedule.rule_lixia",   "schedule.rule_xiaoman", "schedule.rule_mangzhong", "schedule.rule_xiazhi",
    "schedule.rule_xiaoshu", "schedule.rule_dashu",   "schedule.rule_liqiu",     "schedule.rule_chushu",
    "schedule.rule_bailu",   "schedule.rule_qiufen",  "schedule.rule_hanlu",     "schedule.rule_shuangjiang",
    "schedule.rule_lidong",  "schedule.rule_xiaoxue", "schedule.rule_daxue",     "schedule.rule_dongzhi"};

/// "08:00"; a span that runs into the next day ends by its clock.
std::string clock(minutes time) {
  if (time > std::chrono::hours(24)) time %= std::chrono::hours(24);
  return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
}

std::string number(int value) {
  return std::to_string(value);
}

class RuleWriter {
 public:
  RuleWriter(const Rule& rule, const Wording& worded) : rule_(rule), worded_(worded) {}

  std::string written() const {
    return std::visit([this](const auto& days) { return whole(days); }, rule_.days);
  }
  std::string written_days() const {
    return std::visit(
        [this](const auto& rule) {
          if constexpr (requires { days(rule); }) return days(rule);
          return whole(rule);
        },
        rule_.days);
  }

 private:
  std::string whole(const CronDays& rule) const {
    return worded_("schedule.rule_cron", {{"expression", rule.expression}});
  }
  std::string whole(const Once& rule) const {
    const bot::LocalTime day = rule.day + std::chrono::days(rule_.offset);
    return worded_(
        "schedule.rule_once",
        {{"date", bot::iso_date(day)}, {"weekday", weekday(bot::weekday_of(day))}, {"times", times()}});
  }
  template <class OtherDays>
  std::string whole(const OtherDays& rule) const {
    return worded_("schedule.rule_at", {{"days", days(rule)}, {"times", times()}});
  }

  std::string days(const EveryDay&) const { return worded_("schedule.rule_every_day", {}); }
  std::string days(const EachDayOff&) const { return shifted(worded_("schedule.rule_every_day_off", {})); }
  std::string days(const Weekly& rule) const { return shifted(weeks(rule)); }
  std::string days(const MonthDay& rule) const {
    if (rule == MonthDay{1, {3, 1}}) return in_quarters(worded_("schedule.rule_first_day", {}));
    if (rule == MonthDay{-1, {3, 3}}) return in_quarters(worded_("schedule.rule_last_day", {}));
    return in_months(rule.months, month_day(rule.day));
  }
  std::string days(const NthWeekday& rule) const {
    const Values values{{"nth", ordinal(rule.nth)}, {"weekday", weekday(rule.weekday)}};
    return in_months(rule.months, worded_("schedule.rule_nth_weekday", values));
  }
  std::string days(const Yearly& rule) const { return in_years(date(rule)); }
  std::string days(const EachWorkday& rule) const {
    if (rule.nth == 0) return shifted(worded_("schedule.rule_every_workday", {}));
    return in_months({}, nth_workday(rule.nth));
  }
  std::string days(const Lunar& rule) const {
    const std::string day = named(kLunarDays, rule.day - 1);
    if (rule.month == 0) return in_months({}, worded_("schedule.rule_lunar_day", {{"day", day}}));
    const Values values{{"month", named(kLunarMonths, rule.month - 1)}, {"day", day}};
    return in_years(rule.leap ? worded_("schedule.rule_lunar_leap_date", values)
                              : worded_("schedule.rule_lunar_date", values));
  }
  std::string days(const SolarTerm& rule) const {
    return in_years(worded_("schedule.rule_term", {{"term", named(kTerms, rule.term)}}));
  }

  std::string weeks(const Weekly& rule) const {
    std::vector<std::string> names;
    for (const unsigned day : {1U, 2U, 3U, 4U, 5U, 6U, 0U}) {
      if ((rule.days >> day & 1U) != 0) names.push_back(weekday(day));
    }
    const Values values{{"weekdays", list(names)}, {"count", number(rule.every)}};
    if (rule.every <= 1) return worded_("schedule.rule_weekly", values);
    if (rule.every == 2) return worded_("schedule.rule_every_second_week", values);
    if (rule.every == 3) return worded_("schedule.rule_every_third_week", values);
    return worded_("schedule.rule_every_weeks", values);
  }

  std::string month_day(int day) const {
    if (day == -1) return worded_("schedule.rule_last_day", {});
    return day > 0 ? worded_("schedule.rule_day", {{"day", number(day)}})
                   : worded_("schedule.rule_day_from_end", {{"day", number(-day)}});
  }
  std::string nth_workday(int nth) const {
    if (nth > static_cast<int>(kOrdinals.size())) {
      return worded_("schedule.rule_workday_number", {{"nth", number(nth)}});
    }
    return worded_("schedule.rule_nth_workday", {{"nth", ordinal(nth)}});
  }
  std::string ordinal(int nth) const {
    return nth == -1 ? worded_("schedule.rule_last", {}) : named(kOrdinals, nth - 1);
  }
  std::string weekday(unsigned day) const { return named(kWeekdays, static_cast<int>(day)); }

  std::string date(const Yearly& rule) const {
    const std::string month = named(kMonths, static_cast<int>(rule.month) - 1);
    const Values values{{"month", month}, {"day", number(static_cast<int>(rule.day))}};
    if (rule.month != 2 || rule.day != 29) return worded_("schedule.rule_date", values);
    return rule.leap_day == LeapDay::february_28 ? worded_("schedule.rule_leap_day_february_28", {})
                                                 : worded_("schedule.rule_leap_day_march_1", {});
  }

  std::string in_years(const std::string& day) const {
    return worded_("schedule.rule_yearly", {{"day", on(day)}});
  }
  std::string in_quarters(const std::string& day) const {
    return worded_("schedule.rule_quarterly", {{"day", on(day)}});
  }
  std::string in_months(const Months& months, const std::string& day) const {
    if (months == Months{}) return worded_("schedule.rule_monthly", {{"day", on(day)}});
    std::vector<std::string> names;
    for (int month = months.first; month <= 12; month += std::max(months.every, 1)) {
      names.push_back(named(kMonths, month - 1));
    }
    return worded_("schedule.rule_in_months", {{"day", on(day)}, {"months", list(names)}});
  }

  std::string on(const std::string& day) const {
    return rule_.offset == 0 ? worded_("schedule.rule_on", {{"day", day}}) : shifted(day);
  }
  std::string shifted(const std::string& day) const {
    const Values values{{"day", day}, {"count", number(std::abs(rule_.offset))}};
    if (rule_.offset == -1) return worded_("schedule.rule_day_before", values);
    if (rule_.offset == 1) return worded_("schedule.rule_day_after", values);
    if (rule_.offset < 0) return worded_("schedule.rule_days_before", values);
    return rule_.offset > 0 ? worded_("schedule.rule_days_after", values) : day;
  }

  std::string times() const {
    std::vector<std::string> words;
    for (const minutes time : rule_.times) words.push_back(time_or_span(time));
    return rule_.window == minutes(0) ? list(words)
                                      : worded_("schedule.rule_between", {{"spans", list(words)}});
  }
  std::string time_or_span(minutes time) const {
    if (rule_.window == minutes(0)) return clock(time);
    return worded_("schedule.rule_span", {{"from", clock(time)}, {"until", clock(time + rule_.window)}});
  }

  std::string named(std::span<const char* const> keys, int index) const {
    const auto place = static_cast<std::size_t>(index);
    return index >= 0 && place < keys.size() ? worded_(keys[place], {}) : number(index + 1);
  }
  std::string list(const std::vector<std::string>& words) const {
    std::vector<Values> items;
    for (const std::string& word : words) {
      items.push_back({{"item", word}, {"more", items.size() + 1 < words.size()}});
    }
    return worded_("schedule.rule_list", {{"items", std::move(items)}});
  }

  const Rule& rule_;
  const Wording& worded_;
};

}  // namespace

std::string rule_words(const Rule& rule, const Wording& worded) {
  return RuleWriter(rule, worded).written();
}

std::string day_words(const Days& days, const Wording& worded) {
  const Rule rule{days, 0, {minutes(0)}, {}};
  return RuleWriter(rule, worded).written_days();
}

}  // namespace schedules
