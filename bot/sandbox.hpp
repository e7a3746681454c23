#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/app.hpp"
#include "bot/platforms/sandbox/stage.hpp"

namespace bot {

/// The practice group: a few made-up people, the bot with real content, and time that is moved: whoever says
/// something takes ten seconds for it.
/// A line is something to say or a command beginning with "/"; what follows is printed.
class Sandbox {
 public:
  struct Options {
    std::string language = "zh-CN";
    std::optional<std::string> start{};  ///< "2026-03-02 07:59"; today at 07:59:50 when absent
    bool colours = false;
  };

  Sandbox(std::shared_ptr<const Content> content, Instant today, Options options, std::ostream& out);

  /// False after /quit.
  bool enter(const std::string& line);
  void travel(Milliseconds by);
  void welcome();
  std::string prompt() const;

 private:
  struct Spoken {
    std::size_t person = 0;
    std::string text{};
  };

  void say(Spoken spoken);
  bool command(const std::string& line);
  void become(const std::string& name);
  void change_place(bool direct);
  void change_time(const std::string& phrase);
  std::optional<std::size_t> person_named(std::string_view name) const;
  Spoken spoken_by(const std::string& line) const;
  Message with_mentions(std::string_view text) const;
  Room::Utterance utterance(std::string_view text);
  Sender sender(std::size_t person) const;

  void print_new_lines();
  void print_date_when_new(Instant at);
  void note(std::string key, Values values = {});
  std::string worded(std::string key, Values values = {});
  std::string moment(Instant at);
  std::string painted(const std::string& text, const char* colour) const;
  std::string speaker_of(const Room::Line& line) const;

  std::shared_ptr<const Content> content_;
  Options options_;
  std::ostream& out_;
  std::vector<std::string> people_;
  Config config_;
  TravelClock clock_;
  Room room_;
  std::unique_ptr<sql::Db> db_;
  std::unique_ptr<App> app_;
  std::unique_ptr<Stage> stage_;
  Random random_{1};
  Address group_{};
  std::size_t speaker_ = 2;
  bool direct_ = false;
  std::size_t printed_ = 0;
  std::string printed_day_{};
};

/// `xueban sandbox`: a terminal, or a script whose transcript goes to `out`. Returns the exit code.
int run_sandbox(const std::filesystem::path& content, const std::string& language,
                const std::optional<std::filesystem::path>& script, std::ostream& out);

}  // namespace bot
