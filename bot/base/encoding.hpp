#pragma once

#include <string>
#include <string_view>

#include "bot/base/result.hpp"

namespace bot {

/// The text of a file as UTF-8, without a byte order mark. Read are UTF-8, UTF-16 with a byte order mark
/// (Excel: "Unicode Text") and, when it is neither, GB18030, which includes GBK and GB2312 (Excel in China:
/// "CSV"). Errc::bad_input says what the file is instead: an Excel workbook, not a text, UTF-8 that somebody
/// damaged, which is never taken for GB18030 (reliability F04).
Result<std::string> text_of_bytes(std::string_view bytes);

/// CRLF and CR become LF.
std::string with_line_feeds(std::string_view text);

}  // namespace bot
