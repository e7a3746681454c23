#include "bot/desk/desk.hpp"
#include "bot/desk/outbox_rows.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "bot/base/log.hpp"
#include "bot/base/utf8.hpp"

namespace bot {

namespace {

constexpr auto kFutureTolerated = std::chrono::minutes(5);
constexpr auto kCheckedEvery = std::chrono::minutes(1);
constexpr std::uint64_t kOtherStream = 0x9E3779B97F4A7C15U;
constexpr std::string_view kOwnFallback = "zh-CN";

/// While it lives, the database refuses writes.
class ReadingOnly {
 public:
  explicit ReadingOnly(sql::Db& db) : db_(db) { db_.set_read_only(true); }
  ~ReadingOnly() { db_.set_read_only(false); }
  ReadingOnly(const ReadingOnly&) = delete;
  ReadingOnly& operator=(const ReadingOnly&) = delete;

 private:
  sql::Db& db_;
};

Router built_router(const Registry& registry, const Texts& texts) {
  Problems problems;
  Router router(registry, texts, problems);
  for (const Problem& problem : problems) log::error("verbs", {{"problem", printed(problem)}});
  return router;
}

bool is_future(Instant at, Instant now) {
  return at > now + kFutureTolerated;
}

}  // namespace

Desk::Desk(Parts parts)
    : parts_(std::move(parts)),
      random_(parts_.seed),
      router_(built_router(parts_.registry, parts_.content->texts)),
      manners_(parts_.limits),
      outbox_(parts_.limits, parts_.seed ^ kOtherStream),
      hearing_(parts_.clock, parts_.alarm_after),
      merging_(parts_.limits) {
  for (const auto& [language, words] : parts_.content->texts.languages()) {
    const auto names = words.names.find("bot");
    if (names != words.names.end()) nicknames_[language] = names->second;
  }
}

std::vector<sql::Schema> Desk::schemas() {
  std::vector<sql::Schema> schemas = {
      {"inbox",
       {{1,
         "CREATE TABLE inbox (event_key TEXT PRIMARY KEY, command TEXT NOT NULL, at {int} NOT NULL) "
         "{table}"}},
       {{.table = "inbox",
         .column = "event_key",
         .names = sql::Names::inside,
         .pattern = "%|{account}|%|{user}|%",
         .kept = kept::inbox}}},
      outbox_rows::schema(),
      outbox_rows::askers_schema(),
      Digest::schema(),
      Dialogues::schema(),
      Merging::schema(),
      Gaps::schema(),
      KnownGroups::schema(),
      people::schema(),
      people::forgotten_schema(),
      Archive::schema(),
      Pruning::schema()};
  std::ranges::move(Courtesy::schemas(), std::back_inserter(schemas));
  return schemas;
}

void Desk::start() {
  const Instant now = parts_.clock.now();
  started_ = now;
  for (const std::string& account : parts_.accounts) hearing_.link_down(account, "not connected yet");
  parts_.known.load(parts_.db);
  parts_.archive.load(parts_.db);
  sql::Transaction transaction(parts_.db);
  outbox_.recover(parts_.db, now, parts_.clock.steady());
  dialogues_.load(parts_.db, now);
  digest_.load(parts_.db);
  courtesy_.load(parts_.db);
  merging_.load(parts_.db);
  pruning_.prune(parts_.db, parts_.agenda, now);
  transaction.commit();
}

void Desk::stop() {
  sql::Transaction transaction(parts_.db);
  parts_.agenda.checked(parts_.db, parts_.clock.now());
  gaps_.note_heard(parts_.db, parts_.clock.now());
  transaction.commit();
}

void Desk::handle(std::vector<Event> events) {
  Work work(parts_.db);
  outbox_.end_mutes(parts_.clock.steady());
  for (const Event& event : events) take(event, work);
  resume_late(work);
  run_schedules(work);
  if (const Instant now = parts_.clock.now(); pruning_.is_due(now))
    pruning_.prune(work.begin(), parts_.agenda, now);
  hand_over(work);
  ring_alarms();
}

void Desk::hand_over(Work& work) {
  const Instant now = parts_.clock.now();
  const SteadyTime steady = parts_.clock.steady();
  ask_histories(work);
  tell_made_up(work);
  if (std::vector<Delivery> unowed = outbox_.release_unowed(now, steady); !unowed.empty()) {
    send(std::move(unowed));
  }
  std::vector<Delivery> owed;
  if (outbox_.has_work(steady)) owed = outbox_.release(work.begin(), now, steady);
  const bool stepped_back = now < checked_;
  if (stepped_back) merging_.clock_set(now);
  const bool check = stepped_back || now - checked_ > kCheckedEvery;
  if (check && outbox_.has_expired(now)) outbox_.miss_expired(work.begin(), now, steady);
  if (work.begun() && check) {
    parts_.agenda.checked(parts_.db, now);
    gaps_.note_heard(parts_.db, now);
    checked_ = now;
  }
  work.commit();
  if (work.begun()) figures_.last_commit = now;
  if (!owed.empty()) send(std::move(owed));
}

void Desk::take(const Event& event, Work& work) {
  if (const auto* posted = std::get_if<MessagePosted>(&event.what)) {
    hearing_.heard(event.where, event.at);
    hear(event, *posted, work);
  } else if (const auto* settled = std::get_if<Settled>(&event.what)) {
    settle(event, *settled, work);
  } else if (const auto* up = std::get_if<LinkUp>(&event.what)) {
    own_ids_[event.where.account] = up->self;
    link_up(event.where.account, work);
  } else if (const auto* down = std::get_if<LinkDown>(&event.what)) {
    link_down(event.where.account, down->reason, work);
  } else if (const auto* listed = std::get_if<GroupsListed>(&event.what)) {
    learn_groups(event, *listed, work);
  } else if (const auto* members = std::get_if<MembersListed>(&event.what)) {
    learn_members(event.where, *members, work);
  } else if (const auto* history = std::get_if<HistoryRead>(&event.what)) {
    hear_history(event.where, *history, work);
    tell_news(work);
  } else if (std::holds_alternative<AnsweredLate>(event.what) ||
             std::holds_alternative<OwnMessage>(event.what)) {
    hear_of_own(event, work);
  } else {
    hear_notice(event, work);
  }
}

void Desk::learn_groups(const Event& event, const GroupsListed& listed, Work& work) {
  std::set<std::string> chats;
  for (const auto& group : listed.groups) chats.insert(group.chat);
  outbox_.listed(event.where.account, chats);
  for (const auto& group : listed.groups) {
    const Address where{event.where.account, group.chat, false};
    if (parts_.groups.only_pushes(where)) continue;
    hearing_.joined(where);
    const bool known = parts_.known.knows(where) && (group.name.empty() || !parts_.known.name(where).empty());
    if (!known) parts_.known.add(work.begin(), where, group.name, parts_.clock.now());
  }
}

const std::vector<std::string>& Desk::nicknames(const GroupProfile& group) const {
  if (!group.nicknames.empty()) return group.nicknames;
  static const std::vector<std::string> none;
  auto found = nicknames_.find(group.language);
  if (found == nicknames_.end()) found = nicknames_.find(std::string(kOwnFallback));
  return found == nicknames_.end() ? none : found->second;
}

void Desk::hear(const Event& event, const MessagePosted& posted, Work& work) {
  ++figures_.events;
  const GroupProfile& group = event.where.direct ? parts_.groups.fallback() : parts_.groups.find(event.where);
  if (!group.enabled || posted.from.anonymous) return;
  outbox_.heard(event.where);
  if (!event.where.direct && parts_.groups.only_pushes(event.where)) return;
  if (!event.where.direct && !parts_.known.knows(event.where)) {
    parts_.known.add(work.begin(), event.where, {}, parts_.clock.now());
  }
  if (!event.where.direct) speakers_.heard(event.where, posted);
  keep_in_archive(event, posted, work);
  auto understood = understand(event, posted, group);
  if (understood && !is_forgotten(event, posted) && manners_.first_time(EventKey(event, posted).plain()))
    act(event, posted, group, std::move(*understood), work);
}

std::optional<Desk::Understood> Desk::understand(const Event& event, const MessagePosted& posted,
                                                 const GroupProfile& group) const {
  auto reading = read_message(posted, event.where.direct, nicknames(group));
  if (!reading) return std::nullopt;
  if (auto meant = dialogues_.meaning(event.where, posted.from.id, reading->said, parts_.clock.now())) {
    *reading = Reading{true, std::move(meant->meaning), Doubt::none, meant->confirms};
  }
  auto routed = router_.route(*reading);
  if (!routed) return std::nullopt;
  return Understood{std::move(*reading), std::move(*routed)};
}

void Desk::act(const Event& event, const MessagePosted& posted, const GroupProfile& group,
               Understood understood, Work& work) {
  if (is_ignored(event, posted, group)) return;
  if (const auto* miss = std::get_if<Miss>(&understood.meaning)) {
    hint(event, posted, group, *miss, work);
  } else {
    obey(event, posted, group, std::move(std::get<Order>(understood.meaning)), understood.reading.said, work);
  }
}

Turn::Parts Desk::parts_of_turn(const Address& where, const GroupProfile& group) const {
  return {.db = parts_.db,
          .content = *parts_.content,
          .group = group,
          .known = parts_.known,
          .registry = parts_.registry,
          .limits = parts_.limits,
          .random = random_,
          .now = parts_.clock.now(),
          .where = where,
          .home = where.direct ? std::nullopt : std::optional(where),
          .told = where,
          .agenda = parts_.agenda,
          .courtesy = courtesy_,
          .somebody = [this, where](const std::string& user) { return somebody(where, user); },
          .archive = parts_.archive,
          .personal = parts_.personal,
          .forget = [this](const sql::Subject& who) { forget(who); },
          .capabilities = [this](const Address& to) { return parts_.postman.capabilities(to); },
          .health = [this, where] { return health(where); },
          .group_name = [this](const Address& group_named) { return group_name(group_named); }};
}

std::string Desk::group_name(const Address& group) const {
  const GroupProfile& profile = parts_.groups.find(group);
  if (!profile.name.empty()) return profile.name;
  const std::string known = parts_.known.name(group);
  return known.empty() ? group.chat : known;
}

Turn Desk::turn_for(const Event& event, const MessagePosted& posted, const GroupProfile& group,
                    Order order) const {
  Turn::Parts parts = parts_of_turn(event.where, group);
  parts.at = is_future(event.at, parts.now) ? parts.now : event.at;
  parts.home = home_of(event.where, posted.from.id);
  const Address about = parts.home.value_or(Address{event.where.account, {}, false});
  const people::Record record = people::look_up(parts_.db, about, posted.from.id);
  const GroupProfile& profile = parts.home ? parts_.groups.find(*parts.home) : group;
  parts.member = {posted.from.id, name_of(posted.from, record, profile),
                  role_of(posted.from, event.where.account, record, profile), record.person};
  parts.order = std::move(order);
  if (const auto author = posted.quotes ? speakers_.author(event.where, *posted.quotes) : std::nullopt)
    parts.quoted_author = author->id;
  parts.message = posted.id;
  parts.quotes = posted.quotes;
  parts.mentioned = mentioned_in(event, posted);
  return Turn(std::move(parts));
}

void Desk::obey(const Event& event, const MessagePosted& posted, const GroupProfile& group, Order order,
                const std::string& said, Work& work) {
  if (order.alone != nullptr && !names_object(event, posted)) order.command = order.alone;
  const Command& command = *order.command;
  const bool late = parts_.limits.backlog && parts_.clock.now() - event.at > *parts_.limits.backlog;
  const bool stale = late && !command.outside_manners;
  const bool only_shows = command.only_shows || command.effect == Effect::reads;
  if ((stale || made_up_) && only_shows) return;
  if (stale && !command.counts_late) {
    const bool to_each_other = command.everyday && !order.woken;
    if (!to_each_other) book_unexecuted(event, posted, group, command, said, work);
    return;
  }
  if (is_robot(event, posted, work)) return;
  if (awaits_members(event, posted)) return;
  Turn turn = turn_for(event, posted, group, std::move(order));
  const bool allowed = may(turn.member().role, command.needs);
  if (!allowed && command.everyday && !turn.woken()) return;
  if (!stale && !made_up_ && !command.outside_manners) {
    switch (manners_.admit(event.where, posted.from.id, command.name, said, parts_.clock.steady())) {
      case Manners::Verdict::answer:
        break;
      case Manners::Verdict::ignore:
        return;
      case Manners::Verdict::tell_once:
        return tell(event, posted, group, "core.too_many", true);
    }
  }
  if (!allowed) return tell(event, posted, group, "core.not_allowed", true);
  want_members(event.where);
  ++figures_.commands;
  try {
    if (command.effect == Effect::reads) {
      run_reading(turn, command, work);
    } else {
      run_writing(turn, command, EventKey(event, posted), stale, work);
    }
  } catch (const sql::Unavailable&) {
    throw;
  } catch (const std::exception& failure) {
    ++figures_.failed;
    log::error("a turn failed", {{"command", command.name}, {"why", failure.what()}});
    parts_.agenda.reread(parts_.db, event.where, turn.now());
    courtesy_.load(parts_.db);
    parts_.archive.load(parts_.db);
    tell(event, posted, group, "core.broken", false);
  }
}

void Desk::run_reading(Turn& turn, const Command& command, const Work& work) {
  const ReadingOnly guard(parts_.db);
  // In PostgreSQL a statement that fails fails the transaction, and with it the turns before this one.
  std::optional<sql::Savepoint> savepoint;
  if (work.begun()) savepoint.emplace(parts_.db);
  const Reply reply = command.run(turn);
  if (savepoint) savepoint->keep();
  for (Delivery& delivery : worded(turn, reply, !command.outside_manners))
    outbox_.enqueue(std::move(delivery));
}

void Desk::run_writing(Turn& turn, const Command& command, const EventKey& key, bool silent, Work& work) {
  sql::Db& db = work.begin();
  sql::Savepoint savepoint(db);
  if (!key.book(db, command.name, turn.now())) return;
  if (made_up_) gaps_.count(turn.where(), true);
  const Sender sender{turn.member().user, turn.member().name};
  if (!sender.id.empty()) turn.enrolled(people::enrol(db, turn.where(), sender, turn.now()));
  const Reply reply = kept_for_later(turn, without_noise(turn, command.run(turn)), silent);
  std::vector<Delivery> deliveries = silent ? std::vector<Delivery>() : worded(turn, reply, true);
  if (!reply.is_unrecorded()) {
    for (Delivery& delivery : deliveries) outbox_.plan(db, delivery, turn.now());
  }
  if (turn.question()) dialogues_.ask(db, asked_at(turn), turn.member().user, *turn.question(), turn.now());
  savepoint.keep();
  for (Delivery& delivery : deliveries) outbox_.enqueue(std::move(delivery));
  tell_for_admins(reply, db);
}

/// A command that came too late to be meant any more (reliability E4).
void Desk::book_unexecuted(const Event& event, const MessagePosted& posted, const GroupProfile& group,
                           const Command& command, const std::string& said, Work& work) {
  if (!EventKey(event, posted).book(work.begin(), command.name, parts_.clock.now())) return;
  if (made_up_) gaps_.count(event.where, false);
  if (!manners_.may_hint({event.where.account, {}, true}, posted.from.id, parts_.clock.steady())) return;
  Turn turn = turn_for(event, posted, group, {});
  Reply reply = Reply::say("core.too_old", {{"said", said}, {"moment", turn.moment(event.at)}});
  for (Delivery& delivery : worded(turn, reply.in_private(), true)) outbox_.enqueue(std::move(delivery));
}

void Desk::hint(const Event& event, const MessagePosted& posted, const GroupProfile& group, const Miss& miss,
                Work& work) {
  const bool stale = parts_.limits.backlog && parts_.clock.now() - event.at > *parts_.limits.backlog;
  if (is_robot(event, posted, work)) return;
  if (stale || made_up_ || !manners_.may_hint(event.where, posted.from.id, parts_.clock.steady())) return;
  static const Command nearest{.name = "core.hint", .run = [](Turn& turn) {
                                 const std::string& verb = turn.text();
                                 turn.ask({{{"\u3002", verb}, {".", verb}}});
                                 return Reply::silence();
                               }};
  Turn turn = turn_for(event, posted, group, Order{&nearest, {}, miss.nearest.value_or("")});
  if (is_hushed(turn)) return;
  Reply reply = Reply::say(miss.heard.empty() ? "core.here" : "core.not_understood", {{"heard", miss.heard}});
  if (miss.nearest) reply = Reply::say("core.nearest", {{"heard", miss.heard}, {"nearest", *miss.nearest}});
  for (Delivery& delivery : worded(turn, reply, false)) outbox_.enqueue(std::move(delivery));
  if (miss.nearest) run_writing(turn, nearest, EventKey(event, posted), false, work);
}

void Desk::tell(const Event& event, const MessagePosted& posted, const GroupProfile& group, std::string key,
                bool in_private) {
  Turn turn = turn_for(event, posted, group, {});
  Reply reply = Reply::say(std::move(key));
  if (in_private) reply.in_private();
  for (Delivery& delivery : worded(turn, reply, true)) outbox_.enqueue(std::move(delivery));
}

}  // namespace bot
