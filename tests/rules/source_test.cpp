#include "tests/rules/source.hpp"

#include <doctest/doctest.h>

using rules::read_text;

TEST_CASE("comments and the insides of literals are blanked, lines stay") {
  const auto source = read_text("a.cpp", "int a; // one\n/* two\n */ f(\"x // y\", 'z', 1'000);\n");
  CHECK(source.code == "int a;       \n      \n    f(\"      \", ' ', 1'000);\n");
  CHECK(source.uncommented == "int a;       \n      \n    f(\"x // y\", 'z', 1'000);\n");
  REQUIRE(source.literals.size() == 1);
  CHECK(source.literals[0].text == "x // y");
  CHECK(source.literals[0].line == 3);
}

TEST_CASE("escapes, raw strings and unfinished literals do not lead the reader astray") {
  CHECK(read_text("a.cpp", R"(f("a\"b", '\''); co_await g();)").code.find("co_await") != std::string::npos);
  const auto raw = read_text("a.cpp", "f(R\"x(a)\" b)x\"); g();");
  REQUIRE(raw.literals.size() == 1);
  CHECK(raw.literals[0].text == "a)\" b");
  CHECK(raw.code.find("g();") != std::string::npos);
  CHECK(read_text("a.cpp", "f(R\"x(never").literals.size() == 1);
  CHECK(read_text("a.cpp", "\"never").literals.size() == 1);
  CHECK(read_text("a.cpp", "/* never").code == "        ");
  CHECK(read_text("a.cpp", "'").code == "'");
}

TEST_CASE("includes are found with their lines, those in comments are not") {
  const auto source = read_text("a.cpp", "#include <a.h>\n// #include <b.h>\n  # include \"bot/c.hpp\"\n");
  const auto includes = rules::includes_of(source);
  REQUIRE(includes.size() == 2);
  CHECK(includes[0].header == "a.h");
  CHECK_FALSE(includes[0].quoted);
  CHECK(includes[1].header == "bot/c.hpp");
  CHECK(includes[1].line == 3);
  CHECK(source.literals.size() == 1);  // only "#include" at the very beginning of the directive is skipped
}

TEST_CASE("a place is a folder or a file without its ending") {
  CHECK(rules::is_in("bot/net/tls.cpp", "bot/net"));
  CHECK(rules::is_in("bot/net/tls.cpp", "bot/net/tls"));
  CHECK_FALSE(rules::is_in("bot/network/tls.cpp", "bot/net"));
}
