// The part of the desk that words what handlers answer, and keeps it short.
#include <algorithm>

#include "bot/base/utf8.hpp"
#include "bot/desk/desk.hpp"
#include "bot/desk/doors.hpp"
#include "bot/desk/mentions.hpp"
#include "bot/texts/split.hpp"

namespace bot {

namespace {

constexpr std::size_t kMergedAtOnce = 500;
constexpr auto kMergedWithin = std::chrono::minutes(10);

}  // namespace

std::vector<Delivery> Desk::worded(Turn& turn, const Reply& reply, bool mannered) {
  std::vector<Delivery> deliveries;
  for (const Reply::Line& line : reply.lines()) {
    if (line.admins_of) continue;
    const auto place = place_of(turn, line);
    if (!place) continue;
    Address to = *place;
    std::string kind = line.said.key;
    std::string text = fitted(turn.worded(kind, with_answer_place(turn, line.said.values, to)), to);
    if (mannered && !manners_.may_repeat(to, text, parts_.clock.steady())) {
      kind = "core.see_above";
      text = turn.worded(kind);
      if (!manners_.may_repeat(to, text, parts_.clock.steady())) continue;
    }
    Delivery delivery(std::move(to), {});
    delivery.kind = std::move(kind);
    delivery.subject = reply.subject();
    delivery.asker = turn.member().user;
    // What goes to the person alone must not be tied to a message that everybody sees.
    if (delivery.to == turn.where()) delivery.answers = turn.message();
    if (parts_.limits.late_reply) delivery.expires = turn.now() + *parts_.limits.late_reply;
    const Delivery tap = delivery;
    for (Delivery& part : parts_of(turn, std::move(delivery), line.mention, text)) {
      deliveries.push_back(std::move(part));
    }
    if (line.button && parts_.postman.capabilities(tap.to).buttons) add_button(turn, line, tap, deliveries);
  }
  return deliveries;
}

/// A further part of the message, so that both stay together.
void Desk::add_button(Turn& turn, const Reply::Line& line, Delivery tap, std::vector<Delivery>& after) const {
  Delivery& before = after.back();
  if (before.part_of == 0) before.part_of = kFirstPart;
  before.last_part = false;
  const std::string label = turn.worded(line.said.key + ".button");
  tap.message.add(Text{turn.worded(line.said.key + ".tap", line.said.values)});
  tap.message.add(Button{label, label + " " + tap.subject});
  tap.part_of = kFurtherPart;
  tap.last_part = true;
  after.push_back(std::move(tap));
}

/// Adds what a sentence needs to say how it can be answered; nothing where any answer is heard.
Values Desk::with_answer_place(const Turn& turn, Values values, const Address& told) const {
  const AnswerPlace place = answer_place(turn.group(), turn.where(), told, parts_.postman);
  if (place.by == AnswerPlace::By::mention) values.set("answer_by_mention", true);
  if (place.by == AnswerPlace::By::elsewhere) values.set("answer_at", place.at).set("answer_elsewhere", true);
  if (place.by == AnswerPlace::By::nobody) values.set("answer_nowhere", true);
  return values;
}

/// One message, or several where the platform allows no message of that length; a mention stands in the
/// first alone.
std::vector<Delivery> Desk::parts_of(Turn& turn, Delivery whole, const std::string& mention,
                                     const std::string& text) const {
  const auto label = [&turn](std::size_t index, std::size_t count) {
    return turn.worded("core.part", Values()
                                        .set("index", static_cast<std::int64_t>(index))
                                        .set("count", static_cast<std::int64_t>(count)));
  };
  const std::vector<std::string> texts =
      split_message(text, parts_.postman.capabilities(whole.to).text, label);
  std::vector<Delivery> parts;
  for (const std::string& each : texts) {
    Delivery part = whole;
    if (parts.empty() && !mention.empty() && !part.to.direct)
      part.message.add(Mention{mention}).add(Text{" "});
    part.message.add(Text{each});
    if (texts.size() > 1) part.part_of = parts.empty() ? kFirstPart : kFurtherPart;
    part.message = with_welcome_mentions(part.message, part.to);
    parts.push_back(std::move(part));
  }
  if (texts.size() > 1) parts.back().last_part = true;
  return parts;
}

std::string Desk::fitted(std::string text, const Address& to) const {
  if (to.direct) return text;
  std::string_view kept = text;
  if (parts_.limits.length) kept = utf8::cut(kept, static_cast<std::size_t>(*parts_.limits.length));
  if (parts_.limits.lines) {
    std::size_t at = 0;
    for (std::int64_t line = 0; line < *parts_.limits.lines && at != std::string_view::npos; ++line) {
      at = kept.find('\n', line == 0 ? 0 : at + 1);
    }
    kept = kept.substr(0, at);
  }
  return kept.size() == text.size() ? text : std::string(kept) + "\u2026";
}

// ---- told together ----------------------------------------------------------------------------------------

/// What may be told together with others' answers waits for the end of the window; the rest comes back.
Reply Desk::kept_for_later(Turn& turn, const Reply& reply, bool silent) {
  if (silent || turn.where().direct || !merging_.on()) return reply;
  Reply now;
  now.about(reply.subject());
  for (const Reply::Line& line : reply.lines()) {
    if (line.merged && !line.in_private) {
      merging_.add(turn.db(), {turn.where(), line.said.key + ".merged", reply.subject()},
                   {turn.member().user, turn.member().name}, turn.now());
    } else {
      now.add(line);
    }
  }
  return now;
}

void Desk::run_merged(Work& work) {
  for (const Merging::Topic& topic : merging_.due(parts_.clock.now(), kMergedAtOnce)) {
    sql::Db& db = work.begin();
    const Merging::Together together = merging_.take(db, topic);
    const bool quiet = courtesy_.quiet.until(topic.where, parts_.clock.now()).has_value();
    if (together.count > 0 && !quiet) tell_together(topic, together, db);
  }
}

void Desk::tell_together(const Merging::Topic& topic, const Merging::Together& together, sql::Db& db) {
  const Instant now = parts_.clock.now();
  Turn turn(parts_of_turn(topic.where, parts_.groups.find(topic.where)));
  Values values = together.values();
  values.set("subject", topic.subject);
  for (Delivery& delivery :
       worded(turn, Reply::say(topic.sentence, std::move(values)).about(topic.subject), false)) {
    delivery.priority = Priority::merged;
    delivery.expires = now + kMergedWithin;
    outbox_.plan(db, delivery, now);
    outbox_.enqueue(std::move(delivery));
  }
}

void Desk::send(std::vector<Delivery> deliveries) {
  for (const Delivery& delivery : deliveries) {
    if (!delivery.asker.empty()) manners_.answered(delivery.to, delivery.asker, parts_.clock.steady());
  }
  parts_.postman.send(std::move(deliveries));
}

}  // namespace bot
