#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"

/// What a scripted implementation of OneBot v11 says, as bytes. The same words over every transport.
namespace support {

/// One send_group_msg or send_private_msg of the bot.
struct SentMessage {
  std::string chat{};  ///< group_id or user_id
  bool direct = false;
  std::string text{};                   ///< the text segments, joined
  std::vector<std::string> mentions{};  ///< the at segments, "all" included
  std::string quotes{};                 ///< the reply segment
  std::string echo{};
  std::string message_id{};  ///< that the counterpart gives it
  std::string frame{};       ///< the whole call
};

/// A call of the bot, taken apart.
struct HeardCall {
  std::string action{};  ///< empty: the frame is no call
  std::string echo{};
  std::string group{};  ///< that it is about
  bool sends = false;   ///< then `message` is what
  SentMessage message{};
};
HeardCall read_call(const std::string& frame);

/// The account that the implementation serves.
struct ScriptedAccount {
  std::string self = "10001000";  ///< a number
  std::vector<std::string> groups = {"987654321"};
  bool online = true;   ///< logged in, as get_status tells
  bool history = true;  ///< whether there is an action get_group_msg_history

  /// To anything but a message that is to be sent.
  std::string answer_to(const HeardCall& question) const;
  std::string connected() const;
  std::string heartbeat(bot::Milliseconds interval, bool logged_in) const;
  std::string group_message(std::int64_t id, const std::string& group, const std::string& user,
                            const std::string& text, bool mention_self = false) const;
  std::string private_message(std::int64_t id, const std::string& user, const std::string& text) const;
};

std::string sent_answer(const SentMessage& sent);
/// An empty `echo` is null.
std::string failure_answer(const std::string& echo, int retcode, const std::string& why);

}  // namespace support
