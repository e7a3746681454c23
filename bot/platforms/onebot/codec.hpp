#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/event.hpp"
#include "bot/chat/outcome.hpp"

/// Frames of OneBot v11 over WebSocket: bytes to types and back. Reading is total: whatever the bytes are,
/// the result is a value. Fields that are missing or of another type than documented are tolerated.
namespace bot::onebot {

struct Heartbeat {
  std::optional<Milliseconds> interval{};  ///< time between heartbeats, where given and positive
  std::optional<bool> online{};            ///< whether the account is logged in at the platform
};
/// First frame of a connection; may be missing.
struct Lifecycle {
  std::string self{};
};
/// The implementation has lost its login (NapCat's bot_offline).
struct WentOffline {
  std::string reason{};
};
/// Somebody other than the account said something. `event.what` is a MessagePosted.
struct Said {
  Event event{};
  std::string through_group{};  ///< a private chat with somebody who is no friend goes through this group
};
/// The account itself said something, here or on another device. `event.what` is an OwnMessage.
struct OwnSaid {
  Event event{};
};
/// Something else happened in a chat: `event.what` is a MessageRecalled, MemberJoined, MemberLeft,
/// MemberMuted, Poked or Requested. The account's own pokes are left out.
struct Noticed {
  Event event{};
};
/// The answer to a call. Fields after `message` are filled from `data` where they occur.
struct Response {
  std::string echo{};  ///< empty when null, absent or no text
  bool ok = false;
  bool pending = false;  ///< accepted, result unknown (status "async")
  std::int64_t retcode = 0;
  std::string message{};                        ///< why it failed, for logs
  std::string message_id{};                     ///< send_group_msg, send_private_msg
  std::string user_id{};                        ///< get_login_info
  std::string implementation{};                 ///< get_version_info: "NapCat.Onebot 4.8.90"
  std::vector<GroupsListed::Entry> groups{};    ///< get_group_list
  std::vector<MembersListed::Entry> members{};  ///< get_group_member_list
  std::optional<bool> mention_all{};            ///< get_group_at_all_remain: whether another one is allowed
  std::vector<PastMessage> history{};           ///< get_group_msg_history, get_friend_msg_history
  std::optional<bool> online{};                 ///< get_status: whether the account is logged in
};
struct Ignored {
  std::string why{};
};

using Frame = std::variant<Heartbeat, Lifecycle, WentOffline, Said, OwnSaid, Noticed, Response, Ignored>;

/// What a frame is read against; borrowed while it is read.
struct Reader {
  std::string_view account{};  ///< name in the configuration, for Event::where
  std::string_view self{};     ///< the account's own id, for frames without self_id; may be empty
  Instant now{};               ///< for events without a usable time
};

/// Numbers up to 64 bits, nesting up to 64. Damaged UTF-8 and lone surrogates become U+FFFD.
Frame read_frame(std::string_view bytes, const Reader& reader);

/// A call without parameters.
std::string write_call(std::string_view action, std::string_view echo);

/// The call that sends `message`, always as an array of segments, so that typed text can never become a code:
/// at most one reply segment, first; then texts, mentions, and pictures and files that carry their bytes.
/// Other parts are left out, and no address ever makes the platform fetch or read a file; damaged UTF-8
/// becomes U+FFFD. Empty when nothing remains to be said.
std::string write_send(const Address& to, const Message& message, std::string_view echo,
                       std::string_view through_group = {});

/// The call that reads the latest `count` messages of a chat.
std::string write_history(const Address& chat, std::size_t count, std::string_view echo);

/// The call that reads who is in a group.
std::string write_members(const Address& group, std::string_view echo);

/// The call that asks whether everybody may be mentioned in a group today (NapCat, LLBot, go-cqhttp).
std::string write_mention_all_quota(const Address& group, std::string_view echo);

/// The oldest first, whatever order the platform keeps. An implementation that does not know the call has no
/// history; NapCat reports an empty one as an error.
HistoryRead history_of(Response response);

/// A failed call lists nobody.
MembersListed members_of(Response response);

/// Success is status "ok" or retcode 0. Only a refused parameter (1400) and an unknown action (1404) prove
/// that nothing was sent; any other failure may come after a delivery (NapCat's 1200 after a timeout).
SendOutcome outcome_of(const Response& response);

}  // namespace bot::onebot
