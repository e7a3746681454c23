#pragma once

#include <cstdint>
#include <memory>

#include "bot/base/instant.hpp"
#include "bot/desk/figures.hpp"

namespace bot {

/// The figures as Prometheus reads them: http://127.0.0.1:PORT/metrics, for this machine alone; whoever wants
/// them elsewhere puts a proxy with a login before it. Labels name accounts and verdicts, nothing else.
class Metrics {
 public:
  /// Listens from now on; port 0 takes any that is free. `clock` must outlive it. Throws std::runtime_error,
  /// with a sentence for the operator, when the port cannot be had.
  Metrics(std::uint16_t port, const Clock& clock);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// From any thread, and at once: what the next scrape shows.
  void publish(Figures figures);
  std::uint16_t port() const;

 private:
  class Collector;
  struct Server;
  std::shared_ptr<Collector> collector_;
  std::unique_ptr<Server> server_;
};

}  // namespace bot
