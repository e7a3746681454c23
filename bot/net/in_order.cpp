#include "bot/net/in_order.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

namespace bot {

struct InOrder::Lines {
  explicit Lines(const boost::asio::any_io_executor& executor) : moved(executor) {}

  std::unordered_map<Address, std::deque<std::uint64_t>, AddressHash> waiting{};
  Waiter moved;
  std::uint64_t last = 0;
};

InOrder::InOrder(const boost::asio::any_io_executor& executor) : lines_(std::make_shared<Lines>(executor)) {}
InOrder::~InOrder() = default;

InOrder::Place::Place(const InOrder& order, Address chat)
    : lines_(order.lines_), chat_(std::move(chat)), ticket_(++lines_->last) {
  lines_->waiting[chat_].push_back(ticket_);
}

InOrder::Place::~Place() {
  const auto line = lines_->waiting.find(chat_);
  std::erase(line->second, ticket_);
  if (line->second.empty()) lines_->waiting.erase(line);
  lines_->moved.wake();
}

Task<void> InOrder::Place::reached() const {
  while (lines_->waiting.at(chat_).front() != ticket_) {
    co_await lines_->moved.wait();
  }
}

}  // namespace bot
