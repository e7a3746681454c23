#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/zone.hpp"
#include "bot/config/toml_reader.hpp"

/// The kinds of values that the keys of the files in `config/` hold. `example` is the value that errors show,
/// without quotes.
namespace bot {

/// Text in one line that is not empty, has no white space around it and nothing invisible in it.
TomlForm<std::string> name_form(std::string example);
/// The same without any white space.
TomlForm<std::string> word_form(std::string example);
/// An id of the platform: a word. A whole number is taken as its text.
TomlForm<std::string> id_form(std::string example);
/// A list of names, of ids.
TomlForm<std::vector<std::string>> names_form(std::string example);
TomlForm<std::vector<std::string>> ids_form(std::string example);
/// One of a few names.
TomlForm<std::string> choice_form(std::vector<std::string> choices);
/// true or false.
TomlForm<bool> flag_form();
/// The name of an IANA time zone.
TomlForm<Zone> zone_form();
/// A path; a relative one counts from `folder`. Read as an absolute one.
TomlForm<std::filesystem::path> path_form(std::filesystem::path folder, std::string example);
/// "08:00"
TomlForm<std::chrono::minutes> clock_form();
/// A duration of whole minutes from one minute to a day.
TomlForm<std::chrono::minutes> minutes_form(std::string example);

/// What is read of a file at most. Nobody writes more by hand.
inline constexpr std::size_t largest_file = std::size_t{1} << 20;

/// The bytes of a regular file. Errc::not_found, Errc::too_large, or Errc::unknown when it cannot be read.
Result<std::string> file_text(const std::filesystem::path& file);

/// Whether the system lets others than the owner read the file. A file that is absent is read by nobody.
bool others_can_read(const std::filesystem::path& file);

/// The file's folder, absolute.
std::filesystem::path folder_of(const std::filesystem::path& file);

}  // namespace bot
