#include "bot/desk/speakers.hpp"

namespace bot {

void Speakers::heard(const Address& group, const MessagePosted& posted) {
  if (ring_.size() < most_) {
    ring_.push_back({group, posted.id, posted.from});
    return;
  }
  // Assigned member by member, which keeps the memory of the strings.
  Heard& oldest = ring_[next_];
  oldest.group = group;
  oldest.message = posted.id;
  oldest.from = posted.from;
  next_ = (next_ + 1) % most_;
}

template <class Test>
std::optional<Sender> Speakers::newest(const Test& test) const {
  for (std::size_t back = 1; back <= ring_.size(); ++back) {
    const Heard& heard = ring_[(next_ + ring_.size() - back) % ring_.size()];
    if (test(heard)) return heard.from;
  }
  return std::nullopt;
}

std::optional<Sender> Speakers::author(const Address& group, const std::string& message) const {
  return newest([&](const Heard& heard) { return heard.message == message && heard.group == group; });
}

std::optional<Sender> Speakers::last(const Address& group, const std::string& user) const {
  return newest([&](const Heard& heard) { return heard.from.id == user && heard.group == group; });
}

}  // namespace bot
