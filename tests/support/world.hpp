#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bot/app.hpp"
#include "bot/platforms/sandbox/stage.hpp"

/// A whole bot without threads, sockets or waiting: desk, database, simulated room, a clock that the test
/// moves. A test reads like a chat:
///
///     at("2026-03-02 09:00");
///     group("class").says("Li", "lesson").hears("lesson.today");
///     group("class").says("Wang", "nice weather").hears_nothing();
///
/// People take five seconds to type. Every message of the bot must be heard or denied: what a test leaves
/// unheard fails it at its end.
class World {
 public:
  World();
  ~World();

  class Chat {
   public:
    Chat(World& world, bot::Address where) : world_(world), where_(std::move(where)) {}
    /// A member speaks; the name is the person.
    Chat& says(const std::string& person, const std::string& text);
    Chat& mentions_bot(const std::string& person, const std::string& text);
    /// To the bot, with a mention of that user in front.
    Chat& mentions(const std::string& person, const std::string& user, const std::string& text);
    Chat& mentions_others(const std::string& person, const std::string& text);
    /// Says "TEXT @WHOM BEHIND" to the bot, whom the message mentions, too.
    Chat& mentions_bot_and(const std::string& person, const std::string& text, const std::string& whom,
                           const std::string& behind = {});
    /// The same without a mention of the bot.
    Chat& says_about(const std::string& person, const std::string& text, const std::string& whom,
                     const std::string& behind = {});
    /// Quotes the bot's latest message here.
    Chat& quotes(const std::string& person, const std::string& text);
    /// Quotes the latest message of another person here, and mentions the bot.
    Chat& quotes_person(const std::string& person, const std::string& quoted, const std::string& text);
    /// One person says all this within a second.
    Chat& floods(const std::string& person, const std::vector<std::string>& texts);
    /// Quotes a person's message, which is about nothing.
    Chat& quotes_stranger(const std::string& person, const std::string& text);
    /// A member speaks while the bot hears nothing: only the chat's history has it.
    Chat& says_unheard(const std::string& person, const std::string& text);
    /// The platform reports something else than a message, such as a mute.
    Chat& happens(bot::Happening what);
    /// The platform delivers the latest message once more.
    Chat& repeats_event();
    /// The next message of the bot here is this sentence, and contains `part`.
    Chat& hears(const std::string& sentence, std::string_view part = {});
    Chat& hears_nothing();

   private:
    bot::Event spoken(const std::string& person, const bot::Room::Utterance& utterance);
    Chat& speak(const std::string& person, bot::Room::Utterance utterance);
    World& world_;
    bot::Address where_;
  };

  Chat group(const std::string& name) { return {*this, room_.group(name)}; }
  /// The chat of another account.
  Chat group_of(const std::string& account, const std::string& name) {
    return {*this, bot::Address{account, name, false}};
  }
  Chat private_chat(const std::string& person) { return {*this, room_.direct(person)}; }

  /// Before anybody speaks: the moment at which the world begins, in Shanghai.
  void at(const std::string& moment);
  void tick(bot::Milliseconds by);
  /// Somebody sets the wall clock back; the steady one goes on.
  void clock_back(bot::Milliseconds by);
  bot::LocalTime now() const;
  /// Everything but the database is lost, as after a kill.
  void restart();
  /// The program is off for a while.
  void off(bot::Milliseconds by);
  /// The program is off until off() or restart() brings it back.
  void stop();
  void next_send(bot::SendOutcome outcome) { room_.next_send(std::move(outcome)); }
  /// The next message reaches nobody, and the platform cannot say so.
  void swallow_next() { room_.swallow_next(); }
  /// The platform cannot say what was said before.
  void forget_history(std::string failure) { room_.forget_history(std::move(failure)); }
  /// The platform's lists of members say nothing of what anybody is.
  void forget_members(bool forgotten) { room_.forget_roles(forgotten); }
  /// What nobody heard is delivered after all.
  void deliver_unheard();
  /// From now on the platform allows this in every chat.
  void allow(bot::Capabilities capabilities) { allow(room_.account(), std::move(capabilities)); }
  void allow(const std::string& account, bot::Capabilities capabilities) {
    room_.allow(account, std::move(capabilities));
  }
  void link_down();
  void link_up();
  /// Another account can be used, too.
  void link_up(const std::string& account);
  /// Events that arrive late are given the time at which they happened.
  void delayed(bot::Milliseconds by) { delay_ = by; }

  /// To be changed before anybody speaks.
  bot::Config config;
  void make_admin(const std::string& person);
  /// This person's messages carry the platform's role.
  void make_platform_owner(const std::string& person);

  /// The first column of the first row.
  std::int64_t count(std::string_view sql);
  const bot::Content& content() const { return *content_; }
  bot::sql::Db& db() { return *db_; }
  /// Everything that was said, by whomever.
  const std::vector<bot::Room::Line>& transcript() const { return room_.transcript(); }
  bot::Figures figures() { return app_->desk().figures(); }

 private:
  void begin();
  void play(std::vector<bot::Event> events);
  std::vector<const bot::Room::Line*> unheard(const bot::Address& where) const;

  std::shared_ptr<const bot::Content> content_;
  bot::TravelClock clock_;
  bot::Room room_;
  std::unique_ptr<bot::sql::Db> db_;
  bot::people::Forgotten forgotten_;
  std::unique_ptr<bot::App> app_;
  std::unique_ptr<bot::Stage> stage_;
  std::vector<std::size_t> heard_;
  std::vector<std::string> owners_;
  std::vector<std::string> admins_;
  bot::Event last_{};
  std::vector<bot::Event> unheard_events_;
  bot::Milliseconds delay_{};
  bool stopped_ = false;
};
