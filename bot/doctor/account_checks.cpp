#include "bot/doctor/account_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bot/platforms/onebot/probe.hpp"

namespace bot {

namespace {

/// What to do about a connection that fails with these words.
struct Remedy {
  std::string_view words;
  std::string_view todo;
};

constexpr std::array<Remedy, 8> kRemedies{
    {{"connect: Connection refused",
      "start NapCat or LuckyLillia there, switch on its WebSocket server, compare the port"},
     {"resolve: ", "compare the host in url with the platform's machine"},
     {"certificate has expired", "renew the platform's certificate, and compare the two machines' clocks"},
     {"mismatch", "use the host that the certificate is for"},
     {"certificate refused", "name the certificate's authority in certificate_authority"},
     {"TLS: ", "that port may speak no TLS: compare ws:// and wss://, and the port"},
     {"upgrade", "that port answers, but not as a OneBot WebSocket server: compare port and path"},
     {"connect: ", "nothing answers there: compare the host in url, and look at firewalls between"}}};

std::string_view remedy_for(const Error& fault) {
  if (fault.code == Errc::bad_input) return "correct the account in the configuration";
  const auto fits = [&](const Remedy& remedy) {
    return fault.detail.find(remedy.words) != std::string::npos;
  };
  const auto found = std::ranges::find_if(kRemedies, fits);
  return found == kRemedies.end() ? "look into the log of the platform" : found->todo;
}

std::string token_of(const AccountConfig& account) {
  return account.token.source() == "literal" ? "the token in the configuration"
                                             : "the token from " + account.token.source();
}

/// One account and what a visit found there.
class AccountCheck {
 public:
  AccountCheck(const Config& config, const AccountConfig& account, const Clock& clock, Report& report)
      : config_(config),
        account_(account),
        subject_("account " + account.name),
        report_(report),
        found_(probe_onebot(account, clock)) {}

  void run() const {
    if (found_.fault) return connection();
    if (found_.self.empty()) {
      return fail(account_.url + " does not say whose account it is",
                  "log in at the platform, and restart it if that does not help");
    }
    if (found_.online == false)
      return fail("the account " + found_.self + " is not logged in at the platform", "log in there");
    ok();
    groups();
    history();
  }

 private:
  void fail(const std::string& what, std::string_view todo) const { report_.fail(subject_, what, todo); }

  void connection() const {
    if (found_.fault->code != Errc::refused)
      return fail(fmt::format("{}: {}", account_.url, found_.fault->detail), remedy_for(*found_.fault));
    if (account_.token.empty())
      return fail(account_.url + " asks for a token, and the account has none",
                  "set its token, such as token = \"env:XUEBAN_QQ_TOKEN\"");
    fail(fmt::format("{} refuses {}", account_.url, token_of(account_)),
         "copy the token of the platform's WebSocket server exactly");
  }

  void ok() const {
    const std::string count =
        found_.groups ? ", in " + counted(found_.groups->size(), "group") : std::string();
    const std::string name = found_.implementation.empty() ? "" : " at " + found_.implementation;
    report_.ok(subject_, fmt::format("{}{}{}", found_.self, name, count));
  }

  void groups() const {
    if (!found_.groups) {
      return report_.warn(subject_, "the platform does not list its groups",
                          "groups without a file get their pushes only after somebody speaks there");
    }
    for (const GroupProfile& group : config_.groups.own()) {
      if (!group.enabled || group.account != account_.name || is_member(group.chat)) continue;
      fail(fmt::format("{}: not in the group {}", group.file, group.chat),
           "let it join, correct `chat`, or write enabled = false");
    }
  }

  bool is_member(const std::string& chat) const {
    return std::ranges::find(*found_.groups, chat, &GroupsListed::Entry::chat) != found_.groups->end();
  }

  void history() const {
    if (found_.has_history != false) return;
    report_.warn(subject_, "the platform has no action get_group_msg_history",
                 "update it: without, a message whose answer was lost cannot be looked up");
  }

  const Config& config_;
  const AccountConfig& account_;
  std::string subject_;
  Report& report_;
  OneBotProbe found_;
};

}  // namespace

void check_accounts(const Config& config, const Clock& clock, Report& report) {
  if (config.accounts.empty()) {
    report.fail("accounts", "none is configured, so nobody is served",
                "add an [[account]] with name, platform, url and token");
  }
  for (const AccountConfig& account : config.accounts) AccountCheck(config, account, clock, report).run();
}

}  // namespace bot
