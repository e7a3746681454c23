#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/problem.hpp"
#include "bot/base/random.hpp"

/// Everything a person reads in chat: keys in C++, sentences in `content/words/<language>/<feature>.toml`.
namespace bot {

class Values;

/// A named value of a sentence: a text, a yes/no for a section, or a list for a repeated section.
using SaidValue = std::variant<std::string, bool, std::vector<Values>>;

/// What fills the placeholders of a sentence. A value is never read as a pattern (reliability X7).
class Values {
 public:
  Values() = default;
  Values(std::initializer_list<std::pair<const std::string, SaidValue>> values) : values_(values) {}
  Values& set(std::string name, SaidValue value);
  Values& set(std::string name, std::int64_t number);
  Values& set(std::string name, bool flag);
  Values& set(std::string name, const char* text);
  const std::map<std::string, SaidValue>& all() const noexcept { return values_; }

 private:
  std::map<std::string, SaidValue> values_;
};

/// A sentence before it is worded.
struct Said {
  std::string key{};
  Values values{};
};

/// One language's words of every feature.
struct Words {
  std::map<std::string, std::vector<std::string>> verbs{};  ///< command → what people type
  std::map<std::string, std::string> help{};                ///< command → one line of help
  std::map<std::string, std::vector<std::string>> names{};  ///< such as "bot" → what the bot is called
};

/// Immutable after loading. Rendering from one thread at a time.
class Texts {
 public:
  Texts();
  ~Texts();
  Texts(Texts&&) noexcept;
  Texts& operator=(Texts&&) noexcept;

  /// Reads every `<folder>/<language>/*.toml`. Problems name file and line; what could be read is kept.
  static Texts load(const std::filesystem::path& folder, Problems& problems);

  /// Language → zh-CN → the key itself, so that a missing sentence shows instead of vanishing.
  /// `random` picks among variants. At most 20,000 bytes.
  std::string render(const std::string& language, const Said& said, Random& random) const;
  bool has(const std::string& language, const std::string& key) const;

  const std::map<std::string, Words>& languages() const noexcept { return words_; }
  /// The words of a language; zh-CN when there is no such language.
  const Words& words(const std::string& language) const;

 private:
  struct Patterns;
  std::map<std::string, Words> words_;
  std::unique_ptr<Patterns> patterns_;
};

}  // namespace bot
