#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/config/config.hpp"
#include "tests/support/lines.hpp"
#include "tests/support/temporary_folder.hpp"

/// Files of config/ written and read by tests.
namespace support {

inline constexpr std::string_view kExample = R"(timezone = "Asia/Shanghai"
data = "data"
[[account]]
name = "qq"
platform = "onebot11"
transport = "forward"
url = "ws://127.0.0.1:3001/"
token = "env:XUEBAN_QQ_TOKEN"
[limits]
cooldown = "3s"
per_group = "1/3s"
per_account = "15/1m"
)";

inline constexpr std::string_view kSecret = "hunter2-hunter2";

/// A temporary folder of configuration files. Problems are printed with paths relative to it.
class Folder : public TemporaryFolder {
 public:
  bot::ReadConfig read(const std::string& name = "xueban.toml") const {
    const bot::Environment environment = [this](const std::string& variable) -> std::optional<std::string> {
      const auto found = variables.find(variable);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return bot::read_config(path(name), environment);
  }

  /// What is reported, a line each.
  std::vector<std::string> problems(const std::string& name = "xueban.toml") const {
    std::vector<std::string> lines;
    for (const bot::Problem& problem : read(name).problems) lines.push_back(relative(bot::printed(problem)));
    return lines;
  }

  std::string relative(std::string text) const {
    const std::string prefix = root_.string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

  std::map<std::string, std::string> variables{{"XUEBAN_QQ_TOKEN", std::string(kSecret)}};
};

/// What is reported for a text of xueban.toml alone.
inline Lines problems_of(std::string_view text) {
  Folder folder;
  folder.write("xueban.toml", text);
  return folder.problems();
}

/// The same for the one line, which stands at line 2.
inline std::string problem_of_line(const std::string& line) {
  const Lines lines = problems_of("\n" + line + "\n");
  if (lines.empty()) return "";
  CHECK(lines.size() == 1);
  return lines.front();
}

/// The same for a line of [limits], which stands at line 2.
inline std::string problem_of_limit(const std::string& line) {
  const Lines lines = problems_of("[limits]\n" + line + "\n");
  if (lines.empty()) return "";
  CHECK(lines.size() == 1);
  return lines.front();
}

/// An account with `line` at line 5 in place of its url or its token, or after both at line 6.
inline Lines problems_of_account(const std::string& line) {
  std::string text = "[[account]]\nname = \"qq\"\nplatform = \"onebot11\"\n";
  if (!line.starts_with("token")) text += "token = \"env:XUEBAN_QQ_TOKEN\"\n";
  if (!line.starts_with("url")) text += "url = \"ws://127.0.0.1:3001/\"\n";
  return problems_of(text + line + "\n");
}

/// What is reported for a group file `groups/g.toml` beside the example.
inline Lines problems_of_group(std::string_view text) {
  Folder folder;
  folder.write("xueban.toml", kExample);
  folder.write("groups/g.toml", text);
  return folder.problems();
}

inline bot::Limits limits_of(const std::string& lines) {
  Folder folder;
  folder.write("xueban.toml", "[limits]\n" + lines);
  const bot::ReadConfig read = folder.read();
  REQUIRE(read.config);
  return read.config->limits;
}

inline bool holds(const Lines& lines, std::string_view part) {
  return std::ranges::any_of(lines, [&](const std::string& line) { return line.find(part) != line.npos; });
}

}  // namespace support
