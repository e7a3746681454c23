#pragma once

#include <filesystem>
#include <memory>

#include "bot/texts/library.hpp"
#include "bot/texts/texts.hpp"

namespace bot {

/// The content folder as one snapshot: checked whole, then used, never changed (reliability C1).
struct Content {
  Texts texts{};
  Library library{};
  std::filesystem::path folder{};  ///< where it was read
};

/// Reads words/, columns.toml and lessons/ below `folder`; problems name file and line.
std::shared_ptr<const Content> load_content(const std::filesystem::path& folder, Problems& problems);

}  // namespace bot
