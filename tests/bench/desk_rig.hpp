#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bot/app.hpp"
#include "bot/desk/inbox.hpp"

namespace bench {

/// A platform that takes every message at once: each verdict is in the inbox before the next batch.
class ReadyPlatform final : public bot::Postman {
 public:
  ReadyPlatform(bot::Inbox& inbox, const bot::Clock& clock) : inbox_(inbox), clock_(clock) {}

  void send(std::vector<bot::Delivery> deliveries) override;
  void read_history(const bot::Address& chat, std::size_t count) override;
  std::uint64_t taken() const noexcept { return taken_; }

 private:
  bot::Inbox& inbox_;
  const bot::Clock& clock_;
  std::uint64_t taken_ = 0;
};

/// The program from its inbox to its outbox, without a network: all features on an SQLite file with full
/// sync, in a folder that goes when this ends. Only the inbox may be used by other threads.
class DeskRig {
 public:
  DeskRig(const std::filesystem::path& below, const bot::Limits& limits);
  ~DeskRig();
  DeskRig(const DeskRig&) = delete;
  DeskRig& operator=(const DeskRig&) = delete;

  /// One turn of the desk's thread: takes a batch, waiting for its first event no longer than `until`, and
  /// handles it. Returns the ids of the messages in it, whose effects are on the disk now.
  std::vector<std::string> work(bot::SteadyTime until);

  bot::Inbox& inbox() noexcept { return inbox_; }
  bot::sql::Db& db() noexcept { return *db_; }
  const ReadyPlatform& platform() const noexcept { return platform_; }
  /// Rows of a table that another connection sees.
  std::int64_t rows(const std::string& table) const;

 private:
  std::filesystem::path folder_;
  bot::SystemClock clock_;
  bot::Inbox inbox_;
  ReadyPlatform platform_;
  bot::Config config_ = bot::default_config();
  std::unique_ptr<bot::sql::Db> db_;
  std::unique_ptr<bot::App> app_;
};

}  // namespace bench
