#include "tests/faults/judge.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include "bot/base/random.hpp"

namespace faults {

namespace json = boost::json;
using bot::Milliseconds;
using support::PeerId;

namespace {

constexpr std::int64_t kNeutralMember = 20000001;
constexpr std::size_t kMostNeutral = 12;
constexpr Milliseconds kBetweenNeutral{200};
constexpr Milliseconds kGlance{20};
constexpr auto kBeforeAll = std::chrono::hours(1);
constexpr std::uint64_t kMessageIds = 0x7FFF'FFFF;  // NapCat's are 31 bits of a hash

const char* const kSmallTalk = "大家辛苦了";
const char* const kTimeout = "Timeout: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg";
const char* const kMuted = "EventChecker Failed: {\"result\":110,\"errMsg\":\"\"}";

struct Chat {
  std::vector<Line> lines{};
  std::size_t neutral = 0;  // since somebody else spoke
  std::int64_t sequence = 1000;
};

struct Held {
  PeerId peer = 0;
  std::size_t call = 0;
  std::int64_t message_id = 0;
};

bool is_send(const Request& request) {
  return request.action == "send_group_msg" || request.action == "send_private_msg";
}

std::vector<Line> shown(std::vector<Line> lines, History how, std::size_t count) {
  if (how == History::empty) return {};
  if (how == History::last_only) count = 1;
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  if (how == History::reversed) std::ranges::reverse(lines);
  return lines;
}

std::string answer_to(const Call& call, std::int64_t message_id) {
  switch (call.how.answer) {
    case Behaviour::Answer::ok_without_id:
      return ok_frame(call.echo, nullptr);
    case Behaviour::Answer::failed_1200:
      return failed_frame(call.echo, 1200, kTimeout);
    case Behaviour::Answer::failed_1400:
      return failed_frame(call.echo, 1400, "bad parameter");
    case Behaviour::Answer::muted:
      return failed_frame(call.echo, 1200, kMuted);
    case Behaviour::Answer::pending:
      return pending_frame(call.echo);
    default:
      return ok_frame(call.echo, {{"message_id", message_id}});
  }
}

}  // namespace

// The server's thread and those who ask meet under `lock`; the server itself takes none.
struct Judge::Platform final : support::FrameListener {
  Platform(JudgeOptions wanted, const Wall& clock)
      : options(std::move(wanted)), wall(clock), server(*this, options.certificate) {}

  // ---- frames of the bot ----

  bool opened(PeerId peer, const std::string& authorization, std::string& farewell) override {
    const bool welcome = options.token.empty() || authorization == "Bearer " + options.token;
    change([&] { ++connections; });
    if (welcome) {
      server.send(peer, connect_frame(wall.now()));
    } else {
      farewell = wrong_token_frame();
    }
    return welcome;
  }

  void left(PeerId) override {
    change([] {});
  }

  void heard(PeerId peer, const std::string& frame) override {
    const std::optional<Request> request = read_request(frame);
    if (!request) return;
    if (is_send(*request)) return take(peer, *request);
    server.send(peer, answer_of(*request));
    if (request->action == "get_group_list") change([&] { ++ready; });
  }

  std::string answer_of(const Request& request) {
    if (request.action == "get_login_info") return ok_frame(request.echo, login_info());
    if (request.action == "get_version_info") return ok_frame(request.echo, version_info());
    if (request.action == "get_group_list") return ok_frame(request.echo, group_list(options.groups));
    if (request.action.ends_with("_msg_history")) return history_of(request);
    return failed_frame(request.echo, 1404, "no such action");
  }

  std::string history_of(const Request& request) {
    const std::lock_guard guard(lock);
    ++histories;
    ++version;
    changed.notify_all();
    if (history == History::failing) return failed_frame(request.echo, 1200, "消息不存在");
    Chat& chat = chat_of(request.chat, request.direct);
    if (lively && !request.direct) speak_of_nothing(request.chat, chat);
    json::array messages;
    for (const Line& line : shown(chat.lines, history, request.count)) {
      messages.push_back(message_event(line, options.stamps));
    }
    return ok_frame(request.echo, json::object{{"messages", std::move(messages)}});
  }

  // ---- messages of the bot ----

  void take(PeerId peer, const Request& request) {
    std::size_t number = 0;
    Behaviour how;
    change([&] {
      Call call;
      call.chat = request.chat;
      call.direct = request.direct;
      call.text = request.text;
      call.echo = request.echo;
      call.at = wall.now();
      call.peer = peer;
      call.arrived = steady.steady();
      call.how = how_to_treat(call);
      how = call.how;
      number = calls.size();
      calls.push_back(std::move(call));
    });
    if (how.accept_after > Milliseconds(0)) {
      server.later(how.accept_after, [this, number] { decide(number); });
    } else {
      decide(number);
    }
  }

