/// Runs a fuzz target over a folder of stored inputs as an ordinary test: each input as it is, cut at every
/// place, and a fixed number of times damaged by chance from a fixed seed.
///
///     cq_replay tests/fuzz/corpus/cq
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bot/base/random.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kDamages = 300;
constexpr std::size_t kLongestCut = 4096;

void run(const std::string& bytes) {
  // A copy of exactly this size lets AddressSanitizer see the end.
  const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

std::string damaged(std::string bytes, bot::Random& random) {
  for (std::uint64_t times = random.below(4) + 1; times > 0 && !bytes.empty(); --times) {
    const auto at = static_cast<std::size_t>(random.below(bytes.size()));
    const auto other = static_cast<std::size_t>(random.below(bytes.size()));
    switch (random.below(4)) {
      case 0:
        bytes[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        bytes.erase(at, static_cast<std::size_t>(random.below(8) + 1));
        break;
      case 2:
        bytes.insert(at, bytes.substr(other, static_cast<std::size_t>(random.below(32))));
        break;
      case 3:
        bytes[at] = bytes[other];
        break;
    }
  }
  return bytes;
}

void replay(const std::string& bytes, bot::Random& random) {
  run(bytes);
  for (std::size_t size = 0; size < bytes.size() && size < kLongestCut; ++size) run(bytes.substr(0, size));
  for (int times = 0; times < kDamages; ++times) run(damaged(bytes, random));
}

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
}

}  // namespace

int main(int count, char** arguments) {
  bot::Random random(1);
  int inputs = 0;
  for (int index = 1; index < count; ++index) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(arguments[index])) {
      if (!entry.is_regular_file()) continue;
      replay(read(entry.path()), random);
      ++inputs;
    }
  }
  std::printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 1;
}
