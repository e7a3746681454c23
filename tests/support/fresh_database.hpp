#pragma once

#include <memory>

#include "bot/store/sql.hpp"

namespace support {

/// An empty database for one test. Each test program is linked with one of fresh_sqlite.cpp and
/// fresh_postgres.cpp.
std::unique_ptr<bot::sql::Db> fresh_database();

}  // namespace support
