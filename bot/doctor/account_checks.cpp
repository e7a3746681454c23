#include "bot/doctor/account_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "bot/doctor/wecom_checks.hpp"
#include "bot/platforms/onebot/probe.hpp"
#include "bot/platforms/webhook/webhook_probe.hpp"
#include "bot/store/instance_lock.hpp"

namespace bot {

namespace {

/// What to do about a connection that fails with these words.
struct Remedy {
  std::string_view words;
  std::string_view todo;
};

using Remedies = std::span<const Remedy>;

constexpr std::array<Remedy, 8> kOneBotRemedies{
    {{"connect: Connection refused",
      "start NapCat or LuckyLillia there, switch on its server, compare the port"},
     {"resolve: ", "compare the host in url with the platform's machine"},
     {"certificate has expired", "renew the platform's certificate, and compare the two machines' clocks"},
     {"mismatch", "use the host that the certificate is for"},
     {"certificate refused", "name the certificate's authority in certificate_authority"},
     {"TLS: ", "that port may speak no TLS: compare the scheme of url, and the port"},
     {"upgrade", "that port answers, but not as a OneBot WebSocket server: compare port and path"},
     {"connect: ", "nothing answers there: compare the host in url, and look at firewalls between"}}};

constexpr std::array<Remedy, 7> kWebhookRemedies{
    {{"resolve: ", "compare the host in webhook with the robot's page, and look at this machine's DNS"},
     {"certificate has expired", "renew the server's certificate, and compare the two machines' clocks"},
     {"mismatch", "use the host that the certificate is for"},
     {"certificate refused", "name the certificate's authority in certificate_authority"},
     {"proxy", "look at https_proxy and no_proxy in the environment"},
     {"TLS: ", "that port may speak no TLS: compare the port in webhook"},
     {"connect: ", "nothing answers there: look at firewalls between, and at https_proxy"}}};

std::string_view remedy_for(const Error& fault, Remedies remedies) {
  if (fault.code == Errc::bad_input) return "correct the account in the configuration";
  const auto fits = [&](const Remedy& remedy) {
    return fault.detail.find(remedy.words) != std::string::npos;
  };
  const auto found = std::ranges::find_if(remedies, fits);
  return found == remedies.end() ? "look into the log of the platform" : found->todo;
}

std::string token_of(const AccountConfig& account) {
  return account.token.source() == "literal" ? "the token in the configuration"
                                             : "the token from " + account.token.source();
}

HttpServerOptions place_of(const Config& config) {
  HttpServerOptions place;
  place.address = config.server_address;
  place.port = config.server_port;
  return place;
}

/// What is to be entered at the platform.
std::string address_of(const Config& config, std::string_view scheme, std::string_view path) {
  const bool everywhere = config.server_address == "0.0.0.0" || config.server_address == "::";
  const bool v6 = config.server_address.find(':') != std::string::npos;
  const std::string host = everywhere ? "THIS-MACHINE"
                           : v6       ? "[" + config.server_address + "]"
                                      : config.server_address;
  return fmt::format("{}://{}:{}{}", scheme, host, config.server_port, path);
}

/// One OneBot account and what a visit found there.
class AccountCheck {
 public:
  AccountCheck(const Config& config, const AccountConfig& account, const Clock& clock, Report& report)
      : config_(config),
        account_(account),
        subject_("account " + account.name),
        report_(report),
        clock_(clock),
        place_(account.transport == "reverse" ? "the platform" : account.url) {}

  void run() {
    const bool service_runs = InstanceLock::holder_of(config_.data).has_value();
    if (account_.transport == "reverse" && service_runs) return not_tried();
    found_ = probe_onebot(account_, place_of(config_), clock_);
    if (account_.transport == "http") events(service_runs);
    judge();
  }

