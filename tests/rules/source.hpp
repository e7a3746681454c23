#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// The source tree as the rules see it: text with comments and literals blanked, and where a rule is broken.
namespace rules {

struct Literal {
  int line = 0;
  std::string text{};     ///< between the quotes, escapes as written
  std::size_t begin = 0;  ///< place of the opening quote in the file
};

struct Source {
  std::string path{};               ///< from the root, such as "bot/base/zone.hpp"
  std::string text{};               ///< as written
  std::string uncommented{};        ///< same length, comments blanked
  std::string code{};               ///< same length, comments and the insides of literals blanked
  std::vector<Literal> literals{};  ///< string literals, without those of #include

  int line_at(std::size_t place) const;
};

/// Reads C++ text. Total: unfinished comments and literals end with the text.
Source read_text(std::string path, std::string text);

/// All .cpp and .hpp files below these folders of the root, sorted by path.
std::vector<Source> read_folders(const std::vector<std::string>& folders);
/// bot, handlers, schedules and tests.
const std::vector<Source>& whole_tree();

std::filesystem::path root();
std::string read_file(const std::filesystem::path& file);

struct Include {
  int line = 0;
  std::string header{};
  bool quoted = false;  ///< "…" rather than <…>
};
std::vector<Include> includes_of(const Source& source);

struct Finding {
  std::string file{};
  int line = 0;
  std::string what{};
};
using Findings = std::vector<Finding>;

/// Fails the running test case once per finding, at the finding's own file and line.
void report(const Findings& findings);
/// The same for what a rule finds in the whole tree.
void report_all(const std::function<Findings(const Source&)>& rule);

/// Every place in `text` (the source's text or code) where one of these words stands as a whole word.
Findings find_words(const Source& source, const std::string& text, const std::vector<std::string>& words,
                    const std::string& what);

bool is_name(char c);  ///< may be part of a name in C++
bool starts_with_any(std::string_view text, const std::vector<std::string>& beginnings);
/// "bot/net/tls.cpp" is in "bot/net" and in "bot/net/tls", but not in "bot/ne".
bool is_in(std::string_view path, std::string_view place);
bool is_header(const Source& source);

}  // namespace rules
