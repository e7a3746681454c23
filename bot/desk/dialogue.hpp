#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

/// A pending question: each answer stands for something the person could have typed (conversation.md E.1
/// rule 5). Answers are compared in compact form.
struct Question {
  struct Option {
    std::string answer{};   ///< "1"
    std::string meaning{};  ///< "今日一课": routed as if it had been typed with a wake word
    bool confirms = false;  ///< the answer is a code: the person means it
  };
  std::vector<Option> options{};
};

/// Who is being asked what, per person and chat, for two minutes. Rows in the database, so a question
/// outlives a restart; an index in memory, so ordinary talk costs no query.
class Dialogues {
 public:
  static sql::Schema schema();
  /// Reads what is pending.
  void load(sql::Db& db, Instant now);

  /// Within a transaction. A new question replaces the old one.
  void ask(sql::Db& db, const Address& where, const std::string& user, const Question& question, Instant now);
  /// What the person means, when a question is open and this is one of its answers.
  std::optional<Question::Option> meaning(const Address& where, const std::string& user,
                                          const std::string& said, Instant now) const;

 private:
  struct Pending {
    Question question{};
    Instant expires{};
  };
  void forget_expired(sql::Db& db, Instant now);

  std::unordered_map<std::string, Pending> pending_;
};

}  // namespace bot
