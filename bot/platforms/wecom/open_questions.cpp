#include "bot/platforms/wecom/open_questions.hpp"

namespace bot::wecom {

namespace {

std::string name_of(const Address& chat, const std::string& message) {
  return (chat.direct ? "1 " : "2 ") + chat.chat + '\n' + message;
}

}  // namespace

void OpenQuestions::add(const Address& chat, const std::string& message, std::string key, SteadyTime now) {
  if (message.empty() || key.empty()) return;
  std::string name = name_of(chat, message);
  questions_.insert_or_assign(name, Question{std::move(key), now});
  oldest_.emplace_back(now, std::move(name));
  while (oldest_.size() > most_ || now - oldest_.front().first > window_) {
    const auto found = questions_.find(oldest_.front().second);
    if (found != questions_.end() && found->second.asked == oldest_.front().first) questions_.erase(found);
    oldest_.pop_front();
  }
}

std::optional<std::string> OpenQuestions::key(const Address& chat, const std::string& message,
                                              SteadyTime now) const {
  const auto found = questions_.find(name_of(chat, message));
  if (found == questions_.end() || now - found->second.asked > window_) return std::nullopt;
  return found->second.key;
}

void OpenQuestions::forget(const Address& chat, const std::string& message) {
  questions_.erase(name_of(chat, message));
}

}  // namespace bot::wecom
