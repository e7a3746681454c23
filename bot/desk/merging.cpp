#include "bot/desk/merging.hpp"

#include <algorithm>

namespace bot {

namespace {

std::vector<sql::Value> parameters(const Merging::Topic& topic) {
  return {topic.where.account, topic.where.chat, topic.where.direct, topic.sentence, topic.subject};
}

}  // namespace

Values Merging::Together::values() const {
  std::vector<Values> people;
  for (const std::string& name : names) {
    people.push_back({{"name", name}, {"last", people.size() + 1 == names.size()}});
  }
  Values values;
  values.set("count", count).set("people", std::move(people));
  values.set("more", count > static_cast<std::int64_t>(names.size()));
  return values;
}

sql::Schema Merging::schema() {
  return {"merged",
          {{1,
            "CREATE TABLE merged (id {id}, account TEXT NOT NULL, chat TEXT NOT NULL, direct {int} NOT NULL, "
            "sentence TEXT NOT NULL, subject TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, "
            "at {int} NOT NULL, UNIQUE (account, chat, direct, sentence, subject, person)) {strict}"}},
          {{.table = "merged", .column = "person", .kept = std::chrono::days(1)}}};
}

void Merging::load(sql::Db& db) {
  const Limits::Duration window = window_.value_or(Limits::Duration(0));
  for (const sql::Row& row : db.query("SELECT account, chat, direct, sentence, subject, min(at) FROM merged "
                                      "GROUP BY account, chat, direct, sentence, subject")) {
    const Address where{row.text(0), row.text(1), row.integer(2) != 0};
    open({where, row.text(3), row.text(4)}, from_ms(row.integer(5)) + window);
  }
}

void Merging::add(sql::Db& db, const Topic& topic, const Person& person, Instant now) {
  std::vector<sql::Value> row = parameters(topic);
  row.insert(row.end(), {person.user, person.name, in_ms(now)});
  db.execute(
      "INSERT INTO merged (account, chat, direct, sentence, subject, person, name, at) VALUES ($1, $2, $3, "
      "$4, $5, $6, $7, $8) ON CONFLICT (account, chat, direct, sentence, subject, person) DO NOTHING",
      row);
  open(topic, now + window_.value_or(Limits::Duration(0)));
}

Merging::Together Merging::take(sql::Db& db, const Topic& topic) {
  const std::vector<sql::Value> which = parameters(topic);
  constexpr std::string_view kOfTopic =
      " FROM merged WHERE account = $1 AND chat = $2 AND direct = $3 AND sentence = $4 AND subject = $5";
  Together together;
  for (const sql::Row& row : db.query("SELECT name" + std::string(kOfTopic) + " ORDER BY id", which)) {
    if (!names_ || together.count < *names_) together.names.push_back(row.text(0));
    ++together.count;
  }
  db.execute("DELETE" + std::string(kOfTopic), which);
  if (const auto window = ends_.find(topic); window != ends_.end()) {
    order_.erase({window->second, topic});
    ends_.erase(window);
  }
  return together;
}

void Merging::give_up(sql::Db& db) {
  db.execute("DELETE FROM merged");
}

Instant Merging::next() const {
  return order_.empty() ? Instant::max() : order_.begin()->first;
}

std::vector<Merging::Topic> Merging::due(Instant now, std::size_t most) const {
  std::vector<Topic> topics;
  for (const auto& [end, topic] : order_) {
    if (end > now || topics.size() == most) break;
    topics.push_back(topic);
  }
  return topics;
}

void Merging::clock_set(Instant now) {
  const Instant latest = now + window_.value_or(Limits::Duration(0));
  order_.clear();
  for (auto& [topic, end] : ends_) {
    end = std::min(end, latest);
    order_.emplace(end, topic);
  }
}

void Merging::open(const Topic& topic, Instant until) {
  if (ends_.try_emplace(topic, until).second) order_.emplace(until, topic);
}

}  // namespace bot
