/// The words in content/words: both languages say the same things, and code and words know each other.
#include <doctest/doctest.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/rules/source.hpp"

using rules::Findings;
using rules::Literal;
using rules::Source;

namespace {

const std::string kMain = "zh-CN";
const std::string kOther = "en";
const std::vector<std::string> kTables = {"verbs", "replies", "help", "names"};

/// One key of a words file, with its variants.
struct Entry {
  int line = 0;
  std::vector<std::string> variants{};
};

struct WordsFile {
  std::string path{};
  std::map<std::string, std::map<std::string, Entry>> tables{};
};

/// File name → content, for one language.
using Language = std::map<std::string, WordsFile>;

Entry entry_of(const toml::key& key, const toml::node& node) {
  Entry entry{static_cast<int>(key.source().begin.line), {}};
  if (const auto text = node.value<std::string>()) entry.variants.push_back(*text);
  if (const auto* array = node.as_array()) {
    for (const auto& variant : *array) entry.variants.push_back(variant.value_or(std::string()));
  }
  return entry;
}

WordsFile parse_words(std::string path, const std::string& text, Findings& findings) {
  WordsFile file{std::move(path), {}};
  try {
    const toml::table content = toml::parse(text);
    for (const std::string& name : kTables) {
      const auto* table = content[name].as_table();
      if (table == nullptr) continue;
      for (const auto& [key, node] : *table) file.tables[name].emplace(key.str(), entry_of(key, node));
    }
  } catch (const toml::parse_error& error) {
    findings.push_back(
        {file.path, static_cast<int>(error.source().begin.line), std::string(error.description())});
  }
  return file;
}

Language read_language(const std::string& name, Findings& findings) {
  Language language;
  const auto folder = rules::root() / "content/words" / name;
  if (!exists(folder)) return language;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    const std::string path = entry.path().lexically_relative(rules::root()).generic_string();
    language.emplace(entry.path().filename().string(), parse_words(path, rules::read_file(entry), findings));
  }
  return language;
}

/// The values that a sentence uses: {{name}}, {{&name}}, {{#name}} and {{^name}} all use `name`. A closing
/// {{/name}} and a comment use none.
std::set<std::string> placeholders(const Entry& entry) {
  static const std::regex tag(R"(\{\{\s*[#^&{]?\s*([^\s{}/!#^&]+)\s*\}?\}\})");
  std::set<std::string> names;
  for (const std::string& text : entry.variants) {
    for (std::sregex_iterator match(text.begin(), text.end(), tag), end; match != end; ++match)
      names.insert(match->str(1));
  }
  return names;
}

std::string joined(const std::set<std::string>& names) {
  std::string text = "{";
  for (const std::string& name : names) text += (text.size() > 1 ? ", " : "") + name;
  return text + "}";
}

/// What is in `left` and missing or different in `right`.
Findings compare_table(const WordsFile& left, const WordsFile& right, const std::string& table) {
  Findings findings;
  const auto mine = left.tables.find(table);
  if (mine == left.tables.end()) return findings;
  const auto theirs = right.tables.find(table);
  for (const auto& [key, entry] : mine->second) {
    if (theirs == right.tables.end() || !theirs->second.contains(key)) {
      findings.push_back({left.path, entry.line, "[" + table + "] " + key + " is missing in " + right.path});
    } else if (placeholders(entry) != placeholders(theirs->second.at(key))) {
      findings.push_back({left.path, entry.line,
                          key + " uses " + joined(placeholders(entry)) + ", but in " + right.path + " " +
                              joined(placeholders(theirs->second.at(key)))});
    }
  }
  return findings;
}

Findings compare(const Language& left, const Language& right, const std::string& right_name) {
  Findings findings;
  for (const auto& [name, file] : left) {
    const auto other = right.find(name);
    if (other == right.end()) {
      findings.push_back({file.path, 1, "content/words/" + right_name + "/" + name + " is missing"});
      continue;
    }
    for (const std::string& table : kTables) {
      std::ranges::move(compare_table(file, other->second, table), std::back_inserter(findings));
    }
  }
  return findings;
}

