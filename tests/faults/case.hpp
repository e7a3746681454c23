#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

/// The cases of reliability C.2, by their ids there.
namespace faults {

/// The program did not do what it must.
struct Failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// This machine cannot bring the fault about; says why.
struct NotHere : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void require(bool holds, const std::string& what) {
  if (!holds) throw Failed(what);
}

struct Effort {
  std::size_t rounds = 2000;  ///< kills of the kill loop
  bool brief = false;         ///< what is repeated is repeated a few times only
};

struct Case {
  std::string id{};
  std::string title{};
  bool brief = false;  ///< part of the selection that tests/run runs
  /// Returns what is worth telling besides "passed", mostly nothing; else throws one of the above.
  std::function<std::string(const Effort&)> run{};
};

using Cases = std::vector<Case>;

// One list for each letter of C.2.
Cases kill_cases();
Cases sweep_cases();
Cases platform_cases();
Cases network_cases();
Cases frame_cases();
Cases storage_cases();
Cases time_cases();
Cases guard_cases();
Cases postgres_cases();

}  // namespace faults
