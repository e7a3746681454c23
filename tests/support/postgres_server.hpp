#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace support {

/// A private PostgreSQL server in a temporary folder: reached by a Unix socket there and by no port, synced
/// as in earnest. Stopped and removed by the destructor; should the test program be killed, the system stops
/// it. Everybody on this machine who can enter the folder is its superuser "xueban"; "locked" needs a
/// password.
class PostgresServer {
 public:
  /// Why none can be started here, as one line; empty when one can. The server refuses to run as root, so
  /// root runs it as "postgres" or "nobody".
  static std::string obstacle();

  /// Throws std::runtime_error with what the server said.
  PostgresServer();
  ~PostgresServer();

  /// The one that all tests of a program use; lives until its end.
  static PostgresServer& shared();

  /// To a new schema that is empty; "xueban" reads and writes it.
  std::string fresh_connection();
  /// To the database, with the defaults of the server.
  std::string connection() const;
  std::string folder() const { return folder_.path().string(); }
  /// Ends at once, without tidying up, and starts again on what it finds.
  void crash_and_restart();

  /// The password of "locked".
  static constexpr const char* kPassword = "hunter2-hunter2";

 private:
  void start();
  void write_rules() const;
  void create_role() const;

  TemporaryFolder folder_;
  std::unique_ptr<Process> server_;
  int schemas_ = 0;
};

}  // namespace support