 private:
  void judge() const {
    if (found_.fault) return account_.transport == "reverse" ? dialling() : connection();
    if (found_.self.empty()) {
      return fail(place_ + " does not say whose account it is",
                  "log in at the platform, and restart it if that does not help");
    }
    if (found_.online == false)
      return fail("the account " + found_.self + " is not logged in at the platform", "log in there");
    ok();
    groups();
    history();
  }

  void fail(const std::string& what, std::string_view todo) const { report_.fail(subject_, what, todo); }

  void connection() const {
    if (found_.fault->code != Errc::refused)
      return fail(fmt::format("{}: {}", account_.url, found_.fault->detail),
                  remedy_for(*found_.fault, kOneBotRemedies));
    if (account_.token.empty())
      return fail(account_.url + " asks for a token, and the account has none",
                  "set its token, such as token = \"env:XUEBAN_QQ_TOKEN\"");
    fail(fmt::format("{} refuses {}", account_.url, token_of(account_)),
         "copy the token of the platform's server exactly");
  }

  void dialling() const {
    const Error& fault = *found_.fault;
    const std::string address = address_of(config_, "ws", "/onebot/v11/ws");
    if (fault.code == Errc::not_found || is_another_account(found_.stranger))
      return fail("nobody has dialled",
                  "add a WebSocket client there with the address " + address + ", and switch it on");
    if (fault.code == Errc::refused) return fail(fault.detail, "enter there " + token_of(account_));
    if (fault.code == Errc::bad_input)
      return fail(fault.detail, "correct `self`, or log the right account in there");
    if (fault.code == Errc::unreachable)
      return fail(fault.detail, "stop the program that has it, or write another one at [server] port");
    fail("the platform has dialled and gone: " + fault.detail, "look into the log of the platform");
  }

  bool is_another_account(const std::string& self) const {
    return !self.empty() && std::ranges::any_of(config_.accounts, [&](const AccountConfig& account) {
      return account.transport == "reverse" && account.self == self;
    });
  }

  void not_tried() const {
    report_.warn(subject_, "not tried, because the running service has the port that the platform dials",
                 "see in its log whether the account is up, or stop it and look again");
  }

  void events(bool service_runs) const {
    if (found_.deaf && !service_runs)
      return fail(found_.deaf->detail, "stop the program that has it, or write another one at [server] port");
    report_.ok(subject_, "events are expected by POST at " + address_of(config_, "http", "/onebot/v11/http"));
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
      if (!group.enabled) continue;
      if (group.account == account_.name && !is_member(group.chat))
        fail(fmt::format("{}: not in the group {}", group.file, group.chat),
             "let it join, correct `chat`, or write enabled = false");
      if (group.push_account == account_.name && !is_member(group.push_chat))
        fail(fmt::format("{}: not in the group {}", group.file, group.push_chat),
             "let it join, correct `push_chat`, or delete push_account");
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
  const Clock& clock_;
  std::string place_;  ///< where the platform is
  OneBotProbe found_{};
};

/// What can be seen of a webhook without speaking in its group.
void check_webhook(const AccountConfig& account, Report& report) {
  const std::string subject = "account " + account.name;
  const Result<void> reached = probe_webhook(account);
  if (!reached)
    return report.fail(subject, reached.error().detail, remedy_for(reached.error(), kWebhookRemedies));
  report.ok(subject, fmt::format("{} answers; nothing was said there, so the first message tells whether the "
                                 "robot takes it",
                                 *webhook_server(account)));
}

void check_account(const Config& config, const AccountConfig& account, const Clock& clock, Report& report) {
  if (only_speaks(account)) return check_webhook(account, report);
  if (account.platform == "wecom-robot") return check_wecom(config, account, report);
  AccountCheck(config, account, clock, report).run();
}

}  // namespace

void check_accounts(const Config& config, const Clock& clock, Report& report) {
  if (config.accounts.empty()) {
    report.fail("accounts", "none is configured, so nobody is served",
                "add an [[account]] with name, platform, url and token");
  }
  for (const AccountConfig& account : config.accounts) check_account(config, account, clock, report);
}

}  // namespace bot
