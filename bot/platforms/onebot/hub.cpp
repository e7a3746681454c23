#include "bot/platforms/onebot/hub.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "bot/base/log.hpp"

namespace bot::onebot {

namespace {

constexpr std::array<const char*, 5> kSocketPaths{"/onebot/v11/ws", "/onebot/v11/ws/", "/onebot/v11",
                                                  "/onebot/v11/", "/"};
constexpr std::array<const char*, 5> kPostPaths{"/onebot/v11/http", "/onebot/v11/http/", "/onebot/v11",
                                                "/onebot/v11/", "/"};

/// Lagrange writes "Api" where the standard wants "API"; who says nothing wants everything.
std::optional<Role> role_of(const HttpCall& call) {
  std::string name(call.header("X-Client-Role"));
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name.empty() || name == "universal") return Role::universal;
  if (name == "api") return Role::calls;
  if (name == "event") return Role::events;
  return std::nullopt;
}

}  // namespace

std::shared_ptr<Hub> Hub::at(HttpServer& server) {
  auto hub = std::make_shared<Hub>();
  for (const char* path : kSocketPaths) {
    server.on_websocket(
        path, [hub](const HttpCall& call) { return hub->admit(call); },
        [hub](const HttpCall& call, std::unique_ptr<WebSocket> socket) {
          hub->take(call, std::move(socket));
        });
  }
  for (const char* path : kPostPaths) {
    server.on("POST", path, [hub](HttpCall call) -> Task<HttpReply> { co_return hub->hear(call); });
  }
  return hub;
}

void Hub::join(const std::string& self, Guest& guest) {
  if (!guests_.emplace(self, &guest).second)
    throw std::runtime_error("two accounts that are dialled have self = \"" + self + "\"");
}

void Hub::leave(const std::string& self) noexcept {
  guests_.erase(self);
}

Guest* Hub::guest_of(const HttpCall& call) const {
  const auto found = guests_.find(call.header("X-Self-ID"));
  return found == guests_.end() ? nullptr : found->second;
}

HttpReply Hub::admit(const HttpCall& call) {
  if (call.header("X-Self-ID").empty()) return turn_away(call, HttpReply(400, "X-Self-ID is missing"));
  Guest* guest = guest_of(call);
  if (guest == nullptr) return turn_away(call, HttpReply(403, "no account has this X-Self-ID"));
  if (!role_of(call)) return turn_away(call, HttpReply(400, "X-Client-Role is unknown"));
  return turn_away(call, guest->admit(call));
}

void Hub::take(const HttpCall& call, std::unique_ptr<WebSocket> socket) {
  if (Guest* guest = guest_of(call)) guest->take(role_of(call).value_or(Role::universal), std::move(socket));
}

HttpReply Hub::hear(const HttpCall& call) {
  if (call.header("X-Self-ID").empty()) return turn_away(call, HttpReply(400, "X-Self-ID is missing"));
  Guest* guest = guest_of(call);
  if (guest == nullptr) return turn_away(call, HttpReply(403, "no account has this X-Self-ID"));
  return turn_away(call, guest->hear(call));
}

// A platform that is turned away comes again every few seconds: one line of the log is enough.
HttpReply Hub::turn_away(const HttpCall& call, HttpReply reply) {
  if (reply.status < 400 || reply.status > 499) return reply;
  Turned turned{reply.status, std::string(call.header("X-Self-ID")), reply.body};
  const bool known = last_turned_ && last_turned_->self == turned.self && last_turned_->why == turned.why;
  if (!known) log::warning("a platform was turned away", {{"self", turned.self}, {"why", turned.why}});
  last_turned_ = std::move(turned);
  return reply;
}

}  // namespace bot::onebot
