#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "bot/chat/event.hpp"

namespace bot {

/// Who said the latest messages in groups, so that quoting one names its author. In memory alone and without
/// what was said; a restart forgets it. One thread.
class Speakers {
 public:
  /// Remembers so many messages, at least one.
  explicit Speakers(std::size_t most = 2000) : most_(most) {}

  void heard(const Address& group, const MessagePosted& posted);
  /// Who said that message, if it was lately.
  std::optional<Sender> author(const Address& group, const std::string& message) const;
  /// The person as he or she last spoke there, if that was lately.
  std::optional<Sender> last(const Address& group, const std::string& user) const;

 private:
  struct Heard {
    Address group{};
    std::string message{};
    Sender from{};
  };
  template <class Test>
  std::optional<Sender> newest(const Test& test) const;

  std::size_t most_;
  std::vector<Heard> ring_;
  std::size_t next_ = 0;
};

}  // namespace bot
