#include "bot/net/task.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "bot/base/log.hpp"

namespace bot {

namespace asio = boost::asio;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

std::string described(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "not a std::exception";
  }
}

}  // namespace

struct Waiter::Timer {
  explicit Timer(const asio::any_io_executor& executor) : timer(executor, SteadyTime::max()) {}
  asio::steady_timer timer;
};

Waiter::Waiter(const asio::any_io_executor& executor) : timer_(std::make_unique<Timer>(executor)) {}
Waiter::~Waiter() = default;

void Waiter::wake() noexcept {
  try {
    timer_->timer.cancel();
  } catch (const std::exception& error) {
    log::error("waiter cannot be woken", {{"why", error.what()}});
  }
}

Task<void> Waiter::wait() {
  // Setting the time would wake whoever waits already.
  if (timer_->timer.expiry() != SteadyTime::max()) timer_->timer.expires_at(SteadyTime::max());
  co_await timer_->timer.async_wait(as_value);
}

Task<void> Waiter::wait_for(Milliseconds limit) {
  timer_->timer.expires_after(limit);
  co_await timer_->timer.async_wait(as_value);
}

Scope::Scope(const asio::any_io_executor& executor) : executor_(executor), empty_(executor) {}

Task<void> Scope::joined() {
  while (running_ > 0) {
    co_await empty_.wait();
  }
}

void Scope::ended() {
  --running_;
  if (running_ == 0) empty_.wake();
}

void spawn(Scope& scope, std::string name, Task<void> task) {
  ++scope.running_;
  auto ended = [&scope, name = std::move(name)](const std::exception_ptr& failure) {
    if (failure) log::error("coroutine failed", {{"name", name}, {"why", described(failure)}});
    scope.ended();
  };
  asio::co_spawn(scope.executor_, std::move(task), std::move(ended));
}

Task<void> sleep_for(Milliseconds time) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, time);
  co_await timer.async_wait(as_value);
}

}  // namespace bot
