#include "bot/desk/lane.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace bot {

namespace {

/// A lane whose head must wait is not searched further than this for chats that need not.
constexpr std::size_t kLookAhead = 1000;
constexpr std::size_t kMostUnowed = 20;

/// Counts how often somebody's turn has come. Parts of one message are one turn.
class Turns {
 public:
  std::size_t next(const Delivery& delivery) {
    Last& last = last_[delivery.asker];
    const bool goes_on = last.turn > 0 && delivery.part_of != 0 && delivery.part_of == last.part_of;
    if (!goes_on) ++last.turn;
    last.part_of = delivery.part_of;
    return last.turn;
  }

 private:
  struct Last {
    std::size_t turn = 0;
    std::int64_t part_of = 0;
  };
  std::unordered_map<std::string_view, Last> last_;
};

}  // namespace

void Lane::add(Delivery delivery) {
  std::deque<Delivery>& waiting = queue(delivery.priority);
  const bool takes_turns = delivery.priority == Priority::reply && !delivery.asker.empty();
  if (waiting.empty() || !takes_turns) {
    waiting.push_back(std::move(delivery));
  } else {
    add_in_turn(waiting, std::move(delivery));
  }
}

void Lane::add_in_turn(std::deque<Delivery>& waiting, Delivery delivery) {
  Turns turns;
  std::vector<std::size_t> turn_of;
  turn_of.reserve(waiting.size());
  for (const Delivery& other : waiting) turn_of.push_back(other.asker.empty() ? 0 : turns.next(other));
  const std::size_t turn = turns.next(delivery);
  if (turn > kMostUnowed && delivery.outbox == 0) return;
  const auto later = std::ranges::find_if(turn_of, [turn](std::size_t other) { return other > turn; });
  waiting.insert(waiting.begin() + std::distance(turn_of.begin(), later), std::move(delivery));
}

void Lane::give_back(Delivery delivery) {
  std::deque<Delivery>& waiting = queue(delivery.priority);
  const auto is_later = [row = delivery.outbox](const Delivery& other) {
    return other.outbox == 0 || other.outbox > row;
  };
  const auto place = std::ranges::find_if(waiting, is_later);
  waiting.insert(place, std::move(delivery));
}

std::vector<Delivery> Lane::take(Priority priority, const Judge& judge) {
  std::deque<Delivery>& waiting = queue(priority);
  std::vector<Delivery> leaving;
  std::vector<Delivery> kept;
  while (!waiting.empty() && kept.size() < kLookAhead) {
    const Fate fate = judge(waiting.front());
    if (fate == Fate::end) break;
    Delivery delivery = std::move(waiting.front());
    waiting.pop_front();
    if (fate == Fate::wait) {
      kept.push_back(std::move(delivery));
      continue;
    }
    passed(delivery);
    if (fate == Fate::leave) leaving.push_back(std::move(delivery));
  }
  waiting.insert(waiting.begin(), std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end()));
  return leaving;
}

void Lane::show(Priority priority, const Watcher& wants_more) const {
  const std::deque<Delivery>& waiting = queues_[static_cast<std::size_t>(priority)];
  const std::size_t most = std::min(waiting.size(), kLookAhead);
  for (std::size_t i = 0; i < most; ++i) {
    if (!wants_more(waiting[i])) return;
  }
}

bool Lane::any_waits(const Test& test) const {
  return std::ranges::any_of(queues_, [&](const auto& queue) { return std::ranges::any_of(queue, test); });
}

std::vector<Delivery> Lane::forget(const Test& test) {
  std::vector<Delivery> forgotten;
  for (auto& queue : queues_) {
    std::ranges::copy_if(queue, std::back_inserter(forgotten), test);
    std::erase_if(queue, test);
  }
  for (const Delivery& delivery : forgotten) passed(delivery);
  return forgotten;
}

std::size_t Lane::waiting() const noexcept {
  std::size_t count = in_flight.size();
  for (const auto& queue : queues_) count += queue.size();
  return count;
}

std::size_t Lane::flying(bool replies) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      in_flight, [replies](const auto& flight) { return flight.second.reply == replies; }));
}

bool Lane::flies_to(const Address& chat) const {
  return std::ranges::any_of(in_flight, [&](const auto& flight) { return flight.second.send.where == chat; });
}

bool Lane::has_seen(const Address& chat, const std::string& message_id) const {
  return std::ranges::any_of(in_flight, [&](const auto& flight) {
    return flight.second.seen == message_id && flight.second.send.where == chat;
  });
}

bool Lane::is_between_parts(const Delivery& delivery) const {
  const auto unfinished = unfinished_.find(delivery.to);
  return unfinished != unfinished_.end() && unfinished->second != delivery.part_of;
}

void Lane::passed(const Delivery& delivery) {
  if (delivery.part_of == 0) return;
  if (delivery.last_part) {
    unfinished_.erase(delivery.to);
  } else {
    unfinished_.insert_or_assign(delivery.to, delivery.part_of);
  }
}

}  // namespace bot
