#include "tests/faults/rig.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>

#include "bot/store/postgres.hpp"
#include "bot/store/sqlite.hpp"
#include "tests/faults/oracle.hpp"

namespace faults {

namespace fs = std::filesystem;
using support::Process;

namespace {

constexpr std::int64_t kShanghai = 8 * 3600;
constexpr std::int64_t kBarrierUser = 90000001;
constexpr bot::Milliseconds kSettleLimit = std::chrono::seconds(15);

std::string account_of(const RigOptions& options, const std::string& url) {
  return fmt::format(
      "[[account]]\nname = \"qq\"\nplatform = \"onebot11\"\ntransport = \"forward\"\nurl = \"{}\"\n"
      "token = \"env:XUEBAN_QQ_TOKEN\"\nanswer_limit = \"{}ms\"\n{}",
      url, kAnswerLimit.count(), options.account);
}

/// What would only make a case wait, unless the case is about it.
constexpr std::array kLifted{"cooldown",   "per_group",    "per_account", "jitter",      "same_answer",
                             "stagger",    "unasked_hour", "unasked_day", "quiet_hours", "merge_window",
                             "late_reply", "two_bots",     "failures"};

bool has_key(const std::string& lines, const std::string& key) {
  return ("\n" + lines).find("\n" + key + " =") != std::string::npos;
}

std::string limits_of(const RigOptions& options) {
  std::string lines = "[limits]\n" + options.limits;
  for (const char* key : kLifted) {
    if (!has_key(options.limits, key)) lines += std::string(key) + " = \"off\"\n";
  }
  return lines + fmt::format("settle = \"{0}\"\nlook_again = \"{0}\"\nundecided = \"{1}\"\n", options.settle,
                             options.undecided);
}

std::string head_of(const RigOptions& options) {
  const std::string database = options.postgres.empty() ? "" : "database = \"env:XUEBAN_DATABASE\"\n";
  return "timezone = \"Asia/Shanghai\"\ndata = \"data\"\n" + database + options.top;
}

std::string configuration(const RigOptions& options, const std::string& url) {
  return head_of(options) + account_of(options, url) + limits_of(options);
}

JudgeOptions judge_options(const RigOptions& options) {
  JudgeOptions judge;
  judge.groups = options.groups;
  judge.certificate = options.certificate;
  judge.stamps = options.stamps;
  return judge;
}

}  // namespace

std::vector<std::string> many_groups(std::size_t count) {
  std::vector<std::string> groups;
  for (std::size_t number = 1; number <= count; ++number)
    groups.push_back(std::to_string(987650000 + number));
  return groups;
}

bot::Instant shanghai(const std::string& time) {
  std::tm wall{};
  if (strptime(time.c_str(), "%Y-%m-%d %H:%M:%S", &wall) == nullptr) throw Failed("no time: " + time);
  return bot::from_ms((timegm(&wall) - kShanghai) * 1000);
}

Line line_of(const std::string& text, std::int64_t user, std::int64_t message_id, bot::Instant at,
             const std::string& chat) {
  return {chat, false, user, text, message_id, message_id, at};
}

bool is_lesson(std::string_view text) {
  return text.find("【微课堂·") != std::string_view::npos;
}

bool is_resent(std::string_view text) {
  return text.starts_with("（补发）");
}

Rig::Rig(RigOptions wanted) : options(std::move(wanted)), judge(judge_options(options), wall) {
  std::string url = judge.url();
  if (options.through_proxy) {
    proxy = std::make_unique<Proxy>(judge.port());
    url = fmt::format("ws://127.0.0.1:{}/", proxy->port());
  }
  config = folder.write("xueban.toml", configuration(options, url));
  write_shift();
}

Rig::~Rig() {
  if (talkative && std::uncaught_exceptions() > 0) std::cerr << log();
}

// ---- time -----------------------------------------------------------------------------------------------

void Rig::set_clock(const std::string& time) {
  const auto by = std::chrono::floor<std::chrono::seconds>(shanghai(time) - wall.now());
  step_clock(by + std::chrono::seconds(1));
}

void Rig::step_clock(std::chrono::seconds by) {
  wall.set_shift(wall.shift() + by);
  write_shift();
}

void Rig::write_shift() {
  const fs::path path = folder.path() / "clock-step";
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(wall.shift()).count();
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  if (!file) file.open(path, std::ios::out | std::ios::binary);
  file.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
}

// ---- the program ----------------------------------------------------------------------------------------

std::map<std::string, std::string> Rig::environment() const {
  std::map<std::string, std::string> all = variables_;
  all["XUEBAN_QQ_TOKEN"] = token_;
  if (!options.postgres.empty()) all["XUEBAN_DATABASE"] = options.postgres;
  all["TZ"] = "UTC";
  all["LD_PRELOAD"] = SHIFTED_CLOCK + (all.contains("LD_PRELOAD") ? ":" + all["LD_PRELOAD"] : std::string());
  all["XUEBAN_TEST_STEP"] = (folder.path() / "clock-step").string();
  return all;
}

void Rig::start() {
  keep_log();
  ready_ = judge.ready();
  std::vector<std::string> words = wrapper_;
  words.insert(words.end(), {XUEBAN_BINARY, "run", "--config", config.string()});
  process_ = std::make_unique<Process>(std::move(words), environment());
}

void Rig::start_and_wait() {
  start();
  if (!judge.until_ready(ready_ + 1)) throw Failed("it does not connect: " + process_->output());
  const auto expected = static_cast<std::int64_t>(options.groups.size());
  until("the groups to be known", [&] { return number("SELECT count(*) FROM known_groups") >= expected; });
}

bool Rig::dead() const {
  siginfo_t how{};
  return waitid(P_PID, static_cast<id_t>(process_->id()), &how, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         how.si_pid != 0;
}

void Rig::kill() {
  process_->kill_now();
  keep_log();
}

int Rig::stop() {
  const int code = process_->stop();
  keep_log();
  return code;
}

Ended Rig::end() {
  Ended ended;
  ended.code = process_->wait_for_end();
  ended.output = process_->output();
  keep_log();
  return ended;
}

Ended Rig::run(std::vector<std::string> words) {
  words.insert(words.begin(), XUEBAN_BINARY);
  words.insert(words.begin(), wrapper_.begin(), wrapper_.end());
  words.insert(words.end(), {"--config", config.string()});
  Process program(std::move(words), environment());
  const int code = program.wait_for_end();
  log_ += program.output();
  return {code, program.output()};
}

void Rig::keep_log() {
  if (process_) log_ += process_->output();
  process_.reset();
}

double Rig::mebibytes() const {
  constexpr double kPage = 4096;
  constexpr double kMebi = 1 << 20;
  std::uint64_t whole = 0;
  std::uint64_t resident = 0;
  std::ifstream(fmt::format("/proc/{}/statm", process_->id())) >> whole >> resident;
  return static_cast<double>(resident) * kPage / kMebi;
}

std::string Rig::log() {
  return process_ ? log_ + process_->output() : log_;
}

// A private chat, so that the group's history stays as the case made it. Twice, since an answer to a question
// may leave before the commit of what came with it.
void Rig::barrier() {
  for (int time = 0; time < 2; ++time) {
    const std::string word = "barrier " + std::to_string(++barriers_);
    judge.says_privately(kBarrierUser, "ping " + word + ".");
    until_accepted("pong " + word + ".");
  }
}

// ---- what became of it ----------------------------------------------------------------------------------

std::unique_ptr<bot::sql::Db> Rig::open_database() const {
  return options.postgres.empty() ? bot::sql::open_sqlite_read_only(database())
                                  : bot::sql::open_postgres(options.postgres);
}

bot::sql::Rows Rig::query(const std::string& sql) const {
  return open_database()->query(sql, {});
}

std::int64_t Rig::number(const std::string& sql) const {
  return query(sql).front().integer(0);
}

std::set<std::string> Rig::column(const std::string& sql) const {
  std::set<std::string> values;
  for (const bot::sql::Row& row : query(sql)) values.insert(row.text(0));
  return values;
}

std::int64_t Rig::unsettled() const {
  return number("SELECT count(*) FROM outbox WHERE state IN ('planned', 'sending', 'unknown')");
}

std::map<std::string, int> Rig::lessons() const {
  std::map<std::string, int> count;
  for (const Accepted& entry : judge.accepted()) {
    if (is_lesson(entry.text)) ++count[entry.chat];
  }
  return count;
}

int Rig::lessons_in(const std::string& chat) const {
  return lessons()[chat];
}

void Rig::until_accepted(const std::string& part, std::size_t count, bot::Milliseconds limit) {
  const auto enough = [&] {
    const auto entries = judge.accepted();
    const auto fits = [&](const Accepted& entry) { return entry.text.find(part) != std::string::npos; };
    return static_cast<std::size_t>(std::ranges::count_if(entries, fits)) >= count;
  };
  until(fmt::format("{} message(s) with \"{}\"", count, part), enough, limit);
}

void Rig::until(const std::string& what, const std::function<bool()>& test, bot::Milliseconds limit) {
  if (!judge.until(test, limit)) throw Failed("in vain waited for " + what);
}

void Rig::settle() {
  if (judge.until([&] { return unsettled() == 0; }, kSettleLimit)) return;
  std::string left;
  for (const bot::sql::Row& row :
       query("SELECT state || ': ' || count(*) || ' (' || max(reason) || ')' FROM outbox WHERE state IN "
             "('planned', 'sending', 'unknown') GROUP BY state")) {
    left += " " + row.text(0);
  }
  throw Failed("rows are left open:" + left);
}

void Rig::finish() {
  settle();
  const int code = stop();
  require(code == 0, fmt::format("it ended with code {}", code));
  examine();
}

void Rig::examine() {
  std::vector<Record> records = {{judge.accepted(), judge.calls()}};
  for (const Judge* other : others_) records.push_back({other->accepted(), other->calls()});
  Findings findings = faults::examine(*open_database(), records);
  if (log().find(JudgeOptions().token) != std::string::npos) findings.push_back("the token is in the output");
  if (findings.empty()) return;
  throw Failed(fmt::format("{}{}", findings.front(),
                           findings.size() == 1 ? "" : fmt::format(" (and {} more)", findings.size() - 1)));
}

}  // namespace faults
