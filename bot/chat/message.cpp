#include "bot/chat/message.hpp"

namespace bot {

Message& Message::add(Segment segment) {
  auto* text = std::get_if<Text>(&segment);
  if (text != nullptr && !parts_.empty()) {
    if (auto* last = std::get_if<Text>(&parts_.back())) {
      last->text += text->text;
      return *this;
    }
  }
  parts_.push_back(std::move(segment));
  return *this;
}

std::string Message::plain() const {
  std::string text;
  for (const Segment& part : parts_) {
    if (const auto* typed = std::get_if<Text>(&part)) text += typed->text;
  }
  return text;
}

std::optional<std::string_view> Message::single_text() const noexcept {
  std::optional<std::string_view> text;
  for (const Segment& part : parts_) {
    const auto* typed = std::get_if<Text>(&part);
    if (typed == nullptr) continue;
    if (text) return std::nullopt;
    text = typed->text;
  }
  return text.value_or(std::string_view());
}

}  // namespace bot
