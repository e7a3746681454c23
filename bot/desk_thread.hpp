#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "bot/base/instant.hpp"
#include "bot/desk/desk.hpp"
#include "bot/desk/inbox.hpp"
#include "bot/metrics.hpp"

namespace bot {

/// Shows the desk's figures as metrics, at most once a second. Belongs to the desk's thread; does nothing
/// without metrics.
class Publisher {
 public:
  Publisher(Desk& desk, const Inbox& inbox, const Clock& clock, Metrics* metrics)
      : desk_(desk), inbox_(inbox), clock_(clock), metrics_(metrics) {}

  /// To be called whenever the desk has worked.
  void worked();
  /// When there is something to show that worked() could not show yet.
  SteadyTime wake_time() const { return behind_ ? next_ : SteadyTime::max(); }

 private:
  Desk& desk_;
  const Inbox& inbox_;
  const Clock& clock_;
  Metrics* metrics_;
  SteadyTime next_{};
  bool behind_ = false;
};

/// The desk's thread: takes what has arrived, wakes for what falls due, stops the program when the database
/// cannot be trusted. The references outlive it.
class DeskThread {
 public:
  /// `metrics` may be absent.
  DeskThread(Desk& desk, Inbox& inbox, const Clock& clock, Metrics* metrics)
      : desk_(desk), inbox_(inbox), clock_(clock), publisher_(desk, inbox, clock, metrics) {}
  /// Stops the inbox and waits.
  ~DeskThread();
  DeskThread(const DeskThread&) = delete;
  DeskThread& operator=(const DeskThread&) = delete;

  void start();
  /// From another thread: nothing is sent any more; returns when the verdict on all that is under way is
  /// known, or after `most`.
  void finish_sends(Milliseconds most);
  void join();
  /// After join(): whether the database could not be trusted.
  bool failed() const noexcept { return failed_; }

 private:
  enum class Stage { open, finishing, finished };

  void run();
  void work();
  void watch_finish();
  void set(Stage stage);
  Stage stage() const;
  SteadyTime wake_time() const;

  Desk& desk_;
  Inbox& inbox_;
  const Clock& clock_;
  Publisher publisher_;
  std::thread thread_;
  mutable std::mutex mutex_;
  std::condition_variable finished_;
  Stage stage_ = Stage::open;  // guarded by `mutex_`
  bool failed_ = false;
};

}  // namespace bot
