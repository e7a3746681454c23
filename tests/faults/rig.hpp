#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/store/sql.hpp"
#include "tests/faults/case.hpp"
#include "tests/faults/judge.hpp"
#include "tests/faults/proxy.hpp"
#include "tests/faults/wall.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

/// The whole program as a process, between a judge and a temporary folder, under a wall clock that the case
/// sets. Functions that wait return as soon as the thing has happened, and throw Failed when it does not.
namespace faults {

inline constexpr const char* kGroup = "987654321";
inline constexpr std::int64_t kAdmin = 10001;
/// The rig's time limit for an answer of the platform.
inline constexpr bot::Milliseconds kAnswerLimit = std::chrono::seconds(1);

/// "987650001" … for fan-outs.
std::vector<std::string> many_groups(std::size_t count);

/// "2030-03-04 07:59:57" in Shanghai.
bot::Instant shanghai(const std::string& time);

/// A message that a member writes at a moment of the case's choice.
Line line_of(const std::string& text, std::int64_t user, std::int64_t message_id, bot::Instant at,
             const std::string& chat = kGroup);

struct RigOptions {
  std::vector<std::string> groups = {kGroup};
  std::string limits{};    ///< lines for [limits], besides the usual ones
  std::string account{};   ///< lines for [[account]]
  std::string top{};       ///< lines before all tables
  std::string postgres{};  ///< a connection string; else SQLite
  bool through_proxy = false;
  std::optional<support::Certificate> certificate{};
  Stamps stamps = Stamps::milliseconds;
  std::string settle = "300ms";
  std::string undecided = "4s";
};

struct Ended {
  int code = 0;
  std::string output{};
  bool says(std::string_view part) const { return output.find(part) != std::string::npos; }
};

class Rig {
 public:
  explicit Rig(RigOptions options = {});
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  // ---- time ----
  /// What the wall shows, in Shanghai. A running program sees it at once.
  void set_clock(const std::string& time);
  void step_clock(std::chrono::seconds by);

  // ---- the program ----
  /// Words that come before the program's own, such as those of strace; for each start from now on.
  void under(std::vector<std::string> words) { wrapper_ = std::move(words); }
  /// Further variables of the environment, for each start from now on.
  void with_variable(const std::string& name, const std::string& value) { variables_[name] = value; }
  /// For each start from now on.
  void with_token(const std::string& token) { token_ = token; }
  void start();
  /// Until it is connected and has learned its groups.
  void start_and_wait();
  void kill();
  /// SIGTERM; the exit code.
  int stop();
  /// Waits for it to end by itself.
  Ended end();
  /// Another program on the same configuration.
  Ended run(std::vector<std::string> words);
  /// Whether it has ended by itself, or was ended by what it runs under.
  bool dead() const;
  support::Process& process() { return *process_; }
  /// Resident memory of the running program.
  double mebibytes() const;
  /// Output of all programs so far.
  std::string log();

  // ---- what members do ----
  /// Everything that was said before this has been handled when it returns.
  void barrier();

  // ---- what became of it ----
  std::filesystem::path data() const { return folder.path() / "data"; }
  std::filesystem::path database() const { return data() / "xueban.db"; }
  /// The program's database, for reading.
  std::unique_ptr<bot::sql::Db> open_database() const;
  bot::sql::Rows query(const std::string& sql) const;
  /// The first column of the first row.
  std::int64_t number(const std::string& sql) const;
  std::set<std::string> column(const std::string& sql) const;
  /// Rows whose outcome is still open.
  std::int64_t unsettled() const;
  /// Lessons that schedules sent, as accepted: how many in each chat.
  std::map<std::string, int> lessons() const;
  int lessons_in(const std::string& chat) const;
  /// Until this many messages with the text have been accepted.
  void until_accepted(const std::string& part, std::size_t count = 1,
                      bot::Milliseconds limit = Judge::kPatience);
  void until(const std::string& what, const std::function<bool()>& test,
             bot::Milliseconds limit = Judge::kPatience);
  /// Until no row is open any more.
  void settle();
  /// A second account's platform, for the oracle. Must outlive the rig.
  void also(const Judge& other) { others_.push_back(&other); }
  /// The end of every case: settles, stops, and asks the oracle.
  void finish();
  /// The oracle alone, of a program that runs no more.
  void examine();

  /// Whether the program's output is printed when a case fails.
  inline static bool talkative = false;

  const RigOptions options;
  support::TemporaryFolder folder{};
  Wall wall{};
  Judge judge;
  std::unique_ptr<Proxy> proxy{};
  std::filesystem::path config{};

 private:
  std::map<std::string, std::string> environment() const;
  void keep_log();
  void write_shift();

  std::vector<std::string> wrapper_{};
  std::map<std::string, std::string> variables_{};
  std::unique_ptr<support::Process> process_{};
  std::vector<const Judge*> others_{};
  std::string token_ = JudgeOptions().token;
  std::string log_{};
  std::size_t ready_ = 0;
  int barriers_ = 0;
};

bool is_lesson(std::string_view text);
/// A labelled resend of one that nobody could vouch for.
bool is_resent(std::string_view text);

}  // namespace faults
