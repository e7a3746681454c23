// Writing: types to bytes.
#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <set>
#include <utility>

#include "bot/base/hashes.hpp"
#include "bot/base/utf8.hpp"
#include "bot/net/wecom_words.hpp"
#include "bot/platforms/wecom/button_key.hpp"
#include "bot/platforms/wecom/codec.hpp"

namespace bot::wecom {

namespace {

using boost::json::object;

constexpr std::size_t kMostButtons = 6;
constexpr std::size_t kMegabyte = std::size_t{1024} * 1024;
constexpr std::size_t kPictureLimit = 10 * kMegabyte;
constexpr std::size_t kVoiceLimit = 2 * kMegabyte;
constexpr std::size_t kFileLimit = 20 * kMegabyte;
constexpr std::size_t kLeastMedia = 5;

std::string written(std::string_view command, std::string_view req_id) {
  return boost::json::serialize(object{{"cmd", command}, {"headers", {{"req_id", req_id}}}});
}
std::string written(std::string_view command, std::string_view req_id, object body) {
  return boost::json::serialize(
      object{{"cmd", command}, {"headers", {{"req_id", req_id}}}, {"body", std::move(body)}});
}

std::string sent(const Address& to, const Route& route, object body) {
  if (route.is_answer) return written("aibot_respond_msg", route.req_id, std::move(body));
  body["chatid"] = utf8::repaired(to.chat);
  body["chat_type"] = to.direct ? 1 : 2;
  return written("aibot_send_msg", route.req_id, std::move(body));
}

/// The words of a message; mentions are made by `mention`. Texts are joined before they are looked at, so
/// that no tag can be put together from two of them.
template <class Mentioned>
std::string words_of(const Delivery& delivery, const Mentioned& mentioned) {
  std::string words;
  std::string typed;
  for (const Segment& part : delivery.message.parts()) {
    if (const auto* text = std::get_if<Text>(&part)) {
      typed += utf8::repaired(text->text);
    } else if (std::holds_alternative<MentionAll>(part)) {
      typed += utf8::repaired(delivery.everyone);
    } else if (const auto* mention = std::get_if<Mention>(&part)) {
      words += wecom_literal(std::exchange(typed, {})) + mentioned(mention->user);
    }
  }
  return words + wecom_literal(typed);
}

std::string markdown_of(const Delivery& delivery) {
  return std::string(utf8::cut_bytes(words_of(delivery, wecom_mention), kTextLimit.count));
}

// ---- bodies ---------------------------------------------------------------------------------------------

boost::json::array buttons_of(const Message& message) {
  boost::json::array buttons;
  std::set<std::string> keys;
  for (const Segment& part : message.parts()) {
    const auto* button = std::get_if<Button>(&part);
    if (button == nullptr || buttons.size() == kMostButtons) continue;
    const auto key = button_key(button->command);
    if (!key || !keys.insert(*key).second) continue;
    buttons.push_back({{"text", utf8::repaired(button->label)}, {"style", 1}, {"key", *key}});
  }
  return buttons;
}

object card_of(const std::string& words, boost::json::array buttons, std::string_view name) {
  const std::size_t end = words.find('\n');
  object card{{"card_type", "button_interaction"},
              {"main_title", {{"title", words.substr(0, end)}}},
              {"button_list", std::move(buttons)},
              {"task_id", name}};
  if (end != std::string::npos) card["sub_title_text"] = words.substr(end + 1);
  return {{"msgtype", "template_card"}, {"template_card", std::move(card)}};
}

/// Empty when there are no words.
object body_of(const Delivery& delivery, std::string_view name, bool stream) {
  boost::json::array buttons = buttons_of(delivery.message);
  if (!buttons.empty()) {
    const std::string words =
        words_of(delivery, [](const std::string& user) { return "@" + wecom_literal(utf8::repaired(user)); });
    return words.empty() ? object() : card_of(words, std::move(buttons), name);
  }
  const std::string words = markdown_of(delivery);
  if (words.empty()) return {};
  if (!stream) return {{"msgtype", "markdown"}, {"markdown", {{"content", words}}}};
  return {{"msgtype", "stream"}, {"stream", {{"id", name}, {"finish", true}, {"content", words}}}};
}

bool is_png(std::string_view bytes) {
  return bytes.starts_with("\x89PNG");
}

std::size_t most_bytes(std::string_view type) {
  if (type == "voice") return kVoiceLimit;
  return type == "file" ? kFileLimit : kPictureLimit;
}

std::string media_type(const Attachment& file) {
  const bool voice = file.kind == Attachment::Kind::voice && file.bytes.starts_with("#!AMR");
  if (voice && file.bytes.size() <= kVoiceLimit) return "voice";
  const bool video = file.kind == Attachment::Kind::video && file.bytes.size() <= kPictureLimit;
  return video ? "video" : "file";
}

}  // namespace

std::string write_subscribe(std::string_view robot, std::string_view secret, std::string_view req_id) {
  return written("aibot_subscribe", req_id, {{"bot_id", robot}, {"secret", secret}});
}

std::string write_ping(std::string_view req_id) {
  return written("ping", req_id);
}

std::string write_words(const Delivery& delivery, const Route& route, std::string_view name) {
  object body = body_of(delivery, name, route.is_answer);
  return body.empty() ? std::string() : sent(delivery.to, route, std::move(body));
}

std::string write_media(const Address& to, std::string_view type, std::string_view media_id,
                        const Route& route) {
  return sent(to, route, {{"msgtype", type}, {type, {{"media_id", media_id}}}});
}

std::string write_response(const Delivery& delivery, std::string_view name) {
  const object body = body_of(delivery, name, false);
  return body.empty() ? std::string() : boost::json::serialize(body);
}

std::vector<Media> media_of(const Message& message) {
  std::vector<Media> all;
  for (const Segment& part : message.parts()) {
    if (const auto* picture = std::get_if<Picture>(&part); picture != nullptr && !picture->bytes.empty())
      all.push_back({"image", is_png(picture->bytes) ? "picture.png" : "picture.jpg", picture->bytes});
    if (const auto* file = std::get_if<Attachment>(&part)) {
      const std::string name = utf8::one_line(utf8::repaired(file->name));
      all.push_back({media_type(*file), name.empty() ? "file" : name, file->bytes});
    }
  }
  std::erase_if(all, [](const Media& media) {
    return media.bytes.size() <= kLeastMedia || media.bytes.size() > most_bytes(media.type);
  });
  return all;
}

std::string write_upload_begin(const Media& media, std::string_view req_id) {
  return written("aibot_upload_media_init", req_id,
                 {{"type", media.type},
                  {"filename", media.name},
                  {"total_size", media.bytes.size()},
                  {"total_chunks", (media.bytes.size() + kPiece - 1) / kPiece}});
}

std::string write_upload_piece(std::string_view upload_id, std::size_t index, std::string_view piece,
                               std::string_view req_id) {
  return written("aibot_upload_media_chunk", req_id,
                 {{"upload_id", upload_id}, {"chunk_index", index}, {"base64_data", base64(piece)}});
}

std::string write_upload_end(std::string_view upload_id, std::string_view req_id) {
  return written("aibot_upload_media_finish", req_id, {{"upload_id", upload_id}});
}

}  // namespace bot::wecom
