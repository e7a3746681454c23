#pragma once

#include <string>

#include "bot/net/http_server.hpp"

/// Whether a platform that dials us may come in (OneBot 11, communication/authorization and http-post). Empty
/// proofs on our side let everybody in.
namespace bot::onebot {

/// The token stands behind `Bearer` or `Token` in the Authorization header, or in the query as access_token.
/// 101: it is right. 401: none was given. 403: it is wrong.
HttpReply verdict_on_token(const HttpCall& call, const std::string& token);

/// X-Signature holds `sha1=` and the HMAC-SHA1 of the body's raw bytes in lower-case hexadecimal digits.
/// 204: it is right. 401: there is none. 403: it is wrong.
HttpReply verdict_on_signature(const HttpCall& call, const std::string& key);

}  // namespace bot::onebot
