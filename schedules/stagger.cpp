#include "schedules/stagger.hpp"

#include <cstdint>
#include <string_view>

namespace schedules {

namespace {

/// FNV-1a; std::hash may differ between builds.
std::uint64_t hash(std::uint64_t from, std::string_view text) noexcept {
  for (const char byte : text) {
    from = (from ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211ULL;
  }
  return from;
}

/// FNV leaves neighbouring ids close together; this spreads them (the finalizer of splitmix64).
std::uint64_t spread_out(std::uint64_t value) noexcept {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

}  // namespace

std::chrono::seconds offset_of(const bot::Address& chat, std::chrono::seconds spread,
                               bot::LocalTime planned) {
  if (spread <= std::chrono::seconds(0)) return std::chrono::seconds(0);
  const std::uint64_t mixed =
      spread_out(hash(hash(hash(14'695'981'039'346'656'037ULL, chat.account), "\n"), chat.chat));
  const std::chrono::seconds offset(
      1 + static_cast<std::int64_t>(mixed % static_cast<std::uint64_t>(spread.count())));
  const bool on_the_half_hour =
      (planned + offset).time_since_epoch() % std::chrono::minutes(30) == std::chrono::milliseconds(0);
  return on_the_half_hour ? offset - std::chrono::seconds(1) : offset;
}

}  // namespace schedules
