#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/base/problem.hpp"
#include "bot/base/zone.hpp"
#include "bot/chat/account.hpp"
#include "bot/desk/alarm.hpp"
#include "bot/desk/groups.hpp"
#include "bot/desk/limits.hpp"

/// The files in `config/`: read, checked as a whole, every problem reported at once with file and line.
namespace bot {

struct Config {
  std::filesystem::path file{};
  Zone zone = Zone::utc();       ///< `timezone`, "Asia/Shanghai" when it is not set
  std::filesystem::path data{};  ///< the one folder that Xueban writes; absolute; "data" beside the file
  /// `database`: how to reach a PostgreSQL. Empty: the SQLite file in `data`.
  Secret database{};
  /// Words, columns and lessons; absolute. When it is not set: `content` beside the file, else `../content`,
  /// else empty, which means the built-in one.
  std::filesystem::path content{};
  std::string language = "zh-CN";
  std::vector<std::string> superadmins{};  ///< "qq:10001": an account's name and a user id there
  std::vector<AccountConfig> accounts{};
  std::vector<AlarmRoute> alarms{};  ///< who is told when an account is cut off; empty: nobody
  /// `alarm_after`: how long an account may be down before that is told.
  std::chrono::milliseconds alarm_after = std::chrono::minutes(3);
  Limits limits{};
  std::uint16_t metrics_port = 0;  ///< `[metrics] port`, always on 127.0.0.1; 0: no metrics
  /// `[server]`: where platforms dial us, if an account wants it: an IP address of this machine and a port.
  std::string server_address = "127.0.0.1";
  std::uint16_t server_port = 8600;
  GroupBook groups;
  /// File → key → line of everything that is set. Keys are as in "timezone", "limits.cooldown", "account.qq"
  /// (an account by its name) and, in group files, "admins" or "push".
  std::map<std::string, std::map<std::string, std::int64_t>> lines{};

  Config() : groups(GroupProfile{}) {}
  /// 0 when the file does not set the key.
  std::int64_t line(const std::string& in_file, const std::string& key) const;
};

/// Looks up an environment variable; a parameter so that tests need no environment.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
/// The variables of this process, as they are at each call.
Environment process_environment();

struct ReadConfig {
  std::optional<Config> config{};  ///< absent when a problem is an error
  Problems problems{};  ///< by file and line; what concerns several files comes last. Holds no secret
};

/// Reads `file` and the group files in `groups/` beside it. Relative paths count from the file's folder.
/// Unknown keys and wrong types are errors that name the nearest known key. A file that group or world can
/// read and that holds a literal secret is refused (reliability X16).
///
/// Every `groups/*.toml` describes one group. What it does not set it inherits from `groups/default.toml`,
/// and that from built_in_group(); `[[push]]` is inherited as a whole list. default.toml is also what groups
/// without a file follow.
ReadConfig read_config(const std::filesystem::path& file, const Environment& environment);

/// The same for a text in memory that stands for `file`, without any group file.
ReadConfig read_config_text(std::string_view text, const std::filesystem::path& file,
                            const Environment& environment);

/// What a group without a file follows when `groups/default.toml` is absent too: one lesson a day at 08:00,
/// of the column "daily". It has no nickname: the words of the content name the bot.
GroupProfile built_in_group(const Zone& zone, const std::string& language);

/// From now on the log shows no secret of this configuration, but where it comes from.
void hide_secrets(const Config& config);

/// Every setting as it is in force, in TOML, each with the file and line it comes from. Of a secret only its
/// source is shown.
std::string dump_config(const Config& config);

}  // namespace bot
