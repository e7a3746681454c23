#pragma once

#include <optional>
#include <string>

namespace bot {

/// Lines from a person at a terminal, with editing and history; from a pipe, plain lines.
class Terminal {
 public:
  Terminal();
  bool is_interactive() const noexcept { return interactive_; }
  /// nullopt at the end of input.
  std::optional<std::string> read_line(const std::string& prompt);

 private:
  bool interactive_;
};

}  // namespace bot
