#include "bot/net/standing.hpp"

#include "bot/base/log.hpp"

namespace bot {

Event Standing::event(Happening what) const {
  Address where;
  where.account = account_;
  return Event(std::move(where), clock_.now(), std::move(what));
}

void Standing::up(const std::string& self, const std::string& implementation) {
  if (told_ == Told::up) return;
  told_ = Told::up;
  log::info("account is up", {{"account", account_}, {"self", self}, {"implementation", implementation}});
  Event told = event(LinkUp{self, implementation});
  offer(told);
}

void Standing::down(const std::string& reason) {
  if (told_ == Told::down) return;
  told_ = Told::down;
  log::warning("account is down", {{"account", account_}, {"why", reason}});
  // Admins are shown it in the chat, and a platform may have put a secret into its words.
  Event told = event(LinkDown{log::without_secrets(reason)});
  offer(told);
}

void Standing::complain(const Address& chat, std::int64_t outbox, const SendOutcome& outcome) const {
  const auto* unknown = std::get_if<Unknown>(&outcome);
  const auto* refused = std::get_if<Refused>(&outcome);
  if (unknown == nullptr && refused == nullptr) return;
  log::warning("send not confirmed", {{"account", account_},
                                      {"chat", chat.chat},
                                      {"outbox", outbox},
                                      {"why", unknown == nullptr ? refused->reason : unknown->reason}});
}

}  // namespace bot
