#pragma once

namespace bench {

/// What this program holds in memory now, in MiB.
double resident_mib();

}  // namespace bench
