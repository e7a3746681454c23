#include "bot/sandbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>

#include "bot/base/log.hpp"
#include "bot/base/utf8.hpp"
#include "bot/platforms/sandbox/terminal.hpp"
#include "bot/store/sqlite.hpp"
#include "bot/texts/moments.hpp"
#include "schedules/phrases.hpp"

namespace bot {

namespace {

constexpr std::size_t kAdmins = 2;  // the first people of the list: secretary and operator
constexpr auto kMorning = std::chrono::hours(8);
constexpr auto kBeforeMorning = std::chrono::seconds(10);
constexpr auto kTimeToType = std::chrono::seconds(10);

constexpr const char* kDim = "\x1b[2m";
constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kCyan = "\x1b[36m";
constexpr const char* kPlain = "\x1b[0m";

std::vector<std::string> names(const Content& content, const std::string& language, const char* key) {
  const auto& all = content.texts.words(language).names;
  const auto found = all.find(key);
  return found == all.end() ? std::vector<std::string>{key} : found->second;
}

Instant start_time(const Sandbox::Options& options, const Zone& zone, Instant today) {
  const LocalTime local = zone.to_local(today);
  if (options.start) {
    if (const auto start = schedules::parse_moment(*options.start, local)) return zone.to_instant(*start);
  }
  return zone.to_instant(std::chrono::floor<std::chrono::days>(local) + kMorning - kBeforeMorning);
}

Config sandbox_config(const std::string& language, const std::string& group_name, const std::string& chat) {
  Config config = default_config();
  config.limits.stagger = std::nullopt;  // one group has nobody to make room for
  config.limits.jitter = std::nullopt;
  config.limits.merge_window = std::nullopt;  // who tries it out wants to see each answer
  GroupProfile group = config.groups.fallback();
  group.language = language;
  config.groups = GroupBook(group);
  group.name = group_name;
  group.account = "sandbox";
  group.chat = chat;
  for (std::size_t person = 0; person < kAdmins; ++person) group.admins.push_back(std::to_string(person + 1));
  config.groups.add(group);
  return config;
}

bool starts_with(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text = utf8::trimmed(text.substr(prefix.size()));
  return true;
}

}  // namespace

Sandbox::Sandbox(std::shared_ptr<const Content> content, Instant today, Options options, std::ostream& out)
    : content_(std::move(content)),
      options_(std::move(options)),
      out_(out),
      people_(names(*content_, options_.language, "sandbox.people")),
      config_(sandbox_config(options_.language, names(*content_, options_.language, "sandbox.group").front(),
                             "1")),
      clock_(start_time(options_, config_.zone, today)),
      room_("sandbox", clock_),
      db_(sql::open_sqlite_in_memory()),
      app_(std::make_unique<App>(config_, content_, *db_, clock_, room_, 1)),
      stage_(std::make_unique<Stage>(app_->desk(), room_, clock_)),
      group_(room_.group("1")) {
  std::vector<Event> events;
  events.emplace_back(Address{room_.account(), {}, false}, clock_.now(), LinkUp{"bot", "sandbox"});
  stage_->play(std::move(events));
}

std::string Sandbox::worded(std::string key, Values values) {
  return content_->texts.render(options_.language, Said{std::move(key), std::move(values)}, random_);
}

std::string Sandbox::moment(Instant at) {
  return worded_moment(content_->texts, options_.language, config_.zone, at, random_);
}

std::string Sandbox::painted(const std::string& text, const char* colour) const {
  return options_.colours ? colour + text + kPlain : text;
}

void Sandbox::note(std::string key, Values values) {
  out_ << painted(worded(std::move(key), std::move(values)), kDim) << '\n';
}

void Sandbox::welcome() {
  note("sandbox.welcome", {{"group", config_.groups.own().front().name},
                           {"now", moment(clock_.now())},
                           {"speaker", people_[speaker_]}});
  out_ << '\n';
}

std::string Sandbox::prompt() const {
  return people_[speaker_] + (direct_ ? " (DM)> " : "> ");
}

Sender Sandbox::sender(std::size_t person) const {
  const Sender::Role role = person == 0        ? Sender::Role::owner
                            : person < kAdmins ? Sender::Role::admin
                                               : Sender::Role::member;
  return {std::to_string(person + 1), people_[person], role, false};
}

std::optional<std::size_t> Sandbox::person_named(std::string_view name) const {
  for (std::size_t person = 0; person < people_.size(); ++person) {
    if (people_[person] == utf8::trimmed(name)) return person;
  }
  return std::nullopt;
}

Sandbox::Spoken Sandbox::spoken_by(const std::string& line) const {
  for (const std::string_view colon : {":", "\uff1a"}) {
    const auto at = line.find(colon);
    if (at == std::string::npos) continue;
    if (const auto person = person_named(std::string_view(line).substr(0, at))) {
      return {*person, std::string(utf8::trimmed(std::string_view(line).substr(at + colon.size())))};
    }
  }
  return {speaker_, line};
}

/// "@小李" mentions, as a platform has it.
Message Sandbox::with_mentions(std::string_view text) const {
  Message message;
  while (!text.empty()) {
    std::optional<std::size_t> mentioned;
    for (std::size_t person = 0; person < people_.size() && !mentioned; ++person) {
      if (text.starts_with("@" + people_[person])) mentioned = person;
    }
    if (mentioned) {
      message.add(Mention{std::to_string(*mentioned + 1)});
      text.remove_prefix(1 + people_[*mentioned].size());
    } else {
      const std::size_t until = text.find('@', 1);
      message.add(Text{std::string(text.substr(0, until))});
      text = until == std::string_view::npos ? std::string_view() : text.substr(until);
    }
  }
  return message;
}

Room::Utterance Sandbox::utterance(std::string_view text) {
  Room::Utterance spoken;
  if (text.starts_with('>')) {
    std::size_t number = 0;
    const auto [stop, failure] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (failure == std::errc()) {
      text = utf8::trimmed(text.substr(static_cast<std::size_t>(stop - text.data())));
      if (number > 0 && number <= room_.transcript().size()) {
        spoken.quotes = number;
      } else {
        note("sandbox.no_line", Values().set("number", static_cast<std::int64_t>(number)));
      }
    }
  }
  spoken.typed = text;
  for (const std::string& name : names(*content_, options_.language, "bot")) {
    if (starts_with(text, "@" + name)) spoken.to_bot = true;
  }
  spoken.message = with_mentions(text);
  spoken.to_others = std::ranges::any_of(
      spoken.message.parts(), [](const Segment& part) { return std::holds_alternative<Mention>(part); });
  return spoken;
}

void Sandbox::say(Spoken spoken) {
  const Sender from = sender(spoken.person);
  const Room::Utterance words = utterance(spoken.text);
  if (words.message.empty() && !words.to_bot) return;
  std::vector<Event> events;
  events.push_back(room_.says(direct_ ? room_.direct(from.id) : group_, from, words));
  stage_->play(std::move(events));
  stage_->travel(kTimeToType);
}

bool Sandbox::enter(const std::string& line) {
  const std::string text(utf8::trimmed(line));
  if (text == "/quit") return false;
  if (!text.empty() && !text.starts_with("//") && !command(text)) say(spoken_by(text));
  print_new_lines();
  return true;
}

bool Sandbox::command(const std::string& line) {
  const FirstWord parts = first_word(line);
  const std::string rest(parts.rest);
  if (parts.word == "/as") {
    become(rest);
  } else if (parts.word == "/dm") {
    change_place(true);
  } else if (parts.word == "/group") {
    change_place(false);
  } else if (parts.word == "/time") {
    change_time(rest);
  } else if (parts.word == "/?") {
    note("sandbox.help");
  } else if (parts.word == "/who") {
    std::vector<Values> people;
    for (std::size_t i = 0; i < people_.size(); ++i)
      people.push_back({{"name", people_[i]}, {"admin", i < kAdmins}});
    note("sandbox.who", {{"people", std::move(people)}});
  } else {
    return false;
  }
  return true;
}

void Sandbox::become(const std::string& name) {
  const auto person = person_named(name);
  if (!person) return note("sandbox.nobody", {{"name", name}});
  speaker_ = *person;
  note("sandbox.speaker", {{"speaker", name}, {"direct", direct_}});
}

void Sandbox::change_place(bool direct) {
  direct_ = direct;
  note("sandbox.speaker", {{"speaker", people_[speaker_]}, {"direct", direct_}});
}

void Sandbox::change_time(const std::string& phrase) {
  const auto target = schedules::parse_moment(phrase, config_.zone.to_local(clock_.now()));
  if (!target) return note("sandbox.no_time");
  const Instant at = config_.zone.to_instant(*target);
  if (at < clock_.now()) return note("sandbox.past");
  travel(at - clock_.now());
  note("sandbox.now", {{"now", moment(clock_.now())}});
}

void Sandbox::travel(Milliseconds by) {
  stage_->travel(by);
  print_new_lines();
}

std::string Sandbox::speaker_of(const Room::Line& line) const {
  const std::string bot = names(*content_, options_.language, "bot").front();
  std::string name = line.speaker.empty() ? painted(bot, kGreen) : painted(line.speaker, kCyan);
  if (!line.where.direct) return name;
  if (!line.speaker.empty()) return name + " \u2709 " + bot;
  std::size_t person = 0;
  std::from_chars(line.where.chat.data(), line.where.chat.data() + line.where.chat.size(), person);
  const bool known = person > 0 && person <= people_.size();
  return name + " \u2709 " + (known ? people_[person - 1] : line.where.chat);
}

void Sandbox::print_date_when_new(Instant at) {
  const std::string day = iso_date(config_.zone.to_local(at));
  if (day == printed_day_) return;
  printed_day_ = day;
  const std::string when = moment(at);
  out_ << painted("\u2014\u2014 " + when.substr(0, when.rfind(' ')) + " \u2014\u2014", kDim) << '\n';
}

void Sandbox::print_new_lines() {
  const auto& lines = room_.transcript();
  for (; printed_ < lines.size(); ++printed_) {
    const Room::Line& line = lines[printed_];
    print_date_when_new(line.at);
    const std::string quote = line.quotes ? fmt::format(">{} ", *line.quotes) : "";
    out_ << painted(fmt::format("[{}] {}", line.number, clock_time(config_.zone.to_local(line.at))), kDim)
         << ' ' << speaker_of(line) << ": " << quote;
    for (const char c : line.text) out_ << (c == '\n' ? std::string("\n    ") : std::string(1, c));
    out_ << '\n';
  }
  out_.flush();
}

namespace {

int play_script(const std::shared_ptr<const Content>& content, const std::string& language,
                const std::filesystem::path& script, std::ostream& out) {
  std::ifstream stream(script);
  if (!stream) {
    std::cerr << script.string() << ": cannot be read — name a file with one message per line\n";
    return 1;
  }
  std::optional<Sandbox> sandbox;
  for (std::string line; std::getline(stream, line);) {
    if (utf8::trimmed(line).empty() || line.starts_with("//")) continue;
    const FirstWord parts = first_word(line);
    Sandbox::Options options{.language = language};
    const bool starts_time = !sandbox && parts.word == "/time";
    if (starts_time) options.start = std::string(parts.rest);
    if (!sandbox) sandbox.emplace(content, SystemClock().now(), std::move(options), out);
    if (!starts_time && !sandbox->enter(line)) break;
  }
  return 0;
}

int talk(const std::shared_ptr<const Content>& content, const std::string& language, std::ostream& out) {
  Terminal terminal;
  const bool shown = terminal.is_interactive();
  Sandbox sandbox(content, SystemClock().now(), {.language = language, .start = {}, .colours = shown}, out);
  sandbox.travel(kBeforeMorning);
  out << '\n';
  sandbox.welcome();
  while (const auto line = terminal.read_line(shown ? sandbox.prompt() : "")) {
    // The transcript shows the line again, with its number.
    if (shown && !line->starts_with("/") && !line->empty()) out << "\x1b[1A\x1b[2K";
    if (!sandbox.enter(*line)) break;
  }
  return 0;
}

}  // namespace

int run_sandbox(const std::filesystem::path& content_path, const std::string& language,
                const std::optional<std::filesystem::path>& script, std::ostream& out) {
  log::to_nowhere();
  Problems problems;
  const auto content = load_content(content_path, problems);
  for (const Problem& problem : problems) std::cerr << printed(problem) << '\n';
  return script ? play_script(content, language, *script, out) : talk(content, language, out);
}

}  // namespace bot
