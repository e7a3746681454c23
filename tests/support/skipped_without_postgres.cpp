/// Linked into a test program that is nothing without a PostgreSQL server: says so in one line and ends it.
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>

#include "tests/support/postgres_server.hpp"

namespace {

/// As tests/CMakeLists.txt tells ctest.
constexpr int kSkipped = 77;

struct Skipper : doctest::IReporter {
  explicit Skipper(const doctest::ContextOptions&) {}
  void test_run_start() override {
    const std::string obstacle = support::PostgresServer::obstacle();
    if (obstacle.empty()) return;
    std::cout << "skipped: " << obstacle << std::endl;
    std::_Exit(kSkipped);
  }
  void report_query(const doctest::QueryData&) override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_start(const doctest::TestCaseData&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData&) override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
};

}  // namespace

REGISTER_LISTENER("skipper", 1, Skipper);
