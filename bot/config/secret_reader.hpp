#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "bot/config/config.hpp"
#include "bot/config/toml_reader.hpp"

/// Values that must not be read by others: "env:NAME", "file:PATH" or the secret itself. No problem shows any
/// of it.
namespace bot {

/// What is wrong with a secret; `what` completes "the token from env:X …". Empty when nothing is.
struct SecretFault {
  std::string_view what{};
  std::string_view todo{};
};

/// How the secrets of one key are read and called.
struct SecretRule {
  std::string_view key;      ///< "token"
  std::string_view name;     ///< as problems call it, behind "the"
  std::string_view example;  ///< a whole line that keeps the secret elsewhere
  SecretFault (*fault_of)(std::string_view secret);
  /// Whether the value may stand in the file for all to read. None: it may not.
  bool (*is_harmless)(std::string_view secret) = nullptr;
};

/// The secret that the text of a value names. Secrets' files count from the folder of `file`; a secret that
/// stands in `file` itself is a warning, and an error when others can read that file (reliability X16).
/// nullopt after reporting at the value.
std::optional<Secret> read_secret(const TomlValue& value, const std::string& text, const SecretRule& rule,
                                  const std::filesystem::path& file, const Environment& environment);

/// As TOML: where the secret comes from. Empty for none.
std::string printed_secret(const Secret& secret);

}  // namespace bot
