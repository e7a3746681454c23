#include "bot/texts/front_matter.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "bot/base/encoding.hpp"
#include "bot/base/utf8.hpp"

namespace bot {

namespace {

constexpr std::uintmax_t kLargestFile = 1024 * 1024;
constexpr std::string_view kFence = "+++";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

Result<std::string> read_text_file(const std::filesystem::path& file) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(file, failure))) {
    return Error{Errc::bad_input, "not a regular file"};
  }
  if (std::filesystem::file_size(file, failure) > kLargestFile || failure) {
    return Error{Errc::too_large, "larger than 1 MiB"};
  }
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  if (!stream) return Error{Errc::bad_input, "cannot be read"};
  std::string text = bytes.str();
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  if (!utf8::valid(text)) return Error{Errc::bad_input, "not UTF-8"};
  if (text.find("\xef\xbf\xbd") != std::string::npos)
    return Error{Errc::bad_input, "damaged: it contains U+FFFD"};
  return with_line_feeds(text);
}

Result<FrontMatter> split_front_matter(std::string text) {
  if (text.ends_with("\n+++")) text += '\n';
  const std::string opening = std::string(kFence) + "\n";
  if (!text.starts_with(opening)) return Error{Errc::bad_input, "the first line is not +++"};
  const std::size_t begin = opening.size();
  const std::size_t end =
      text.compare(begin, opening.size(), opening) == 0 ? begin - 1 : text.find("\n+++\n", begin);
  if (end == std::string::npos)
    return Error{Errc::bad_input, "the block that begins with +++ is not closed by +++"};
  FrontMatter parts;
  parts.toml = end < begin ? "" : text.substr(begin, end + 1 - begin);
  parts.body = text.substr(end + 1 + opening.size());
  parts.body_line =
      1 + std::count(text.begin(), text.end() - static_cast<std::ptrdiff_t>(parts.body.size()), '\n');
  return parts;
}

}  // namespace bot
