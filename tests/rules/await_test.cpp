/// Shapes of `co_await` that gcc 12 miscompiles without a warning (architecture §8.1), and what runs unowned.
#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rules/source.hpp"

using rules::Findings;
using rules::Source;

namespace {

/// An open bracket. A block's brace also remembers where its current statement began.
struct Bracket {
  char kind = '{';
  bool block = true;
  std::size_t statement = 0;
};

/// Walks through the code with a stack of brackets, which joins a statement however many lines it has.
class Walker {
 public:
  explicit Walker(const Source& source) : source_(source), code_(source.code) {}

  Findings walk() {
    for (at_ = 0; at_ < code_.size(); ++at_) step();
    return std::move(findings_);
  }

 private:
  void step() {
    const char c = code_[at_];
    if (c == '(' || c == '[') open_.push_back({c, false, 0});
    if (c == '{') open_.push_back({c, is_block(), at_ + 1});
    if (c == ')' || c == ']' || c == '}') close();
    if (c == ';' && open_.back().block) open_.back().statement = at_ + 1;
    if (c == 'c' && is_await()) check();
  }

  void close() {
    const bool block = open_.back().block;
    if (open_.size() > 1) open_.pop_back();
    if (block && open_.back().block) open_.back().statement = at_ + 1;
  }

  bool is_await() const {
    constexpr std::string_view word = "co_await";
    if (code_.compare(at_, word.size(), word) != 0) return false;
    const std::size_t behind = at_ + word.size();
    return (at_ == 0 || !rules::is_name(code_[at_ - 1])) &&
           (behind >= code_.size() || !rules::is_name(code_[behind]));
  }

  /// Whether the brace here opens a block and not the initialiser of a value: by the word or sign before it.
  bool is_block() const {
    std::string_view before = std::string_view(code_).substr(open_statement(), at_ - open_statement());
    before = before.substr(0, before.find_last_not_of(" \n\t") + 1);
    if (before.empty() || std::string_view(";{}):]").find(before.back()) != std::string_view::npos)
      return true;
    return introduces_block(last_word(before)) || names_type(before) || returns_behind(before);
  }

  static std::string_view last_word(std::string_view text) {
    std::size_t begin = text.size();
    while (begin > 0 && rules::is_name(text[begin - 1])) --begin;
    return text.substr(begin);
  }

  static bool introduces_block(std::string_view word) {
    static const std::set<std::string_view> words = {"else",     "do",      "try",      "const",
                                                     "noexcept", "mutable", "override", "final"};
    return words.contains(word);
  }

  static bool names_type(std::string_view before) {
    static const std::regex words(
        R"(\s*(template\b.*)?\b(namespace|class|struct|union|enum|extern)\b[^()=]*)");
    return before.size() < 300 && std::regex_match(before.begin(), before.end(), words);
  }

  /// `[this]() -> Task<void>`
  static bool returns_behind(std::string_view before) {
    const std::size_t parameters = before.rfind(')');
    return parameters != std::string_view::npos && before.find("->", parameters) != std::string_view::npos;
  }

  /// Beginning of the statement in the innermost block.
  std::size_t open_statement() const { return innermost_block()->statement; }

  std::vector<Bracket>::const_reverse_iterator innermost_block() const {
    return std::find_if(open_.crbegin(), open_.crend(), [](const Bracket& bracket) { return bracket.block; });
  }

  void check() {
    const std::string before = code_.substr(open_statement(), at_ - open_statement());
    if (in_bare_condition(before))
      found("inside a condition; name the result first, or if (auto x = co_await …; x)");
    if (before.find('?') != std::string::npos) found("inside ?:; write an if");
    const bool in_braces =
        std::any_of(open_.crbegin(), innermost_block(), [](const Bracket& b) { return b.kind != '('; });
    if (in_braces) found("inside braces or brackets; name the result first");
    if (awaits_lambda_or_braces())
      found("with a lambda or braces in the same expression; name that value first");
  }

  static bool in_bare_condition(const std::string& before) {
    static const std::regex head(R"(\b(if|while|switch)\s*(constexpr\s*)?\()");
    for (std::sregex_iterator match(before.begin(), before.end(), head), end; match != end; ++match) {
      const std::string rest = match->suffix();
      const auto depth =
          1 + std::count(rest.begin(), rest.end(), '(') - std::count(rest.begin(), rest.end(), ')');
      if (depth > 0 && !std::regex_search(rest, std::regex(R"(\bauto\b)"))) return true;
    }
    return false;
  }

  /// Looks on to the end of the awaited expression.
  bool awaits_lambda_or_braces() const {
    int depth = 0;
    for (std::size_t place = at_; place < code_.size(); ++place) {
      const char c = code_[place];
      if (c == '{' || (c == '[' && !is_subscript(place))) return true;
      if (c == '(' || c == '[') ++depth;
      if (c == ')' || c == ']') --depth;
      if (depth < 0 || c == ';' || c == '}') return false;
    }
    return false;
  }

  bool is_subscript(std::size_t place) const {
    const std::size_t last = code_.find_last_not_of(" \n", place - 1);
    if (last == std::string::npos) return false;
    return rules::is_name(code_[last]) || code_[last] == ')' || code_[last] == ']';
  }

  void found(const std::string& what) {
    findings_.push_back({source_.path, source_.line_at(at_), "co_await " + what});
  }

