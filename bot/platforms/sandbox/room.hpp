#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bot/chat/delivery.hpp"
#include "bot/chat/event.hpp"

namespace bot {

/// A simulated chat platform with one account: plain code, no threads. People speak through says(), the bot
/// through send(); everything said stands in the transcript under a number.
class Room final : public Postman {
 public:
  struct Line {
    std::size_t number = 0;  ///< counts from 1; also the message id
    Instant at{};
    Address where{};
    std::string speaker{};  ///< name of the person; empty for the bot
    std::string user{};     ///< id of the person
    std::string text{};
    Message said{};
    std::string kind{};     ///< for the bot: the key of the sentence
    std::string answers{};  ///< for the bot: id of the message that it answers
    std::optional<std::size_t> quotes{};
    bool to_bot = false;
    bool to_others = false;
  };

  Room(std::string account, const Clock& clock) : account_(std::move(account)), clock_(clock) {}

  const std::string& account() const noexcept { return account_; }
  Address group(std::string id) const { return {account_, std::move(id), false}; }
  Address direct(std::string person) const { return {account_, std::move(person), true}; }

  struct Utterance {
    Message message{};
    std::optional<std::size_t> quotes{};  ///< number of a line
    bool to_bot = false;
    bool to_others = false;
    std::string typed{};  ///< for the transcript, mentions included; empty: the message's text
  };
  /// What a platform would report.
  Event says(const Address& where, const Sender& from, const Utterance& utterance);

  /// The platform reports something else than a message.
  Event happens(const Address& where, Happening what) const {
    return Event(where, clock_.now(), std::move(what));
  }

  void send(std::vector<Delivery> deliveries) override;
  void read_history(const Address& chat, std::size_t count) override;
  /// Everybody who has spoken there, or was introduced.
  void read_members(const Address& group) override;
  Capabilities capabilities(const Address& chat) const override;
  /// From now on every chat of that account is like this.
  void allow(const std::string& account, Capabilities capabilities);
  /// How the next send ends; Unknown messages are shown all the same, NotSent and Refused ones are not.
  void next_send(SendOutcome outcome) { outcomes_.push_back({std::move(outcome), true}); }
  /// The next message reaches nobody, and the platform cannot say so.
  void swallow_next() { outcomes_.push_back({Unknown{"no answer"}, false}); }
  /// The platform cannot say what was said before; "" lets it.
  void forget_history(std::string failure) { history_failure_ = std::move(failure); }
  /// Is in every group, though he or she has not spoken.
  void introduce(const Sender& sender) { introduced_[sender.id] = sender; }
  /// The lists of members leave out what anybody is.
  void forget_roles(bool forgotten) { roles_forgotten_ = forgotten; }
  /// Verdicts on what was sent, to be handed to the desk.
  std::vector<Event> take_settled();

  const std::vector<Line>& transcript() const noexcept { return transcript_; }

 private:
  std::size_t add(Line line);
  std::size_t show(const Delivery& delivery);
  std::string shown(const Message& message) const;

  std::string account_;
  const Clock& clock_;
  std::vector<Line> transcript_;
  std::map<std::string, std::string> names_;  // by user id, of those who have spoken
  std::map<std::string, Sender> introduced_;
  std::map<Address, std::map<std::string, Sender>> members_;  // of a group, by user id, as they last spoke
  struct Scripted {
    SendOutcome outcome{};
    bool shown = true;
  };
  std::deque<Scripted> outcomes_;
  std::string history_failure_;
  bool roles_forgotten_ = false;
  std::vector<Event> settled_;
  std::map<std::string, Capabilities> capabilities_;  // by account
};

}  // namespace bot
