/// The shape of the repository: what lies at its top, and that CMake knows every source.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rules/source.hpp"

using rules::Finding;
using rules::Findings;
using rules::Source;

namespace {

const std::set<std::string> kTop = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "bot",
                                    "handlers",       "schedules",         "content", "config",    "tests"};
/// Made by building and running; git ignores them.
const std::set<std::string> kMade = {"build", "data", "compile_commands.json"};

Findings check_top(const std::vector<std::string>& names) {
  Findings findings;
  for (const std::string& name : names) {
    if (name.starts_with('.') || kTop.contains(name) || kMade.contains(name)) continue;
    findings.push_back({name, 1, "does not belong at the top of the repository"});
  }
  return findings;
}

std::vector<std::string> top_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(rules::root())) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

struct Listed {
  int line = 0;
  std::string path{};  ///< from the root
};

std::string without_comment(const std::string& line) {
  return line.substr(0, line.find('#'));
}

/// The C++ files that a CMakeLists.txt in `folder` names. Patterns and variables are not names.
std::vector<Listed> listed_files(const std::string& text, const std::filesystem::path& folder) {
  static const std::regex name(R"re([^\s()";]+\.[ch]pp\b)re");
  std::vector<Listed> files;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    line = without_comment(line);
    for (std::sregex_iterator match(line.begin(), line.end(), name), end; match != end; ++match) {
      if (match->str().find_first_of("*$") != std::string::npos) continue;
      files.push_back({number, (folder / match->str()).lexically_normal().generic_string()});
    }
  }
  return files;
}

std::vector<std::filesystem::path> cmake_files() {
  std::vector<std::filesystem::path> files = {"CMakeLists.txt"};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(rules::root() / "tests")) {
    if (entry.path().filename() != "CMakeLists.txt") continue;
    files.push_back(entry.path().lexically_relative(rules::root()));
  }
  return files;
}

Findings check_listed_exist(const std::string& file, const std::vector<Listed>& listed) {
  Findings findings;
  for (const Listed& each : listed) {
    if (!exists(rules::root() / each.path))
      findings.push_back({file, each.line, each.path + " does not exist"});
  }
  return findings;
}

/// CMake collects handlers/ by itself, and the CMakeLists.txt of a test folder may do so too.
bool is_collected(const std::string& path, const std::set<std::string>& collected) {
  return collected.contains(std::filesystem::path(path).parent_path().generic_string());
}

Findings check_sources_listed(const std::vector<std::string>& sources, const std::set<std::string>& listed,
                              const std::set<std::string>& collected) {
  Findings findings;
  for (const std::string& path : sources) {
    if (!path.ends_with(".cpp") || listed.contains(path) || is_collected(path, collected)) continue;
    findings.push_back({path, 1, "no CMakeLists.txt lists this file"});
  }
  return findings;
}

/// Folders whose files a glob such as file(GLOB x handlers/*.cpp) takes.
std::set<std::string> collected_folders(const std::string& text, const std::filesystem::path& folder) {
  static const std::regex glob(R"(([\w./-]*?)/?(?:\w*)\*(?:\w*)\.cpp)");
  std::set<std::string> folders;
  for (std::sregex_iterator match(text.begin(), text.end(), glob), end; match != end; ++match) {
    std::string place = (folder / match->str(1)).lexically_normal().generic_string();
    if (place.ends_with('/')) place.pop_back();
    folders.insert(place);
  }
  return folders;
}

}  // namespace

TEST_CASE("the layout rules tell right from wrong") {
  CHECK(check_top({"bot", ".git", "README.md", "build"}).empty());
  CHECK(check_top({"scripts"}).size() == 1);

  const auto listed =
      listed_files("add_library(a b.cpp # c.cpp\n  d/e.cpp \"f.hpp\" g/*.cpp ${h}.cpp)", "tests");
  REQUIRE(listed.size() == 3);
  CHECK(listed[1].path == "tests/d/e.cpp");
  CHECK(listed[1].line == 2);
  CHECK(check_listed_exist("CMakeLists.txt", {{1, "bot/never.cpp"}}).size() == 1);
  CHECK(check_listed_exist("CMakeLists.txt", {{1, "CMakeLists.txt"}}).empty());

  CHECK(collected_folders("file(GLOB x CONFIGURE_DEPENDS handlers/*.cpp)", "") ==
        std::set<std::string>{"handlers"});
  CHECK(collected_folders("file(GLOB x *_test.cpp)", "tests/talk") == std::set<std::string>{"tests/talk"});
  CHECK(check_sources_listed({"bot/a.cpp", "bot/a.hpp"}, {}, {}).size() == 1);
  CHECK(check_sources_listed({"bot/a.cpp"}, {"bot/a.cpp"}, {}).empty());
  CHECK(check_sources_listed({"handlers/a.cpp"}, {}, {"handlers"}).empty());
}

TEST_CASE("the top of the repository stays small") {
  rules::report(check_top(top_names()));
}

TEST_CASE("every file that CMake lists exists, and every source is listed") {
  Findings findings;
  std::set<std::string> listed;
  std::set<std::string> collected;
  for (const auto& file : cmake_files()) {
    const std::string text = rules::read_file(rules::root() / file);
    const auto files = listed_files(text, file.parent_path());
    for (const Listed& each : files) listed.insert(each.path);
    collected.merge(collected_folders(text, file.parent_path()));
    std::ranges::move(check_listed_exist(file.generic_string(), files), std::back_inserter(findings));
  }
  std::vector<std::string> sources;
  for (const Source& source : rules::whole_tree()) sources.push_back(source.path);
  std::ranges::move(check_sources_listed(sources, listed, collected), std::back_inserter(findings));
  rules::report(findings);
}
