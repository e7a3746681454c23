#include "bot/config/metrics_reader.hpp"

#include <limits>
#include <optional>
#include <string>

namespace bot {

namespace {

using Port = std::uint16_t;

constexpr std::string_view kOff = "off";

std::optional<Port> read_port(const TomlValue& value) {
  if (value.text() == kOff) return Port{0};
  const auto number = value.integer();
  if (!number) {
    value.expected("a port without quotes or \"off\"", "9464");
    return std::nullopt;
  }
  if (*number >= 1 && *number <= std::numeric_limits<Port>::max()) return static_cast<Port>(*number);
  value.error("port is not within 1 to 65535", "such as port = 9464");
  return std::nullopt;
}

std::string printed_port(const Port& port) {
  return port == 0 ? toml_quoted(kOff) : std::to_string(port);
}

}  // namespace

const TomlKeys<Config>& metrics_keys() {
  static const TomlKeys<Config> keys{
      toml_key("port", &Config::metrics_port, TomlForm<Port>{read_port, printed_port})};
  return keys;
}

KeyLines read_metrics(const TomlValue& table, Config& into) {
  if (table.kind() == TomlValue::Kind::table) return read_table(table, metrics_keys(), into);
  table.error("metrics must be a table", "write [metrics] on a line of its own and port = 9464 below it");
  return {};
}

}  // namespace bot
