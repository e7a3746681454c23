#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "bot/chat/delivery.hpp"
#include "bot/chat/event.hpp"
#include "bot/desk/pace.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

/// What has to be said, and what became of it. A row is planned in the turn that owes it, marked as sending
/// in a synced commit before the first byte leaves (reliability P4), and settled by the platform's verdict:
/// planned → sending → sent | refused | unknown | missed. A send that nobody can vouch for stays
/// `unknown`: it is shown to admins and not sent again. Only the desk's thread uses it.
class Outbox {
 public:
  static sql::Schema schema();

  explicit Outbox(Pace pace) : pace_(std::move(pace)) {}

  /// After a start: rows that were on their way become unknown, planned ones are queued again.
  void recover(sql::Db& db, Instant now);

  /// Within a transaction: writes the row and gives the delivery its number. Call enqueue() once the
  /// turn's savepoint is kept.
  void plan(sql::Db& db, Delivery& delivery, Instant now);
  void enqueue(Delivery delivery);

  /// While an account is down its messages wait, until they expire.
  void link_up(const std::string& account);
  void link_down(const std::string& account);

  /// While true, nothing that a schedule planned leaves: the clock is in doubt (reliability T4).
  void hold_scheduled(bool hold) noexcept { hold_scheduled_ = hold; }

  /// Whether something waits that may leave now.
  bool has_work(SteadyTime now) const;
  /// What may leave now, in order within each chat. Rows among it are marked `sending`; hand them over only
  /// after the commit.
  std::vector<Delivery> release(sql::Db& db, Instant now, SteadyTime steady);
  /// The part of it that is no rows: answers owed to nobody, which need not wait for the disk.
  std::vector<Delivery> release_unowed(Instant now, SteadyTime steady);
  /// When release() would find more to do; SteadyTime::max() when nothing waits for time.
  SteadyTime next_release(SteadyTime now) const;

  /// Books the verdict. Within a transaction when `settled` names a row or a subject.
  /// NotSent is queued again until it expires.
  void settle(sql::Db& db, const Address& where, const Settled& settled, Instant now, SteadyTime steady);

  /// Within a transaction: a row that has not left yet is not sent any more, and one that
  /// is under way not again.
  static void withdraw(sql::Db& db, std::int64_t row, Instant now);

  /// Within a transaction: nothing that is still to be said is sent any more, and nobody vouches for it.
  static void give_up(sql::Db& db, const std::string& reason, Instant now);

  /// What a message that somebody quotes is about; empty when unknown.
  static std::string subject_of(sql::Db& db, const Address& where, const std::string& message_id);

  std::size_t waiting() const noexcept;

 private:
  struct Lane {
    std::deque<Delivery> queue{};
    std::size_t in_flight = 0;
    bool up = false;
    SteadyTime not_before{};
  };

  std::vector<Delivery> released(sql::Db* db, Instant now, SteadyTime steady);
  bool open(const Lane& lane, const std::string& account, SteadyTime steady) const;
  void requeue(sql::Db& db, Lane& lane, std::int64_t row, SteadyTime steady);

  bool is_held(const Delivery& delivery) const noexcept {
    return hold_scheduled_ && (delivery.push || delivery.asked_for);
  }

  Pace pace_;
  bool hold_scheduled_ = false;
  std::map<std::string, Lane> lanes_;
};

/// The state that a verdict leads to, as stored.
std::string_view settled_state(const SendOutcome& outcome);

}  // namespace bot
