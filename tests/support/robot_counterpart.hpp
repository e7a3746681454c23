#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bot/base/instant.hpp"
#include "tests/support/http_counterpart.hpp"

/// The robots of group chats as their references describe them (protocols: wecom.md 2, others.md 3 and 4):
/// what a HttpCounterpart answers as one of them. Each checks address, signature, form and limits, and counts
/// its minute from its making. The password in every address is kRobotKey.
namespace support {

inline constexpr const char* kRobotKey = "hunter2-693a91f6-7xxx";
inline constexpr const char* kRobotSecret = "open-sesame-4711";

using RobotAnswer = std::function<HttpScripted(const HttpSeen&)>;

/// At /cgi-bin/webhook/send?key=…: texts of 2048 bytes, markdown of 4096, pictures by their md5, files by
/// what …/upload_media answered, 20 messages, then 45009.
RobotAnswer wecom_robot();
/// At /robot/send?access_token=…: signed in the address, 20 messages, then 130101.
RobotAnswer dingtalk_robot();
/// At /open-apis/bot/v2/hook/…: signed in the body, 20 KB, 100 messages, then 11232. `clock` tells its time.
RobotAnswer feishu_robot(std::function<bot::Instant()> clock = [] { return bot::SystemClock().now(); });
/// At /hook/…: verifies Standard Webhooks and answers 204, or 401.
RobotAnswer standard_receiver();

}  // namespace support
