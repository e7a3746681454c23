// What the answers to calls mean.
#include <algorithm>
#include <iterator>

#include "bot/platforms/onebot/codec.hpp"
#include "bot/platforms/onebot/implementations.hpp"

namespace bot::onebot {

namespace {

constexpr std::int64_t kBadParameter = 1400;
constexpr std::int64_t kUnknownAction = 1404;

std::string reason_of(const Response& response) {
  std::string reason = "retcode " + std::to_string(response.retcode);
  if (!response.message.empty()) reason += ": " + response.message;
  return reason;
}

const Refusal* refusal_in(std::string_view message) {
  std::string dense;
  std::ranges::copy_if(message, std::back_inserter(dense), [](char c) { return c != ' '; });
  const auto found = std::ranges::find_if(refusals(), [&dense](const Refusal& refusal) {
    const std::size_t at = dense.find(refusal.sign);
    const std::size_t end = at + refusal.sign.size();
    const bool longer =
        at != std::string::npos && end < dense.size() && dense[end] >= '0' && dense[end] <= '9';
    return at != std::string::npos && !longer;
  });
  return found == refusals().end() ? nullptr : &*found;
}

/// By time; what has one time keeps its order, unless the platform lists the newest first.
void put_in_order(std::vector<PastMessage>& messages) {
  if (messages.empty()) return;
  if (messages.front().at > messages.back().at) std::ranges::reverse(messages);
  const auto begin = messages.begin();
  for (auto next = begin; next != messages.end(); ++next) {
    const Instant at = next->at;
    std::rotate(std::ranges::upper_bound(begin, next, at, {}, &PastMessage::at), next, next + 1);
  }
}

}  // namespace

HistoryRead history_of(Response response) {
  HistoryRead history;
  history.supported = response.ok || !is_unknown_action(response.retcode);
  if (!response.ok) history.failure = reason_of(response);
  history.messages = std::move(response.history);
  put_in_order(history.messages);
  return history;
}

MembersListed members_of(Response response) {
  MembersListed listed;
  if (!response.ok) listed.failure = reason_of(response);
  if (response.ok && response.members.empty()) listed.failure = "the platform lists nobody";
  if (listed.failure.empty()) listed.members = std::move(response.members);
  return listed;
}

SendOutcome outcome_of(const Response& response) {
  if (response.ok) return Sent{response.message_id};
  if (response.pending) return Unknown{"accepted without a result"};
  std::string reason = reason_of(response);
  if (const auto refusal = refusal_in(response.message)) {
    if (refusal->wait.count() > 0) return NotSent{std::move(reason), refusal->wait};
    return Refused{std::move(reason), true};
  }
  if (response.retcode == kBadParameter || response.retcode == kUnknownAction)
    return Refused{std::move(reason)};
  return Unknown{std::move(reason)};
}

}  // namespace bot::onebot
