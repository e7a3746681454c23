#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "tests/faults/frames.hpp"
#include "tests/faults/wall.hpp"
#include "tests/support/websocket_server.hpp"

/// The judge (reliability B): a OneBot 11 platform that keeps the only true list of what it accepted, and
/// that can be told to say something else about it.
///
///     Judge judge({.groups = {"987654321"}}, wall);
///     judge.next(Behaviour::accept_in_silence());
///     … start the bot with judge.url() …
///     judge.until([&] { return judge.accepted().size() == 1; });
///
/// A real WebSocket server on 127.0.0.1 with a thread of its own; every function may be called from any
/// thread. All times are those of the bot's wall clock, unless they are called steady.
namespace faults {

/// What the platform does with one message of the bot.
struct Behaviour {
  enum class Acceptance {
    shown,
    hidden,   ///< only the sender sees it: the members do not, and histories do not hold it
    refused,  ///< nobody ever sees it
  };
  enum class Answer {
    ok,
    ok_without_id,
    failed_1200,  ///< NapCat's "something went wrong", which proves nothing
    failed_1400,  ///< a parameter was refused
    muted,        ///< NapCat's words for a muted or removed bot, with retcode 1200
    pending,      ///< `async`, retcode 1
    held,         ///< when answer_held() is called
    none,
  };
  Acceptance acceptance = Acceptance::shown;
  Answer answer = Answer::ok;
  bot::Milliseconds accept_after{0};
  bot::Milliseconds answer_after{0};  ///< counted from the acceptance

  static Behaviour accept(Answer answer = Answer::ok) { return {Acceptance::shown, answer, {}, {}}; }
  static Behaviour accept_in_silence() { return accept(Answer::none); }
  static Behaviour accept_late(bot::Milliseconds by) { return {Acceptance::shown, Answer::ok, {}, by}; }
  static Behaviour accept_after_a_while(bot::Milliseconds by) {
    return {Acceptance::shown, Answer::ok, by, {}};
  }
  static Behaviour hide() { return {Acceptance::hidden, Answer::ok, {}, {}}; }
  static Behaviour refuse(Answer answer) { return {Acceptance::refused, answer, {}, {}}; }
  static Behaviour refuse_and_say_ok() { return refuse(Answer::ok); }
};

/// One send_group_msg or send_private_msg, whatever became of it.
struct Call {
  std::string chat{};
  bool direct = false;
  std::string text{};
  std::string echo{};
  bot::Instant at{};
  support::PeerId peer = 0;
  bot::SteadyTime arrived{};
  std::optional<bot::SteadyTime> answered{};
  Behaviour how{};
};

/// One entry of the only true list.
struct Accepted {
  std::string chat{};
  bool direct = false;
  std::string text{};
  std::string echo{};
  std::int64_t message_id = 0;
  bot::Instant at{};
  bool shown = true;
};

/// What get_group_msg_history gives of the truth.
enum class History { full, last_only, empty, reversed, failing };

struct JudgeOptions {
  std::vector<std::string> groups = {"987654321"};
  std::string token = "open-sesame-4711";
  std::optional<support::Certificate> certificate{};  ///< wss instead of ws
  Stamps stamps = Stamps::milliseconds;
};

class Judge {
 public:
  static constexpr bot::Milliseconds kPatience = std::chrono::seconds(20);

  Judge(JudgeOptions options, const Wall& wall);
  /// Resets every connection.
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  /// ws://127.0.0.1:PORT/ or wss://…
  std::string url() const;
  std::uint16_t port() const;

  // ---- how it treats messages to groups; private ones are accepted and answered ----
  /// Queues a behaviour for the next `times` messages.
  void next(Behaviour how, std::size_t times = 1);
  /// For what no queued behaviour is left.
  void always(Behaviour how);
  /// Asked instead of both, on the judge's thread; an empty function ends it.
  void script(std::function<Behaviour(const Call&)> how);
  /// Answers what was held, and holds no more of it.
  void answer_held();

  // ---- what else it shows ----
  void history(History how);
  /// Whether a member says something about nothing whenever the history is read, as in a group that is alive:
  /// it gives the reader a message newer than the one that is looked for. On at first.
  void lively(bool on);
  /// Whether the bot's own messages come back as events (NapCat's reportSelfMessage). Off at first.
  void own_events(bool on);
  /// Every member's message is told this often. 1 at first.
  void tell_events(std::size_t times);
  /// A heartbeat each `interval` from now on, as long as the judge lives.
  void heartbeat(bot::Milliseconds interval);

  // ---- what it says ----
  /// A group message, which also stands in the history; returns its message_id.
  std::int64_t says(const std::string& group, std::int64_t user, const std::string& text);
  /// The same with a moment and an id of the caller's choice.
  void says(const Line& line);
  void says_privately(std::int64_t user, const std::string& text);
  /// Every member's message of the group is told once more; `renumbered` with new message ids.
  void replay(const std::string& group, bool renumbered = false);
  /// Any bytes as one frame.
  void frame(const std::string& bytes, bool text = true);

  // ---- how it misbehaves ----
  /// Every connection is reset without a close frame. New ones are still accepted.
  void vanish();
  void stop_accepting();
  void accept_again();

  // ---- what happened ----
  std::vector<Accepted> accepted() const;
  std::vector<Call> calls() const;
  /// How often a bot has connected and has been told its groups.
  std::size_t ready() const;
  /// Connections whose upgrade was asked for, those with a wrong token included.
  std::size_t connections() const;
  std::size_t histories() const;
  /// Returns as soon as `test` holds, false when it still does not after `limit`. It is asked whenever
  /// something happens here, and now and then between, since it may also look elsewhere.
  bool until(const std::function<bool()>& test, bot::Milliseconds limit = kPatience) const;
  bool until_ready(std::size_t count, bot::Milliseconds limit = kPatience) const;

 private:
  struct Platform;
  std::unique_ptr<Platform> platform_;
};

}  // namespace faults
