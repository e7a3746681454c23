/// Reading a string with codes never fails, and what was read survives being written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bot/platforms/onebot/cq.hpp"

using namespace bot::onebot;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const CqParts parts = parse_cq(text);
  if (parse_cq(print_cq(parts)) != parts) std::abort();
  return 0;
}
