#include "tests/support/wecom_counterpart.hpp"

#include <unistd.h>

#include <atomic>
#include <boost/beast/core/detail/base64.hpp>
#include <boost/json.hpp>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <utility>

#include "tests/support/certificates.hpp"
#include "tests/support/websocket_server.hpp"

namespace support {

namespace json = boost::json;
using bot::Milliseconds;

namespace {

std::string text_of(const json::value& holder, std::string_view name) {
  const auto* object = holder.if_object();
  const json::value* found = object == nullptr ? nullptr : object->if_contains(name);
  const auto* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

std::string member(const WecomFrame& frame, std::string_view name) {
  return text_of(json::parse(frame.body), name);
}

std::string from_base64(const std::string& text) {
  namespace base64 = boost::beast::detail::base64;
  std::string bytes(base64::decoded_size(text.size()), '\0');
  bytes.resize(base64::decode(bytes.data(), text.data(), text.size()).first);
  return bytes;
}

std::filesystem::path fresh_file() {
  static std::atomic<int> number{0};
  return std::filesystem::temp_directory_path() /
         ("xueban-wecom-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".pem");
}

}  // namespace

std::string WecomFrame::content() const {
  const json::value whole = json::parse(body);
  const std::string type = text_of(whole, "msgtype");
  const auto* holder = whole.as_object().if_contains(type);
  return holder == nullptr ? std::string() : text_of(*holder, "content");
}

// Everything behind `lock` belongs to whoever holds it.
struct WecomCounterpart::Server final : FrameListener {
  explicit Server(WecomOptions wanted) : options(std::move(wanted)) {
    std::optional<Certificate> certificate;
    if (options.tls) {
      certificate = make_certificate("127.0.0.1");
      authority = fresh_file();
      std::ofstream(authority) << certificate->authority;
    }
    sockets = std::make_unique<WebSocketServer>(*this, certificate);
  }
  ~Server() override {
    sockets.reset();
    if (!authority.empty()) std::filesystem::remove(authority);
  }

  bool opened(PeerId, const std::string&, std::string&) override {
    const std::lock_guard guard(lock);
    ++connected;
    changed.notify_all();
    return true;
  }

  void left(PeerId) override {}

  void heard(PeerId peer, const std::string& bytes) override {
    const json::value whole = json::parse(bytes);
    WecomFrame frame;
    frame.cmd = text_of(whole, "cmd");
    frame.req_id = text_of(whole.at("headers"), "req_id");
    if (const auto* body = whole.as_object().if_contains("body")) frame.body = json::serialize(*body);
    const std::lock_guard guard(lock);
    if (frame.cmd == "aibot_subscribe") return subscribed(peer, frame);
    if (frame.cmd == "ping") return pinged(peer, frame);
    frames.push_back(frame);
    const auto own = codes.find(frame.cmd);
    if (own != codes.end() || code) {
      answer(peer, frame, own != codes.end() ? own->second : *code);
    } else {
      held.emplace_back(peer, frame);
    }
    changed.notify_all();
  }

  void subscribed(PeerId peer, const WecomFrame& frame) {
    const bool right = member(frame, "bot_id") == options.robot && member(frame, "secret") == options.secret;
    answer(peer, frame, right ? 0 : 40001);
  }

  void pinged(PeerId peer, const WecomFrame& frame) {
    ++pings;
    if (answers_pings) answer(peer, frame, 0);
    changed.notify_all();
  }

  void answer(PeerId peer, const WecomFrame& frame, std::int64_t errcode) {
    json::object body;
    if (frame.cmd == "aibot_upload_media_init") body["upload_id"] = "U1";
    if (frame.cmd == "aibot_upload_media_chunk") upload += from_base64(member(frame, "base64_data"));
    if (frame.cmd == "aibot_upload_media_finish") body["media_id"] = "D1";
    json::object ack{{"headers", {{"req_id", frame.req_id}}},
                     {"errcode", errcode},
                     {"errmsg", errcode == 0 ? "ok" : "no"}};
    if (!body.empty()) ack["body"] = std::move(body);
    sockets->send(peer, json::serialize(ack));
  }

  std::string say(const std::string& chat, const std::string& user, json::object content) {
    const std::lock_guard guard(lock);
    std::string id = "M" + std::to_string(++said);
    content["msgid"] = id;
    content["aibotid"] = options.robot;
    content["chattype"] = chat.empty() ? "single" : "group";
    if (!chat.empty()) content["chatid"] = chat;
    content["from"] = {{"userid", user}};
    const bool event = content.contains("event");
    sockets->send_to_all(
        json::serialize(json::object{{"cmd", event ? "aibot_event_callback" : "aibot_msg_callback"},
                                     {"headers", {{"req_id", "cb-" + id}}},
                                     {"body", std::move(content)}}));
    return id;
  }

  template <class Ready>
  bool wait(Milliseconds limit, Ready ready) {
    std::unique_lock guard(lock);
    return changed.wait_for(guard, limit, ready);
  }

  const WecomOptions options;
  std::filesystem::path authority{};
  std::mutex lock{};
  std::condition_variable changed{};
  std::size_t connected = 0;
  std::size_t pings = 0;
  std::size_t said = 0;
  std::vector<WecomFrame> frames{};
  std::vector<std::pair<PeerId, WecomFrame>> held{};
  std::optional<std::int64_t> code{0};
  std::map<std::string, std::int64_t> codes{};
  bool answers_pings = true;
  std::string upload{};
  std::unique_ptr<WebSocketServer> sockets{};
};

WecomCounterpart::WecomCounterpart(WecomOptions options)
    : server_(std::make_unique<Server>(std::move(options))) {}
WecomCounterpart::~WecomCounterpart() = default;

std::string WecomCounterpart::url() const {
  return (server_->options.tls ? "wss://127.0.0.1:" : "ws://127.0.0.1:") +
         std::to_string(server_->sockets->port()) + "/";
}
std::string WecomCounterpart::authority_file() const {
  return server_->authority.string();
}

bool WecomCounterpart::wait_for_connections(std::size_t count, Milliseconds limit) const {
  return server_->wait(limit, [&] { return server_->connected >= count; });
}
std::size_t WecomCounterpart::connections() const {
  const std::lock_guard guard(server_->lock);
  return server_->connected;
}
bool WecomCounterpart::wait_for_pings(std::size_t count, Milliseconds limit) const {
  return server_->wait(limit, [&] { return server_->pings >= count; });
}
std::vector<WecomFrame> WecomCounterpart::frames() const {
  const std::lock_guard guard(server_->lock);
  return server_->frames;
}
std::optional<WecomFrame> WecomCounterpart::wait_for_frame(std::size_t count, Milliseconds limit) const {
  if (!server_->wait(limit, [&] { return server_->frames.size() >= count; })) return std::nullopt;
  return frames()[count - 1];
}
std::string WecomCounterpart::uploaded() const {
  const std::lock_guard guard(server_->lock);
  return server_->upload;
}

void WecomCounterpart::answer_with(std::optional<std::int64_t> code) {
  const std::lock_guard guard(server_->lock);
  server_->code = code;
}
void WecomCounterpart::answer_with(const std::string& cmd, std::int64_t code) {
  const std::lock_guard guard(server_->lock);
  server_->codes[cmd] = code;
}
void WecomCounterpart::answer_held() {
  const std::lock_guard guard(server_->lock);
  server_->code = 0;
  for (const auto& [peer, frame] : std::exchange(server_->held, {})) server_->answer(peer, frame, 0);
}
void WecomCounterpart::answer_pings(bool answer) {
  const std::lock_guard guard(server_->lock);
  server_->answers_pings = answer;
}

std::string WecomCounterpart::says_in_group(const std::string& chat, const std::string& user,
                                            const std::string& text) {
  return server_->say(chat, user, {{"msgtype", "text"}, {"text", {{"content", text}}}});
}
std::string WecomCounterpart::says_directly(const std::string& user, const std::string& text) {
  return server_->say("", user, {{"msgtype", "text"}, {"text", {{"content", text}}}});
}
void WecomCounterpart::taps(const std::string& chat, const std::string& user, const std::string& key) {
  server_->say(chat, user,
               {{"msgtype", "event"},
                {"event",
                 {{"eventtype", "template_card_event"},
                  {"template_card_event", {{"card_type", "button_interaction"}, {"event_key", key}}}}}});
}
void WecomCounterpart::take_over() {
  frame(R"({"cmd":"aibot_event_callback","headers":{"req_id":"e1"},"body":{"msgid":"E1","aibotid":"BOTID",)"
        R"("msgtype":"event","event":{"eventtype":"disconnected_event"}}})");
}
void WecomCounterpart::frame(const std::string& bytes) {
  server_->sockets->send_to_all(bytes);
}
void WecomCounterpart::vanish() {
  server_->sockets->vanish();
}

}  // namespace support
