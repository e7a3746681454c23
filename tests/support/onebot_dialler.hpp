#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "tests/support/onebot_script.hpp"

/// A scripted implementation of OneBot v11 that dials the bot (reverse WebSocket), once, with a thread of its
/// own. Whoever wants it to come again makes another one. It answers every call at once.
namespace support {

struct DiallerOptions {
  std::string path = "/onebot/v11/ws";
  std::vector<std::pair<std::string, std::string>> headers = {{"x-self-id", "10001000"},
                                                              {"x-client-role", "Universal"}};
  ScriptedAccount account{};
  bool answers_sends = true;
  bool insists = false;  ///< tries again while nobody listens
};

class OneBotDialler {
 public:
  static constexpr bot::Milliseconds kPatience = std::chrono::seconds(20);

  explicit OneBotDialler(std::uint16_t port, DiallerOptions options = {});
  /// Vanishes without a close frame.
  ~OneBotDialler();
  OneBotDialler(const OneBotDialler&) = delete;
  OneBotDialler& operator=(const OneBotDialler&) = delete;

  /// What the upgrade was answered with: 101 when it is connected; 0 when it was not answered in time.
  int status() const;
  void say(const std::string& frame);
  void says_in_group(const std::string& group, const std::string& user, const std::string& text);
  /// Messages that the bot has sent here.
  std::vector<SentMessage> sends() const;
  bool wait_for_sends(std::size_t count) const;
  /// Until the bot has ended the connection.
  bool wait_until_closed() const;

 private:
  struct Program;
  std::unique_ptr<Program> program_;
};

}  // namespace support
