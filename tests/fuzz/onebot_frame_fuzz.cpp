/// Reading a frame never fails, and what is read can be answered with valid JSON.
#include <boost/json.hpp>
#include <cmath>
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

// A link or a file of the platform's machine that came in is never given to whoever would open it.
void check(const Segment& part) {
  const auto is_web = [](const std::string& url) { return url.empty() || url.starts_with("http"); };
  if (const auto* picture = std::get_if<Picture>(&part)) require(is_web(picture->url));
  if (const auto* file = std::get_if<Attachment>(&part)) require(is_web(file->url));
  if (const auto* card = std::get_if<Card>(&part)) require(is_web(card->url));
  if (const auto* place = std::get_if<Place>(&part))
    require(std::abs(place->latitude) <= 90 && std::abs(place->longitude) <= 180);
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
  for (const Segment& part : posted.message.parts()) check(part);
}

void check(const Noticed& noticed) {
  const Event& event = noticed.event;
  require(!std::holds_alternative<MessagePosted>(event.what));
  require(!event.where.chat.empty());
  if (const auto* muted = std::get_if<MemberMuted>(&event.what))
    require(!muted->duration || muted->duration->count() >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Frame frame = read_frame(bytes, Reader{"qq", "10001000", from_ms(1)});
  if (const auto* said = std::get_if<Said>(&frame)) check(*said);
  if (const auto* noticed = std::get_if<Noticed>(&frame)) check(*noticed);
  if (const auto* response = std::get_if<Response>(&frame)) outcome_of(*response);
  return 0;
}
