#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

/// Lists of lines, shown line by line when a check fails.
using Lines = std::vector<std::string>;

namespace doctest {
template <>
struct StringMaker<Lines> {
  static String convert(const Lines& lines) {
    std::string all;
    for (const std::string& line : lines) all += "\n  " + line;
    return String(all.c_str());
  }
};
}  // namespace doctest
