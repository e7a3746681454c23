#pragma once

#include <string>

#include "bot/chat/delivery.hpp"
#include "bot/desk/groups.hpp"

/// A group may have several doors: one account that listens, and another by which what is planned goes out.
namespace bot {

/// Where the group's scheduled messages go.
Address push_door(const GroupProfile& profile, const Address& group);

/// How those who read a message can answer it.
struct AnswerPlace {
  enum class By {
    here,
    mention,    ///< here, with a mention of the bot
    elsewhere,  ///< at `at`
    nobody,
  };
  By by = By::here;
  std::string at{};
};

/// For a message that is said at `told`, in that group or in private.
AnswerPlace answer_place(const GroupProfile& profile, const Address& group, const Address& told,
                         const Postman& postman);

}  // namespace bot
