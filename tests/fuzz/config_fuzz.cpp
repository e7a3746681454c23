#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "bot/config/config.hpp"
#include "bot/config/group_reader.hpp"
#include "bot/config/limits_reader.hpp"

/// Reads the input as xueban.toml, as a group file and as each of the small values of [limits]. What is
/// accepted must survive printing.
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// A folder that does not exist, so that no file of the machine is read.
const std::string folder = "/nonexistent/xueban/";

void read_values(std::string_view text) {
  if (const auto duration = bot::parse_duration(text)) {
    require(*bot::parse_duration(bot::duration_text(*duration)) == *duration);
  }
  if (const auto rate = bot::parse_rate(text)) require(*bot::parse_rate(bot::rate_text(*rate)) == *rate);
  if (const auto span = bot::parse_daily_span(text)) require(bot::daily_span_text(*span) == text);
  if (const auto clock = bot::parse_clock(text)) require(bot::clock_text(*clock) == text);
}

void read_group_text(std::string_view text) {
  bot::Config config;
  config.groups = bot::GroupBook(bot::built_in_group(bot::Zone::utc(), "en"));
  bot::Problems problems;
  bot::read_default_group(text, folder + "groups/default.toml", config, problems);
  bot::read_group(text, folder + "groups/group.toml", config, problems);
  for (const bot::Problem& problem : problems) require(!bot::printed(problem).empty());
  require(!bot::dump_config(config).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto environment = [](const std::string&) { return std::optional<std::string>("token"); };
  const bot::ReadConfig read = bot::read_config_text(text, folder + "xueban.toml", environment);
  require(read.config.has_value() != bot::has_errors(read.problems));
  if (read.config) require(!bot::dump_config(*read.config).empty());
  read_group_text(text);
  read_values(text);
  return 0;
}