std::string lowered(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// Commands that are meant by a verb alone; with an object the same word may mean another command.
const std::set<std::string> kAlone = {"quiet.end"};
/// Commands whose verbs may stand in the middle of what is said; at the beginning the same word may mean
/// another command.
const std::set<std::string> kInTheMiddle = {"reminder.make"};

bool may_share_a_verb(const std::string& command) {
  return kAlone.contains(command) || kInTheMiddle.contains(command);
}

/// What people type means one command.
Findings check_verbs(const Language& language) {
  Findings findings;
  std::map<std::string, std::string> owners;
  for (const auto& [name, file] : language) {
    const auto verbs = file.tables.find("verbs");
    if (verbs == file.tables.end()) continue;
    for (const auto& [command, entry] : verbs->second) {
      for (const std::string& word : entry.variants) {
        const auto [owner, is_new] = owners.emplace(lowered(word), command);
        if (is_new || may_share_a_verb(owner->second) || may_share_a_verb(command)) continue;
        findings.push_back(
            {file.path, entry.line, "\"" + word + "\" means both " + owner->second + " and " + command});
      }
    }
  }
  return findings;
}

/// Keys of one table (or of all) in all files of a language.
std::set<std::string> keys_of(const Language& language, const std::string& table) {
  std::set<std::string> keys;
  for (const auto& [name, file] : language) {
    const auto entries = file.tables.find(table);
    if (entries == file.tables.end()) continue;
    for (const auto& [key, entry] : entries->second) keys.insert(key);
  }
  return keys;
}

/// The key that stands as the first argument of `say`, `also` or `Said` before this literal's quote, if so.
bool is_said(const Source& source, const Literal& literal) {
  static const std::regex before(R"(\b(say|also|Said|refuse|tell)\s*(\w+\s*)?[({]\s*$)");
  const std::size_t from = literal.begin < 40 ? 0 : literal.begin - 40;
  return std::regex_search(source.code.substr(from, literal.begin - from), before);
}

bool looks_like_a_key(const std::string& text) {
  if (text.find('.') == std::string::npos) return false;
  static const std::regex key(R"([a-z_]+(\.[a-z_0-9]+)+)");
  return std::regex_match(text, key);
}

Findings check_said(const Source& source, const std::set<std::string>& replies) {
  Findings findings;
  for (const Literal& literal : source.literals) {
    if (!is_said(source, literal) || !looks_like_a_key(literal.text) || replies.contains(literal.text))
      continue;
    findings.push_back(
        {source.path, literal.line, literal.text + " is in no [replies] of content/words/" + kMain});
  }
  return findings;
}

std::set<std::string> literals_of(const std::vector<Source>& sources) {
  std::set<std::string> texts;
  for (const Source& source : sources) {
    for (const Literal& literal : source.literals) texts.insert(literal.text);
  }
  return texts;
}

/// The desk makes these names itself: of an answer that is told together with others', of a button.
std::string without_suffix(const std::string& key) {
  for (const std::string_view suffix : {".merged", ".tap", ".button"}) {
    if (key.ends_with(suffix)) return key.substr(0, key.size() - suffix.size());
  }
  return key;
}

Findings check_used(const Language& language, const std::set<std::string>& literals) {
  Findings findings;
  for (const auto& [name, file] : language) {
    for (const auto& [table, entries] : file.tables) {
      for (const auto& [key, entry] : entries) {
        if (literals.contains(key) || literals.contains(without_suffix(key))) continue;
        findings.push_back({file.path, entry.line, "[" + table + "] " + key + " is used nowhere in C++"});
      }
    }
  }
  return findings;
}

Language language_of(const std::string& name, const std::string& text) {
  Findings findings;
  Language language;
  language.emplace("a.toml", parse_words("content/words/" + name + "/a.toml", text, findings));
  CHECK(findings.empty());
  return language;
}

const std::vector<Source>& program() {
  static const std::vector<Source> sources = rules::read_folders({"bot", "handlers", "schedules"});
  return sources;
}

}  // namespace

