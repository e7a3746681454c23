#include "bot/texts/content.hpp"

namespace bot {

std::shared_ptr<const Content> load_content(const std::filesystem::path& folder, Problems& problems) {
  auto content = std::make_shared<Content>();
  content->texts = Texts::load(folder / "words", problems);
  content->library = Library::load(folder, problems);
  content->folder = folder;
  return content;
}

}  // namespace bot
