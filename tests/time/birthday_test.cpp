#include <doctest/doctest.h>

#include "bot/base/zone.hpp"
#include "schedules/phrase_birthday.hpp"

using schedules::Day;
using schedules::parse_birthday;

namespace {

constexpr Day kToday = std::chrono::local_days(std::chrono::year(2026) / 3 / 2);

std::string kept(const char* text) {
  const auto birthday = parse_birthday(text, kToday);
  return birthday ? stored(*birthday) : "-";
}

std::string next(const char* text) {
  const auto birthday = parse_birthday(text, kToday);
  const auto day = birthday ? schedules::next_birthday(*birthday, kToday) : std::nullopt;
  return day ? bot::iso_date(bot::LocalTime(*day)) : "-";
}

}  // namespace

TEST_CASE("birthdays are read as people write them") {
  for (const char* text : {"3月5日", "3月5号", "03-05", "3/5", "3.5", "三月五日", "３月５日", "公历3月5日",
                           "是3月5日", "5 March", "March 5"}) {
    CAPTURE(text);
    CHECK(kept(text) == "--03-05");
  }
  for (const char* text : {"1990-03-05", "1990/3/5", "1990.3.5", "1990年3月5日", "一九九〇年三月五日"}) {
    CAPTURE(text);
    CHECK(kept(text) == "1990-03-05");
  }
  for (const char* text : {"农历八月十五", "农历8月15", "农历8-15", "阴历八月十五日", "lunar 8-15", "中秋"}) {
    CAPTURE(text);
    CHECK(kept(text) == "lunar --08-15");
  }
  CHECK(kept("1990年农历腊月廿三") == "lunar 1990-12-23");
  CHECK(kept("农历1990年腊月廿三") == "lunar 1990-12-23");
  CHECK(kept("农历正月初一") == "lunar --01-01");
  CHECK(kept("农历闰六月十五") == "lunar leap --06-15");
  CHECK(kept("2月29日") == "--02-29");
}

TEST_CASE("what is no birthday is not guessed") {
  for (const char* text : {"", "快到了", "明天", "2月30日", "13月1日", "农历八月三十一", "1990", "2030-01-01",
                           "1850-01-01", "2023-02-29", "每周五", "3月5日和3月6日", "清明"}) {
    CAPTURE(text);
    CHECK(kept(text) == "-");
  }
}

TEST_CASE("a child's year is not kept (X15)") {
  CHECK(kept("2012-03-02") == "2012-03-02");
  CHECK(kept("2012-03-03") == "--03-03");
  CHECK(kept("2018年农历八月十五") == "lunar --08-15");
}

TEST_CASE("the next birthday, today included") {
  CHECK(next("3月2日") == "2026-03-02");
  CHECK(next("1990-03-01") == "2027-03-01");
  CHECK(next("2月29日") == "2027-02-28");
  CHECK(next("农历八月十五") == "2026-09-25");
}

TEST_CASE("what is stored is read back, and nothing else") {
  for (const char* text :
       {"1990-03-05", "--03-05", "lunar --08-15", "lunar leap --06-15", "lunar 1990-12-23"}) {
    const auto birthday = schedules::restored_birthday(text);
    REQUIRE(birthday.has_value());
    CHECK(stored(*birthday) == text);
    CHECK(parse_birthday(written(*birthday), kToday) == birthday);
  }
  for (const char* text : {"", "-", "--3-5", "--13-01", "19900305", "lunar", "lunar leap", "x1990-03-05"})
    CHECK_FALSE(schedules::restored_birthday(text).has_value());
}
