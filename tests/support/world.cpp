#include "tests/support/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "bot/base/log.hpp"
#include "schedules/phrases.hpp"
#include "tests/support/fresh_database.hpp"

namespace {

constexpr auto kTimeToType = std::chrono::seconds(5);

std::shared_ptr<const bot::Content> shipped_content() {
  static const auto content = [] {
    bot::Problems problems;
    auto loaded = bot::load_content(XUEBAN_SOURCE "/content", problems);
    for (const bot::Problem& problem : problems) FAIL_CHECK(printed(problem));
    return loaded;
  }();
  return content;
}

bot::Instant shanghai(const std::string& moment) {
  const bot::Zone zone = *bot::Zone::named("Asia/Shanghai");
  return zone.to_instant(*schedules::parse_moment(moment, bot::LocalTime{}));
}

}  // namespace

World::World()
    : config(bot::default_config()),
      content_(shipped_content()),
      clock_(shanghai("2026-03-02 09:00")),
      room_("qq", clock_),
      db_(support::fresh_database()) {
  // A push at eight leaves at eight; tests about the spread set it.
  config.limits.stagger = std::nullopt;
  config.limits.jitter = std::nullopt;
  config.limits.merge_window = std::nullopt;
  bot::log::to_nowhere();
}

World::~World() {
  for (const bot::Room::Line& line : room_.transcript()) {
    if (!line.kind.empty() && std::ranges::find(heard_, line.number) == heard_.end()) {
      FAIL_CHECK("nobody listened to ", line.kind, " in ", line.where.chat, ": ", line.text);
    }
  }
}

void World::at(const std::string& moment) {
  REQUIRE_MESSAGE(!app_, "at() comes before anybody speaks");
  clock_.advance(shanghai(moment) - clock_.now());
}

void World::make_admin(const std::string& person) {
  admins_.push_back(person);
}

void World::make_platform_owner(const std::string& person) {
  owners_.push_back(person);
  room_.introduce({person, person, bot::Sender::Role::owner});
}

void World::begin() {
  if (app_) return;
  bot::GroupProfile fallback = config.groups.fallback();
  fallback.admins = admins_;
  bot::GroupBook groups(fallback);
  for (const bot::GroupProfile& own : config.groups.own()) groups.add(own);
  config.groups = groups;
  app_ = std::make_unique<bot::App>(config, content_, *db_, clock_, room_, 1, bot::Instant{}, nullptr,
                                    &forgotten_);
  stage_ = std::make_unique<bot::Stage>(app_->desk(), room_, clock_);
  link_up();
}

void World::link_up() {
  link_up(room_.account());
}

void World::link_up(const std::string& account) {
  std::vector<bot::Event> events;
  events.emplace_back(bot::Address{account, {}, false}, clock_.now(), bot::LinkUp{"bot", "world"});
  play(std::move(events));
}

void World::link_down() {
  begin();
  std::vector<bot::Event> events;
  events.emplace_back(bot::Address{room_.account(), {}, false}, clock_.now(), bot::LinkDown{"cut"});
  play(std::move(events));
}

void World::play(std::vector<bot::Event> events) {
  begin();
  stage_->play(std::move(events));
}

void World::tick(bot::Milliseconds by) {
  begin();
  stage_->travel(by);
}

void World::clock_back(bot::Milliseconds by) {
  begin();
  clock_.step_back(by);
  play({});
}

bot::LocalTime World::now() const {
  return config.zone.to_local(clock_.now());
}

void World::restart() {
  off(bot::Milliseconds{0});
}

void World::off(bot::Milliseconds by) {
  if (!stopped_) stop();
  clock_.advance(by);
  stopped_ = false;
  begin();
}

void World::stop() {
  begin();
  stopped_ = true;
  app_->desk().stop();
  stage_.reset();
  app_.reset();
}

void World::deliver_unheard() {
  play(std::exchange(unheard_events_, {}));
}

std::int64_t World::count(std::string_view sql) {
  begin();
  return db_->query(sql).front().integer(0);
}

std::vector<const bot::Room::Line*> World::unheard(const bot::Address& where) const {
  std::vector<const bot::Room::Line*> lines;
  for (const bot::Room::Line& line : room_.transcript()) {
    const bool new_to_us = std::ranges::find(heard_, line.number) == heard_.end();
    if (!line.kind.empty() && line.where == where && new_to_us) lines.push_back(&line);
  }
  return lines;
}

bot::Event World::Chat::spoken(const std::string& person, const bot::Room::Utterance& utterance) {
  const bool owner = std::ranges::find(world_.owners_, person) != world_.owners_.end();
  const bot::Sender sender{person, person, owner ? bot::Sender::Role::owner : bot::Sender::Role::member,
                           false};
  return world_.room_.says(where_, sender, utterance);
}

