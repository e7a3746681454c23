#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/onebot_script.hpp"

/// A scripted implementation of OneBot v11 for tests: a real WebSocket server on 127.0.0.1 with a thread of
/// its own. It answers get_login_info, get_version_info and get_group_list, records every message that the
/// bot sends, says what the test tells it to say, and misbehaves on demand.
///
///     support::OneBotCounterpart qq;
///     … start the bot with qq.url() …
///     qq.wait_until_ready();
///     qq.says_in_group("987654321", "12345678", "打卡");
///     const auto answer = qq.wait_for_send([](const auto& sent) { return sent.chat == "987654321"; });
///
/// Every function may be called from the test's thread. Waits return as soon as the thing has happened, and
/// give up after `limit`; what speaks goes to every bot that is connected.
namespace support {

struct CounterpartOptions {
  enum class WrongToken {
    frame_1403,  ///< as NapCat: the upgrade succeeds, one frame with retcode 1403, then a close without a
                 ///< code
    http_401,    ///< as the standard wants it: the upgrade is refused
  };
  std::string token{};  ///< asked for in the Authorization header; empty: everybody is welcome
  WrongToken wrong_token = WrongToken::frame_1403;
  bool tls = false;
  std::string certificate_for = "127.0.0.1";  ///< the host that the certificate is made out to
  Validity validity = Validity::valid;
  std::string self = "10001000";  ///< the account, a number
  std::vector<std::string> groups = {"987654321"};
  bool online = true;   ///< logged in, as get_status tells
  bool history = true;  ///< whether there is an action get_group_msg_history
};

enum class Answering {
  at_once,
  held,  ///< when answer_held() is called
  never,
  failed_1200,  ///< NapCat's "something went wrong", which proves nothing
  failed_1400,  ///< a parameter was refused: not sent
};

class OneBotCounterpart {
 public:
  static constexpr bot::Milliseconds kPatience = std::chrono::seconds(20);
  using Predicate = std::function<bool(const SentMessage&)>;

  explicit OneBotCounterpart(CounterpartOptions options = {});
  /// Vanishes.
  ~OneBotCounterpart();
  OneBotCounterpart(const OneBotCounterpart&) = delete;
  OneBotCounterpart& operator=(const OneBotCounterpart&) = delete;

  /// ws://127.0.0.1:PORT/ or wss://…
  std::string url() const;
  std::uint16_t port() const;
  /// PEM file of the authority that signed the certificate; with `tls` only. Removed by the destructor.
  std::string authority_file() const;

  // ---- what the bot did ----
  /// Connections accepted so far, the refused ones included.
  std::size_t connections() const;
  bool wait_for_connections(std::size_t count, bot::Milliseconds limit = kPatience) const;
  /// Until a bot is connected whose three first questions were answered, for the `count`-th time.
  bool wait_until_ready(std::size_t count = 1, bot::Milliseconds limit = kPatience) const;
  /// Until it was asked get_status for the `count`-th time.
  bool wait_until_status_asked(std::size_t count, bot::Milliseconds limit = kPatience) const;
  std::vector<SentMessage> sends() const;
  /// The first message that fits, also one sent before the call. Nothing when none came in time.
  std::optional<SentMessage> wait_for_send(const Predicate& fits, bot::Milliseconds limit = kPatience) const;
  bool wait_for_sends(std::size_t count, bot::Milliseconds limit = kPatience) const;
  /// Authorization header of the last connection.
  std::string last_authorization() const;

  // ---- how it answers messages; other calls are always answered ----
  void answer_sends(Answering how);
  /// Answers what was held, the newest first, and goes on answering at once.
  void answer_held();

  // ---- what it says ----
  /// A group message; returns its message_id. `mention_self` puts an at segment for the bot first.
  std::string says_in_group(const std::string& group, const std::string& user, const std::string& text,
                            bool mention_self = false);
  std::string says_in_private(const std::string& user, const std::string& text);
  void heartbeat(bot::Milliseconds interval, bool online = true);
  /// Any bytes as one text frame, invalid UTF-8 included.
  void frame(const std::string& bytes);
  void binary_frame(const std::string& bytes);

  // ---- how it misbehaves ----
  /// Every connection is reset without a close frame. New ones are still accepted.
  void vanish();
  /// Every connection is closed properly.
  void close(std::uint16_t code, const std::string& reason = "");
  /// Does nothing at all, not even answer a ping, until thaw(). What is said or asked meanwhile happens then.
  void freeze();
  void thaw();
  /// From now on answers no question but pings.
  void ignore_questions();
  /// Nobody listens on the port any more; connections stay.
  void stop_accepting();
  /// Listens again on the same port.
  void accept_again();

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace support
