#include "tests/support/postgres_server.hpp"

#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string_view>

#include "bot/store/postgres.hpp"

namespace support {

namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr const char* kSetpriv = "/usr/bin/setpriv";

/// The newest of Debian's folders; empty when no server is installed.
fs::path programs() {
  fs::path newest;
  std::error_code ignored;
  for (const fs::directory_entry& version : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const fs::path folder = version.path() / "bin";
    if (fs::exists(folder / "initdb", ignored) && fs::exists(folder / "postgres", ignored) && folder > newest)
      newest = folder;
  }
  return newest;
}

const passwd* other_user() {
  const passwd* user = getpwnam("postgres");
  return user != nullptr ? user : getpwnam("nobody");
}

/// As another user when this is root; ends with this process.
Words guarded(Words command) {
  Words words{kSetpriv, "--pdeathsig", "QUIT"};
  if (geteuid() == 0) {
    const passwd* user = other_user();
    words.push_back("--reuid=" + std::to_string(user->pw_uid));
    words.push_back("--regid=" + std::to_string(user->pw_gid));
    words.emplace_back("--clear-groups");
  }
  words.emplace_back("--");
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

void run(Words command) {
  Process process(guarded(std::move(command)), {{"LC_ALL", "C"}});
  if (process.wait_for_end() != 0) throw std::runtime_error(process.output());
}

}  // namespace

std::string PostgresServer::obstacle() {
  if (programs().empty()) return "no PostgreSQL server is installed (apt-get install postgresql-15)";
  if (!fs::exists(kSetpriv)) return "there is no setpriv to start the server with";
  if (geteuid() == 0 && other_user() == nullptr)
    return "the server does not run as root, and no other user is there";
  if (Process(guarded({"/bin/true"}), {}).wait_for_end() != 0)
    return "the server does not run as root, and this process may not become another user";
  return {};
}

PostgresServer::PostgresServer() {
  if (geteuid() == 0) {
    const passwd* user = other_user();
    if (chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("chown failed");
  }
  const std::string data = folder_.path("data").string();
  run({(programs() / "initdb").string(), "-D", data, "-U", "xueban", "--auth=trust", "--encoding=UTF8",
       "--locale=C", "--no-sync"});
  write_rules();
  start();
  create_role();
}

void PostgresServer::start() {
  server_ = std::make_unique<Process>(
      guarded({(programs() / "postgres").string(), "-D", folder_.path("data").string(), "-k", folder(), "-c",
               "listen_addresses=", "-c", "log_min_messages=log", "-c", "log_checkpoints=off", "-c",
               "shared_buffers=16MB"}),
      std::map<std::string, std::string>{{"LC_ALL", "C"}});
  if (!server_->wait_for_output("database system is ready to accept connections"))
    throw std::runtime_error(server_->output());
}

PostgresServer::~PostgresServer() {
  server_->stop(SIGQUIT);
}

void PostgresServer::crash_and_restart() {
  server_->stop(SIGQUIT);
  start();
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

void PostgresServer::write_rules() const {
  std::ofstream(folder_.path("data/pg_hba.conf"))
      << "local all locked scram-sha-256\nlocal all xueban trust\n";
}

void PostgresServer::create_role() const {
  bot::sql::open_postgres(connection())
      ->execute(std::string("CREATE ROLE locked LOGIN PASSWORD '") + kPassword + "'");
}

std::string PostgresServer::connection() const {
  return "host=" + folder() + " dbname=postgres user=xueban";
}

std::string PostgresServer::fresh_connection() {
  const std::string name = "fresh" + std::to_string(++schemas_);
  bot::sql::open_postgres(connection())->execute("CREATE SCHEMA " + name);
  return connection() + " options='-c search_path=" + name + "'";
}

}  // namespace support
