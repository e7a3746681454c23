#include "bot/people/roster_date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "bot/base/utf8.hpp"
#include "bot/texts/tokens.hpp"

namespace bot {

namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;
/// February 29 is a birthday.
constexpr std::chrono::year kLeapYear{2000};
constexpr std::array<std::string_view, 3> kLunar = {"农历", "阴历", "旧历"};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// Excel writes a day as "2021/9/1 0:00" when its cell holds a time as well.
std::string_view without_time(std::string_view text) {
  const std::size_t gap = text.find(' ');
  if (gap == std::string_view::npos) return text;
  const std::string_view time = utf8::trimmed(text.substr(gap));
  const bool is_time = time.find(':') != std::string_view::npos &&
                       time.find_first_not_of("0123456789:") == std::string_view::npos;
  return is_time ? text.substr(0, gap) : text;
}

/// "1990年3月5日" as "1990-3-5". A dot counts between three numbers only: Excel makes 3.1 of 3.10.
std::string with_hyphens(std::string_view text) {
  std::string form = utf8::folded(utf8::trimmed(text));
  form = without_time(form);
  for (const std::string_view word : {"年", "月", "/"}) replace_all(form, word, "-");
  for (const std::string_view word : {"日", "号"}) {
    if (form.ends_with(word)) form.erase(form.size() - word.size());
  }
  if (std::ranges::count(form, '.') == 2) replace_all(form, ".", "-");
  if (form.size() == 8 && utf8::is_digits(form)) form.insert(6, 1, '-').insert(4, 1, '-');
  return form;
}

struct Numbers {
  std::vector<unsigned> values{};
  std::size_t first_digits = 0;
};

std::optional<Numbers> numbers_of(std::string_view form) {
  Numbers numbers;
  for (std::size_t at = 0; at <= form.size();) {
    const std::size_t end = std::min(form.find('-', at), form.size());
    const std::string_view digits = form.substr(at, end - at);
    if (!utf8::is_digits(digits) || digits.size() > (at == 0 ? 4 : 2)) return std::nullopt;
    if (at == 0) numbers.first_digits = digits.size();
    std::from_chars(digits.data(), digits.data() + digits.size(), numbers.values.emplace_back());
    at = end + 1;
  }
  return numbers;
}

}  // namespace

std::optional<RosterDate> read_roster_date(std::string_view text) {
  const auto numbers = numbers_of(with_hyphens(text));
  if (!numbers) return std::nullopt;
  const auto& values = numbers->values;
  const bool has_year = values.size() == 3 && numbers->first_digits == 4;
  if (!has_year && (values.size() != 2 || numbers->first_digits > 2)) return std::nullopt;
  const std::size_t at = has_year ? 1 : 0;
  RosterDate date{std::nullopt, std::chrono::month{values[at]} / std::chrono::day{values[at + 1]}};
  if (has_year) date.year = std::chrono::year{static_cast<int>(values[0])};
  const auto year = date.year.value_or(kLeapYear);
  const bool in_range = int{year} >= kFirstYear && int{year} <= kLastYear;
  return in_range && (year / date.day).ok() ? std::optional(date) : std::nullopt;
}

bool is_lunar_date(std::string_view text) {
  const std::string form = normal_form(utf8::trimmed(text));
  return std::ranges::any_of(kLunar, [&](std::string_view word) { return form.starts_with(word); });
}

std::string iso_date(const RosterDate& date) {
  const std::string day = fmt::format("{:02}-{:02}", unsigned{date.day.month()}, unsigned{date.day.day()});
  return date.year ? fmt::format("{:04}-{}", int{*date.year}, day) : day;
}

}  // namespace bot
