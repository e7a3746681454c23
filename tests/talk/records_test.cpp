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
  next_send(bot::Unknown{"timeout"});
  tick(15min);
  group("一班").hears("lesson.push");
  group("一班").mentions_bot("张三", "为什么没发").hears("record.why", "不知道到没到，因为timeout");
}

TEST_CASE_FIXTURE(Morning, "records: they are for admins") {
  group("一班").mentions_bot("李四", "发送记录").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
  group("一班").says("张三", "发送记录给我看看").hears_nothing();
}
