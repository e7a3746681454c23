#pragma once

#include <string>
#include <string_view>

/// How WeCom reads the content of its markdown messages (wecom.md 2, 3): the same for webhooks and robots.
namespace bot {

enum class WecomMarkdown {
  first,   ///< msgtype markdown: mentions and colours, no lists
  second,  ///< msgtype markdown_v2: lists and italics, no mentions
};

/// Typed text, which becomes neither a mention nor markup: invisible characters and look-alikes stand where
/// WeCom would read a tag, a mention or markdown.
std::string wecom_literal(std::string_view text, WecomMarkdown form = WecomMarkdown::first);

/// A mention of that user; what is no user id becomes typed text behind "@".
std::string wecom_mention(const std::string& user);

/// What wecom_literal() made of a text of ours, with its shape as markup: a first line that begins with
/// "\u3010" is bold, a line behind "\u258e" a heading, and one behind "\u2022 " an item where there are
/// lists.
std::string wecom_shaped(std::string_view literal, WecomMarkdown form);

}  // namespace bot
