#include "bot/desk/doors.hpp"

namespace bot {

namespace {

AnswerPlace::By answered_by(Hears hears) {
  switch (hears) {
    case Hears::everything:
      return AnswerPlace::By::here;
    case Hears::mentions:
      return AnswerPlace::By::mention;
    case Hears::nothing:
      break;
  }
  return AnswerPlace::By::nobody;
}

}  // namespace

Address push_door(const GroupProfile& profile, const Address& group) {
  const bool other = !group.direct && !profile.push_account.empty();
  return other ? Address{profile.push_account, profile.push_chat, false} : group;
}

AnswerPlace answer_place(const GroupProfile& profile, const Address& group, const Address& told,
                         const Postman& postman) {
  if (told.direct) return {};
  using By = AnswerPlace::By;
  const By heard = answered_by(postman.capabilities(group).hears);
  // Two accounts in one chat; two platforms have no chat in common.
  if (told.chat == group.chat && heard != By::nobody) return {heard, {}};
  if (!profile.answer_at.empty()) return {By::elsewhere, profile.answer_at};
  // A robot that hears mentions sits in the chat of the webhook; an account that hears all has its own.
  switch (heard) {
    case By::here:
      return {By::elsewhere, profile.name.empty() ? group.chat : profile.name};
    case By::mention:
      return {By::mention, {}};
    default:
      return {By::nobody, {}};
  }
}

}  // namespace bot
