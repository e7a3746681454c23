/// Reading a frame or the inside of a callback never fails, what is read can be answered with valid JSON, and
/// typed text never becomes a mention.
#include <algorithm>
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bot/base/utf8.hpp"
#include "bot/platforms/wecom/codec.hpp"

using namespace bot;
using namespace bot::wecom;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// Ids may look like anything and call nobody; they go back as they came.
bool is_id(std::string_view key) {
  return key == "chatid" || key == "req_id";
}

/// In what is shown.
bool calls_somebody(const boost::json::value& value) {
  if (const auto* text = value.if_string()) return text->find("<@") != boost::json::string::npos;
  if (const auto* list = value.if_array()) return std::ranges::any_of(*list, calls_somebody);
  const auto* object = value.if_object();
  return object != nullptr && std::ranges::any_of(*object, [](const auto& member) {
           return !is_id(member.key()) && calls_somebody(member.value());
         });
}

void check(const std::string& frame) {
  if (frame.empty()) return;
  boost::json::error_code failure;
  const boost::json::value value = boost::json::parse(frame, failure);
  require(!failure);
  require(!calls_somebody(value));
}

void check(const Said& said) {
  const auto& posted = std::get<MessagePosted>(said.event.what);
  require(!said.event.where.chat.empty());
  require(!posted.from.id.empty());
  require(utf8::valid(posted.message.plain()));
  Delivery answer(said.event.where, posted.message);
  check(write_words(answer, {said.req_id, true}, "n1"));
  check(write_response(answer, "n1"));
  answer.message.add(Button{"b", posted.message.plain()});
  check(write_words(answer, {"p1", false}, "n2"));
}

void check(const Frame& frame) {
  if (const auto* said = std::get_if<Said>(&frame)) check(*said);
  if (const auto* ack = std::get_if<Ack>(&frame)) outcome_of(*ack);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Reader reader{"work", from_ms(1)};
  check(read_frame(bytes, reader));
  check(read_callback(bytes, reader));
  outcome_of(read_ack(bytes));
  check(write_words(Delivery({"work", "1", false}, Message(std::string(bytes))), {"p1", false}, "n1"));
  return 0;
}
