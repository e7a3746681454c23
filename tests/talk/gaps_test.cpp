// What is said while nobody listens: read back afterwards, booked with its time, not answered.
#include <doctest/doctest.h>

#include "tests/support/reminding.hpp"

using namespace std::chrono_literals;

namespace {

/// A group at nine, with a reminder for the evening.
struct Evening : Reminding {
  Evening() {
    here().says("周书记", "学伴 今天18点提醒大家开会").hears("reminder.made", "T1");
    tick(10min);
  }

  /// What goes on while nobody listens.
  void lively_minutes() {
    here().says_unheard("李四", "已学").says_unheard("王五", "已学").says_unheard("赵六", "学完了！");
    here().says_unheard("周书记", "停 T1");
    here().says_unheard("李四", "今日一课").says_unheard("王五", "今天天气不错");
  }
  void everybody_is_told_once() {
    here().hears_nothing();
    private_chat("周书记").hears("core.too_old", "停 T1");
    private_chat("周书记").hears("core.made_up", "断线 23 分钟，已补记 3 条").hears_nothing();
    for (const std::string person : {"李四", "王五", "赵六"}) private_chat(person).hears_nothing();
  }
  std::int64_t learned_in_the_gap() {
    return count("SELECT count(*) FROM lesson_done WHERE at < " +
                 std::to_string(bot::in_ms(config.zone.to_instant(
                     *schedules::parse_moment("2026-03-02 09:12", bot::LocalTime{})))));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Evening,
                  "what was said while the link was down is booked with its time, and not answered") {
  link_down();
  lively_minutes();
  tick(23min - 30s);
  link_up();
  tick(1min);
  everybody_is_told_once();
  CHECK(learned_in_the_gap() == 3);
  CHECK(planned() == 1);

  deliver_unheard();
  tick(1min);
  here().hears_nothing();
  restart();
  deliver_unheard();
  tick(1min);
  here().hears_nothing();
  private_chat("周书记").hears_nothing();
  CHECK(count("SELECT count(*) FROM lesson_done") == 3);
  CHECK(count("SELECT count(*) FROM gaps WHERE booked = 3 AND skipped = 1 AND unread = 0") == 1);
  here().says("孙七", "已学").hears("lesson.done", "第 4 位");
}

TEST_CASE_FIXTURE(Evening,
                  "what was said while the program was off is booked with its time, and not answered") {
  stop();
  lively_minutes();
  off(23min - 30s);
  tick(1min);
  everybody_is_told_once();
  CHECK(learned_in_the_gap() == 3);
  CHECK(planned() == 1);
  restart();
  tick(1min);
  here().hears_nothing();
  private_chat("周书记").hears_nothing();
  CHECK(count("SELECT count(*) FROM lesson_done") == 3);
}

TEST_CASE_FIXTURE(Evening, "what the platform does not remember cannot be made up for") {
  link_down();
  here().says_unheard("李四", "已学");
  tick(20min);
  forget_history("no messages");
  link_up();
  tick(2min);
  here().hears_nothing();
  private_chat("周书记").hears_nothing();
  CHECK(count("SELECT unread FROM gaps") == 1);
  here().says("李四", "已学").hears("lesson.done", "第 1 位");
}

TEST_CASE_FIXTURE(Evening, "a gap in which nothing was ordered is not talked about") {
  link_down();
  here().says_unheard("李四", "早").says_unheard("王五", "学伴是什么").says_unheard("王五", "菜单");
  tick(10min);
  link_up();
  tick(2min);
  here().hears_nothing();
  private_chat("王五").hears_nothing();
  private_chat("周书记").hears_nothing();
}

TEST_CASE_FIXTURE(Evening, "a second cut in the middle does not book anything twice") {
  link_down();
  here().says_unheard("李四", "已学");
  tick(10min);
  link_up();
  private_chat("周书记").hears("core.made_up", "已补记 1 条");
  link_down();
  here().says_unheard("王五", "已学");
  tick(10min);
  link_up();
  tick(1min);
  private_chat("周书记").hears("core.made_up", "已补记 1 条").hears_nothing();
  here().hears_nothing();
  CHECK(count("SELECT count(*) FROM lesson_done") == 2);
}