World::Chat& World::Chat::says_unheard(const std::string& person, const std::string& text) {
  if (world_.stage_) {
    world_.stage_->travel(kTimeToType);
  } else {
    world_.clock_.advance(kTimeToType);
  }
  world_.unheard_events_.push_back(spoken(person, {.message = bot::Message(text)}));
  return *this;
}

World::Chat& World::Chat::speak(const std::string& person, bot::Room::Utterance utterance) {
  world_.begin();
  world_.stage_->travel(kTimeToType);
  bot::Event event = spoken(person, utterance);
  event.at -= world_.delay_;
  world_.last_ = event;
  std::vector<bot::Event> events;
  events.push_back(std::move(event));
  world_.play(std::move(events));
  return *this;
}

World::Chat& World::Chat::says(const std::string& person, const std::string& text) {
  return speak(person, {.message = bot::Message(text)});
}

World::Chat& World::Chat::mentions_bot(const std::string& person, const std::string& text) {
  return speak(person, {.message = bot::Message(text), .to_bot = true});
}

World::Chat& World::Chat::mentions(const std::string& person, const std::string& user,
                                   const std::string& text) {
  bot::Message message;
  message.add(bot::Mention{user}).add(bot::Text{" " + text});
  return speak(person, {.message = std::move(message), .to_bot = true, .to_others = true});
}

World::Chat& World::Chat::mentions_others(const std::string& person, const std::string& text) {
  return speak(person, {.message = bot::Message(text), .to_others = true});
}

World::Chat& World::Chat::mentions_bot_and(const std::string& person, const std::string& text,
                                           const std::string& whom, const std::string& behind) {
  bot::Message message(text);
  message.add(bot::Mention{"bot"}).add(bot::Mention{whom}).add(bot::Text{behind});
  return speak(person, {.message = std::move(message), .to_bot = true, .to_others = true});
}

World::Chat& World::Chat::says_about(const std::string& person, const std::string& text,
                                     const std::string& whom, const std::string& behind) {
  bot::Message message(text);
  message.add(bot::Mention{whom}).add(bot::Text{behind});
  return speak(person, {.message = std::move(message), .to_others = true});
}

World::Chat& World::Chat::quotes_person(const std::string& person, const std::string& quoted,
                                        const std::string& text) {
  std::size_t latest = 0;
  for (const bot::Room::Line& line : world_.room_.transcript()) {
    if (line.speaker == quoted && line.where == where_) latest = line.number;
  }
  REQUIRE_MESSAGE(latest > 0, "there is nothing of that person to quote");
  return speak(person, {.message = bot::Message(text), .quotes = latest, .to_bot = true});
}

World::Chat& World::Chat::floods(const std::string& person, const std::vector<std::string>& texts) {
  world_.begin();
  std::vector<bot::Event> events;
  for (const std::string& text : texts) events.push_back(spoken(person, {.message = bot::Message(text)}));
  world_.play(std::move(events));
  return *this;
}

World::Chat& World::Chat::quotes(const std::string& person, const std::string& text) {
  std::size_t latest = 0;
  for (const bot::Room::Line& line : world_.room_.transcript()) {
    if (!line.kind.empty() && line.where == where_) latest = line.number;
  }
  REQUIRE_MESSAGE(latest > 0, "there is nothing of the bot to quote");
  return speak(person, {.message = bot::Message(text), .quotes = latest});
}

World::Chat& World::Chat::quotes_stranger(const std::string& person, const std::string& text) {
  return speak(person, {.message = bot::Message(text), .quotes = 999'999});
}

World::Chat& World::Chat::happens(bot::Happening what) {
  world_.begin();
  std::vector<bot::Event> events;
  events.push_back(world_.room_.happens(where_, std::move(what)));
  world_.play(std::move(events));
  return *this;
}

World::Chat& World::Chat::repeats_event() {
  std::vector<bot::Event> events;
  events.push_back(world_.last_);
  world_.play(std::move(events));
  return *this;
}

World::Chat& World::Chat::hears(const std::string& sentence, std::string_view part) {
  world_.begin();
  const auto lines = world_.unheard(where_);
  if (lines.empty()) {
    FAIL_CHECK("expected ", sentence, " in ", where_.chat, ", heard nothing");
    return *this;
  }
  CHECK_MESSAGE(lines.front()->kind == sentence, lines.front()->text);
  CHECK_MESSAGE(lines.front()->text.find(part) != std::string::npos, lines.front()->text);
  world_.heard_.push_back(lines.front()->number);
  return *this;
}

World::Chat& World::Chat::hears_nothing() {
  world_.begin();
  for (const bot::Room::Line* line : world_.unheard(where_)) {
    FAIL_CHECK("expected silence in ", where_.chat, ", heard: ", line->text);
    world_.heard_.push_back(line->number);
  }
  return *this;
}
