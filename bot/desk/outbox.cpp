#include "bot/desk/outbox.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <unordered_set>

#include "bot/base/log.hpp"
#include "bot/desk/attempts.hpp"
#include "bot/desk/outbox_rows.hpp"
#include "bot/desk/read_back.hpp"

namespace bot {

namespace rows = outbox_rows;

namespace {

constexpr std::int64_t kMostInFlight = 512;
constexpr std::size_t kRepliesInFlight = 8;
constexpr auto kRetryDelay = std::chrono::seconds(1);

std::string reason_of(const SendOutcome& outcome) {
  struct Reader {
    std::string operator()(const Sent&) const { return {}; }
    std::string operator()(const NotSent& not_sent) const { return not_sent.reason; }
    std::string operator()(const Refused& refused) const { return refused.reason; }
    std::string operator()(const Unknown& unknown) const { return unknown.reason; }
  };
  return std::visit(Reader{}, outcome);
}

/// Lifted: no bound but what a process can hold.
std::size_t in_flight_of(const Limits& limits) {
  return static_cast<std::size_t>(limits.in_flight.value_or(kMostInFlight));
}

Undecided::Waits waits_of(const Limits& limits) {
  return {limits.settle.value_or(Milliseconds{0}), limits.look_again.value_or(Milliseconds{0}),
          limits.undecided.value_or(Milliseconds{0})};
}

Undecided::Send send_of(const Delivery& delivery, Instant started) {
  return {delivery.outbox, delivery.to, delivery.message.plain(), started};
}

}  // namespace

Outbox::Outbox(const Limits& limits, std::uint64_t seed)
    : limits_(limits),
      random_(seed),
      pace_(limits, Random(random_.next())),
      in_flight_(in_flight_of(limits)),
      undecided_(waits_of(limits)) {}

void Outbox::recover(sql::Db& db, Instant now, SteadyTime steady) {
  const std::int64_t lost = rows::lose_track(db, now);
  if (lost > 0) log::warning("sends whose outcome nobody knows yet", {{"count", lost}});
  for (Delivery& delivery : rows::open(db)) {
    const auto since = attempts::open_since(db, delivery.outbox);
    if (since) {
      undecided_.add(send_of(delivery, *since), now, steady);
    } else {
      enqueue(std::move(delivery));
    }
  }
}

void Outbox::plan(sql::Db& db, Delivery& delivery, Instant now) {
  if (delivery.part_of == kFurtherPart) delivery.part_of = unit_;
  delivery.outbox = rows::insert(db, delivery, now);
  if (delivery.part_of != kFirstPart) return;
  unit_ = delivery.outbox;
  delivery.part_of = unit_;
  rows::join_parts(db, unit_);
}

void Outbox::withdraw(sql::Db& db, std::int64_t row, Instant now) {
  db.execute(
      "UPDATE outbox SET state = 'missed', reason = 'withdrawn', settled_at = $2 WHERE id = $1 AND state = "
      "'planned'",
      {row, in_ms(now)});
  // On its way: should the platform give it back, it is too late for another attempt.
  db.execute("UPDATE outbox SET expires_at = 0 WHERE id = $1 AND state IN ('sending', 'unknown')", {row});
}

void Outbox::give_up(sql::Db& db, const std::string& reason, Instant now) {
  db.execute("UPDATE attempts SET verdict = 'unresolved', reason = $1, decided_at = $2 WHERE verdict = ''",
             {reason, in_ms(now)});
  db.execute(
      "UPDATE outbox SET state = 'unresolved', reason = $1, settled_at = $2 WHERE state IN ('planned', "
      "'sending', 'unknown')",
      {reason, in_ms(now)});
}

void Outbox::enqueue(Delivery delivery) {
  if (delivery.outbox != 0) counts_.counted("planned", delivery.to.account);
  if (delivery.part_of == kFirstPart) unit_ = --unowed_units_;
  if (delivery.part_of == kFirstPart || delivery.part_of == kFurtherPart) delivery.part_of = unit_;
  lanes_[delivery.to.account].add(std::move(delivery));
}

void Outbox::link_up(const std::string& account) {
  lanes_[account].up = true;
}

void Outbox::link_down(const std::string& account) {
  lanes_[account].up = false;
}

// ---- leaving --------------------------------------------------------------------------------------------

std::vector<Delivery> Outbox::release(sql::Db& db, Instant now, SteadyTime steady) {
  return released(&db, {now, steady});
}

std::vector<Delivery> Outbox::release_unowed(Instant now, SteadyTime steady) {
  return released(nullptr, {now, steady});
}

/// Answers to people do not wait for the verdict on what was said unasked, which a slow platform may give
/// after half a minute; they have a window of their own.
bool Outbox::is_full(const Lane& lane, Priority priority) const {
  const bool reply = priority == Priority::reply;
  return lane.flying(reply) >= (reply ? kRepliesInFlight : in_flight_);
}

/// Nothing when it waits for something else than time. `held` are the chats with an earlier message of this
/// priority that waits.
std::optional<SteadyTime> Outbox::ready_at(const Lane& lane, const Delivery& delivery, ChatSet& held,
                                           SteadyTime steady) const {
  if (is_held(delivery) || held.contains(delivery.to)) return std::nullopt;
  const bool reply = delivery.priority == Priority::reply;
  const bool in_order = reply || (!lane.flies_to(delivery.to) && !undecided_.holds(delivery.to, steady));
  if (!in_order || lane.is_between_parts(delivery) ||
      (delivery.outbox != 0 && is_full(lane, delivery.priority))) {
    held.insert(delivery.to);
    return std::nullopt;
  }
  SteadyTime ready = std::max({lane.not_before, pace_.ready_at(delivery.to, delivery.priority, steady),
                               refused_.ready_at(delivery.to, steady)});
  const auto circuit = circuits_.find(delivery.to.account);
  if (circuit != circuits_.end())
    ready = std::max(ready, circuit->second.ready_at(delivery.priority, steady));
  return ready;
}

Lane::Fate Outbox::fate(sql::Db* db, const Lane& lane, const Delivery& delivery, ChatSet& held,
                        Moment at) const {
  const bool row = delivery.outbox != 0;
  if (row && delivery.priority != Priority::reply && (db == nullptr || is_full(lane, delivery.priority)))
    return Lane::Fate::end;
  if (row && db == nullptr) {
    held.insert(delivery.to);
    return Lane::Fate::wait;
  }
  if (is_expired(delivery, at.now)) {
    if (row) rows::mark(*db, delivery.outbox, "missed", lateness(delivery.to, at.steady), at.now);
    return Lane::Fate::drop;
  }
  const auto ready = ready_at(lane, delivery, held, at.steady);
  if (!ready) return Lane::Fate::wait;
  if (*ready <= at.steady) return Lane::Fate::leave;
  held.insert(delivery.to);
  return Lane::Fate::wait;
}

std::vector<Delivery> Outbox::released(sql::Db* db, Moment at) {
  std::vector<Delivery> leaving;
  if (closed_) return leaving;
  for (auto& [account, lane] : lanes_) {
    if (!lane.up || lane.not_before > at.steady) continue;
    for (const Priority priority : Lane::kPriorities) {
      ChatSet held;
      const auto judge = [&, here = &lane](Delivery& delivery) {
        const Lane::Fate decided = fate(db, *here, delivery, held, at);
        if (decided == Lane::Fate::drop && delivery.outbox != 0)
          counts_.counted("missed", delivery.to.account);
        return decided == Lane::Fate::leave ? depart(db, *here, delivery, at) : decided;
      };
      std::ranges::move(lane.take(priority, judge), std::back_inserter(leaving));
    }
  }
  return leaving;
}

/// Dropped when it was withdrawn meanwhile.
Lane::Fate Outbox::depart(sql::Db* db, Lane& lane, Delivery& delivery, Moment at) {
  if (delivery.outbox != 0 && !begin(*db, lane, delivery, at.now)) return Lane::Fate::drop;
  pace_.spend(delivery.to, at.steady);
  refused_.began(delivery.to, at.steady);
  circuit(delivery.to.account).began(at.steady);
  return Lane::Fate::leave;
}

bool Outbox::begin(sql::Db& db, Lane& lane, Delivery& delivery, Instant now) {
  if (!rows::begin_sending(db, delivery.outbox, now)) return false;
  delivery.echo = random_.unique_name();
  attempts::begin(db, delivery.outbox, delivery.echo, now);
  lane.in_flight.insert_or_assign(
      delivery.outbox, Lane::Flight{send_of(delivery, now), delivery.priority == Priority::reply, {}});
  return true;
}

SteadyTime Outbox::next_of(const Lane& lane, Priority priority, SteadyTime now) const {
  SteadyTime next = SteadyTime::max();
  ChatSet held;
  lane.show(priority, [&](const Delivery& delivery) {
    if (delivery.outbox != 0 && priority != Priority::reply && is_full(lane, priority)) return false;
    const auto ready = ready_at(lane, delivery, held, now);
    if (!ready) return true;
    held.insert(delivery.to);
    next = std::min(next, *ready);
    return next > now;
  });
  return next;
}

SteadyTime Outbox::next_release(SteadyTime now) const {
  SteadyTime next = SteadyTime::max();
  if (closed_) return next;
  for (const auto& [account, lane] : lanes_) {
    if (!lane.up) continue;
    next = std::min(next, undecided_.next(account, now));
    for (const Priority priority : Lane::kPriorities) next = std::min(next, next_of(lane, priority, now));
  }
  return next;
}

// ---- what expired ---------------------------------------------------------------------------------------

bool Outbox::is_expired(const Delivery& delivery, Instant now) const {
  return delivery.expires <= now && !is_held(delivery);
}

bool Outbox::has_expired(Instant now) const {
  return std::ranges::any_of(lanes_, [&](const auto& entry) {
    return entry.second.any_waits([&](const Delivery& delivery) { return is_expired(delivery, now); });
  });
}

void Outbox::miss_expired(sql::Db& db, Instant now, SteadyTime steady) {
  for (auto& [account, lane] : lanes_) {
    for (const Delivery& late :
         lane.forget([&](const Delivery& delivery) { return is_expired(delivery, now); })) {
      if (late.outbox != 0) book_missed(db, late, {now, steady});
    }
  }
}

void Outbox::book_missed(sql::Db& db, const Delivery& late, Moment at) {
  rows::mark(db, late.outbox, "missed", lateness(late.to, at.steady), at.now);
  counts_.counted("missed", late.to.account);
}

// ---- verdicts -------------------------------------------------------------------------------------------

void Outbox::settle(sql::Db& db, const Address& where, const Settled& settled, Instant now,
                    SteadyTime steady) {
  const auto* sent = std::get_if<Sent>(&settled.outcome);
  if (sent != nullptr && !sent->message_id.empty() && !settled.subject.empty()) {
    rows::remember_subject(db, where, sent->message_id, settled.subject, now);
  }
  auto flight = lanes_[where.account].in_flight.extract(settled.outbox);
  if (sent == nullptr && !flight.empty() && !flight.mapped().seen.empty()) {
    return book_arrived(db, settled.outbox, flight.mapped().seen, now);
  }
  weigh(where, settled.outcome, steady);
  if (flight.empty()) return;  // no row, or decided meanwhile
  if (sent != nullptr) return book_sent(db, where, settled.outbox, sent->message_id, now);
  book_unsent(db, where, settled, std::move(flight.mapped().send), {now, steady});
}

Circuit& Outbox::circuit(const std::string& account) {
  return circuits_.try_emplace(account, limits_).first->second;
}

/// What the verdict says about the chat and the account.
void Outbox::weigh(const Address& where, const SendOutcome& outcome, SteadyTime steady) {
  const auto* refused = std::get_if<Refused>(&outcome);
  if (refused != nullptr && refused->whole_chat) {
    if (refused_.refused(where, refused->reason, steady)) news_.push_back(ChatPaused{where, refused->reason});
    return;
  }
  if (std::holds_alternative<Sent>(outcome)) return trust(where);
  const auto* not_sent = std::get_if<NotSent>(&outcome);
  if (not_sent != nullptr && not_sent->retry_after) {
    pace_.hold_account(where.account, *not_sent->retry_after, steady);
  } else if (refused == nullptr && lanes_[where.account].up && circuit(where.account).failed(steady)) {
    news_.push_back(AccountPaused{where.account, true});
  }
}

/// Something arrived there: neither the chat nor the account has to pause.
void Outbox::trust(const Address& where) {
  tell_again(where, refused_.accepted(where));
  if (circuit(where.account).succeeded()) news_.push_back(AccountPaused{where.account, false});
}

void Outbox::tell_again(const Address& chat, bool told) {
  if (told) news_.push_back(ChatPaused{chat, {}, false});
}

/// Why a message did not leave in time.
std::string Outbox::lateness(const Address& chat, SteadyTime steady) const {
  if (refused_.all().contains(chat)) return "chat refuses";
  const auto circuit = circuits_.find(chat.account);
  const bool paused = circuit != circuits_.end() && circuit->second.open();
  return paused && circuit->second.ready_at(Priority::push, steady) > steady ? "account paused" : "too late";
}

void Outbox::book_sent(sql::Db& db, const Address& where, std::int64_t row, const std::string& message_id,
                       Instant now) {
  counts_.counted("sent", where.account);
  rows::mark_sent(db, row, message_id, now);
  attempts::decide(db, row, attempts::kSent, message_id.empty() ? "without an id" : "", now);
}

/// It was not told by the verdict that should have told it. Some platforms time out on whatever they deliver:
/// what is found to have arrived is no failure of the account.
void Outbox::book_arrived(sql::Db& db, std::int64_t row, const std::string& message_id, Instant now) {
  const auto delivery = rows::find(db, row);
  if (!delivery) return;
  if (!delivery->subject.empty() && !message_id.empty()) {
    rows::remember_subject(db, delivery->to, message_id, delivery->subject, now);
  }
  trust(delivery->to);
  book_sent(db, delivery->to, row, message_id, now);
}

void Outbox::book_unsent(sql::Db& db, const Address& where, const Settled& settled, Undecided::Send send,
                         Moment at) {
  const std::string reason = reason_of(settled.outcome);
  log::warning("a message was not sent for certain",
               {{"outbox", settled.outbox}, {"verdict", settled_state(settled.outcome)}, {"why", reason}});
  rows::mark(db, settled.outbox, settled_state(settled.outcome), reason, at.now);
  const bool again = std::holds_alternative<NotSent>(settled.outcome);
  if (!again) counts_.counted(settled_state(settled.outcome), where.account);
  if (std::holds_alternative<Refused>(settled.outcome)) {
    attempts::decide(db, settled.outbox, attempts::kRefused, reason, at.now);
  } else if (again) {
    attempts::decide(db, settled.outbox, attempts::kNotSent, reason, at.now);
    requeue(db, lanes_[where.account], settled.outbox, at.steady);
  } else {
    undecided_.add(std::move(send), at.now, at.steady);
  }
}

void Outbox::requeue(sql::Db& db, Lane& lane, std::int64_t row, SteadyTime steady) {
  if (auto delivery = rows::find(db, row)) lane.give_back(std::move(*delivery));
  lane.not_before = steady + kRetryDelay;
}

// ---- what nobody knows ------------------------------------------------------------------------------------

std::vector<Address> Outbox::look_backs(SteadyTime steady) {
  std::vector<Address> chats;
  for (const auto& [account, lane] : lanes_) {
    if (!lane.up) continue;
    std::ranges::move(undecided_.due(account, steady), std::back_inserter(chats));
  }
  return chats;
}

void Outbox::hear(sql::Db& db, const Address& where, const HistoryRead& history, Moment at) {
  const auto is_taken = [&](const std::string& id) { return is_known(db, where, id); };
  for (const auto& decided : undecided_.judge(where, history, at.steady, is_taken)) {
    decide(db, where, decided, at);
  }
}

void Outbox::decide(sql::Db& db, const Address& where, const Undecided::Decided& decided, Moment at) {
  log::info("an unknown send was decided", {{"outbox", decided.row}, {"why", decided.reason}});
  if (decided.verdict == Undecided::Verdict::sent) {
    return book_arrived(db, decided.row, decided.message_id, at.now);
  }
  const bool resolved = decided.verdict == Undecided::Verdict::not_sent;
  if (!resolved) counts_.counted("unresolved", where.account);
  rows::mark(db, decided.row, resolved ? "planned" : "unresolved", decided.reason, at.now);
  attempts::decide(db, decided.row, resolved ? attempts::kNotSent : attempts::kUnresolved, decided.reason,
                   at.now);
  if (resolved) return requeue(db, lanes_[where.account], decided.row, at.steady);
  if (auto delivery = rows::find(db, decided.row)) news_.push_back(Unresolved{std::move(*delivery)});
}

void Outbox::hear(sql::Db& db, const Address& where, const AnsweredLate& late, Moment at) {
  const auto row = attempts::row_of(db, late.echo);
  if (!row || !undecided_.contains(*row)) return;
  if (const auto* sent = std::get_if<Sent>(&late.outcome)) {
    undecided_.remove(*row);
    return book_arrived(db, *row, sent->message_id, at.now);
  }
  if (std::holds_alternative<Unknown>(late.outcome)) return;
  undecided_.remove(*row);
  book_unsent(db, where, Settled{*row, {}, late.outcome}, {}, at);
}

bool Outbox::awaits(const Address& where) const {
  const auto lane = lanes_.find(where.account);
  const bool flies = lane != lanes_.end() && lane->second.flies_to(where);
  return flies || !undecided_.in(where).empty();
}

/// Whether the message is known to be one of the rows, so that it cannot be another with the same text.
bool Outbox::is_known(sql::Db& db, const Address& where, const std::string& message_id) const {
  if (message_id.empty()) return false;
  const auto lane = lanes_.find(where.account);
  return (lane != lanes_.end() && lane->second.has_seen(where, message_id)) ||
         rows::has_message(db, where, message_id);
}

void Outbox::hear(sql::Db& db, const Address& where, Instant said, const OwnMessage& own, Moment at) {
  if (is_known(db, where, own.id)) return;
  const auto is_it = [&](const Undecided::Send& send) {
    return send.where == where && said >= earliest_shown(send.started) &&
           is_same_text(send.text, own.message.plain());
  };
  for (auto& [row, flight] : lanes_[where.account].in_flight) {
    if (!flight.seen.empty() || !is_it(flight.send)) continue;
    flight.seen = own.id;
    return;
  }
  for (const Undecided::Send& send : undecided_.in(where)) {
    if (!is_it(send)) continue;
    undecided_.remove(send.row);
    return decide(db, where, {send.row, Undecided::Verdict::sent, own.id, "its own message was reported"},
                  at);
  }
}

std::size_t Outbox::waiting() const noexcept {
  std::size_t count = 0;
  for (const auto& [account, lane] : lanes_) count += lane.waiting();
  return count;
}

std::size_t Outbox::in_flight() const noexcept {
  std::size_t count = 0;
  for (const auto& [account, lane] : lanes_) count += lane.in_flight.size();
  return count;
}

std::string_view settled_state(const SendOutcome& outcome) {
  struct Namer {
    std::string_view operator()(const Sent&) const { return "sent"; }
    std::string_view operator()(const NotSent&) const { return "planned"; }
    std::string_view operator()(const Refused&) const { return "refused"; }
    std::string_view operator()(const Unknown&) const { return "unknown"; }
  };
  return std::visit(Namer{}, outcome);
}

}  // namespace bot