  /// Under the lock.
  Behaviour how_to_treat(const Call& call) {
    if (call.direct) return Behaviour::accept();
    if (script) return script(call);
    if (queue.empty()) return usual;
    const Behaviour how = queue.front();
    queue.pop_front();
    return how;
  }

  void decide(std::size_t number) {
    Held result;
    Milliseconds delay{0};
    bool silent = false;
    change([&] {
      const Call& call = calls[number];
      result = {call.peer, number, static_cast<std::int64_t>(random.below(kMessageIds))};
      if (call.how.acceptance != Behaviour::Acceptance::refused) accept(call, result.message_id);
      if (call.how.answer == Behaviour::Answer::held) held.push_back(result);
      silent = call.how.answer == Behaviour::Answer::held || call.how.answer == Behaviour::Answer::none;
      delay = call.how.answer_after;
    });
    if (silent) return;
    if (delay > Milliseconds(0)) {
      server.later(delay, [this, result] { answer(result); });
    } else {
      answer(result);
    }
  }

  /// Under the lock.
  void accept(const Call& call, std::int64_t message_id) {
    const bool visible = call.how.acceptance == Behaviour::Acceptance::shown;
    const bot::Instant at = wall.now();
    accepted.push_back({call.chat, call.direct, call.text, call.echo, message_id, at, visible});
    if (!visible) return;
    Chat& chat = chat_of(call.chat, call.direct);
    chat.neutral = 0;
    chat.lines.push_back({call.chat, call.direct, kSelf, call.text, message_id, ++chat.sequence, at});
    if (own_events) tell(chat.lines.back());
  }

  void answer(const Held& result) {
    std::string frame;
    change([&] {
      calls[result.call].answered = steady.steady();
      frame = answer_to(calls[result.call], result.message_id);
    });
    server.send(result.peer, std::move(frame));
  }

  void answer_held() {
    std::vector<Held> now;
    change([&] {
      now.swap(held);
      std::erase_if(queue, [](const Behaviour& how) { return how.answer == Behaviour::Answer::held; });
      if (usual.answer == Behaviour::Answer::held) usual.answer = Behaviour::Answer::ok;
    });
    for (const Held& each : now) answer(each);
  }

  // ---- chats; under the lock ----

  Chat& chat_of(const std::string& name, bool direct) {
    Chat& chat = chats[name];
    if (chat.lines.empty()) {
      Line line = neutral(name, chat, wall.now() - kBeforeAll);
      line.direct = direct;
      if (direct) line.user = std::stoll(name);
      chat.lines.push_back(std::move(line));
    }
    return chat;
  }

  Line neutral(const std::string& name, Chat& chat, bot::Instant at) {
    const auto message_id = static_cast<std::int64_t>(random.below(kMessageIds));
    return {name, false, kNeutralMember, kSmallTalk, message_id, ++chat.sequence, at};
  }

  void speak_of_nothing(const std::string& name, Chat& chat) {
    const bot::Instant now = wall.now();
    if (chat.neutral >= kMostNeutral || now < chat.lines.back().at + kBetweenNeutral) return;
    ++chat.neutral;
    chat.lines.push_back(neutral(name, chat, now));
  }

  void tell(const Line& line) {
    for (std::size_t time = 0; time < events_told; ++time) {
      server.send_to_all(json::serialize(message_event(line, options.stamps)));
    }
  }

  std::int64_t speak(Line line) {
    const std::lock_guard guard(lock);
    Chat& chat = chat_of(line.chat, line.direct);
    if (line.message_id == 0) line.message_id = static_cast<std::int64_t>(random.below(kMessageIds));
    if (line.sequence == 0) line.sequence = ++chat.sequence;
    chat.neutral = 0;
    chat.lines.push_back(line);
    tell(line);
    return line.message_id;
  }

  void replay(const std::string& group, bool renumbered) {
    const std::lock_guard guard(lock);
    for (Line& line : chat_of(group, false).lines) {
      if (line.user == kSelf || line.user == kNeutralMember) continue;
      if (renumbered) line.message_id = static_cast<std::int64_t>(random.below(kMessageIds));
      tell(line);
    }
  }

  void beat(Milliseconds interval) {
    server.send_to_all(heartbeat_frame(interval, wall.now()));
    server.later(interval, [this, interval] { beat(interval); });
  }

