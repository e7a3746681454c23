#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bot/chat/address.hpp"
#include "bot/texts/texts.hpp"

namespace bot {

/// What a handler answers: keys and values, worded after it returns. Sending is somebody else's business.
class Reply {
 public:
  struct Line {
    Said said{};
    bool in_private = false;
    std::string mention{};               ///< user id; empty: nobody
    bool merged = false;                 ///< may be told together with others'
    bool button = false;                 ///< can be answered with a tap
    std::optional<Address> admins_of{};  ///< it is not for the asker but for that group's admins, in private
  };

  static Reply silence() { return {}; }
  static Reply say(std::string key, Values values = {});
  Reply& add(Line line);
  /// A further message.
  Reply& also(std::string key, Values values = {});
  /// The last message goes to the person alone instead of where the question was asked.
  Reply& in_private();
  /// The last message begins with a mention of the person, where it goes to a group.
  Reply& mentioning(std::string user);
  /// The last message may wait for the merge window and be told together with the same answer to others, by
  /// the sentence "<key>.merged", where it goes to a group.
  Reply& merged();
  /// Where the platform has buttons, a further short message "<key>.tap" bears one, labelled with the
  /// sentence
  /// "<key>.button"; a tap on it is as if the label and the reply's subject were typed.
  Reply& with_button();
  /// The last message is for that group's admins alone, each in private. Only in a writing turn.
  Reply& to_admins_of(Address group);
  /// What the messages are about, such as "L12": quoting one of them then means it.
  Reply& about(std::string subject);

  /// No row remembers the messages: they leave once, or not at all.
  Reply& unrecorded();

  const std::vector<Line>& lines() const noexcept { return lines_; }
  const std::string& subject() const noexcept { return subject_; }
  bool is_unrecorded() const noexcept { return unrecorded_; }
  bool silent() const noexcept { return lines_.empty(); }

 private:
  std::vector<Line> lines_;
  std::string subject_;
  bool unrecorded_ = false;
};

}  // namespace bot
