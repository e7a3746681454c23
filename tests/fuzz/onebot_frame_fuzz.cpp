/// Reading a frame never fails, and what is read can be answered with valid JSON.
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bot/base/utf8.hpp"
#include "bot/platforms/onebot/codec.hpp"

using namespace bot;
using namespace bot::onebot;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// Messages come from valid JSON, so every text in them is valid UTF-8.
void check(const Said& said) {
  const auto& posted = std::get<MessagePosted>(said.event.what);
  require(!said.event.where.chat.empty());
  require(!posted.from.id.empty());
  require(utf8::valid(posted.message.plain()));
  const std::string answer = write_send(said.event.where, posted.message, posted.id, said.through_group);
  boost::json::error_code failure;
  if (!answer.empty()) boost::json::parse(answer, failure);
  require(!failure);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Frame frame = read_frame(bytes, Reader{"qq", "10001000", from_ms(1)});
  if (const auto* said = std::get_if<Said>(&frame)) check(*said);
  if (const auto* response = std::get_if<Response>(&frame)) outcome_of(*response);
  return 0;
}
