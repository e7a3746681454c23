#pragma once

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
/// A part that we do not read (yet): kept by its type, so that nothing breaks on it.
struct Raw {
  std::string type{};
  std::string data{};  ///< as it came, in the platform's own notation
  bool operator==(const Raw&) const = default;
};

using Segment = std::variant<Text, Mention, MentionAll, Quote, Raw>;

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
