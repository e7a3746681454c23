#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "bot/base/result.hpp"
#include "bot/chat/account.hpp"
#include "bot/net/http_client.hpp"
#include "bot/net/task.hpp"
#include "bot/platforms/onebot/calls.hpp"

/// OneBot's calls as requests: POST to the action's name, with the parameters as the body.
namespace bot::onebot {

/// What became of a call. The fault says that the platform could not be talked with at all; a call that it
/// understood and failed at has none.
class Posted {
 public:
  Posted() = default;
  explicit Posted(Answer what, std::optional<Error> why = std::nullopt)
      : answer(std::move(what)), fault(std::move(why)) {}

  Answer answer = Unknown{};
  std::optional<Error> fault{};  ///< Errc::refused: the token is wrong
};

/// The answer as one over WebSocket reads: the codes 400 and 404, which HTTP has for 1400 and 1404, become
/// these, whether they are the status or the retcode. Any other status than 200 is an answer of somebody
/// else, such as a proxy, and proves nothing.
Posted posted_from(const HttpAnswer& answer);

/// Where calls go. Must outlive its coroutines.
class HttpCaller {
 public:
  /// Errc::bad_input: the file of authorities cannot be used.
  static Result<std::unique_ptr<HttpCaller>> made(const boost::asio::any_io_executor& executor,
                                                  const AccountConfig& config);

  /// `frame` is a call as it would go over WebSocket. Whether NotSent or Unknown is what
  /// may_have_arrived() says.
  Task<Posted> post(std::string frame);
  void close() noexcept { client_->close(); }

 private:
  HttpCaller(std::unique_ptr<HttpClient> client, const AccountConfig& config);

  std::unique_ptr<HttpClient> client_;
  std::string url_;  ///< ends with "/"
  std::string authorization_;
};

}  // namespace bot::onebot
