#include "bot/platforms/onebot/cq.hpp"

#include <algorithm>
#include <array>

namespace bot::onebot {

namespace {

struct Entity {
  std::string_view written;
  char meant;
};
constexpr std::array<Entity, 4> kEntities{{{"&amp;", '&'}, {"&#91;", '['}, {"&#93;", ']'}, {"&#44;", ','}}};
constexpr std::string_view kOpening = "[CQ:";
constexpr std::size_t kMostParameters = 64;  // the search for an equal key is linear

const Entity* entity_at(std::string_view rest) {
  const auto* found = std::find_if(kEntities.begin(), kEntities.end(),
                                   [&](const Entity& entity) { return rest.starts_with(entity.written); });
  return found == kEntities.end() ? nullptr : &*found;
}

std::string unescaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Entity* entity = text.front() == '&' ? entity_at(text) : nullptr;
    result += entity == nullptr ? text.front() : entity->meant;
    text.remove_prefix(entity == nullptr ? 1 : entity->written.size());
  }
  return result;
}

void append_escaped(std::string& result, std::string_view text, bool comma_too) {
  for (const char c : text) {
    const auto* entity = std::find_if(kEntities.begin(), kEntities.end(),
                                      [&](const Entity& candidate) { return candidate.meant == c; });
    const bool plain = entity == kEntities.end() || (c == ',' && !comma_too);
    if (plain) {
      result += c;
    } else {
      result += entity->written;
    }
  }
}

// Not std::isalnum: it depends on the locale.
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

// Reads one code from the front of the text. After a failure `at()` is where no code can have begun before:
// whatever opens inside the rejected stretch would stop at the same place. That keeps the whole pass linear.
class CodeReader {
 public:
  CodeReader(std::string_view text, std::size_t at) : text_(text), at_(at) {}
  std::size_t at() const { return at_; }

  bool read(CqPart& part) {
    at_ += kOpening.size();
    part.type = name();
    if (part.type.empty()) return false;
    while (accept(',')) {
      if (!parameter(part)) return false;
    }
    return accept(']');
  }

 private:
  bool accept(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  bool parameter(CqPart& part) {
    std::string key = name();
    if (key.empty() || !accept('=')) return false;
    const std::size_t end = std::min(text_.find_first_of(",]", at_), text_.size());
    std::string value = unescaped(text_.substr(at_, end - at_));
    at_ = end;
    const auto same = std::find_if(part.data.begin(), part.data.end(),
                                   [&](const auto& earlier) { return earlier.first == key; });
    if (same != part.data.end()) {
      same->second = std::move(value);
    } else if (part.data.size() == kMostParameters) {
      return false;
    } else {
      part.data.emplace_back(std::move(key), std::move(value));
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_;
};

void add_text(CqParts& parts, std::string text) {
  if (text.empty()) return;
  if (!parts.empty() && parts.back().type == "text") {
    parts.back().data.front().second += text;
  } else {
    parts.push_back(cq_text(std::move(text)));
  }
}

void add_code(CqParts& parts, CqPart part) {
  if (part.type != "text") {
    parts.push_back(std::move(part));
    return;
  }
  for (auto& [key, value] : part.data) {
    if (key == "text") add_text(parts, std::move(value));
  }
}

}  // namespace

CqPart cq_text(std::string text) {
  CqPart part{"text", {}};
  part.data.emplace_back("text", std::move(text));
  return part;
}

CqParts parse_cq(std::string_view text) {
  CqParts parts;
  std::size_t pending = 0;  // typed text that is not in `parts` yet begins here
  std::size_t at = text.find(kOpening);
  while (at != std::string_view::npos) {
    CqPart part;
    CodeReader reader(text, at);
    if (reader.read(part)) {
      add_text(parts, unescaped(text.substr(pending, at - pending)));
      add_code(parts, std::move(part));
      pending = reader.at();
    }
    at = text.find(kOpening, reader.at());
  }
  add_text(parts, unescaped(text.substr(pending)));
  return parts;
}

std::string print_cq(const CqParts& parts) {
  std::string result;
  for (const CqPart& part : parts) {
    if (part.type == "text") {
      for (const auto& [key, value] : part.data) append_escaped(result, value, false);
      continue;
    }
    result += kOpening;
    result += part.type;
    for (const auto& [key, value] : part.data) {
      result += ',' + key + '=';
      append_escaped(result, value, true);
    }
    result += ']';
  }
  return result;
}

}  // namespace bot::onebot
