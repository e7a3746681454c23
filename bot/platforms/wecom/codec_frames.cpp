// Writing: types to bytes.
#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <set>
#include <utility>

#include "bot/base/utf8.hpp"
#include "bot/net/digest.hpp"
#include "bot/platforms/wecom/button_key.hpp"
#include "bot/platforms/wecom/codec.hpp"

namespace bot::wecom {

namespace {

using boost::json::object;

constexpr std::size_t kMostButtons = 6;
constexpr std::string_view kNothing = "\u200b";  // zero-width space: shows nothing, and ends no word
constexpr std::string_view kLikeStar = "\u2217";
constexpr std::string_view kLikeGrave = "\u02cb";

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

// ---- typed text -----------------------------------------------------------------------------------------

bool opens_tag(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '@' || c == '/' || c == '!' || c == '?';
}

/// Whether these two neighbours would be markup; what follows further on does not matter.
bool is_markup(char first, char second) {
  if (first == '<') return opens_tag(second);
  if (first == '&') return second == '#' || second == 'l' || second == 'L';
  if (first == ']') return second == '(' || second == '[';
  return first == '~' && second == '~';
}

bool is_line_markup(char c) {
  return c == '#' || c == '>' || c == '|';
}

bool is_user_id(std::string_view id) {
  constexpr std::string_view marks = "_-@.";
  return !id.empty() && std::ranges::all_of(id, [marks](unsigned char c) {
    return std::isalnum(c) != 0 || marks.find(static_cast<char>(c)) != std::string_view::npos;
  });
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
      words += literal_text(std::exchange(typed, {})) + mentioned(mention->user);
    }
  }
  return words + literal_text(typed);
}

std::string mention_tag(const std::string& user) {
  return is_user_id(user) ? "<@" + user + ">" : "@" + literal_text(utf8::repaired(user));
}

std::string markdown_of(const Delivery& delivery) {
  return std::string(utf8::cut_bytes(words_of(delivery, mention_tag), kTextLimit.count));
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
        words_of(delivery, [](const std::string& user) { return "@" + literal_text(utf8::repaired(user)); });
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

}  // namespace

std::string literal_text(std::string_view text) {
  std::string result;
  bool begins_line = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (begins_line && is_line_markup(c)) result += kNothing;
    if (c == '*') {
      result += kLikeStar;
    } else if (c == '`') {
      result += kLikeGrave;
    } else {
      result += c;
    }
    if (at + 1 < text.size() && is_markup(c, text[at + 1])) result += kNothing;
    begins_line = c == '\n' || c == '\r' || (begins_line && (c == ' ' || c == '\t'));
  }
  return result;
}

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

std::string write_picture(const Address& to, std::string_view media_id, const Route& route) {
  return sent(to, route, {{"msgtype", "image"}, {"image", {{"media_id", media_id}}}});
}

std::string write_response(const Delivery& delivery, std::string_view name) {
  const object body = body_of(delivery, name, false);
  return body.empty() ? std::string() : boost::json::serialize(body);
}

std::string write_upload_begin(std::string_view bytes, std::string_view req_id) {
  return written("aibot_upload_media_init", req_id,
                 {{"type", "image"},
                  {"filename", is_png(bytes) ? "picture.png" : "picture.jpg"},
                  {"total_size", bytes.size()},
                  {"total_chunks", (bytes.size() + kPiece - 1) / kPiece}});
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