TEST_CASE("placeholders are found in every notation") {
  const Entry entry{1, {"{{a}} {{{b}}} {{&c}} {{#d}}{{name}}{{/d}} {{^e}}-{{/e}} {{! note}} { {f} }"}};
  CHECK(placeholders(entry) == std::set<std::string>{"a", "b", "c", "d", "name", "e"});
}

TEST_CASE("the comparison of languages tells right from wrong") {
  const Language chinese =
      language_of(kMain, "[replies]\n\"a.b\" = [\"好 {{name}}\"]\n[help]\n\"a.b\" = \"x\"\n");
  const Language same =
      language_of(kOther, "[replies]\n\"a.b\" = \"Good {{name}}\"\n[help]\n\"a.b\" = \"x\"\n");
  const Language other_value =
      language_of(kOther, "[replies]\n\"a.b\" = \"Good {{id}}\"\n[help]\n\"a.b\" = \"x\"\n");
  const Language no_help = language_of(kOther, "[replies]\n\"a.b\" = \"Good {{name}}\"\n");
  CHECK(compare(chinese, same, kOther).empty());
  REQUIRE(compare(chinese, other_value, kOther).size() == 1);
  CHECK(compare(chinese, other_value, kOther)[0].line == 2);
  CHECK(compare(chinese, no_help, kOther).size() == 1);
  CHECK(compare(chinese, {}, kOther).size() == 1);
  Findings findings;
  parse_words("content/words/en/a.toml", "[replies]\nx = \n", findings);
  CHECK(findings.size() == 1);
}

TEST_CASE("the rules about verbs and keys tell right from wrong") {
  CHECK(check_verbs(language_of(kMain, "[verbs]\n\"a.b\" = [\"done\"]\n\"c.d\" = [\"Done\", \"x\"]\n"))
            .size() == 1);
  CHECK(check_verbs(language_of(kMain, "[verbs]\n\"a.b\" = [\"done\"]\n\"c.d\" = [\"x\"]\n")).empty());

  const auto said = [](const std::string& code) {
    return check_said(rules::read_text("handlers/a.cpp", code), {"a.b"});
  };
  CHECK(said("return Reply::say(\"a.b\");").empty());
  CHECK(said("return Reply::say(\n    \"a.c\", {{\"id\", id}});").size() == 1);
  CHECK(said("reply.also(\"a.c\");").size() == 1);
  CHECK(said("const Said said{\"a.c\", values};").size() == 1);
  CHECK(said("// Reply::say(\"a.c\")\nlog(\"a.c\");").empty());

  const Language words = language_of(kMain, "[replies]\n\"a.b\" = \"x\"\n");
  CHECK(check_used(words, {"a.b"}).empty());
  CHECK(check_used(words, {"a"}).size() == 1);
}

TEST_CASE("both languages say the same things") {
  Findings findings;
  const Language chinese = read_language(kMain, findings);
  const Language english = read_language(kOther, findings);
  std::ranges::move(compare(chinese, english, kOther), std::back_inserter(findings));
  std::ranges::move(compare(english, chinese, kMain), std::back_inserter(findings));
  CHECK_MESSAGE(!chinese.empty(), "content/words/zh-CN holds no words");
  rules::report(findings);
}

TEST_CASE("a verb means one command in its language") {
  Findings findings;
  for (const std::string& name : {kMain, kOther}) {
    std::ranges::move(check_verbs(read_language(name, findings)), std::back_inserter(findings));
  }
  rules::report(findings);
}

TEST_CASE("what the code says is written, and what is written is said") {
  Findings findings;
  const Language chinese = read_language(kMain, findings);
  const std::set<std::string> replies = keys_of(chinese, "replies");
  for (const Source& source : program())
    std::ranges::move(check_said(source, replies), std::back_inserter(findings));
  std::ranges::move(check_used(chinese, literals_of(program())), std::back_inserter(findings));
  rules::report(findings);
}
