#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/base/problem.hpp"

/// Strict reading of TOML. A struct is read by one table of keys; whatever the table does not name, or names
/// with another form, becomes a Problem with file and line, and reading goes on, so that all problems are
/// reported at once.
namespace bot {

/// One value of a document, and where problems with it go. A view: valid while the document and the problems
/// live.
class TomlValue {
 public:
  enum class Kind { text, integer, number, flag, time, list, table };

  Kind kind() const noexcept;
  /// The key that holds the value; items of a list bear the list's key. Empty for the document itself.
  const std::string& key() const noexcept { return key_; }
  /// 1-based; 0 for the document itself.
  std::int64_t line() const noexcept { return line_; }

  /// nullopt when the value is of another kind; nothing is reported.
  std::optional<std::string> text() const;
  std::optional<std::int64_t> integer() const;
  std::optional<bool> flag() const;
  /// Of a list, else empty.
  std::vector<TomlValue> items() const;
  /// Of a table in the order of lines, else empty.
  std::vector<TomlValue> entries() const;

  void error(std::string what, std::string todo) const;
  void warning(std::string what, std::string todo) const;
  /// `cooldown must be a duration in quotes, not a whole number — such as cooldown = "3s"`. The value itself
  /// is not printed, since it may be a secret.
  void expected(std::string_view form, std::string_view example) const;

 private:
  friend class TomlDocument;
  TomlValue(const void* node, const std::string* file, Problems* problems)
      : node_(node), file_(file), problems_(problems) {}
  TomlValue inner(const void* node, std::string key, std::int64_t line) const;
  void report(Problem::Weight weight, std::string what, std::string todo) const;

  const void* node_;  // toml::node, owned by the document
  const std::string* file_;
  Problems* problems_;
  std::string key_{};
  std::int64_t line_ = 0;
};

/// A parsed file.
class TomlDocument {
 public:
  /// nullopt after one problem in `problems`: what is not TOML has no second problem worth reading. `file` is
  /// the name that problems show. What the parser quotes from the text is left out, since it may be a secret.
  static std::optional<TomlDocument> parse(std::string_view text, const std::string& file,
                                           Problems& problems);
  TomlValue root() const;

 private:
  struct Parsed;
  TomlDocument(std::shared_ptr<const Parsed> parsed, Problems& problems)
      : parsed_(std::move(parsed)), problems_(&problems) {}
  std::shared_ptr<const Parsed> parsed_;
  Problems* problems_;
};

/// How values of one type are read and printed.
template <class T>
struct TomlForm {
  /// nullopt after reporting at the value.
  std::function<std::optional<T>(const TomlValue&)> read;
  /// As TOML; empty text for a value that is not worth a line.
  std::function<std::string(const T&)> print;
};

/// One entry of a struct's table of keys.
template <class Struct>
struct TomlKey {
  std::string name;
  std::function<void(const TomlValue&, Struct&)> read;
  std::function<std::string(const Struct&)> print;  ///< none: the key is a table, printed by its own keys
};

template <class Struct>
using TomlKeys = std::vector<TomlKey<Struct>>;

template <class Struct, class T>
TomlKey<Struct> toml_key(std::string name, T Struct::* member, const TomlForm<T>& form) {
  return {std::move(name),
          [member, read = form.read](const TomlValue& value, Struct& into) {
            if (std::optional<T> got = read(value)) into.*member = std::move(*got);
          },
          [member, print = form.print](const Struct& from) { return print(from.*member); }};
}

/// A key whose value is a table or a list of tables.
template <class Struct, class Read>
TomlKey<Struct> toml_section(std::string name, Read read) {
  return {std::move(name), std::move(read), {}};
}

/// The keys that a file sets, with their lines.
using KeyLines = std::map<std::string, std::int64_t>;

/// Reports `entry` as unknown and names the nearest of the known keys.
void report_unknown_key(const TomlValue& entry, const std::vector<std::string>& known);

/// `did you mean "token"?`, or the known names when none is near.
std::string suggestion(std::string_view name, const std::vector<std::string>& known);

/// Appends the problems of one file in the order of lines.
void append_by_line(Problems& problems, Problems of_one_file);

/// Text as a TOML string.
std::string toml_quoted(std::string_view text);

/// Reads every key of `table` into `into`. Members without a key keep their value.
template <class Struct>
KeyLines read_table(const TomlValue& table, const TomlKeys<Struct>& keys, Struct& into) {
  KeyLines lines;
  std::vector<std::string> known;
  std::ranges::transform(keys, std::back_inserter(known), &TomlKey<Struct>::name);
  for (const TomlValue& entry : table.entries()) {
    const auto key = std::ranges::find(keys, entry.key(), &TomlKey<Struct>::name);
    if (key == keys.end()) {
      report_unknown_key(entry, known);
      continue;
    }
    lines[entry.key()] = entry.line();
    key->read(entry, into);
  }
  return lines;
}

}  // namespace bot
