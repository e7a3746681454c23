#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/random.hpp"
#include "bot/chat/delivery.hpp"
#include "bot/chat/event.hpp"
#include "bot/desk/circuit.hpp"
#include "bot/desk/figures.hpp"
#include "bot/desk/lane.hpp"
#include "bot/desk/limits.hpp"
#include "bot/desk/pace.hpp"
#include "bot/desk/refused_chats.hpp"
#include "bot/desk/undecided.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

/// What has to be said, and what became of it. A row is planned in the turn that owes it, marked as sending
/// in a synced commit before the first byte leaves (reliability P4), and settled by the platform's verdict:
/// planned → sending → sent | refused | unknown | missed; planned again when it is proved that nothing was
/// sent. What is `unknown` is decided by a late answer, by the account's own message, or by the chat's
/// history: sent, planned again, or `unresolved` for good (reliability B.1, B.2). Only the desk's thread uses
/// it.
class Outbox {
 public:
  /// Now, by both clocks.
  struct Moment {
    Instant now{};
    SteadyTime steady{};
  };
  /// What admins should hear of.
  struct Unresolved {
    Delivery delivery{};  ///< nobody will ever know whether it arrived
  };
  struct AccountPaused {
    std::string account{};
    bool paused = true;  ///< false: it works again
  };
  struct ChatPaused {
    Address chat{};
    std::string reason{};
    bool paused = true;
  };
  using News = std::variant<Unresolved, AccountPaused, ChatPaused>;

  /// `seed` drives the echoes and the jitter. `limits` must outlive it.
  Outbox(const Limits& limits, std::uint64_t seed);

  /// After a start: rows that were on their way become unknown, planned ones are queued again.
  void recover(sql::Db& db, Instant now, SteadyTime steady);

  /// Within a transaction: writes the row and gives the delivery its number. Call enqueue() once the
  /// turn's savepoint is kept.
  void plan(sql::Db& db, Delivery& delivery, Instant now);
  void enqueue(Delivery delivery);

  /// What the platform itself allows the account; before its first message.
  void cap(const std::string& account, const PlatformCaps& caps) { pace_.cap(account, caps); }

  /// While an account is down its messages wait, until they expire.
  void link_up(const std::string& account);
  void link_down(const std::string& account);

  /// While true, nothing that a schedule planned leaves: the clock is in doubt (reliability T4).
  void hold_scheduled(bool hold) noexcept { hold_scheduled_ = hold; }

  /// From now on nothing leaves.
  void close() noexcept { closed_ = true; }

  /// Whether something waits that may leave now.
  bool has_work(SteadyTime now) const { return next_release(now) <= now; }
  /// What may leave now, in order within each chat. Rows among it are marked `sending`; hand them over only
  /// after the commit.
  std::vector<Delivery> release(sql::Db& db, Instant now, SteadyTime steady);
  /// The part of it that is no rows: answers owed to nobody, which need not wait for the disk.
  std::vector<Delivery> release_unowed(Instant now, SteadyTime steady);
  /// When release() would find more to do; SteadyTime::max() when nothing waits for time.
  SteadyTime next_release(SteadyTime now) const;

  /// What waits for a chat or an account that takes nothing is missed when it expires, not when it might have
  /// left; to be called now and then. The second within a transaction.
  bool has_expired(Instant now) const;
  void miss_expired(sql::Db& db, Instant now, SteadyTime steady);

  /// Books the verdict. Within a transaction when `settled` names a row or a subject.
  /// NotSent is queued again until it expires. A chat that refuses and an account that fails are paused.
  void settle(sql::Db& db, const Address& where, const Settled& settled, Instant now, SteadyTime steady);

  /// Chats whose history is to be read now, to decide what is unknown.
  std::vector<Address> look_backs(SteadyTime steady);
  /// Within a transaction.
  void hear(sql::Db& db, const Address& where, const HistoryRead& history, Moment at);
  void hear(sql::Db& db, const Address& where, const AnsweredLate& late, Moment at);
  void hear(sql::Db& db, const Address& where, Instant said, const OwnMessage& own, Moment at);
  /// Whether an own message in this chat can be one of ours.
  bool awaits(const Address& where) const;
  /// Since the last call.
  std::vector<News> take_news() { return std::exchange(news_, {}); }

