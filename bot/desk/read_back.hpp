#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "bot/base/instant.hpp"
#include "bot/chat/event.hpp"

/// Whether a message arrived, read from what the platform remembers (reliability B.1).
namespace bot {

struct Sought {
  std::string text{};     ///< as it was sent, its mark of the occurrence included
  Instant started{};      ///< of the attempt
  Milliseconds settle{};  ///< how long the platform may take until it shows a message
};

enum class Trace {
  found,
  absent,   ///< not there, although the history reaches from a minute before the start, lest a platform whose
            ///< clock is behind shows it there, to after the settle time
  unclear,  ///< the history proves nothing: histories leave messages out
};

struct Finding {
  Trace trace = Trace::unclear;
  std::string message_id{};  ///< when found
};

/// `is_taken`: a message id that another row is known to have.
Finding look_for(const Sought& sought, const HistoryRead& history,
                 const std::function<bool(const std::string&)>& is_taken);

/// Whether the platform shows `shown` for what was sent as `sent`: white space does not count.
bool is_same_text(std::string_view sent, std::string_view shown);

/// The earliest time that a platform may give to a message sent at `started`: its clock may be a minute
/// behind.
Instant earliest_shown(Instant started);

}  // namespace bot
