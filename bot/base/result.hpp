#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>

/// The second of our three kinds of error: what can fail and has a caller who decides.
/// A person's mistake is an answer (a text key); what nobody here can handle is an exception.
namespace bot {

enum class Errc {
  unknown,      ///< not further classified
  bad_input,    ///< bytes or text from outside that do not follow their format
  not_found,    ///< a file, a zone or a name that does not exist
  unreachable,  ///< no connection: resolve, connect, TLS or handshake failed
  refused,      ///< the other side understood and said no (wrong token)
  closed,       ///< the connection ended
  too_large,    ///< over a size limit
  unsupported,  ///< this platform cannot do it
};

/// `detail` is for logs, `check` and operators, never for chat. It holds no secret.
struct Error {
  Errc code = Errc::unknown;
  std::string detail{};
};

[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::runtime_error(error.detail);
}

template <class T = void>
using Result = boost::system::result<T, Error>;

}  // namespace bot
