#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/log.hpp"
#include "bot/desk/outbox.hpp"
#include "bot/desk/outbox_rows.hpp"
#include "bot/store/sqlite.hpp"

/// Messages to chats of one account, on a clock that the test moves.
class Post {
 public:
  using Said = std::string;  ///< "a b": what left, in order

  explicit Post(std::optional<bot::Rate> per_chat = std::nullopt,
                std::optional<bot::Rate> per_account = std::nullopt) {
    limits.per_group = per_chat;
    limits.per_account = per_account;
    limits.jitter = std::nullopt;
    limits.reserve = std::nullopt;
    limits.in_flight = 8;
    bot::log::to_nowhere();
    bot::sql::migrate(*db, {bot::outbox_rows::schema(), bot::outbox_rows::askers_schema()}, {});
    restart();
  }

  /// All but the database is lost.
  void restart() {
    outbox = std::make_unique<bot::Outbox>(limits, 1);
    outbox->recover(*db, now, steady);
  }

  /// A message that somebody is owed; its row.
  std::int64_t owe(const std::string& chat, const std::string& text,
                   bot::Milliseconds lasts = std::chrono::hours(1),
                   bot::Priority priority = bot::Priority::push) {
    bot::Delivery delivery = made(chat, text, lasts);
    delivery.priority = priority;
    bot::sql::Transaction transaction(*db);
    outbox->plan(*db, delivery, now);
    transaction.commit();
    const std::int64_t row = delivery.outbox;
    outbox->enqueue(std::move(delivery));
    return row;
  }

  void answer(const std::string& chat, const std::string& text,
              bot::Milliseconds lasts = std::chrono::hours(1)) {
    outbox->enqueue(made(chat, text, lasts));
  }

  Said release() { return said(outbox->release(*db, now, steady)); }
  /// What leaves until nothing more does, each answered at once.
  Said deliver() {
    Said all;
    while (true) {
      const auto leaving = outbox->release(*db, now, steady);
      if (leaving.empty()) return all;
      for (const bot::Delivery& delivery : leaving) {
        all += (all.empty() ? "" : " ") + delivery.message.plain();
        outbox->settle(*db, delivery.to,
                       {delivery.outbox, "", bot::Sent{"m" + std::to_string(delivery.outbox)}}, now, steady);
      }
    }
  }
  Said release_unowed() { return said(outbox->release_unowed(now, steady)); }

  void settle(std::int64_t row, bot::SendOutcome outcome, const std::string& subject = "") {
    outbox->settle(*db, kWhere, {row, subject, std::move(outcome)}, now, steady);
  }

  std::string state(std::int64_t row) {
    const auto rows = db->query("SELECT state, reason FROM outbox WHERE id = $1", {row});
    const std::string& reason = rows.front().text(1);
    return rows.front().text(0) + (reason.empty() ? "" : ": " + reason);
  }

  void advance(bot::Milliseconds by) {
    now += by;
    steady += by;
  }

  static inline const bot::Address kWhere{"qq", "1", false};

  std::unique_ptr<bot::sql::Db> db = bot::sql::open_sqlite_in_memory();
  bot::Limits limits{};
  std::unique_ptr<bot::Outbox> outbox{};
  bot::Instant now{std::chrono::seconds(1'772'755'200)};
  bot::SteadyTime steady{std::chrono::hours(1000)};

 private:
  bot::Delivery made(const std::string& chat, const std::string& text, bot::Milliseconds lasts) const {
    bot::Delivery delivery(bot::Address{"qq", chat, false}, bot::Message(text));
    delivery.expires = now + lasts;
    delivery.kind = "test.kind";
    return delivery;
  }

  static Said said(const std::vector<bot::Delivery>& deliveries) {
    Said all;
    for (const bot::Delivery& delivery : deliveries)
      all += (all.empty() ? "" : " ") + delivery.message.plain();
    return all;
  }
};
