#include "tests/bench/frames.hpp"

#include <array>
#include <charconv>

#include "bot/base/instant.hpp"

namespace bench {

namespace {

constexpr std::array<std::string_view, 20> kTalk = {
    "大家早上好呀",
    "今天谁去图书馆占座",
    "收到，谢谢老师",
    "高数第三章的作业是哪几道题来着？",
    "我刚下课，正往食堂走，有人要带饭吗",
    "哈哈哈哈哈",
    "周五下午的小组会改到晚上七点了，地点不变，大家别走错",
    "这道题我算出来是根号二，你们呢",
    "明天好像要下雨，记得带伞",
    "谁有上学期的实验报告模板，发我一份参考一下，感激不尽",
    "我觉得第二种做法更好理解一些，第一种跳步太多",
    "好的好的没问题",
    "昨天那场讲座我录音了，晚点整理好发群里，大概四十分钟，重点在后半段",
    "英语四级报名是不是今天截止？我一直登不上去系统",
    "可以",
    "同学们，宿舍楼今晚十点停水，需要洗漱的尽量提前，别等到最后",
    "复习资料我放在群文件里了，一共三个压缩包，密码是学号后四位，下载不了的话再找我",
    "有没有人知道体测补考什么时候",
    "那我先去占位置，你们到了给我打电话",
    "第一次觉得线性代数有点意思，原来特征值是这个意思啊",
};

constexpr std::string_view kSelf = "10001000";

void append(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_head(std::string& out, const Post& post) {
  static const bot::SystemClock clock;
  out.append(R"({"self_id":)").append(kSelf).append(R"(,"user_id":)");
  append(out, post.member);
  out += R"(,"time":)";
  append(out, static_cast<std::uint64_t>(bot::in_ms(clock.now()) / 1000));
  for (const std::string_view key : {R"(,"message_id":)", R"(,"message_seq":)", R"(,"real_id":)"}) {
    out += key;
    append(out, post.number);
  }
  out += R"(,"real_seq":")";
  append(out, post.number);
}

void append_sender(std::string& out, const Post& post) {
  out += R"(","message_type":"group","sender":{"user_id":)";
  append(out, post.member);
  out.append(R"(,"nickname":")").append(post.name).append(R"(","card":"","role":"member"},"raw_message":")");
}

void append_body(std::string& out, const Post& post) {
  out.append(post.text).append(
      R"(","font":14,"sub_type":"normal","message":[{"type":"text","data":{"text":")");
  out.append(post.text).append(R"("}}],"message_format":"array","post_type":"message","group_id":)");
  append(out, post.group);
  out += R"(,"group_name":"一班学习群"})";
}

}  // namespace

void append_frame(std::string& out, std::string_view payload) {
  out += static_cast<char>(0x81);
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else {
    out += static_cast<char>(126);
    out += static_cast<char>(payload.size() >> 8U);
    out += static_cast<char>(payload.size() & 0xffU);
  }
  out += payload;
}

void append_event(std::string& out, const Post& post) {
  static std::string payload;
  payload.clear();
  append_head(payload, post);
  append_sender(payload, post);
  append_body(payload, post);
  append_frame(out, payload);
}

std::string_view talk(std::uint64_t number) {
  return kTalk[number % kTalk.size()];
}

}  // namespace bench
