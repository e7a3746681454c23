#include "bot/net/redial.hpp"

namespace bot {

namespace {

/// So that the pauses do not follow the other numbers that are drawn from the same seed.
constexpr std::uint64_t kOtherStream = 0x9E3779B97F4A7C15U;

}  // namespace

bool is_for_a_person(const Error& why) noexcept {
  return why.code == Errc::refused || why.code == Errc::bad_input;
}

Redial::Redial(Dialled& dialled, const boost::asio::any_io_executor& executor, const Clock& clock,
               std::uint64_t seed)
    : dialled_(dialled), clock_(clock), backoff_(seed ^ kOtherStream), pause_(executor) {}

Task<void> Redial::run() {
  while (!stopping_) {
    const SteadyTime began = clock_.steady();
    const Error why = co_await dialled_.connection();
    if (stopping_) break;
    const auto lived = std::chrono::duration_cast<Milliseconds>(clock_.steady() - began);
    const Milliseconds usual = is_for_a_person(why) ? backoff_.after_refusal() : backoff_.after_loss(lived);
    const Milliseconds pause = dialled_.ended(why, usual);
    co_await pause_.wait_for(pause);
  }
}

void Redial::stop() noexcept {
  stopping_ = true;
  pause_.wake();
}

}  // namespace bot
