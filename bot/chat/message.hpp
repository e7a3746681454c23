#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bot {

/// The parts of a message. What a person typed lives in Text and nowhere else, so it can never become a
/// mention or a picture on the way out (reliability X1).
struct Text {
  std::string text{};
  bool operator==(const Text&) const = default;
};
struct Mention {
  std::string user{};
  bool operator==(const Mention&) const = default;
};
struct MentionAll {
  bool operator==(const MentionAll&) const = default;
};
/// The message that this one quotes.
struct Quote {
  std::string message_id{};
  bool operator==(const Quote&) const = default;
};
/// A picture. What goes out carries its bytes; what comes in says where the platform keeps it, and seldom for
/// long.
struct Picture {
  std::string bytes{};  ///< PNG or JPEG
  std::string url{};
  std::string key{};  ///< what opens the bytes at `url`, where the platform seals them
  bool operator==(const Picture&) const = default;
};
/// A voice message, a video or a file. What goes out carries its bytes and its name, as with Picture.
struct Attachment {
  enum class Kind { voice, video, file };
  Kind kind = Kind::file;
  std::string bytes{};
  std::string name{};
  std::string id{};  ///< the platform's, to ask for it
  std::string url{};
  std::optional<std::int64_t> size{};  ///< bytes
  std::string key{};                   ///< as in Picture
  bool operator==(const Attachment&) const = default;
};
/// Where somebody says to be. WGS-84 or whatever the platform's map uses; degrees.
struct Place {
  double latitude = 0;
  double longitude = 0;
  std::string name{};
  std::string address{};
  bool operator==(const Place&) const = default;
};
/// A link or an app that was shared: what it shows of itself.
struct Card {
  std::string title{};
  std::string text{};
  std::string url{};
  bool operator==(const Card&) const = default;
};
/// Other messages, forwarded together.
struct Forwarded {
  std::string id{};  ///< the platform's, to ask for them
  bool operator==(const Forwarded&) const = default;
};
/// Goes out only: where the platform has buttons, a tap on it counts as typing `command`; elsewhere it is
/// left out, so the text must do without.
struct Button {
  std::string label{};
  std::string command{};
  bool operator==(const Button&) const = default;
};
/// A part that we do not read (yet): kept by its type, so that nothing breaks on it.
struct Raw {
  std::string type{};
  std::string data{};  ///< as it came, in the platform's own notation
  bool operator==(const Raw&) const = default;
};

using Segment =
    std::variant<Text, Mention, MentionAll, Quote, Picture, Attachment, Place, Card, Forwarded, Button, Raw>;

class Message {
 public:
  Message() = default;
  explicit Message(std::string text) { add(Text{std::move(text)}); }

  /// Neighbouring texts are joined.
  Message& add(Segment segment);
  const std::vector<Segment>& parts() const noexcept { return parts_; }
  bool empty() const noexcept { return parts_.empty(); }
  /// The typed text alone.
  std::string plain() const;
  /// The same without a copy, when the message holds no more than one text.
  std::optional<std::string_view> single_text() const noexcept;

  bool operator==(const Message&) const = default;

 private:
  std::vector<Segment> parts_;
};

}  // namespace bot
