#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"

/// OneBot 11 frames as NapCat writes them (protocols/onebot-v11.md §2, §6).
namespace faults {

inline constexpr std::int64_t kSelf = 10001000;

/// What the bot asks of the platform.
struct Request {
  std::string action{};
  std::string echo{};
  std::string chat{};  ///< group_id or user_id
  bool direct = false;
  std::string text{};     ///< the text segments of a message, joined
  std::size_t count = 0;  ///< of a history
};

/// nullopt: not a call.
std::optional<Request> read_request(const std::string& frame);

/// NapCat's time is in seconds, and in milliseconds when QQ gives it none.
enum class Stamps { seconds, milliseconds };

/// A message as it stands in the platform's history.
struct Line {
  std::string chat{};
  bool direct = false;
  std::int64_t user = 0;
  std::string text{};
  std::int64_t message_id = 0;
  std::int64_t sequence = 0;  ///< within its chat
  bot::Instant at{};
};

boost::json::object message_event(const Line& line, Stamps stamps);
std::string heartbeat_frame(bot::Milliseconds interval, bot::Instant at);
std::string connect_frame(bot::Instant at);
std::string ok_frame(const std::string& echo, boost::json::value data);
std::string failed_frame(const std::string& echo, int retcode, const std::string& why);
/// "Accepted": the outcome is never told.
std::string pending_frame(const std::string& echo);
std::string wrong_token_frame();
boost::json::value group_list(const std::vector<std::string>& groups);
boost::json::value login_info();
boost::json::value version_info();

}  // namespace faults
