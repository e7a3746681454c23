#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/chat/delivery.hpp"
#include "bot/chat/event.hpp"
#include "bot/desk/agenda.hpp"
#include "bot/desk/alarm.hpp"
#include "bot/desk/archive.hpp"
#include "bot/desk/courtesy.hpp"
#include "bot/desk/dialogue.hpp"
#include "bot/desk/digest.hpp"
#include "bot/desk/event_key.hpp"
#include "bot/desk/figures.hpp"
#include "bot/desk/gaps.hpp"
#include "bot/desk/groups.hpp"
#include "bot/desk/health.hpp"
#include "bot/desk/hearing.hpp"
#include "bot/desk/known_groups.hpp"
#include "bot/desk/limits.hpp"
#include "bot/desk/manners.hpp"
#include "bot/desk/merging.hpp"
#include "bot/desk/outbox.hpp"
#include "bot/desk/pruning.hpp"
#include "bot/desk/registry.hpp"
#include "bot/desk/router.hpp"
#include "bot/desk/speakers.hpp"
#include "bot/desk/turn.hpp"
#include "bot/desk/work.hpp"
#include "bot/people/forgotten.hpp"
#include "bot/texts/content.hpp"

namespace bot {

/// Where everything that enters is handled: event → inbox row → router → handler → state and outbox rows, in
/// one transaction for a batch; nothing that is owed leaves before the synced commit. A turn that only reads
/// touches no row, and its answer leaves at once. Plain functions, one thread, no loop of its own: whoever
/// owns the desk calls handle() with what has arrived.
class Desk {
 public:
  /// All references outlive the desk.
  struct Parts {
    sql::Db& db;
    const Registry& registry;
    std::shared_ptr<const Content> content;
    const Limits& limits;
    const GroupBook& groups;
    const Clock& clock;
    KnownGroups& known;
    Agenda& agenda;
    Archive& archive;
    people::Forgotten& forgotten;
    const people::PersonalTables& personal;  ///< of all tables
    Postman& postman;
    std::uint64_t seed = 0;
    AlarmBell* bell = nullptr;  ///< none: nobody is told
    Milliseconds alarm_after = std::chrono::minutes(3);
    std::vector<std::string> accounts{};  ///< that should be connected
  };

  explicit Desk(Parts parts);

  /// The tables that the desk itself needs.
  static std::vector<sql::Schema> schemas();

  /// Reads what was pending when the program stopped.
  void start();
  /// Books the moment of an orderly stop.
  void stop();

  /// Handles the events in their order, then what has fallen due, commits, and hands over what may leave.
  /// Throws sql::Unavailable when the database cannot be trusted any more: answer nobody, stop (S2).
  void handle(std::vector<Event> events);

  /// When handle() must be called again even if nothing arrives: a push falls due or a message may leave.
  Instant next_due() const;
  SteadyTime next_release() const {
    return std::min(
        {outbox_.next_release(parts_.clock.steady()), hearing_.next_check(), gaps_.next(), next_resume()});
  }

  /// From now on nothing leaves; what was planned waits for the next start.
  void send_no_more() { outbox_.close(); }
  /// Whether the verdict on something that left is still to come.
  bool awaits_verdicts() const { return outbox_.in_flight() > 0; }

  /// When commands that wait for a list of members have waited long enough.
  SteadyTime next_resume() const;

  Health health(const Address& where) const;
  /// What is watched from outside; the inbox is not the desk's. Looks into the database once a minute.
  Figures figures();

