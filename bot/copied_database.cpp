#include "bot/copied_database.hpp"

#include <unistd.h>

#include <stdexcept>

#include "bot/app.hpp"
#include "bot/data_folder.hpp"
#include "bot/store/sqlite.hpp"

namespace bot {

CopiedDatabase::Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "xueban-copy-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder: " + pattern);
  path_ = pattern;
}

CopiedDatabase::Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

CopiedDatabase::CopiedDatabase(const std::filesystem::path& data, const Secret& database, Instant now) {
  const auto copy = folder_.path() / "xueban.db";
  const auto original = database_file(data);
  if (database.empty() && std::filesystem::exists(original)) {
    sql::open_sqlite_read_only(original)->execute("VACUUM INTO $1", {copy.string()});
  }
  db_ = sql::open_sqlite(copy);
  if (!database.empty()) copy_tables(*open_to_look(data, database), *db_, now);
}

CopiedDatabase::~CopiedDatabase() = default;

}  // namespace bot
