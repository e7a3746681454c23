#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "bot/base/instant.hpp"
#include "bot/chat/delivery.hpp"
#include "bot/chat/event.hpp"
#include "bot/chat/outcome.hpp"
#include "bot/chat/text_limit.hpp"

/// What WeCom's intelligent robot says and is told (protocols: wecom.md 3 and 5): bytes to types and back.
/// Reading is total: whatever the bytes are, the result is a value. Fields that are missing or of another
/// type than documented are tolerated.
namespace bot::wecom {

/// Of a markdown text.
inline constexpr TextLimit kTextLimit{20480, TextLimit::Unit::bytes};
/// Of a piece of an upload, before Base64.
inline constexpr std::size_t kPiece = std::size_t{512} * 1024;

/// Somebody said something to the robot, or tapped one of its buttons, which counts as typing the button's
/// command. `event.what` is a MessagePosted. In groups only what mentions the robot arrives.
struct Said {
  Event event{};
  std::string req_id{};        ///< what an answer must name; empty when there can be none
  std::string response_url{};  ///< where one answer can be posted (callbacks only); holds a secret
};
/// Another program has subscribed as the same robot; the connection ends.
struct Replaced {};
/// The answer to a frame of ours.
struct Ack {
  std::string echo{};  ///< the req_id of that frame
  std::int64_t code = 0;
  std::string message{};    ///< why it failed, for logs
  std::string upload_id{};  ///< aibot_upload_media_init
  std::string media_id{};   ///< aibot_upload_media_finish
};
struct Ignored {
  std::string why{};
};
using Frame = std::variant<Said, Replaced, Ack, Ignored>;

/// What a frame is read against; borrowed while it is read.
struct Reader {
  std::string_view account{};  ///< name in the configuration, for Event::where
  Instant now{};               ///< for messages without a time
};

/// A frame of the long connection.
Frame read_frame(std::string_view bytes, const Reader& reader);
/// The inside of a callback's envelope.
Frame read_callback(std::string_view bytes, const Reader& reader);
/// The answer to a POST to a response_url; of no JSON too.
Ack read_ack(std::string_view bytes);

/// How a frame reaches the chat: as an answer to a callback, or unasked.
struct Route {
  std::string_view req_id{};  ///< of the callback, or a fresh one
  bool is_answer = false;
};

/// The first frame of a connection. Holds the secret.
std::string write_subscribe(std::string_view robot, std::string_view secret, std::string_view req_id);
std::string write_ping(std::string_view req_id);

/// The frame that says a message's words: a card when it has buttons, else markdown. What was typed becomes
/// neither a mention nor markup; only a Mention mentions, and instead of a mention of everybody stands
/// Delivery::everyone. `name` is 1 to 128 of [0-9A-Za-z_@-] and never used again. Empty when there are no
/// words. Pictures and files are left out: they have frames of their own.
std::string write_words(const Delivery& delivery, const Route& route, std::string_view name);
/// Shows what was uploaded: `type` is "image", "file", "voice" or "video".
std::string write_media(const Address& to, std::string_view type, std::string_view media_id,
                        const Route& route);
/// The same words as the body of a POST to a response_url.
std::string write_response(const Delivery& delivery, std::string_view name);

/// What is uploaded.
struct Media {
  std::string type{};  ///< as in write_media()
  std::string name{};
  std::string bytes{};
};
/// The pictures and files of a message that the platform takes: pictures and videos up to 10 MB, voices up to
/// 2 MB and in AMR, files up to 20 MB, all over 5 bytes; what is no voice or video there goes as a file.
std::vector<Media> media_of(const Message& message);

/// An upload: begin, the pieces from 0, end.
std::string write_upload_begin(const Media& media, std::string_view req_id);
std::string write_upload_piece(std::string_view upload_id, std::size_t index, std::string_view piece,
                               std::string_view req_id);
std::string write_upload_end(std::string_view upload_id, std::string_view req_id);

/// What an answer to a message means. Only errcode 0 says that it was taken, and whatever else is answered
/// was not shown.
SendOutcome outcome_of(const Ack& ack);
/// The callback cannot be answered (any more), though the message may be sent without it.
bool is_too_late_to_answer(const Ack& ack) noexcept;
/// A problem of the moment, not of what was asked.
bool is_busy(const Ack& ack) noexcept;

}  // namespace bot::wecom
