#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace schedules {

template <class Value>
struct Word {
  std::string_view word;
  Value value;
};

/// The normal form, with one kind of dash, and spaces only where both neighbours are ASCII.
std::string phrase_form(std::string_view text);

/// Reads a phrase_form() from left to right. A value: a copy is a way back.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  /// The word if it comes next, spaces before it apart. A word that ends in a Latin letter must end there.
  bool take(std::string_view word);

  /// The value of the first word of the table that comes next; so longer words stand before their beginnings.
  template <class Table>
  auto take_from(const Table& table) -> std::optional<decltype(table[0].value)> {
    for (const auto& each : table) {
      if (take(each.word)) return each.value;
    }
    return std::nullopt;
  }

  template <std::size_t count>
  bool take_any(const std::array<std::string_view, count>& words) {
    for (const std::string_view word : words) {
      if (take(word)) return true;
    }
    return false;
  }

  /// Up to six digits, or Chinese numerals below a thousand.
  std::optional<int> number();
  /// Exactly so many ASCII digits, none behind them.
  std::optional<int> digits(std::size_t count);
  /// "2027" or "二〇二七".
  std::optional<int> year();

  bool next_is(std::string_view word) const { return Reader(*this).take(word); }
  bool done() const;
  std::string_view rest() const { return text_; }

 private:
  std::optional<int> chinese_number();
  std::optional<int> chinese_digit();
  void skip_spaces();

  std::string_view text_;
};

}  // namespace schedules
