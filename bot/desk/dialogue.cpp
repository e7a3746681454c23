#include "bot/desk/dialogue.hpp"

#include <boost/json.hpp>
#include <chrono>

#include "bot/base/json.hpp"
#include "bot/texts/tokens.hpp"

namespace bot {

namespace {

constexpr auto kPatience = std::chrono::minutes(2);
constexpr std::size_t kLongestAnswerBytes = 24;
constexpr std::size_t kPendingBeforeCleaning = 1000;

std::string key_of(const Address& where, const std::string& user) {
  return where.account + '\n' + where.chat + '\n' + (where.direct ? "1" : "0") + '\n' + user;
}

std::string packed(const Question& question) {
  boost::json::array options;
  for (const auto& option : question.options) {
    options.push_back(boost::json::array{option.answer, option.meaning, option.confirms});
  }
  return boost::json::serialize(options);
}

Question unpacked(const std::string& text) {
  Question question;
  const auto options = json::parsed(text);
  if (!options || !options->is_array()) return question;
  for (const boost::json::value& option : options->get_array()) {
    const auto* parts = option.if_array();
    if (parts == nullptr || parts->size() < 2) continue;
    const bool confirms = parts->size() > 2 && json::boolean(&(*parts)[2]).value_or(false);
    question.options.push_back({json::text(&(*parts)[0]), json::text(&(*parts)[1]), confirms});
  }
  return question;
}

}  // namespace

sql::Schema Dialogues::schema() {
  return {
      "dialogues",
      {{1,
        "CREATE TABLE dialogues (person TEXT PRIMARY KEY, options TEXT NOT NULL, expires_at {int} NOT NULL) "
        "{strict}"}},
      {{.table = "dialogues",
        .column = "person",
        .names = sql::Names::inside,
        .pattern = "{account}\n%\n{user}",
        .kept = std::chrono::days(1)}}};
}

void Dialogues::load(sql::Db& db, Instant now) {
  for (const sql::Row& row :
       db.query("SELECT person, options, expires_at FROM dialogues WHERE expires_at > $1", {in_ms(now)})) {
    pending_[row.text(0)] = {unpacked(row.text(1)), from_ms(row.integer(2))};
  }
}

void Dialogues::ask(sql::Db& db, const Address& where, const std::string& user, const Question& question,
                    Instant now) {
  if (pending_.size() > kPendingBeforeCleaning) forget_expired(db, now);
  const std::string person = key_of(where, user);
  const Instant expires = now + kPatience;
  db.execute(
      "INSERT INTO dialogues (person, options, expires_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (person) DO UPDATE SET options = excluded.options, expires_at = excluded.expires_at",
      {person, packed(question), in_ms(expires)});
  pending_[person] = {question, expires};
}

std::optional<Question::Option> Dialogues::meaning(const Address& where, const std::string& user,
                                                   const std::string& said, Instant now) const {
  if (pending_.empty() || said.size() > kLongestAnswerBytes) return std::nullopt;
  const auto found = pending_.find(key_of(where, user));
  if (found == pending_.end() || found->second.expires <= now) return std::nullopt;
  const std::string form = compact_form(said);
  for (const auto& option : found->second.question.options) {
    if (compact_form(option.answer) == form) return option;
  }
  return std::nullopt;
}

void Dialogues::forget_expired(sql::Db& db, Instant now) {
  db.execute("DELETE FROM dialogues WHERE expires_at <= $1", {in_ms(now)});
  std::erase_if(pending_, [now](const auto& entry) { return entry.second.expires <= now; });
}

}  // namespace bot