 private:
  void take(const Event& event, Work& work);
  /// A message that means something to the bot.
  struct Understood {
    Reading reading{};
    std::variant<Order, Miss> meaning{};
  };
  void hear(const Event& event, const MessagePosted& posted, Work& work);
  std::optional<Understood> understand(const Event& event, const MessagePosted& posted,
                                       const GroupProfile& group) const;
  void act(const Event& event, const MessagePosted& posted, const GroupProfile& group, Understood understood,
           Work& work);
  std::optional<Address> home_of(const Address& where, const std::string& user) const;
  void forget(const sql::Subject& who) const;
  bool is_forgotten(const Event& event, const MessagePosted& posted) const;
  bool is_unknown_again(const Address& group, const std::string& user) const;
  void keep_in_archive(const Event& event, const MessagePosted& posted, Work& work);
  void learn_members(const Address& group, const MembersListed& listed, Work& work);
  void want_members(const Address& group);
  bool awaits_members(const Event& event, const MessagePosted& posted);
  void resume(const Address& group, Work& work);
  void resume_late(Work& work);
  void obey(const Event& event, const MessagePosted& posted, const GroupProfile& group, Order order,
            const std::string& said, Work& work);
  void hint(const Event& event, const MessagePosted& posted, const GroupProfile& group, const Miss& miss,
            Work& work);
  std::string listed_name(const Address& group, const std::string& user) const;
  Member somebody(const Address& where, const std::string& user) const;
  bool is_ignored(const Event& event, const MessagePosted& posted, const GroupProfile& group);
  bool is_robot(const Event& event, const MessagePosted& posted, Work& work);
  bool names_object(const Event& event, const MessagePosted& posted) const;
  bool is_hushed(const Turn& turn) const;
  Address asked_at(const Turn& turn) const;
  std::optional<Address> place_of(const Turn& turn, const Reply::Line& line) const;
  Reply without_noise(const Turn& turn, Reply reply) const;
  Address personal_door(const Due& due) const;
  Address heard_at(const Address& told) const;
  Instant quiet_until(const Address& where) const;
  void watch_quiet(Work& work);
  Message with_welcome_mentions(const Message& message, const Address& to) const;
  std::string text_when_held(const Delivery& delivery) const;
  void run_reading(Turn& turn, const Command& command, const Work& work);
  void run_writing(Turn& turn, const Command& command, const EventKey& key, bool silent, Work& work);
  void run_due(const Due& due, Work& work);
  void run_schedules(Work& work);
  void watch_hold();
  void push(const Due& due, sql::Db& db);
  std::string why_not(const Due& due) const;
  bool is_repeatable(const Push& push) const;
  void address_everyone(Turn& turn, Delivery& first, sql::Db& db) const;
  bool may_address_everyone(const Address& group, Instant now, sql::Db& db) const;
  Instant unasked_again_at(const Address& where, const GroupProfile& group, Instant now) const;
  Instant again_at(const Due& due, const Address& told) const;
  void hold(const Due& due, const std::vector<Delivery>& deliveries, Instant again, sql::Db& db);
  void run_digest(const Address& where, Work& work);
  void tell_digest(const Address& where, sql::Db& db);
  Instant quiet_from(const GroupProfile& group, Instant now) const;
  Capabilities capabilities(const std::string& account) const;
  bool hears(const std::string& account) const;
  bool has_history(const Address& chat) const;
  void link_up(const std::string& account, Work& work);
  void link_down(const std::string& account, const std::string& reason, Work& work);
  void ask_histories(Work& work);
  void hear_history(const Address& chat, const HistoryRead& history, Work& work);
  void tell_made_up(Work& work);
  void ring_alarms();
  void book_unexecuted(const Event& event, const MessagePosted& posted, const GroupProfile& group,
                       const Command& command, const std::string& said, Work& work);
  void hear_of_own(const Event& event, Work& work);
  void hear_notice(const Event& event, Work& work);
  void hear_muted(const Event& event, const MemberMuted& muted, Work& work);
  void hear_removed(const Address& group, Work& work);
  void hear_taken_in(const Address& group, Work& work);
  void hear_requested(const Address& where, const Requested& requested, Work& work);
  bool may_tell_request();
  void give_up(const Delivery& lost, sql::Db& db);
  std::string group_name(const Address& group) const;
  void tell_for_admins(const Reply& reply, sql::Db& db);
  void tell_admins(const Address& group, const std::string& key, Values values, sql::Db& db);
  void look_back(Work& work);
  void tell_news(Work& work);
  void tell_paused(const Outbox::ChatPaused& news, sql::Db& db);
  void tell_paused(const Outbox::AccountPaused& news) const;
  void settle(const Event& event, const Settled& settled, Work& work);
  void learn_groups(const Event& event, const GroupsListed& listed, Work& work);

  Turn::Parts parts_of_turn(const Address& where, const GroupProfile& group) const;
  std::string name_of(const Sender& sender, const people::Record& record, const GroupProfile& group) const;
  std::vector<std::string> mentioned_in(const Event& event, const MessagePosted& posted) const;
  Turn turn_for(const Event& event, const MessagePosted& posted, const GroupProfile& group,
                Order order) const;
  std::vector<Delivery> worded(Turn& turn, const Reply& reply, bool mannered);
  std::vector<Delivery> parts_of(Turn& turn, Delivery whole, const std::string& mention,
                                 const std::string& text) const;
  void add_button(Turn& turn, const Reply::Line& line, Delivery tap, std::vector<Delivery>& after) const;
  Values with_answer_place(const Turn& turn, Values values, const Address& told) const;
  std::string fitted(std::string text, const Address& to) const;
  Reply kept_for_later(Turn& turn, const Reply& reply, bool silent);
  void run_merged(Work& work);
  void tell_together(const Merging::Topic& topic, const Merging::Together& together, sql::Db& db);
  void send(std::vector<Delivery> deliveries);
  void tell(const Event& event, const MessagePosted& posted, const GroupProfile& group, std::string key,
            bool in_private);
  void hand_over(Work& work);
  void look_up_figures(SteadyTime now);
  const std::vector<std::string>& nicknames(const GroupProfile& group) const;

  Parts parts_;
  mutable Random random_;
  Router router_;
  Manners manners_;
  Dialogues dialogues_;
  Outbox outbox_;
  Hearing hearing_;
  Merging merging_;
  Gaps gaps_;
  bool made_up_ = false;  // what is heard now was said while nobody listened
  Digest digest_;
  Pruning pruning_;
  /// Commands that wait until the platform has said who leads the group.
  struct Waiting {
    std::vector<Event> events{};
    SteadyTime until{};
  };
  std::map<Address, Waiting> waiting_;
  std::map<Address, SteadyTime> members_asked_;
  mutable Courtesy courtesy_;  // turns change it
  Speakers speakers_;
  std::vector<SteadyTime> requests_told_;
  std::map<std::string, std::string> own_ids_;  // by account
  std::string held_;                            // why no push is said
  std::map<std::string, AccountHealth> accounts_;
  std::map<std::string, std::vector<std::string>> nicknames_;  // by language
  Figures figures_;
  SteadyTime looked_up_{};
  Instant started_{};
  Instant checked_{};
};

}  // namespace bot