  // ---- waiting ----

  template <class Change>
  void change(Change change) {
    const std::lock_guard guard(lock);
    change();
    ++version;
    changed.notify_all();
  }

  std::uint64_t seen() {
    const std::lock_guard guard(lock);
    return version;
  }

  void wait_for_change(std::uint64_t since) {
    std::unique_lock guard(lock);
    changed.wait_for(guard, kGlance, [&] { return version != since; });
  }

  const JudgeOptions options;
  const Wall& wall;
  const bot::SystemClock steady{};
  std::mutex lock{};
  std::condition_variable changed{};
  std::uint64_t version = 0;
  bot::Random random{20260302};
  std::deque<Behaviour> queue{};
  Behaviour usual{};
  std::function<Behaviour(const Call&)> script{};
  History history = History::full;
  bool lively = true;
  bool own_events = false;
  std::size_t events_told = 1;
  std::map<std::string, Chat> chats{};
  std::vector<Held> held{};
  std::vector<Call> calls{};
  std::vector<Accepted> accepted{};
  std::size_t connections = 0;
  std::size_t ready = 0;
  std::size_t histories = 0;
  support::WebSocketServer server;  // last: its thread uses all of the above
};

Judge::Judge(JudgeOptions options, const Wall& wall)
    : platform_(std::make_unique<Platform>(std::move(options), wall)) {}
Judge::~Judge() = default;

std::string Judge::url() const {
  return (platform_->options.certificate ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + std::to_string(port()) +
         "/";
}
std::uint16_t Judge::port() const {
  return platform_->server.port();
}

void Judge::next(Behaviour how, std::size_t times) {
  platform_->change([&] { platform_->queue.insert(platform_->queue.end(), times, how); });
}
void Judge::always(Behaviour how) {
  platform_->change([&] { platform_->usual = how; });
}
void Judge::script(std::function<Behaviour(const Call&)> how) {
  platform_->change([&] { platform_->script = std::move(how); });
}
void Judge::answer_held() {
  platform_->answer_held();
}
void Judge::history(History how) {
  platform_->change([&] { platform_->history = how; });
}
void Judge::lively(bool on) {
  platform_->change([&] { platform_->lively = on; });
}
void Judge::own_events(bool on) {
  platform_->change([&] { platform_->own_events = on; });
}
void Judge::tell_events(std::size_t times) {
  platform_->change([&] { platform_->events_told = times; });
}
void Judge::heartbeat(Milliseconds interval) {
  platform_->server.later(Milliseconds(0), [this, interval] { platform_->beat(interval); });
}

std::int64_t Judge::says(const std::string& group, std::int64_t user, const std::string& text) {
  return platform_->speak({group, false, user, text, 0, 0, platform_->wall.now()});
}
void Judge::says(const Line& line) {
  platform_->speak(line);
}
void Judge::says_privately(std::int64_t user, const std::string& text) {
  platform_->speak({std::to_string(user), true, user, text, 0, 0, platform_->wall.now()});
}
void Judge::replay(const std::string& group, bool renumbered) {
  platform_->replay(group, renumbered);
}
void Judge::frame(const std::string& bytes, bool text) {
  platform_->server.send_to_all(bytes, text);
}

void Judge::vanish() {
  platform_->server.vanish();
}
void Judge::stop_accepting() {
  platform_->server.stop_accepting();
}
void Judge::accept_again() {
  platform_->server.accept_again();
}

std::vector<Accepted> Judge::accepted() const {
  const std::lock_guard guard(platform_->lock);
  return platform_->accepted;
}
std::vector<Call> Judge::calls() const {
  const std::lock_guard guard(platform_->lock);
  return platform_->calls;
}
std::size_t Judge::ready() const {
  const std::lock_guard guard(platform_->lock);
  return platform_->ready;
}
std::size_t Judge::connections() const {
  const std::lock_guard guard(platform_->lock);
  return platform_->connections;
}
std::size_t Judge::histories() const {
  const std::lock_guard guard(platform_->lock);
  return platform_->histories;
}

bool Judge::until(const std::function<bool()>& test, Milliseconds limit) const {
  const bot::SteadyTime deadline = platform_->steady.steady() + limit;
  while (true) {
    const std::uint64_t seen = platform_->seen();
    if (test()) return true;
    if (platform_->steady.steady() >= deadline) return false;
    platform_->wait_for_change(seen);
  }
}

bool Judge::until_ready(std::size_t count, Milliseconds limit) const {
  return until([&] { return ready() >= count; }, limit);
}

}  // namespace faults
