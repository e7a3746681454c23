#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

namespace {

/// A morning with an admin, in a group that has its lesson at eight.
struct Morning : World {
  Morning() {
    make_admin("张三");
    at("2026-03-02 07:50");
    group("一班").says("李四", "大家早").hears_nothing();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Morning, "records: what was sent stands there with its time") {
  tick(15min);
  group("一班").hears("lesson.push");
  group("一班").mentions_bot("张三", "发送记录").hears("record.list", "周一 2026-03-02 08:00 微课堂：已发");
  group("一班").mentions_bot("张三", "为什么没发").hears("record.all_sent");
}

TEST_CASE_FIXTURE(Morning, "records: nothing has fallen due") {
  group("一班").mentions_bot("张三", "发送记录").hears("record.none");
}

TEST_CASE_FIXTURE(Morning, "records: what downtime has cost is said with the reason") {
  off(5h);
  group("一班").mentions_bot("张三", "为什么没发").hears("record.why", "没发，因为那时学伴没在运行");
}

TEST_CASE_FIXTURE(Morning, "records: of one reminder, by its number") {
  group("一班").mentions_bot("张三", "每天9点提醒大家喝水").hears("reminder.made", "T1");
  tick(15min);
  group("一班").hears("lesson.push");
  off(5h);
  group("一班").mentions_bot("张三", "为什么没发 T1").hears("record.why", "T1：没发");
  tick(1min);
  group("一班").mentions_bot("张三", "为什么没发 T7").hears("record.all_sent");
}

TEST_CASE_FIXTURE(Morning, "records: a send without a verdict is called that") {
  forget_history("no messages");
  next_send(bot::Unknown{"timeout"});
  tick(15min);
  group("一班").hears("lesson.push");
  group("一班").mentions_bot("张三", "为什么没发").hears("record.why", "正在核对，因为timeout");
}

TEST_CASE_FIXTURE(Morning, "records: a lesson that nobody can vouch for is said once more, and says so") {
  forget_history("no messages");
  next_send(bot::Unknown{"timeout"});
  tick(10min);
  group("一班").hears("lesson.push");
  tick(11min);
  group("一班").hears("core.again", "（补发）【微课堂");
  private_chat("张三").hears("core.unresolved", "已经补发一次");
  group("一班").mentions_bot("张三", "发送记录").hears("record.list", "标着“补发”又发了一次");
  tick(1h);
  group("一班").hears_nothing();
}

TEST_CASE_FIXTURE(Morning, "records: a lesson that did not arrive is sent again as it was") {
  group("一班").says("李四", "早").hears_nothing();
  swallow_next();
  tick(15min);
  group("一班").hears_nothing();
  group("一班").says("李四", "今天没有课？").hears_nothing();
  tick(2min);
  group("一班").hears("lesson.push", "【微课堂").hears_nothing();
  group("一班").mentions_bot("张三", "为什么没发").hears("record.all_sent");
}

TEST_CASE_FIXTURE(Morning, "records: they are for admins") {
  group("一班").mentions_bot("李四", "发送记录").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
  group("一班").says("张三", "发送记录给我看看").hears_nothing();
}
