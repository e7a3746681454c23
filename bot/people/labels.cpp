#include "bot/people/labels.hpp"

#include <algorithm>
#include <map>

#include "bot/people/plain_words.hpp"
#include "bot/texts/tokens.hpp"

namespace bot::people {

namespace {

constexpr std::size_t kLongestLabel = 12;  // code points
constexpr std::size_t kMostTags = 20;

/// As the group writes it already.
std::string known_spelling(sql::Db& db, const Address& group, const std::string& tag) {
  const std::string form = compact_form(tag);
  for (const sql::Row& row : db.query("SELECT DISTINCT tag FROM member_tags WHERE account = $1 AND chat = $2",
                                      {group.account, group.chat})) {
    if (compact_form(row.text(0)) == form) return row.text(0);
  }
  return tag;
}

std::vector<Label> counted(const std::map<std::string, std::int64_t>& counts) {
  std::vector<Label> labels;
  for (const auto& [name, count] : counts) labels.push_back({name, count});
  std::ranges::sort(labels, [](const Label& left, const Label& right) {
    return left.count != right.count ? left.count > right.count : left.name < right.name;
  });
  return labels;
}

}  // namespace

bool fit_for_label(std::string_view text) {
  return plain_words(text, kLongestLabel);
}

std::vector<Label> tags(sql::Db& db, const Address& group) {
  std::set<PersonId> here;
  for (const Listed& member : members(db, group)) here.insert(member.person);
  std::map<std::string, std::int64_t> counts;
  for (const sql::Row& row : db.query("SELECT tag, person FROM member_tags WHERE account = $1 AND chat = $2",
                                      {group.account, group.chat})) {
    if (here.contains(row.integer(1))) ++counts[row.text(0)];
  }
  return counted(counts);
}

std::vector<Label> categories(sql::Db& db, const Address& group) {
  std::map<std::string, std::int64_t> counts;
  for (const Listed& member : members(db, group)) {
    if (!member.category.empty()) ++counts[member.category];
  }
  return counted(counts);
}

std::vector<std::string> tags_of(sql::Db& db, const Address& group, PersonId person) {
  std::vector<std::string> found;
  for (const sql::Row& row :
       db.query("SELECT tag FROM member_tags WHERE account = $1 AND chat = $2 AND person = $3 ORDER BY tag",
                {group.account, group.chat, person})) {
    found.push_back(row.text(0));
  }
  return found;
}

bool add_tag(sql::Db& db, const Address& group, PersonId person, const std::string& tag) {
  if (tags_of(db, group, person).size() >= kMostTags) return false;
  return db.execute(
             "INSERT INTO member_tags (account, chat, person, tag) VALUES ($1, $2, $3, $4) ON CONFLICT "
             "(account, chat, person, tag) DO NOTHING",
             {group.account, group.chat, person, known_spelling(db, group, tag)}) > 0;
}

bool remove_tag(sql::Db& db, const Address& group, PersonId person, const std::string& tag) {
  return db.execute("DELETE FROM member_tags WHERE account = $1 AND chat = $2 AND person = $3 AND tag = $4",
                    {group.account, group.chat, person, known_spelling(db, group, tag)}) > 0;
}

std::set<PersonId> tagged(sql::Db& db, const Address& group, const std::string& tag) {
  std::set<PersonId> people;
  for (const sql::Row& row :
       db.query("SELECT person FROM member_tags WHERE account = $1 AND chat = $2 AND tag = $3",
                {group.account, group.chat, known_spelling(db, group, tag)})) {
    people.insert(row.integer(0));
  }
  return people;
}

std::string category_of(sql::Db& db, const Address& group, PersonId person) {
  const auto rows =
      db.query("SELECT category FROM memberships WHERE account = $1 AND chat = $2 AND person = $3",
               {group.account, group.chat, person});
  return rows.empty() ? std::string() : rows.front().text(0);
}

void set_category(sql::Db& db, const Address& group, PersonId person, const std::string& category) {
  db.execute("UPDATE memberships SET category = $4 WHERE account = $1 AND chat = $2 AND person = $3",
             {group.account, group.chat, person, category});
}

}  // namespace bot::people
