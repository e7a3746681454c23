#include "bot/platforms/sandbox/room.hpp"

#include <algorithm>
#include <utility>

namespace bot {

std::size_t Room::add(Line line) {
  line.number = transcript_.size() + 1;
  line.at = clock_.now();
  transcript_.push_back(std::move(line));
  return transcript_.size();
}

Event Room::says(const Address& where, const Sender& from, const Utterance& utterance) {
  Line line;
  line.where = where;
  line.speaker = from.name;
  line.user = from.id;
  line.said = utterance.message;
  names_[from.id] = from.name;
  if (!from.anonymous) members_[where][from.id] = from;
  line.text = utterance.typed.empty() ? utterance.message.plain() : utterance.typed;
  line.quotes = utterance.quotes;
  line.to_bot = utterance.to_bot;
  line.to_others = utterance.to_others;
  const std::size_t number = add(std::move(line));
  MessagePosted posted;
  posted.from = from;
  posted.message = utterance.message;
  posted.id = std::to_string(number);
  if (utterance.quotes) posted.quotes = std::to_string(*utterance.quotes);
  posted.to_me = utterance.to_bot;
  posted.to_others = utterance.to_others;
  return Event(where, clock_.now(), std::move(posted));
}

std::string Room::shown(const Message& message) const {
  std::string text;
  for (const Segment& part : message.parts()) {
    if (const auto* typed = std::get_if<Text>(&part)) text += typed->text;
    if (std::holds_alternative<MentionAll>(part)) text += "@all";
    if (const auto* button = std::get_if<Button>(&part)) text += " [" + button->label + "]";
    if (const auto* mention = std::get_if<Mention>(&part)) {
      const auto name = names_.find(mention->user);
      text += "@" + (name == names_.end() ? mention->user : name->second);
    }
  }
  return text;
}

Capabilities Room::capabilities(const Address& chat) const {
  const auto found = capabilities_.find(chat.account);
  if (found != capabilities_.end()) return found->second;
  Capabilities usual;
  usual.members = true;
  return usual;
}

void Room::allow(const std::string& account, Capabilities capabilities) {
  capabilities_[account] = std::move(capabilities);
}

void Room::send(std::vector<Delivery> deliveries) {
  for (const Delivery& delivery : deliveries) {
    Scripted next{Sent{}, true};
    if (!outcomes_.empty()) {
      next = std::move(outcomes_.front());
      outcomes_.pop_front();
    }
    auto* sent = std::get_if<Sent>(&next.outcome);
    if (next.shown && (sent != nullptr || std::holds_alternative<Unknown>(next.outcome))) {
      const std::size_t number = show(delivery);
      if (sent != nullptr) sent->message_id = std::to_string(number);
    }
    settled_.emplace_back(delivery.to, clock_.now(),
                          Settled{delivery.outbox, delivery.subject, std::move(next.outcome)});
  }
}

std::size_t Room::show(const Delivery& delivery) {
  Line line;
  line.where = delivery.to;
  line.text = shown(delivery.message);
  line.said = delivery.message;
  line.kind = delivery.kind;
  line.answers = delivery.answers;
  return add(std::move(line));
}

void Room::read_history(const Address& chat, std::size_t count) {
  HistoryRead history;
  history.asked = count;
  history.failure = history_failure_;
  for (auto next = transcript_.rbegin(); next != transcript_.rend() && history.messages.size() < count;
       ++next) {
    const Line& line = *next;
    if (line.where != chat || !history_failure_.empty()) continue;
    PastMessage past;
    past.at = std::chrono::floor<std::chrono::seconds>(line.at);
    past.own = line.speaker.empty();
    past.posted.message = line.said;
    past.posted.id = std::to_string(line.number);
    past.posted.from = {line.user, line.speaker};
    if (line.quotes) past.posted.quotes = std::to_string(*line.quotes);
    past.posted.to_me = line.to_bot;
    past.posted.to_others = line.to_others;
    history.messages.push_back(std::move(past));
  }
  std::ranges::reverse(history.messages);
  settled_.emplace_back(chat, clock_.now(), std::move(history));
}

void Room::read_members(const Address& group) {
  MembersListed listed;
  std::map<std::string, Sender> there = members_[group];
  there.insert(introduced_.begin(), introduced_.end());
  for (const auto& [user, sender] : there) {
    MembersListed::Entry entry;
    entry.user = user;
    entry.card = sender.name;
    entry.role = roles_forgotten_ ? Sender::Role::member : sender.role;
    listed.members.push_back(std::move(entry));
  }
  settled_.emplace_back(group, clock_.now(), std::move(listed));
}

std::vector<Event> Room::take_settled() {
  return std::exchange(settled_, {});
}

}  // namespace bot
