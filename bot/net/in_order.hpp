#pragma once

#include <cstdint>
#include <memory>

#include "bot/chat/address.hpp"
#include "bot/net/task.hpp"

namespace bot {

/// Lets one coroutine per chat pass at a time, in the order in which they came. Net thread only.
class InOrder {
  struct Lines;

 public:
  explicit InOrder(const boost::asio::any_io_executor& executor);
  ~InOrder();
  InOrder(const InOrder&) = delete;
  InOrder& operator=(const InOrder&) = delete;

  /// A place in a chat's line, from its making to its end; whoever is next then passes.
  class Place {
   public:
    Place(const InOrder& order, Address chat);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// Until nobody is before it.
    Task<void> reached() const;

   private:
    std::shared_ptr<Lines> lines_;
    Address chat_;
    std::uint64_t ticket_;
  };

 private:
  std::shared_ptr<Lines> lines_;
};

}  // namespace bot
