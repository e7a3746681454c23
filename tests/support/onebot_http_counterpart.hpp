#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "tests/support/onebot_script.hpp"

/// A scripted implementation of OneBot v11 that speaks HTTP, with a thread of its own: a server that takes
/// calls, and a client that posts events.
namespace support {

struct HttpAnswering {
  int status = 200;          ///< of every call
  std::string body{};        ///< instead of the scripted answer
  bool holds_sends = false;  ///< messages are recorded and never answered
};

class OneBotHttpCounterpart {
 public:
  static constexpr bot::Milliseconds kPatience = std::chrono::seconds(20);

  /// Answers 403 to whoever has not this token; empty: everybody may call.
  explicit OneBotHttpCounterpart(std::string token = "", ScriptedAccount account = {});
  ~OneBotHttpCounterpart();
  OneBotHttpCounterpart(const OneBotHttpCounterpart&) = delete;
  OneBotHttpCounterpart& operator=(const OneBotHttpCounterpart&) = delete;

  /// "http://127.0.0.1:PORT"
  std::string url() const;
  void answer_calls(HttpAnswering how);
  std::vector<SentMessage> sends() const;
  bool wait_for_sends(std::size_t count) const;

 private:
  struct Program;
  std::unique_ptr<Program> program_;
};

/// Posts an event as an implementation does, and returns the status of the reply; 0: none came.
int post_event(std::uint16_t port, const std::string& body,
               const std::vector<std::pair<std::string, std::string>>& headers,
               const std::string& path = "/onebot/v11/http");

}  // namespace support
