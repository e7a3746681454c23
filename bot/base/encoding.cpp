#include "bot/base/encoding.hpp"

#include <fmt/format.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kUtf16Marks[] = {"\xff\xfe", "\xfe\xff"};
constexpr std::string_view kZip = "PK\x03\x04";
constexpr std::string_view kOldOffice = "\xd0\xcf\x11\xe0";

/// Enough to tell UTF-8 from GB18030.
constexpr std::size_t kSample = 64 * 1024;

/// As damaged UTF-8, Chinese UTF-8 still holds ideographs; GB18030 holds next to none.
bool is_damaged_utf8(std::string_view bytes) {
  std::size_t ideographs = 0;
  std::size_t damages = 0;
  for (const char32_t point : utf8::code_points(bytes.substr(0, kSample))) {
    ideographs += utf8::is_cjk(point) ? 1 : 0;
    damages += point == U'\ufffd' ? 1 : 0;
  }
  return ideographs > damages;
}

Result<std::string> converted(std::string_view bytes, const char* encoding) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(encoding, &status),
                                                                     &ucnv_close);
  // Without this, what cannot be read would silently become U+FFFD.
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  if (U_FAILURE(status)) return Error{Errc::bad_input, fmt::format("{} cannot be read here", encoding)};
  const icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(),
                                status);
  if (U_FAILURE(status)) return Error{Errc::bad_input, fmt::format("not {}, or damaged", encoding)};
  std::string out;
  text.toUTF8String(out);
  return out;
}

Result<std::string> text_of_known(std::string_view bytes) {
  if (std::ranges::any_of(kUtf16Marks, [&](std::string_view mark) { return bytes.starts_with(mark); })) {
    return converted(bytes, "UTF-16");
  }
  if (utf8::valid(bytes)) return std::string(bytes);
  if (bytes.starts_with(kByteOrderMark) || is_damaged_utf8(bytes))
    return Error{Errc::bad_input, "damaged UTF-8"};
  auto text = converted(bytes, "GB18030");
  return text ? text : Error{Errc::bad_input, "neither UTF-8 nor GB18030, or damaged"};
}

}  // namespace

Result<std::string> text_of_bytes(std::string_view bytes) {
  if (bytes.starts_with(kZip) || bytes.starts_with(kOldOffice)) {
    return Error{Errc::bad_input, "an Excel workbook or another archive, not a text"};
  }
  auto text = text_of_known(bytes);
  if (text && text->find('\0') != std::string::npos) return Error{Errc::bad_input, "not a text"};
  if (text && text->starts_with(kByteOrderMark)) text->erase(0, kByteOrderMark.size());
  return text;
}

std::string with_line_feeds(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      out += '\n';
    }
  }
  return out;
}

}  // namespace bot
