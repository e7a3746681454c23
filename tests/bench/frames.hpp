#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What a OneBot v11 platform writes, as bytes of a WebSocket server.
namespace bench {

/// A message in a group.
struct Post {
  std::uint64_t number = 0;  ///< message id
  std::uint64_t member = 0;
  std::uint64_t group = 0;
  std::string_view name{};
  std::string_view text{};
};

/// A text frame; servers do not mask.
void append_frame(std::string& out, std::string_view payload);
/// A frame with the event that NapCat would write: 400 to 600 bytes with ordinary talk.
void append_event(std::string& out, const Post& post);
/// Ordinary talk without a command, another one for each number.
std::string_view talk(std::uint64_t number);

}  // namespace bench
