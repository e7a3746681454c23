#include "bot/platforms/onebot/implementations.hpp"

#include <algorithm>
#include <optional>

namespace bot::onebot {

namespace {

struct Implementation {
  std::string_view app_name;  ///< as get_version_info says it
  std::optional<Action> lacks;
};

constexpr std::array<Implementation, 4> kImplementations{{
    {"NapCat.Onebot", {}},
    {"LLOneBot", {}},
    {"Lagrange.OneBot", Action::mention_all_quota},
    {"go-cqhttp", Action::private_history},
}};

constexpr std::array<Refusal, 5> kRefusals{{
    {"\"result\":110", Milliseconds{0}},                  // no member, or muted (NapCatQQ#600)
    {"\"result\":120", Milliseconds{0}},                  // muted (mirai#168)
    {"\"result\":299", std::chrono::seconds(60)},         // the group's own limit per minute (mirai#1220)
    {"\u5904\u4e8e\u88ab\u7981\u8a00", Milliseconds{0}},  // LLBot: muted
    {"\u88ab\u79fb\u51fa", Milliseconds{0}},              // removed
}};

}  // namespace

void Abilities::know(std::string_view implementation) noexcept {
  for (std::atomic<bool>& each : missing_) each = false;
  const std::string_view app_name = implementation.substr(0, implementation.find(' '));
  const auto known = std::ranges::find(kImplementations, app_name, &Implementation::app_name);
  if (known != kImplementations.end() && known->lacks) learn_missing(*known->lacks);
}

bool is_unknown_action(std::int64_t retcode) noexcept {
  return retcode == 1404 || retcode == 404;
}

std::span<const Refusal> refusals() noexcept {
  return kRefusals;
}

}  // namespace bot::onebot
