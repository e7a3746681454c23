#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"

namespace bot::wecom {

/// Messages that can still be answered as such, each with what an answer needs: a req_id or a response_url.
/// The oldest are forgotten when there are too many. Net thread only.
class OpenQuestions {
 public:
  OpenQuestions(Milliseconds window, std::size_t most) : window_(window), most_(most) {}

  /// Again for the same message: the newer key counts.
  void add(const Address& chat, const std::string& message, std::string key, SteadyTime now);
  /// What an answer to that message of that chat needs; nothing when it is unknown, answered or too old.
  std::optional<std::string> key(const Address& chat, const std::string& message, SteadyTime now) const;
  void forget(const Address& chat, const std::string& message);

  std::size_t size() const noexcept { return questions_.size(); }

 private:
  struct Question {
    std::string key{};
    SteadyTime asked{};
  };

  Milliseconds window_;
  std::size_t most_;
  std::unordered_map<std::string, Question> questions_{};
  std::deque<std::pair<SteadyTime, std::string>> oldest_{};
};

}  // namespace bot::wecom
