// Preloaded into a process by its test: the wall clock begins at the second since 1970 that XUEBAN_TEST_START
// names and runs on from there. The file that XUEBAN_TEST_STEP names holds seconds by which the test moves
// the clock of the running process. Asks the kernel directly, so that it works under every sanitizer.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

long kernel_time(clockid_t clock, timespec* time) {
  return syscall(SYS_clock_gettime, clock, time);
}

/// Seconds to add; asked for on the first call, before any thread exists.
time_t shift() {
  static const time_t seconds = [] {
    const char* start = std::getenv("XUEBAN_TEST_START");
    timespec now{};
    kernel_time(CLOCK_REALTIME, &now);
    return start == nullptr ? 0 : static_cast<time_t>(std::strtoll(start, nullptr, 10)) - now.tv_sec;
  }();
  return seconds;
}

const volatile std::int64_t* mapped_step() {
  const char* path = std::getenv("XUEBAN_TEST_STEP");
  const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* mapped = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  return mapped == MAP_FAILED ? nullptr : static_cast<const std::int64_t*>(mapped);
}

time_t step() {
  static const volatile std::int64_t* const seconds = mapped_step();
  return seconds == nullptr ? 0 : static_cast<time_t>(*seconds);
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const long result = kernel_time(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += shift() + step();
  return static_cast<int>(result);
}
