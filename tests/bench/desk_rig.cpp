#include "tests/bench/desk_rig.hpp"

#include <stdlib.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "bot/store/sqlite.hpp"

namespace bench {

namespace {

namespace fs = std::filesystem;

/// As in bot/serve.cpp.
constexpr std::size_t kBatch = 512;

fs::path fresh_folder(const fs::path& below) {
  std::string name = (below / "desk-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder below " + below.string());
  return name;
}

std::shared_ptr<const bot::Content> shipped_content(const bot::Config& config) {
  bot::Problems problems;
  return bot::load_content(bot::content_folder(config), problems);
}

std::vector<std::string> ids_of(const std::vector<bot::Event>& events) {
  std::vector<std::string> ids;
  for (const bot::Event& event : events) {
    if (const auto* posted = std::get_if<bot::MessagePosted>(&event.what)) ids.push_back(posted->id);
  }
  return ids;
}

}  // namespace

void ReadyPlatform::send(std::vector<bot::Delivery> deliveries) {
  for (const bot::Delivery& delivery : deliveries) {
    bot::Sent sent{std::to_string(++taken_)};
    bot::Event verdict(delivery.to, clock_.now(), bot::Settled{delivery.outbox, delivery.subject, sent});
    inbox_.offer(verdict);
  }
}

void ReadyPlatform::read_history(const bot::Address& chat, std::size_t count) {
  bot::HistoryRead nothing;
  nothing.asked = count;
  bot::Event event(chat, clock_.now(), std::move(nothing));
  inbox_.offer(event);
}

DeskRig::DeskRig(const fs::path& below, const bot::Limits& limits)
    : folder_(fresh_folder(below)), platform_(inbox_, clock_) {
  config_.limits = limits;
  db_ = bot::sql::open_sqlite(folder_ / "xueban.db");
  app_ = std::make_unique<bot::App>(config_, shipped_content(config_), *db_, clock_, platform_, 1);
  std::vector<bot::Event> up;
  up.emplace_back(bot::Address{"qq", {}, false}, clock_.now(), bot::LinkUp{"10001", "bench"});
  app_->desk().handle(std::move(up));
}

DeskRig::~DeskRig() {
  app_.reset();
  db_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::vector<std::string> DeskRig::work(bot::SteadyTime until) {
  const bot::SteadyTime wake = std::min(until, app_->desk().next_release());
  std::vector<bot::Event> batch = inbox_.take(kBatch, wake);
  std::vector<std::string> ids = ids_of(batch);
  app_->desk().handle(std::move(batch));
  return ids;
}

std::int64_t DeskRig::rows(const std::string& table) const {
  const auto seen = bot::sql::open_sqlite_read_only(folder_ / "xueban.db");
  return seen->query("SELECT count(*) FROM " + table, {}).front().integer(0);
}

}  // namespace bench
