#pragma once

#include <deque>
#include <string>
#include <unordered_set>
#include <utility>

#include "bot/base/instant.hpp"

namespace bot::wecom {

/// What arrived lately, so that nobody can send it a second time.
class SeenLately {
 public:
  explicit SeenLately(Milliseconds window) : window_(window) {}

  /// False when it was seen within the window.
  bool is_new(std::string name, SteadyTime now) {
    while (!order_.empty() && now - order_.front().first > window_) {
      names_.erase(order_.front().second);
      order_.pop_front();
    }
    if (!names_.insert(name).second) return false;
    order_.emplace_back(now, std::move(name));
    return true;
  }
  /// It was not taken after all, and may come again.
  void forget(const std::string& name) {
    names_.erase(name);
    std::erase_if(order_, [&name](const auto& seen) { return seen.second == name; });
  }

 private:
  Milliseconds window_;
  std::unordered_set<std::string> names_{};
  std::deque<std::pair<SteadyTime, std::string>> order_{};
};

}  // namespace bot::wecom
