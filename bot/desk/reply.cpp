#include "bot/desk/reply.hpp"

namespace bot {

Reply Reply::say(std::string key, Values values) {
  Reply reply;
  reply.also(std::move(key), std::move(values));
  return reply;
}

Reply& Reply::also(std::string key, Values values) {
  lines_.push_back({Said{std::move(key), std::move(values)}, false});
  return *this;
}

Reply& Reply::in_private() {
  if (!lines_.empty()) lines_.back().in_private = true;
  return *this;
}

Reply& Reply::mentioning(std::string user) {
  lines_.back().mention = std::move(user);
  return *this;
}

Reply& Reply::add(Line line) {
  lines_.push_back(std::move(line));
  return *this;
}

Reply& Reply::merged() {
  if (!lines_.empty()) lines_.back().merged = true;
  return *this;
}

Reply& Reply::with_button() {
  if (!lines_.empty()) lines_.back().button = true;
  return *this;
}

Reply& Reply::to_admins_of(Address group) {
  if (!lines_.empty()) lines_.back().admins_of = std::move(group);
  return *this;
}

Reply& Reply::unrecorded() {
  unrecorded_ = true;
  return *this;
}

Reply& Reply::about(std::string subject) {
  subject_ = std::move(subject);
  return *this;
}

}  // namespace bot