  const Source& source_;
  const std::string& code_;
  std::vector<Bracket> open_{Bracket{}};  // the file itself
  std::size_t at_ = 0;
  Findings findings_;
};

Findings check_shapes(const Source& source) {
  if (source.code.find("co_await") == std::string::npos) return {};
  return Walker(source).walk();
}

/// Coroutines live at the edge: everything else is plain functions.
const std::vector<std::string> kCoroutinesIn = {"bot/net/",
                                                "bot/platforms/onebot/",
                                                "bot/platforms/webhook/",
                                                "bot/platforms/wecom/",
                                                "bot/serve.",
                                                "bot/app.",
                                                "tests/"};

Findings check_home(const Source& source) {
  if (rules::starts_with_any(source.path, kCoroutinesIn)) return {};
  return rules::find_words(source, source.code, {"co_await", "co_return", "co_yield"},
                           "coroutines live in bot/net and bot/platforms only");
}

Findings check_unowned(const Source& source) {
  static const std::vector<std::string> words = {
      "detached",
      ".detach()",
      "awaitable_operators",
      "experimental::channel",
      "experimental::concurrent_channel",
      "experimental/channel",
      "experimental/concurrent_channel",
  };
  return rules::find_words(source, source.code, words,
                           "nothing runs unowned (architecture §7 and §8.2); use spawn and a scope");
}

bool clean(const std::string& statements) {
  return Walker(rules::read_text("bot/net/a.cpp", "Task<void> f() {\n" + statements + "\n}\n"))
      .walk()
      .empty();
}

}  // namespace

TEST_CASE("the co_await rule rejects what gcc 12 miscompiles") {
  CHECK_FALSE(clean("co_await f([s] { return s; });"));
  CHECK_FALSE(
      clean("co_await co_spawn(\n    executor,\n    [s]() -> Task<void> { co_return; }, use_awaitable);"));
  CHECK_FALSE(clean("co_await f(Agg{a, b});"));
  CHECK_FALSE(clean("co_await f({.x = a});"));
  CHECK_FALSE(clean("Agg g{co_await f(), a};"));
  CHECK_FALSE(clean("auto l = [s = co_await g()] { return s; };"));
  CHECK_FALSE(clean("std::vector v{co_await f(), co_await g()};"));
  CHECK_FALSE(clean("auto x = c ? co_await f(x) : co_await g(x);"));
  CHECK_FALSE(clean("if (co_await f(\"literal\")) return;"));
  CHECK_FALSE(clean("while (!stopped &&\n       co_await f(x)) { g(); }"));
  CHECK_FALSE(clean("if (a) {} else if (co_await f(x)) { g(); }"));
  CHECK_FALSE(clean("if (g(); co_await f(x)) return;"));
  CHECK_FALSE(clean("switch (co_await f(x)) { default: break; }"));
}

TEST_CASE("the co_await rule lets the plain shapes pass") {
  CHECK(clean("co_await f(x);"));
  CHECK(clean("const auto [error, size] = co_await f(asio::buffer(data), as_tuple(use_awaitable));"));
  CHECK(clean("co_return co_await f(table[0]);"));
  CHECK(clean("if (auto r = co_await f(x); r) { g(Agg{1}); }"));
  CHECK(clean("if (ready) co_await f(x);"));
  CHECK(clean("if (ready(x)) {\n  co_await f(x);\n} else {\n  co_await g(x);\n}"));
  CHECK(clean("for (const auto& each : co_await f()) { g(each); }"));
  CHECK(clean("for (int i = 0; i < 3; ++i) { co_await f(i); }"));
  CHECK(clean("const int y = a ? 1 : 2;\nco_await f(y);"));
  CHECK(clean("auto work = [this]() -> Task<void> { co_await f(x); };\nco_await g(std::move(work));"));
  CHECK(clean("try { co_await f(x); } catch (const std::exception&) { g(); }"));
  CHECK(clean("switch (x) { case 1: { co_await f(x); break; } default: co_await g(x); }"));
  CHECK(clean("// co_await f({a});\nlog(\"co_await ? {\");"));
}

TEST_CASE("the rules about ownership and homes find their words") {
  CHECK(check_unowned(rules::read_text("bot/net/a.cpp", "co_spawn(io, f(), asio::detached);")).size() == 1);
  CHECK(check_unowned(rules::read_text("bot/net/a.cpp", "asio::experimental::concurrent_channel<int> c;"))
            .size() == 1);
  CHECK(check_unowned(rules::read_text("bot/net/a.cpp", "#include <boost/asio/experimental/channel.hpp>"))
            .size() == 1);
  CHECK(check_unowned(rules::read_text("bot/net/a.cpp", "using namespace awaitable_operators;")).size() == 1);
  CHECK(check_unowned(rules::read_text("bot/net/a.cpp", "std::thread(f).detach();")).size() == 1);
  CHECK(check_home(rules::read_text("handlers/a.cpp", "co_return;")).size() == 1);
  CHECK(check_home(rules::read_text("bot/net/a.cpp", "co_return;")).empty());
}

TEST_CASE("co_await has one shape") {
  rules::report_all(check_shapes);
}

TEST_CASE("coroutines stay at the edge") {
  rules::report_all(check_home);
}

TEST_CASE("nothing runs unowned") {
  rules::report_all(check_unowned);
}
