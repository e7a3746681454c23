#include "bot/platforms/onebot/codec_segments.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <optional>

#include "bot/base/json.hpp"
#include "bot/platforms/onebot/codec_fields.hpp"
#include "bot/platforms/onebot/cq.hpp"

namespace bot::onebot {

namespace {

using boost::json::object;
using boost::json::value;

using Read = std::optional<Segment>;

Read text_of(const value& fields) {
  return Text{id(fields, "text")};
}

Read mention_of(const value& fields) {
  std::string user = id(fields, "qq");
  if (user == "all" || user == "0") return MentionAll{};
  if (user.empty()) return std::nullopt;
  return Mention{std::move(user)};
}

Read quote_of(const value& fields) {
  std::string message = id(fields, "id");
  if (message.empty() || message == "0") return std::nullopt;
  return Quote{std::move(message)};
}

// ---- pictures and files ---------------------------------------------------------------------------------

// NapCat's stickers come as pictures too.
Read picture_of(const value& fields) {
  std::string url = first_url(fields, {"url", "file"});
  if (url.empty() && view(fields, "file").empty()) return std::nullopt;
  return Picture{{}, std::move(url)};
}

/// What stands in `file` is a name with most implementations, an address with some.
std::string name_of(const value& fields) {
  std::string name = first_text(fields, {"name", "file_name", "file"});
  return name.find("://") == std::string::npos ? name : std::string();
}

std::string platform_id_of(const value& fields) {
  std::string found = id(fields, "file_id");
  return found.empty() ? id(fields, "id") : found;
}

std::optional<std::int64_t> size_of(const value& fields) {
  for (const std::string_view name : {"file_size", "size"}) {
    const auto size = json::integer(json::member(fields, name));
    if (size && *size >= 0) return size;
  }
  return std::nullopt;
}

Read attachment_of(const value& fields, Attachment::Kind kind) {
  Attachment file;
  file.kind = kind;
  file.name = name_of(fields);
  file.id = platform_id_of(fields);
  file.url = first_url(fields, {"url", "file"});
  file.size = size_of(fields);
  if (file.name.empty() && file.id.empty() && file.url.empty()) return std::nullopt;
  return file;
}

Read voice_of(const value& fields) {
  return attachment_of(fields, Attachment::Kind::voice);
}
Read video_of(const value& fields) {
  return attachment_of(fields, Attachment::Kind::video);
}
Read file_of(const value& fields) {
  return attachment_of(fields, Attachment::Kind::file);
}

Read forwarded_of(const value& fields) {
  std::string id_of_all = id(fields, "id");
  if (id_of_all.empty()) return std::nullopt;
  return Forwarded{std::move(id_of_all)};
}

// ---- places and cards -----------------------------------------------------------------------------------

std::optional<double> degrees(const value& fields, std::string_view name, double most) {
  const std::optional<double> angle = real(fields, name);
  const bool possible = angle && std::abs(*angle) <= most;  // false for NaN
  return possible ? angle : std::nullopt;
}

Read place_of(const value& fields) {
  const auto latitude = degrees(fields, "lat", 90);
  const auto east = degrees(fields, "lon", 180);
  const auto longitude = east ? east : degrees(fields, "lng", 180);
  if (!latitude || !longitude) return std::nullopt;
  return Place{*latitude, *longitude, first_text(fields, {"name", "title"}),
               first_text(fields, {"address", "content"})};
}

Read card_of(const value& fields) {
  // Announcements of a group hide their text behind a second notation.
  if (json::integer(json::member(fields, "encode")).value_or(0) != 0) return std::nullopt;
  Card card{text(fields, "title"), first_text(fields, {"desc", "content"}),
            first_url(fields, {"qqdocurl", "jumpUrl", "url"})};
  if (card.title.empty() && card.text.empty() && card.url.empty()) return std::nullopt;
  return card;
}

Read bundle_of(const value& fields) {
  std::string id_of_all = id(fields, "resid");
  if (id_of_all.empty()) return std::nullopt;
  return Forwarded{std::move(id_of_all)};
}

/// QQ's cards name their app, and hold what they show in an object of `meta` whose name differs by app.
Read shown_by_card(const value& card) {
  const value* meta = json::member(card, "meta");
  const auto* contents = meta == nullptr ? nullptr : meta->if_object();
  if (contents == nullptr) return std::nullopt;
  const std::string_view app = view(card, "app");
  const auto read = app == "com.tencent.map" ? place_of : app == "com.tencent.multimsg" ? bundle_of : card_of;
  for (const auto& content : *contents) {
    if (Read shown = read(content.value())) return shown;
  }
  return std::nullopt;
}

/// Titles with a line break in them arrive unescaped, which is no JSON for others.
std::string without_line_breaks(std::string_view written) {
  std::string one_line(written);
  std::ranges::replace_if(one_line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return one_line;
}

Read json_of(const value& fields) {
  const value* data = json::member(fields, "data");
  if (data == nullptr) return std::nullopt;
  if (data->is_object()) return shown_by_card(*data);
  const Result<value> card = json::parsed(without_line_breaks(view(data)));
  return card ? shown_by_card(*card) : std::nullopt;
}

// ---- segments -------------------------------------------------------------------------------------------

struct Reading {
  std::string_view type;
  Read (*read)(const value& fields);
};

constexpr std::array<Reading, 11> kReadings{{
    {"text", text_of},
    {"at", mention_of},
    {"reply", quote_of},
    {"image", picture_of},
    {"record", voice_of},
    {"video", video_of},
    {"file", file_of},
    {"forward", forwarded_of},
    {"location", place_of},
    {"share", card_of},
    {"json", json_of},
}};

Segment segment_of(std::string_view type, const value* data) {
  const value none;
  const value& fields = data == nullptr ? none : *data;
  for (const Reading& reading : kReadings) {
    if (reading.type != type) continue;
    if (Read read = reading.read(fields)) return std::move(*read);
    break;
  }
  return Raw{std::string(type), data == nullptr ? std::string() : boost::json::serialize(*data)};
}

void add(Message& message, const value& segment) {
  const std::string_view type = view(segment, "type");
  if (type.empty()) return;
  Segment part = segment_of(type, json::member(segment, "data"));
  const auto* typed = std::get_if<Text>(&part);
  if (typed == nullptr || !typed->text.empty()) message.add(std::move(part));
}

void add(Message& message, const CqPart& part, const boost::json::storage_ptr& storage) {
  object fields(storage);
  for (const auto& [key, content] : part.data) fields[key] = content;
  const value data(std::move(fields));
  message.add(segment_of(part.type, &data));
}

}  // namespace

Message message_of(const value* content) {
  Message message;
  if (content == nullptr) return message;
  if (const auto* segments = content->if_array()) {
    for (const value& segment : *segments) add(message, segment);
  } else if (content->is_string()) {
    for (const CqPart& part : parse_cq(view(content))) add(message, part, content->storage());
  } else {
    add(message, *content);
  }
  return message;
}

}  // namespace bot::onebot
