#include "bot/chat/shown_name.hpp"

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

constexpr std::size_t kLongest = 32;  // code points

}  // namespace

std::string shown_name(const Sender& sender) {
  std::string name = utf8::one_line(sender.name);
  if (name.empty()) return sender.id;
  if (utf8::length(name) <= kLongest) return name;
  return std::string(utf8::trimmed(utf8::cut(name, kLongest))) + "\u2026";
}

}  // namespace bot
