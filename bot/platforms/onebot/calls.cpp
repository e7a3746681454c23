#include "bot/platforms/onebot/calls.hpp"

#include <optional>
#include <utility>

namespace bot::onebot {

struct Calls::Call {
  explicit Call(const boost::asio::any_io_executor& executor) : decided(executor) {}

  Answer lost(const std::string& reason) const {
    if (written) return Unknown{reason};
    return NotSent{reason};
  }

  Waiter decided;
  bool written = false;
  std::optional<Answer> answer{};
};

Calls::Calls(const boost::asio::any_io_executor& executor) : executor_(executor) {}
Calls::~Calls() = default;

void Calls::open(const std::string& echo) {
  calls_.emplace(echo, std::make_unique<Call>(executor_));
}

bool Calls::started(const std::string& echo) {
  const auto found = calls_.find(echo);
  if (found == calls_.end() || found->second->answer) return false;
  found->second->written = true;
  return true;
}

Task<Answer> Calls::answer(std::string echo, Milliseconds limit) {
  const auto found = calls_.find(echo);
  if (found == calls_.end()) co_return Unknown{"no such call"};
  Call& call = *found->second;
  if (!call.answer) {
    co_await call.decided.wait_for(limit);
  }
  if (!call.answer) call.answer = call.lost("no answer in time");
  Answer answer = std::move(*call.answer);
  calls_.erase(echo);
  co_return answer;
}

bool Calls::settle(Response&& response) {
  const auto found = calls_.find(response.echo);
  const bool awaited = found != calls_.end() && found->second->written && !found->second->answer;
  if (!awaited) {
    ++stray_;
    return false;
  }
  found->second->answer = std::move(response);
  found->second->decided.wake();
  return true;
}

void Calls::lose(const std::string& reason) {
  for (auto& [echo, call] : calls_) {
    if (call->answer) continue;
    call->answer = call->lost(reason);
    call->decided.wake();
  }
}

}  // namespace bot::onebot
