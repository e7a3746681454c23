#pragma once

/// The vectors of WeCom's envelopes: the official sample, and our own (protocols: wecom.md 8).
namespace support {

inline constexpr const char* kOfficialToken = "QDG6eK";
inline constexpr const char* kOfficialKey = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
inline constexpr const char* kOfficialReceiver = "wx5823bf96d3bd56c7";
inline constexpr const char* kOfficialEcho =
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==";
inline constexpr const char* kOfficialMessage =
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdC"
    "Upj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4X"
    "gpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+K"
    "qCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XX"
    "ZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHB"
    "ZZIs2pDBS8R07+qN+E7Q==";

inline constexpr const char* kOwnToken = "StudyBotToken2026";
inline constexpr const char* kOwnKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
inline constexpr const char* kOwnReceiver = "ww1234567890abcdef";

inline constexpr const char* kRobotEcho = "Q3stYC6hdFzMh9T8HCvyDBFDXdBECvT6UI8xceY6Vrk=";
inline constexpr const char* kRobotMessage =
    R"({"msgid":"M1","aibotid":"AIB1","chatid":"CHAT1","chattype":"group","from":{"userid":"zhangsan"},"response_url":"https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=RC","msgtype":"text","text":{"content":"@StudyBot 今日任务"}})";
inline constexpr const char* kRobotSealed =
    "DpQeJfnf/MGZ/+GTIspwVMWplUzknZmVVZRzwCn2AreQ9+z0XNUeOWR2qVe6snoZawyvr5ytmuY6Y7fb7IuIvXDgy+"
    "hHNm1v0AxJPa+j7ahA4gVFAGPBmVch5RkClRsc5W4wKrGAddreiv/5IrSWCNMneZYRVc2Zn2EXNPZReaJbz7lARVYa"
    "JvKdVd3Bdoim0Yzj0cUpecoqfszQgqvdtRF7XJrLfX9uUboSUjiSj/Xo4QryIXrfRlTltcb+/dGuIt8p5A7D/xwsAQ"
    "il0sg2UgHO/X75vFRgcSj9L8lxr1EZTX3xhCc5WEr80dzFDrh0QAoQ0o0mdCkwsHJSV65K62SaCaYoKxzRCU5r9tAV"
    "oF0+tGSaWju0KAptzwmQ//aN";
inline constexpr const char* kAnswerMessage =
    R"({"msgtype":"stream","stream":{"id":"s1","finish":true,"content":"**今日任务**：背单词 50 个"}})";
inline constexpr const char* kAnswerSealed =
    "IcUfbvpKhaEdSeoj4fRoGFwbHabFvxiOXzqh8ParemlliMx53Fb5/iD6MZurXZRTJwwZlImxUPxMMFIkigqDo8J4g2"
    "ZfKl19RBMGjantNNiwxm37EMMRFMvLRvIcIpIsCIsK7ZWmHaU8yrj218J0Osh3rbRMVneoH1tBru44KHY=";
inline constexpr const char* kAppMessage =
    R"(<xml><ToUserName><![CDATA[ww1234567890abcdef]]></ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName><CreateTime>1767225603</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[打卡]]></Content><MsgId>7000000000000000001</MsgId><AgentID>1000002</AgentID></xml>)";
inline constexpr const char* kAppSealed =
    "efjQguMivaD7J/b4lyq+t8OkeO0FO50t+D9UzLhBglqRxnVLVsVQP8+Gs4i/kFqQs9l3jvS0rUxssR6JbMeWS/7oPV"
    "UdOu6sO6SxDPwITV/JbhENBzZ9f9gt/lsI1Mp2sVgZrn9+f294+Q64p1Ttg9CPrGBRPUT6L73NxJNqJAAG/5JRp1Q8"
    "7tV4K9vfxENr5W2t8AgHXUPfcQI4/4YXkFrgeBZSBq6n9BkqD+Q3OWBNgbyfIkJtbGl84mGps8M6BI2rx6YcvlaJ8V"
    "IqDCMnJf02QkHTawEmUqGbIDRWgjyZMxM1yMLKYtEt1s5FfzLV5T8oBcNCH/o7amXgg5bhFNpaVDgVMExRehjzfpUb"
    "fdSMX7dw6qZPCe7NlXI645us6fsCMqH7NyMnvaprDiMPPnAGqWYfM8Ol6pzySkJeuqkM3OK70Ravf80lT9sYT7Y2Pp"
    "d8AXJLqw00c6kngfKVwA==";

}  // namespace support
