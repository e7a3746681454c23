#include "bot/texts/texts.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <kainjow/mustache.hpp>

#include "bot/base/log.hpp"
#include "bot/base/utf8.hpp"
#include "bot/texts/front_matter.hpp"

namespace bot {

namespace mustache = kainjow::mustache;

Values& Values::set(std::string name, SaidValue value) {
  values_.insert_or_assign(std::move(name), std::move(value));
  return *this;
}

Values& Values::set(std::string name, std::int64_t number) {
  return set(std::move(name), std::to_string(number));
}

Values& Values::set(std::string name, bool flag) {
  return set(std::move(name), SaidValue(flag));
}

Values& Values::set(std::string name, const char* text) {
  return set(std::move(name), std::string(text));
}

namespace {

constexpr std::size_t kLongestSentence = 20'000;
constexpr std::string_view kFallback = "zh-CN";

mustache::data mustache_data(const Values& values) {
  mustache::data data{mustache::data::type::object};
  for (const auto& [name, value] : values.all()) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      data.set(name, *text);
    } else if (const auto* flag = std::get_if<bool>(&value)) {
      data.set(name, *flag);
    } else {
      mustache::data list{mustache::data::type::list};
      for (const Values& entry : std::get<std::vector<Values>>(value)) list.push_back(mustache_data(entry));
      data.set(name, std::move(list));
    }
  }
  return data;
}

using Pattern = mustache::mustache;
using PatternsOfLanguage = std::map<std::string, std::vector<Pattern>>;

}  // namespace

struct Texts::Patterns {
  std::map<std::string, PatternsOfLanguage> by_language;

  std::vector<Pattern>* find(const std::string& language, const std::string& key) {
    const auto found = by_language.find(language);
    if (found == by_language.end()) return nullptr;
    const auto pattern = found->second.find(key);
    return pattern == found->second.end() || pattern->second.empty() ? nullptr : &pattern->second;
  }
};

Texts::Texts() : patterns_(std::make_unique<Patterns>()) {}
Texts::~Texts() = default;
Texts::Texts(Texts&&) noexcept = default;
Texts& Texts::operator=(Texts&&) noexcept = default;

namespace {

/// Reads one words file into one language.
class WordsFile {
 public:
  WordsFile(const std::filesystem::path& file, Problems& problems) : file_(file), problems_(problems) {}

  void read(Words& words, PatternsOfLanguage& patterns) {
    const auto text = read_text_file(file_);
    if (!text) return add(0, text.error().detail, "save it as a UTF-8 text file in this folder");
    toml::table table;
    try {
      table = toml::parse(*text);
    } catch (const toml::parse_error& failure) {
      add(failure.source().begin.line, std::string(failure.description()), "correct the TOML on this line");
      return;
    }
    for (const auto& [name, node] : table) {
      if (const toml::table* part = node.as_table()) {
        read_part(name.str(), *part, words, patterns);
      } else {
        add(node.source().begin.line, fmt::format("\"{}\" stands outside the tables", name.str()),
            "move it below [verbs], [replies], [help] or [names]");
      }
    }
  }

 private:
  void read_part(std::string_view part, const toml::table& table, Words& words,
                 PatternsOfLanguage& patterns) {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (part == "verbs") {
        keep(words.verbs, name, strings(node), node);
      } else if (part == "names") {
        keep(words.names, name, strings(node), node);
      } else if (part == "help") {
        const auto lines = strings(node);
        if (!lines.empty()) keep(words.help, name, lines.front(), node);
      } else if (part == "replies") {
        keep(patterns, name, compiled(node), node);
      } else {
        add(table.source().begin.line, fmt::format("unknown table [{}]", part),
            "a words file has [verbs], [replies], [help] and [names]");
        return;
      }
    }
  }

  template <class Map, class Kept>
  void keep(Map& map, const std::string& name, Kept kept, const toml::node& node) {
    if (!map.try_emplace(name, std::move(kept)).second) {
      add(node.source().begin.line, fmt::format("\"{}\" is already in another file of this language", name),
          "keep one of the two");
    }
  }

  /// The text of a node, or the texts of a list, each with its line.
  std::vector<std::pair<std::string, std::int64_t>> lines(const toml::node& node) {
    std::vector<std::pair<std::string, std::int64_t>> found;
    const auto add_text = [&found](const toml::node& entry) {
      found.emplace_back(entry.as_string()->get(), entry.source().begin.line);
    };
    const auto* list = node.as_array();
    if (node.is_string()) add_text(node);
    if (list != nullptr && list->is_homogeneous(toml::node_type::string)) {
      for (const auto& entry : *list) add_text(entry);
    }
    if (found.empty()) add(node.source().begin.line, "a text or a list of texts is needed", "write \"…\"");
    return found;
  }

  std::vector<std::string> strings(const toml::node& node) {
    std::vector<std::string> texts;
    for (auto& [text, line] : lines(node)) texts.push_back(std::move(text));
    return texts;
  }

  std::vector<Pattern> compiled(const toml::node& node) {
    std::vector<Pattern> patterns;
    for (const auto& [text, line] : lines(node)) {
      Pattern pattern(text);
      if (!pattern.is_valid()) {
        add(line, "pattern: " + pattern.error_message(), "placeholders are written {{name}}");
        continue;
      }
      pattern.set_custom_escape([](const std::string& value) { return value; });
      patterns.push_back(std::move(pattern));
    }
    return patterns;
  }

  void add(std::int64_t line, std::string what, std::string todo) {
    problems_.push_back({Problem::Weight::error, file_.string(), line, std::move(what), std::move(todo)});
  }

  const std::filesystem::path& file_;
  Problems& problems_;
};

std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> entries;
  std::error_code failure;
  std::filesystem::directory_iterator entry(folder, failure);
  for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    entries.push_back(entry->path());
  }
  std::ranges::sort(entries);
  return entries;
}

}  // namespace

Texts Texts::load(const std::filesystem::path& folder, Problems& problems) {
  Texts texts;
  for (const auto& language : sorted_entries(folder)) {
    if (!std::filesystem::is_directory(language)) continue;
    const std::string name = language.filename().string();
    for (const auto& file : sorted_entries(language)) {
      if (file.extension() != ".toml") continue;
      WordsFile(file, problems).read(texts.words_[name], texts.patterns_->by_language[name]);
    }
  }
  if (!texts.words_.contains(std::string(kFallback))) {
    problems.push_back({Problem::Weight::error, folder.string(), 0,
                        fmt::format("no folder \"{}\" with words", kFallback),
                        "`content` in the configuration must name the folder that holds words/, lessons/ and "
                        "columns.toml"});
    texts.words_[std::string(kFallback)];
  }
  return texts;
}

std::string Texts::render(const std::string& language, const Said& said, Random& random) const {
  std::vector<Pattern>* variants = patterns_->find(language, said.key);
  if (variants == nullptr) variants = patterns_->find(std::string(kFallback), said.key);
  if (variants == nullptr) {
    log::error("no sentence for key", {{"key", said.key}, {"language", language}});
    return said.key;
  }
  Pattern& pattern = (*variants)[variants->size() == 1 ? 0 : random.below(variants->size())];
  const std::string text = pattern.render(mustache_data(said.values));
  return std::string(utf8::trimmed(utf8::cut_bytes(text, kLongestSentence)));
}

bool Texts::has(const std::string& language, const std::string& key) const {
  return patterns_->find(language, key) != nullptr;
}

const Words& Texts::words(const std::string& language) const {
  const auto found = words_.find(language);
  return found == words_.end() ? words_.at(std::string(kFallback)) : found->second;
}

}  // namespace bot
