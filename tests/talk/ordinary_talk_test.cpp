/// What groups say to each other, in tests/chats/ordinary/: none of it is for the bot (conversation.md E.4).
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/support/world.hpp"

namespace {

struct SpokenLine {
  std::string place{};  ///< file:line
  std::string speaker{};
  std::string text{};
};

/// The files of the folder, in the order of their names.
std::vector<std::filesystem::path> chats() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(XUEBAN_SOURCE "/tests/chats/ordinary")) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

/// Lines are "speaker: text"; an empty one ends a scene, "#" begins a comment.
std::vector<SpokenLine> lines_of(const std::filesystem::path& file) {
  std::vector<SpokenLine> lines;
  std::ifstream stream(file);
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const std::string place = file.filename().string() + ":" + std::to_string(number);
    const auto colon = line.find(": ");
    REQUIRE_MESSAGE(colon != std::string::npos, place, " has no speaker: ", line);
    lines.push_back({place, line.substr(0, colon), line.substr(colon + 2)});
  }
  return lines;
}

/// One group's whole day, after the lesson of the day was heard.
void hears_no_answer(const std::filesystem::path& file) {
  World world;
  world.at("2026-03-02 07:59");
  const std::string name = file.stem().string();
  world.group(name).says("群主", "早上好").hears_nothing();
  world.tick(std::chrono::minutes(2));
  world.group(name).hears("lesson.push");
  for (const SpokenLine& line : lines_of(file)) {
    INFO(line.place, " ", line.speaker, ": ", line.text);
    world.group(name).says(line.speaker, line.text).hears_nothing();
    world.private_chat(line.speaker).hears_nothing();
  }
  CHECK(world.count("SELECT count(*) FROM lesson_done") == 0);
}

}  // namespace

TEST_CASE("the bot is silent on two thousand lines of ordinary talk") {
  std::size_t lines = 0;
  for (const auto& file : chats()) {
    CAPTURE(file.filename().string());
    const std::size_t spoken = lines_of(file).size();
    CHECK(spoken >= 400);
    lines += spoken;
    hears_no_answer(file);
  }
  CHECK(lines >= 2000);
}
