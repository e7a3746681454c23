#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/delivery.hpp"
#include "bot/desk/alarm.hpp"
#include "bot/net/http_client.hpp"

namespace bot {

/// Rings every `[[alarm]]` that does not go through the account which the alarm is about. The same kind of
/// alarm of the same account is rung at most once an hour, and its end only when its beginning was. Webhooks
/// and commands are worked off on a thread of its own, one after the other; what fails is logged, not
/// repeated.
class Bell final : public AlarmBell {
 public:
  /// `postman` and `clock` must outlive it. Of `http`, authorities, proxies and limits count for webhooks.
  Bell(std::vector<AlarmRoute> routes, Postman& postman, const Clock& clock, HttpOptions http);
  /// Ends after what is being rung, at most half a minute; what waits behind it is dropped.
  ~Bell() override;
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  /// On the desk's thread.
  void ring(const Alarm& alarm) override;

 private:
  struct Rung {
    SteadyTime last{};
    bool open = false;  ///< its end has to be told
  };
  struct Job {
    const AlarmRoute* route = nullptr;
    std::string text{};
  };

  bool is_due(const Alarm& alarm);
  void say(const AlarmRoute& route, const std::string& text);
  void queue(const AlarmRoute& route, const std::string& text);
  void work_off();
  void carry_out(const Job& job) const;

  const std::vector<AlarmRoute> routes_;
  Postman& postman_;
  const Clock& clock_;
  const HttpOptions http_;
  std::map<std::pair<std::string, std::string>, Rung> rung_;  // by kind and account

  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;  // guarded by `lock_`, as is what follows
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace bot
