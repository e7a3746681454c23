#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/faults/rig.hpp"
#include "tests/support/process.hpp"

namespace faults {

/// Throws NotHere when strace is missing or may not trace.
void require_strace();

/// Words that start a program under strace. `injection` is what follows `-e inject=`, such as
/// "fdatasync:signal=SIGKILL:when=3" or "pwrite64:error=ENOSPC:when=1". The program keeps its own process id.
std::vector<std::string> traced(const std::string& injection);

/// Faults in the system calls of the running program, counted from now on; until the object ends.
class Tracer {
 public:
  Tracer(Rig& rig, const std::string& injection);

 private:
  support::Process strace_;
};

}  // namespace faults
