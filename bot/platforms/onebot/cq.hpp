#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Messages of OneBot v11 written as one string with CQ codes: `[CQ:at,qq=10001] hello`.
/// Source of the rules: OneBot 11, message/string.md, and what NapCat, LLBot and NoneBot agree on.
namespace bot::onebot {

/// One part of a message; typed text has the type "text" and one parameter of that name.
struct CqPart {
  std::string type{};
  std::vector<std::pair<std::string, std::string>> data{};  ///< unescaped; each key once
  bool operator==(const CqPart&) const = default;
};
using CqParts = std::vector<CqPart>;

CqPart cq_text(std::string text);

/// Total, in one pass and linear time: a bracket that is no well-formed code stays text, only the four
/// entities
/// `&amp; &#91; &#93; &#44;` are decoded, the last of equal keys wins, and neighbouring texts are one part.
/// More than 64 parameters make no code.
CqParts parse_cq(std::string_view text);

/// The inverse: parse_cq(print_cq(parts)) == parts for parts that parse_cq can produce.
std::string print_cq(const CqParts& parts);

}  // namespace bot::onebot
