#include "bot/texts/markdown.hpp"

#include <md4c.h>

#include <algorithm>
#include <array>
#include <vector>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

constexpr const char* kHeadingMark = "\u258e";
constexpr const char* kBullet = "\u2022 ";

/// The entities that people write; others stay as they were typed.
std::string_view meaning_of(std::string_view entity) {
  struct Meaning {
    std::string_view entity;
    std::string_view text;
  };
  static constexpr std::array<Meaning, 6> kMeanings{
      {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", " "}}};
  const auto found = std::ranges::find(kMeanings, entity, &Meaning::entity);
  return found == kMeanings.end() ? entity : found->text;
}

/// Receives md4c's events and writes chat text.
class ChatWriter {
 public:
  static int enter_block(MD_BLOCKTYPE type, void* detail, void* self) {
    static_cast<ChatWriter*>(self)->enter(type, detail);
    return 0;
  }
  static int leave_block(MD_BLOCKTYPE type, void*, void* self) {
    static_cast<ChatWriter*>(self)->leave(type);
    return 0;
  }
  static int enter_span(MD_SPANTYPE type, void*, void* self) {
    if (type == MD_SPAN_A) static_cast<ChatWriter*>(self)->open_link();
    return 0;
  }
  static int leave_span(MD_SPANTYPE type, void* detail, void* self) {
    if (type == MD_SPAN_A)
      static_cast<ChatWriter*>(self)->close_link(*static_cast<MD_SPAN_A_DETAIL*>(detail));
    return 0;
  }
  static int text(MD_TEXTTYPE type, const MD_CHAR* bytes, MD_SIZE size, void* self) {
    static_cast<ChatWriter*>(self)->write(type, std::string_view(bytes, size));
    return 0;
  }

  std::string taken() { return std::string(utf8::trimmed(out_)); }

 private:
  struct List {
    bool ordered = false;
    unsigned number = 1;
  };

  void enter(MD_BLOCKTYPE type, void* detail) {
    if (type == MD_BLOCK_UL) lists_.push_back({});
    if (type == MD_BLOCK_OL) lists_.push_back({true, static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start});
    if (type == MD_BLOCK_LI) start_item();
    if (type == MD_BLOCK_H) {
      new_line();
      out_ += kHeadingMark;
    }
    if (type == MD_BLOCK_P && !at_item_start_) new_line();
    if (type == MD_BLOCK_CODE || type == MD_BLOCK_TR) new_line();
  }

  void leave(MD_BLOCKTYPE type) {
    if ((type == MD_BLOCK_UL || type == MD_BLOCK_OL) && !lists_.empty()) lists_.pop_back();
    if (type == MD_BLOCK_TD || type == MD_BLOCK_TH) out_ += ' ';
    if (type == MD_BLOCK_LI) at_item_start_ = false;
  }

  void start_item() {
    new_line();
    if (lists_.size() > 1) out_.append(2 * (lists_.size() - 1), ' ');
    if (!lists_.empty() && lists_.back().ordered) {
      out_ += std::to_string(lists_.back().number++) + ". ";
    } else {
      out_ += kBullet;
    }
    at_item_start_ = true;
  }

  void write(MD_TEXTTYPE type, std::string_view bytes) {
    at_item_start_ = false;
    if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
      new_line();
    } else if (type == MD_TEXT_ENTITY) {
      out_ += meaning_of(bytes);
    } else if (type != MD_TEXT_HTML && type != MD_TEXT_NULLCHAR) {
      out_ += bytes;
    }
  }

  void open_link() { link_begin_ = out_.size(); }

  void close_link(const MD_SPAN_A_DETAIL& link) {
    const std::string address(link.href.text, link.href.size);
    const std::string shown = out_.substr(link_begin_);
    const bool shows_itself =
        address == shown || address == "http://" + shown || address == "mailto:" + shown;
    if (!address.empty() && !shows_itself) out_.append(" (").append(address).append(")");
  }

  void new_line() {
    while (out_.ends_with(' ')) out_.pop_back();
    link_begin_ = std::min(link_begin_, out_.size());
    if (!out_.empty() && out_.back() != '\n') out_ += '\n';
  }

  std::string out_;
  std::vector<List> lists_;
  std::size_t link_begin_ = 0;
  bool at_item_start_ = false;
};

}  // namespace

std::string chat_text(std::string_view markdown) {
  ChatWriter writer;
  MD_PARSER parser{};
  parser.flags = MD_DIALECT_GITHUB | MD_FLAG_NOHTML;
  parser.enter_block = ChatWriter::enter_block;
  parser.leave_block = ChatWriter::leave_block;
  parser.enter_span = ChatWriter::enter_span;
  parser.leave_span = ChatWriter::leave_span;
  parser.text = ChatWriter::text;
  md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, &writer);
  return writer.taken();
}

}  // namespace bot
