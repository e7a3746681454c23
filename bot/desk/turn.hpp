#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bot/chat/capabilities.hpp"
#include "bot/desk/agenda.hpp"
#include "bot/desk/archive.hpp"
#include "bot/desk/courtesy.hpp"
#include "bot/desk/dialogue.hpp"
#include "bot/desk/health.hpp"
#include "bot/desk/known_groups.hpp"
#include "bot/desk/limits.hpp"
#include "bot/desk/registry.hpp"
#include "bot/desk/router.hpp"
#include "bot/store/personal.hpp"
#include "bot/texts/content.hpp"

namespace bot {

/// Who gave the command, or is meant by it.
struct Member {
  std::string user{};
  std::string name{};
  Role role = Role::nobody;     ///< in the group that the turn is about
  people::PersonId person = 0;  ///< 0: not on record; in a writing turn everybody is
};

/// The one place where a handler meets the world: the event, the open transaction, the content snapshot and
/// the clock. Valid during one call; a handler does no I/O and keeps nothing of it.
class Turn {
 public:
  /// What the desk fills in. References outlive the turn.
  struct Parts {
    sql::Db& db;
    const Content& content;
    const GroupProfile& group;
    const KnownGroups& known;
    const Registry& registry;
    const Limits& limits;
    Random& random;
    Instant now;
    Address where{};
    std::optional<Address> home{};  ///< the group that the turn is about
    Address told{};  ///< where the group is told; the same as `where` unless its pushes go elsewhere
    Instant at{};
    Member member{};
    Order order{};
    std::string message{};  ///< id of the message that the turn answers; empty: it answers none
    std::string quoted_author{};
    std::optional<std::string> quotes{};
    std::vector<std::string> mentioned{};
    const Due* due = nullptr;
    Agenda& agenda;
    Courtesy& courtesy;
    std::function<Member(const std::string& user)> somebody{};
    Archive& archive;
    const std::vector<sql::PersonalTable>& personal;
    std::function<void(const sql::Subject&)> forget{};
    std::function<Capabilities(const Address&)> capabilities{};
    std::function<Health()> health{};
    std::function<std::string(const Address&)> group_name{};
  };
  explicit Turn(Parts parts) : parts_(std::move(parts)) {}

  const Address& where() const noexcept { return parts_.where; }
  const Address& told() const noexcept { return parts_.told; }
  const Member& member() const noexcept { return parts_.member; }
  /// The group that the turn is about: where it was said, or, in private, the group in which the person last
  /// did something, or whose file names him or her as an admin, or the only one there is; else none.
  const std::optional<Address>& home() const noexcept { return parts_.home; }
  /// The desk's: the person is on record from now on.
  void enrolled(people::PersonId person) noexcept { parts_.member.person = person; }
  /// The platform's id of the message that is answered; empty when nobody said anything.
  const std::string& message() const noexcept { return parts_.message; }
  const GroupProfile& group() const noexcept { return parts_.group; }
  const KnownGroups& known_groups() const noexcept { return parts_.known; }
  const Registry& registry() const noexcept { return parts_.registry; }
  const Limits& limits() const noexcept { return parts_.limits; }
  const Content& content() const noexcept { return parts_.content; }
  sql::Db& db() noexcept { return parts_.db; }
  Random& random() noexcept { return parts_.random; }

  /// Arrival of the event.
  Instant now() const noexcept { return parts_.now; }
  /// When the person did it, which decides the day it counts for (reliability E6); never in the future.
  Instant at() const noexcept { return parts_.at; }
  /// at() on the group's wall.
  LocalTime local() const { return parts_.group.zone.to_local(parts_.at); }

  /// The id that was typed.
  const std::optional<ObjectId>& object() const noexcept { return parts_.order.object; }
  /// What stands behind the verb, as typed.
  const std::string& text() const noexcept { return parts_.order.text; }
  /// What stands before the verb, for a command whose verb may stand anywhere.
  const std::string& before() const noexcept { return parts_.order.before; }
  /// Whether it was addressed to the bot beyond doubt: what else turns out not to be for it is met with
  /// silence.
  bool woken() const noexcept { return parts_.order.woken; }
  /// The person has typed the code that confirm() made for these very words.
  bool confirmed() const noexcept { return parts_.order.confirmed; }
  /// Who was mentioned, by user id, in order and without the bot itself.
  const std::vector<std::string>& mentioned() const noexcept { return parts_.mentioned; }
  bool is_quote() const noexcept { return parts_.quotes.has_value(); }
  /// User id of the author of the quoted message; empty when there is none, when it is an old one or the
  /// bot's own.
  const std::string& quoted_author() const noexcept { return parts_.quoted_author; }
  /// What the quoted message is about, such as "L12"; empty when it is unknown.
  std::string quoted_subject();
  /// Whether the bot has mentioned the member here within a day.
  bool was_called_lately();

  /// The due push; only for an occasion.
  const Due& due() const { return *parts_.due; }
  /// What is planned here and elsewhere; changes are part of the turn, which then must be a writing one.
  Agenda& agenda() noexcept { return parts_.agenda; }
  /// What this group and its people asked the bot to refrain from; changes are part of the turn as well.
  Courtesy& courtesy() noexcept { return parts_.courtesy; }
  /// What is known of somebody here; where even the name is not, it is the id.
  Member somebody(const std::string& user) const { return parts_.somebody(user); }
  /// What groups say, where it is stored; to change it, the turn must be a writing one.
  Archive& archive() noexcept { return parts_.archive; }
  /// What the tables of all features hold about people.
  const std::vector<sql::PersonalTable>& personal() const noexcept { return parts_.personal; }
  /// Erases somebody at once and for good (reliability X14), in a writing turn. What the turn then answers is
  /// best Reply::unrecorded().
  void forget(const sql::Subject& who) { parts_.forget(who); }
  /// Whether the platform lets the bot speak unasked there.
  Capabilities capabilities(const Address& to) const { return parts_.capabilities(to); }
  Health health() const { return parts_.health(); }
  /// What people call that group; its id when nobody gave it a name.
  std::string group_name(const Address& group) const { return parts_.group_name(group); }
  /// One of a group by name, for a message: with the end of the id where others there have the same name, or
  /// where nothing but the id is known.
  std::string named(const people::Listed& listed);

  /// The same words, worded in the group's language: for texts inside texts.
  std::string worded(std::string key, Values values = {});

  /// A moment in full, in the group's language and time: weekday, date, time (conversation.md E.1 rule 8).
  std::string moment(Instant at);

  /// Asks the member; the answers stay open for two minutes. Only in a writing turn.
  void ask(Question question) { question_ = std::move(question); }
  /// Before something that cannot simply be taken back: typing the four digits that come back here, within
  /// two minutes and by the same person, gives the command once more, confirmed (conversation.md E.1 rule 7).
  std::string confirm();
  const std::optional<Question>& question() const noexcept { return question_; }

 private:
  Parts parts_;
  std::optional<Question> question_;
};

}  // namespace bot