  /// Signs that a chat which refused messages may be tried again.
  void heard(const Address& chat) { refused_.heard(chat); }
  void listed(const std::string& account, const std::set<std::string>& chats) {
    refused_.listed(account, chats);
  }

  /// What the platform announces about the account in a chat. True when admins should be told.
  bool muted(const Address& chat, SteadyTime until, SteadyTime steady) {
    return refused_.muted(chat, until, steady);
  }
  bool removed(const Address& chat, SteadyTime steady) { return refused_.removed(chat, steady); }
  /// The account may speak there again; who was told of a pause finds its end among the news.
  void restored(const Address& chat) { tell_again(chat, refused_.restored(chat)); }
  void group_unmuted(const Address& chat) { tell_again(chat, refused_.group_unmuted(chat)); }
  /// To be called before anything is released.
  void end_mutes(SteadyTime steady) { refused_.end_mutes(steady); }

  /// What a verdict says about the chat and the account, where it names neither row nor subject.
  void weigh(const Address& where, const SendOutcome& outcome, SteadyTime steady);

  /// Within a transaction: a row that has not left yet is not sent any more, and one that
  /// is under way not again.
  static void withdraw(sql::Db& db, std::int64_t row, Instant now);

  /// Within a transaction: nothing that is still to be said is sent any more, and nobody vouches for it.
  static void give_up(sql::Db& db, const std::string& reason, Instant now);

  /// Queued or under way.
  std::size_t waiting() const noexcept;
  std::size_t in_flight() const noexcept;
  const MessageCounts& counts() const noexcept { return counts_; }
  /// Chats that take no messages now.
  std::size_t refused_chats() const noexcept { return refused_.all().size(); }
  std::size_t undecided() const noexcept { return undecided_.size(); }
  /// Since when the oldest send is unknown.
  std::optional<Instant> oldest_unknown() const { return undecided_.oldest(); }

 private:
  using ChatSet = std::unordered_set<Address, AddressHash>;

  std::vector<Delivery> released(sql::Db* db, Moment at);
  Lane::Fate fate(sql::Db* db, const Lane& lane, const Delivery& delivery, ChatSet& held, Moment at) const;
  Lane::Fate depart(sql::Db* db, Lane& lane, Delivery& delivery, Moment at);
  std::optional<SteadyTime> ready_at(const Lane& lane, const Delivery& delivery, ChatSet& held,
                                     SteadyTime steady) const;
  SteadyTime next_of(const Lane& lane, Priority priority, SteadyTime now) const;
  bool is_full(const Lane& lane, Priority priority) const;
  bool begin(sql::Db& db, Lane& lane, Delivery& delivery, Instant now);
  void requeue(sql::Db& db, Lane& lane, std::int64_t row, SteadyTime steady);
  void book_sent(sql::Db& db, const Address& where, std::int64_t row, const std::string& message_id,
                 Instant now);
  void book_arrived(sql::Db& db, std::int64_t row, const std::string& message_id, Instant now);
  void book_missed(sql::Db& db, const Delivery& late, Moment at);
  void book_unsent(sql::Db& db, const Address& where, const Settled& settled, Undecided::Send send,
                   Moment at);
  void decide(sql::Db& db, const Address& where, const Undecided::Decided& decided, Moment at);

  bool is_expired(const Delivery& delivery, Instant now) const;
  bool is_known(sql::Db& db, const Address& where, const std::string& message_id) const;
  bool is_held(const Delivery& delivery) const noexcept {
    return hold_scheduled_ && (delivery.push || delivery.asked_for);
  }

  Circuit& circuit(const std::string& account);
  void trust(const Address& where);
  void tell_again(const Address& chat, bool told);
  std::string lateness(const Address& chat, SteadyTime steady) const;

  const Limits& limits_;
  Random random_;
  Pace pace_;
  std::size_t in_flight_;
  Undecided undecided_;
  RefusedChats refused_{};
  std::map<std::string, Circuit> circuits_{};
  std::vector<News> news_{};
  std::int64_t unit_ = 0;           // what further parts belong to
  std::int64_t unowed_units_ = -2;  // names of messages that are no rows, below all others
  bool hold_scheduled_ = false;
  bool closed_ = false;
  std::map<std::string, Lane> lanes_;
  MessageCounts counts_;
};

/// The state that a verdict leads to, as stored.
std::string_view settled_state(const SendOutcome& outcome);

}  // namespace bot
