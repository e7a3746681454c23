#include "bot/net/url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace bot {

namespace {

// Boost.URL 1.81 takes "ws://host:port/" for a host and a path, and cuts a port to 16 bits.
bool is_whole(const boost::urls::url_view& url) {
  const std::string target(url.encoded_target());
  const bool plain_path = target.empty() || target.front() == '/' || target.front() == '?';
  const std::string port(url.port());
  return plain_path && (port.empty() || std::to_string(url.port_number()) == port);
}

std::uint16_t usual_port(bool secure) {
  return secure ? 443 : 80;
}

std::string lowered(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

Result<Url> parsed_url(const std::string& address, UrlSchemes schemes) {
  const auto url = boost::urls::parse_uri(address);
  const std::string scheme = url ? lowered(std::string(url->scheme())) : std::string();
  const bool ours = scheme == schemes.plain || scheme == schemes.secure;
  if (!ours || url->host_address().empty() || !is_whole(*url)) {
    return Error{Errc::bad_input,
                 std::string("the url is no ") + schemes.plain + ":// or " + schemes.secure + ":// address"};
  }
  if (url->has_userinfo()) return Error{Errc::bad_input, "the url must not hold a name or a password"};
  Url place;
  place.secure = scheme == schemes.secure;
  place.host = url->host_address();
  place.port = url->port_number() != 0 ? url->port_number() : usual_port(place.secure);
  place.authority = std::string(url->encoded_host_and_port());
  place.target = std::string(url->encoded_target());
  if (!place.target.starts_with('/')) place.target.insert(0, "/");
  return place;
}

}  // namespace bot
