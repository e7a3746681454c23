#include "bot/config/secret_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "bot/config/forms.hpp"

namespace bot {

namespace {

namespace fs = std::filesystem;

bool is_variable_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') && std::ranges::all_of(name, plain);
}

/// One value being read.
class SecretReader {
 public:
  SecretReader(const TomlValue& value, const SecretRule& rule, const fs::path& file)
      : value_(value), rule_(rule), file_(file) {}

  std::optional<Secret> from_environment(const std::string& name, const Environment& environment) const {
    if (!is_variable_name(name)) {
      value_.error(fmt::format("{} names no environment variable", rule_.key),
                   fmt::format("such as {}", rule_.example));
      return std::nullopt;
    }
    if (auto secret = environment(name)) return checked(std::move(*secret), "env:" + name);
    value_.error(fmt::format("the environment variable {} is not set", name),
                 fmt::format("set {} before starting, or use {} = \"file:PATH\"", name, rule_.key));
    return std::nullopt;
  }

  std::optional<Secret> from_file(const std::string& path) const {
    const fs::path file = (folder_of(file_) / path).lexically_normal();
    Result<std::string> text = file_text(file);
    if (!text) {
      value_.error(fmt::format("the {}'s file {} {}", rule_.name, file.string(), text.error().detail),
                   fmt::format("write the {} into it, nothing else", rule_.name));
      return std::nullopt;
    }
    if (others_can_read(file)) {
      value_.error(fmt::format("others can read the {}'s file {}", rule_.name, file.string()),
                   fmt::format("run: chmod 600 {}", file.string()));
      return std::nullopt;
    }
    while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
    return checked(std::move(*text), "file:" + path);
  }

  std::optional<Secret> literal(std::string text) const {
    const bool harmless = rule_.is_harmless != nullptr && rule_.is_harmless(text);
    if (!harmless && others_can_read(file_)) {
      value_.error(fmt::format("the {} is written here and others can read this file", rule_.name),
                   fmt::format("run: chmod 600 {}, or write {}", file_.string(), rule_.example));
      return std::nullopt;
    }
    auto secret = checked(std::move(text), "literal");
    if (secret && !harmless) {
      value_.warning(fmt::format("the {} is written here", rule_.name),
                     fmt::format("safer: {}", rule_.example));
    }
    return secret;
  }

 private:
  std::optional<Secret> checked(std::string secret, std::string source) const {
    if (const SecretFault fault = rule_.fault_of(secret); !fault.what.empty()) {
      value_.error(fmt::format("the {} from {} {}", rule_.name, source, fault.what), std::string(fault.todo));
      return std::nullopt;
    }
    return Secret(std::move(secret), std::move(source));
  }

  const TomlValue& value_;
  const SecretRule& rule_;
  const fs::path& file_;
};

}  // namespace

std::optional<Secret> read_secret(const TomlValue& value, const std::string& text, const SecretRule& rule,
                                  const fs::path& file, const Environment& environment) {
  const SecretReader reader(value, rule, file);
  if (text.starts_with("env:")) return reader.from_environment(text.substr(4), environment);
  if (text.starts_with("file:")) return reader.from_file(text.substr(5));
  return reader.literal(text);
}

std::string printed_secret(const Secret& secret) {
  if (secret.source().empty()) return {};
  return toml_quoted(secret.source() == "literal" ? "(literal, not shown)" : secret.source());
}

}  // namespace bot
