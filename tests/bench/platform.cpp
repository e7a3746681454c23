#include "tests/bench/platform.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace bench {

namespace {

constexpr std::size_t kInput = 256 * 1024;
constexpr std::size_t kWrittenKept = 1024 * 1024;
constexpr std::chrono::seconds kOthersServed{1};
constexpr std::string_view kKey = "Sec-WebSocket-Key: ";
constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr unsigned kText = 1;
constexpr unsigned kPing = 9;

std::string accept_key(std::string text) {
  text += kGuid;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 64> encoded;
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

void unmask(char* payload, std::size_t size, const char* key) {
  std::array<char, 8> twice;
  std::memcpy(twice.data(), key, 4);
  std::memcpy(twice.data() + 4, key, 4);
  std::uint64_t mask = 0;
  std::memcpy(&mask, twice.data(), 8);
  std::size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, payload + at, 8);
    word ^= mask;
    std::memcpy(payload + at, &word, 8);
  }
  for (; at < size; ++at) payload[at] = static_cast<char>(payload[at] ^ key[at % 4]);
}

std::string_view echo_of(std::string_view call) {
  constexpr std::string_view name = R"("echo":")";
  const std::size_t at = call.rfind(name);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = call.substr(at + name.size());
  return rest.substr(0, rest.find('"'));
}

bool wait_for(int socket, short events, Moment until) {
  const auto left = std::max(until - Clock::now(), Clock::duration::zero());
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec limit{whole.count(), std::chrono::nanoseconds(left - whole).count()};
  pollfd waiting{socket, events, 0};
  return ppoll(&waiting, 1, &limit, nullptr) > 0;
}

}  // namespace

Link::Link(int socket) : socket_(socket), in_(kInput) {
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  upgrade();
  all().push_back(this);
}

Link::~Link() {
  std::erase(all(), this);
  if (socket_ >= 0) close(socket_);
}

void Link::lost() const {
  throw std::runtime_error(fmt::format("the bot closed the connection: {}", std::strerror(errno)));
}

void Link::upgrade() {
  std::string request;
  while (!request.ends_with("\r\n\r\n")) {
    const ssize_t count = recv(socket_, in_.data(), in_.size(), 0);
    if (count <= 0) lost();
    request.append(in_.data(), static_cast<std::size_t>(count));
  }
  const std::size_t at = request.find(kKey);
  if (at == std::string::npos) throw std::runtime_error("no upgrade was asked for");
  const std::size_t begin = at + kKey.size();
  const std::string key = request.substr(begin, request.find("\r\n", begin) - begin);
  out_ = fmt::format(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {}\r\n\r\n",
      accept_key(key));
  append_frame(out_, R"({"time":1767225600,"self_id":10001000,"post_type":"meta_event",)"
                     R"("meta_event_type":"lifecycle","sub_type":"connect"})");
  write();
}

void Link::write() {
  while (written_ < out_.size()) {
    const ssize_t count =
        send(socket_, out_.data() + written_, out_.size() - written_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (count <= 0) lost();
    written_ += static_cast<std::size_t>(count);
  }
  if (written_ == out_.size() || written_ > kWrittenKept) {
    out_.erase(0, written_);
    written_ = 0;
  }
}

std::vector<Link*>& Link::all() {
  static std::vector<Link*> links;
  return links;
}

void Link::pump(Moment until) {
  exchange(until);
  const Moment now = Clock::now();
  if (now - others_served_ < kOthersServed) return;
  others_served_ = now;
  for (Link* link : all()) {
    if (link != this && link->socket_ >= 0) link->exchange(now);
  }
}

void Link::exchange(Moment until) {
  write();
  const auto events = static_cast<short>(unwritten() > 0 ? POLLIN | POLLOUT : POLLIN);
  if (wait_for(socket_, events, until)) read();
  if (unwritten() > 0) write();
}

void Link::read() {
  const ssize_t count = recv(socket_, in_.data() + held_, in_.size() - held_, MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) lost();
  held_ += static_cast<std::size_t>(count);
  std::size_t at = 0;
  for (std::size_t size = take_frame(at); size > 0; size = take_frame(at)) at += size;
  std::memmove(in_.data(), in_.data() + at, held_ - at);
  held_ -= at;
}

/// The size of the whole frame at `at`; 0 when it has not come yet.
std::size_t Link::take_frame(std::size_t at) {
  if (held_ - at < 6) return 0;
  char* frame = in_.data() + at;
  const auto byte = [frame](std::size_t index) { return static_cast<unsigned char>(frame[index]); };
  const std::size_t short_size = byte(1) & 0x7fU;
  if (short_size == 127) throw std::runtime_error("a frame is too large");
  const std::size_t head = short_size == 126 ? 8 : 6;
  if (held_ - at < head) return 0;
  const std::size_t size = short_size == 126 ? byte(2) * 256U + byte(3) : short_size;
  if (held_ - at < head + size) return 0;
  unmask(frame + head, size, frame + head - 4);
  const unsigned kind = byte(0) & 0xfU;
  if (kind == kText) take_call({frame + head, size});
  if (kind == kPing) {
    out_ += static_cast<char>(0x8a);
    out_ += static_cast<char>(size);
    out_.append(frame + head, size);
  }
  return head + size;
}

void Link::take_call(std::string_view call) {
  if (call.starts_with(R"({"action":"send_)")) {
    answer(call, fmt::format(R"({{"message_id":{}}})", next_id_++));
    if (heard_) heard_(call);
    return;
  }
  ++questions_;
  if (call.find("get_login_info") != std::string_view::npos) {
    answer(call, R"({"user_id":10001000,"nickname":"bench"})");
  } else if (call.find("get_group_list") != std::string_view::npos) {
    answer(call, "[]");
  } else {
    answer(call, R"({"app_name":"bench","app_version":"1","protocol_version":"v11"})");
  }
}

void Link::answer(std::string_view call, std::string_view data) {
  reply_.assign(R"({"status":"ok","retcode":0,"data":)").append(data);
  reply_.append(R"(,"message":"","wording":"","echo":")").append(echo_of(call)).append(R"("})");
  append_frame(out_, reply_);
}

void Link::reset() {
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(socket_);
  socket_ = -1;
}

Listener::Listener() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (socket_ < 0 || bind(socket_, generic, size) != 0 || listen(socket_, 8) != 0 ||
      getsockname(socket_, generic, &size) != 0) {
    throw std::runtime_error("no port on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
}

Listener::~Listener() {
  close(socket_);
}

std::string Listener::url() const {
  return fmt::format("ws://127.0.0.1:{}/", port_);
}

int Listener::accept(std::chrono::milliseconds limit) const {
  if (!wait_for(socket_, POLLIN, Clock::now() + limit)) throw std::runtime_error("the bot did not connect");
  const int socket = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket < 0) throw std::runtime_error("no connection");
  return socket;
}

}  // namespace bench
