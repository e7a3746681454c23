#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"

/// A scripted WeCom for intelligent robots (protocols: wecom.md 3): a real WebSocket server on 127.0.0.1 with
/// a thread of its own. It checks subscriptions, acknowledges frames, takes uploads, says what the test tells
/// it to say, and misbehaves on demand. Every function may be called from the test's thread.
namespace support {

struct WecomOptions {
  std::string robot = "BOTID";
  std::string secret = "SECRET";
  bool tls = false;
};

/// One frame of the bot. The name of the command is in `cmd`.
struct WecomFrame {
  std::string cmd{};
  std::string req_id{};
  std::string body{};  ///< JSON

  /// What it shows: markdown, or the content of a stream.
  std::string content() const;
};

class WecomCounterpart {
 public:
  static constexpr bot::Milliseconds kPatience = std::chrono::seconds(20);

  explicit WecomCounterpart(WecomOptions options = {});
  /// Vanishes.
  ~WecomCounterpart();
  WecomCounterpart(const WecomCounterpart&) = delete;
  WecomCounterpart& operator=(const WecomCounterpart&) = delete;

  std::string url() const;
  /// PEM file of the authority that signed the certificate; with `tls` only.
  std::string authority_file() const;

  // ---- what the bot did ----
  bool wait_for_connections(std::size_t count, bot::Milliseconds limit = kPatience) const;
  std::size_t connections() const;
  bool wait_for_pings(std::size_t count, bot::Milliseconds limit = kPatience) const;
  /// Everything but subscriptions and pings.
  std::vector<WecomFrame> frames() const;
  /// The `count`-th of them, counted from 1.
  std::optional<WecomFrame> wait_for_frame(std::size_t count = 1, bot::Milliseconds limit = kPatience) const;
  /// What was uploaded, once all pieces are there.
  std::string uploaded() const;

  // ---- how it answers ----
  /// From now on frames but pings are answered with this code; nothing: not at all, until answer_held().
  void answer_with(std::optional<std::int64_t> code);
  /// The same for frames of one command alone.
  void answer_with(const std::string& cmd, std::int64_t code);
  void answer_held();
  void answer_pings(bool answer);

  // ---- what it says ----
  /// Returns the msgid.
  std::string says_in_group(const std::string& chat, const std::string& user, const std::string& text);
  std::string says_directly(const std::string& user, const std::string& text);
  void taps(const std::string& chat, const std::string& user, const std::string& key);
  /// Another program subscribes as the same robot.
  void take_over();
  void frame(const std::string& bytes);
  /// Every connection is reset.
  void vanish();

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace support
