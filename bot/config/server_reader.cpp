#include "bot/config/server_reader.hpp"

#include <limits>
#include <optional>
#include <string>

#include "bot/config/forms.hpp"

namespace bot {

namespace {

using Port = std::uint16_t;

std::optional<Port> read_port(const TomlValue& value) {
  const auto number = value.integer();
  if (!number) {
    value.expected("a port without quotes", "8600");
    return std::nullopt;
  }
  if (*number >= 1 && *number <= std::numeric_limits<Port>::max()) return static_cast<Port>(*number);
  value.error("port is not within 1 to 65535", "such as port = 8600");
  return std::nullopt;
}

std::string printed_port(const Port& port) {
  return std::to_string(port);
}

std::optional<std::string> read_address(const TomlValue& value) {
  const auto form = word_form("127.0.0.1");
  auto address = form.read(value);
  if (address && !address->starts_with("127.") && *address != "::1") {
    value.warning("others than this machine can reach the server, and what they say is not encrypted",
                  "keep 127.0.0.1 and put a proxy with a certificate before it");
  }
  return address;
}

std::string printed_address(const std::string& address) {
  return toml_quoted(address);
}

}  // namespace

const TomlKeys<Config>& server_keys() {
  static const TomlKeys<Config> keys{
      toml_key("address", &Config::server_address, TomlForm<std::string>{read_address, printed_address}),
      toml_key("port", &Config::server_port, TomlForm<Port>{read_port, printed_port})};
  return keys;
}

KeyLines read_server(const TomlValue& table, Config& into) {
  if (table.kind() == TomlValue::Kind::table) return read_table(table, server_keys(), into);
  table.error("server must be a table", "write [server] on a line of its own and port = 8600 below it");
  return {};
}

}  // namespace bot
