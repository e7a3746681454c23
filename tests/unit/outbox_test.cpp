#include "tests/support/post.hpp"

#include <doctest/doctest.h>

using bot::Address;
using bot::Delivery;
using bot::NotSent;
using bot::Outbox;
using bot::Rate;
using bot::Refused;
using bot::Sent;
using bot::Unknown;
using namespace std::chrono_literals;

TEST_CASE("outbox: a row is planned, sending, then what the platform said") {
  Post post;
  post.outbox->link_up("qq");
  const auto sent = post.owe("1", "a");
  const auto refused = post.owe("2", "b");
  const auto unknown = post.owe("3", "c");
  CHECK(post.state(sent) == "planned");
  CHECK(post.release() == "a b c");
  CHECK(post.state(sent) == "sending");
  CHECK(post.outbox->waiting() == 3);
  post.settle(sent, Sent{"m1"});
  post.settle(refused, Refused{"muted"});
  post.settle(unknown, Unknown{"timeout"});
  CHECK(post.state(sent) == "sent");
  CHECK(post.state(refused) == "refused: muted");
  CHECK(post.state(unknown) == "unknown: timeout");
  CHECK(post.outbox->waiting() == 0);
  CHECK(post.release() == "");
}

TEST_CASE("outbox: nothing leaves while the link is down") {
  Post post;
  post.owe("1", "a");
  CHECK_FALSE(post.outbox->has_work(post.steady));
  CHECK(post.outbox->next_release(post.steady) == bot::SteadyTime::max());
  CHECK(post.release() == "");
  post.outbox->link_up("qq");
  CHECK(post.outbox->has_work(post.steady));
  CHECK(post.outbox->next_release(post.steady) <= post.steady);
  CHECK(post.release() == "a");
}

TEST_CASE("outbox: while the link is down messages wait, answers until they expire") {
  Post post;
  post.outbox->link_up("qq");
  post.answer("1", "short", 60s);
  const auto row = post.owe("1", "owed");
  post.outbox->link_down("qq");
  post.answer("1", "late", 61s);
  CHECK(post.release() == "");
  CHECK(post.release_unowed() == "");
  CHECK(post.outbox->waiting() == 3);
  post.advance(60s);
  post.outbox->link_up("qq");
  CHECK(post.release() == "late owed");
  CHECK(post.state(row) == "sending");
}

TEST_CASE("outbox: accounts have links of their own") {
  Post post;
  post.outbox->link_up("other");
  post.owe("1", "a");
  CHECK(post.release() == "");
  post.outbox->link_down("other");
  post.outbox->link_up("qq");
  CHECK(post.release() == "a");
}

TEST_CASE("outbox: a chat that must wait holds its own messages in order, and nobody else's") {
  Post post(Rate{1, 3s});
  post.outbox->link_up("qq");
  post.owe("1", "a");
  post.owe("1", "b");
  post.answer("1", "c");
  post.owe("2", "d");
  post.answer("3", "e");
  CHECK(post.deliver() == "c e d");
  CHECK(post.outbox->next_release(post.steady) == post.steady + 3s);
  post.advance(2999ms);
  CHECK(post.deliver() == "");
  post.advance(1ms);
  CHECK(post.deliver() == "a");
  post.advance(3s);
  CHECK(post.deliver() == "b");
}

TEST_CASE("outbox: there is no work while every chat with messages must wait") {
  Post post(Rate{1, 3s});
  post.outbox->link_up("qq");
  post.owe("1", "a");
  post.owe("1", "b");
  CHECK(post.deliver() == "a");
  CHECK_FALSE(post.outbox->has_work(post.steady));
  post.advance(3s);
  CHECK(post.outbox->has_work(post.steady));
}

TEST_CASE("outbox: the account's rate holds all its chats") {
  Post post(std::nullopt, Rate{2, 60s});
  post.outbox->link_up("qq");
  for (const std::string text : {"a", "b", "c"}) post.owe(text, text);
  CHECK(post.release() == "a b");
  CHECK_FALSE(post.outbox->has_work(post.steady));
  CHECK(post.outbox->next_release(post.steady) == post.steady + 30s);
  post.advance(30s);
  CHECK(post.release() == "c");
}

TEST_CASE("outbox: answers pass what was said unasked, and keep their own order") {
  Post post;
  post.outbox->link_up("qq");
  post.answer("1", "first");
  post.owe("1", "push");
  post.owe("1", "owed", 1h, bot::Priority::reply);
  post.answer("1", "behind");
  post.answer("2", "elsewhere");
  CHECK(post.release_unowed() == "first elsewhere");
  CHECK(post.deliver() == "owed behind push");
}

TEST_CASE("outbox: what expired is booked as missed, or dropped when nobody is owed it") {
  Post post;
  const auto row = post.owe("1", "a", 60s);
  const auto later = post.owe("1", "b", 61s);
  post.advance(60s);
  post.outbox->link_up("qq");
  CHECK(post.release() == "b");
  CHECK(post.state(row) == "missed: too late");
  CHECK(post.state(later) == "sending");
  post.answer("2", "c", 60s);
  post.advance(60s);
  CHECK(post.release_unowed() == "");
  CHECK(post.outbox->waiting() == 1);
}

TEST_CASE("outbox: an owed message that expired waits for a release that can book it") {
  Post post;
  post.outbox->link_up("qq");
  const auto row = post.owe("1", "a", 60s);
  post.advance(60s);
  CHECK(post.release_unowed() == "");
  CHECK(post.state(row) == "planned");
  CHECK(post.release() == "");
  CHECK(post.state(row) == "missed: too late");
}

TEST_CASE("outbox: what was certainly not sent is tried again after a second") {
  Post post;
  post.outbox->link_up("qq");
  const auto row = post.owe("1", "a");
  post.owe("2", "b");
  CHECK(post.release() == "a b");
  post.settle(row, NotSent{"no connection"});
  CHECK(post.state(row) == "planned: no connection");
  CHECK(post.release() == "");
  CHECK(post.outbox->next_release(post.steady) == post.steady + 1s);
  post.owe("3", "c");
  post.advance(1s);
  CHECK(post.release() == "a c");
  post.settle(row, Sent{"m"});
  CHECK(post.state(row) == "sent");
}

TEST_CASE("outbox: messages that were not sent keep their order when they are tried again") {
  Post post;
  post.outbox->link_up("qq");
  const auto first = post.owe("1", "a");
  const auto second = post.owe("2", "b");
  post.owe("3", "c");
  CHECK(post.release() == "a b c");
  post.owe("4", "d");
  post.settle(first, NotSent{"no connection"});
  post.settle(second, NotSent{"no connection"});
  post.advance(1s);
  CHECK(post.release() == "a b d");
}

TEST_CASE("outbox: what was not sent in time is missed") {
  Post post;
  post.outbox->link_up("qq");
  const auto row = post.owe("1", "a", 60s);
  CHECK(post.release() == "a");
  post.advance(59s);
  post.settle(row, NotSent{"no connection"});
  post.advance(1s);
  CHECK(post.release() == "");
  CHECK(post.state(row) == "missed: too late");
  CHECK(post.outbox->waiting() == 0);
}

TEST_CASE("outbox: after a restart nobody knows what was on its way, and the rest is sent") {
  Post post;
  post.outbox->link_up("qq");
  const auto lost = post.owe("1", "a");
  const auto done = post.owe("2", "b");
  CHECK(post.release() == "a b");
  post.settle(done, Sent{"m"});
  const auto open = post.owe("3", "c");
  post.owe("4", "d");
  post.restart();
  CHECK(post.state(lost) == "unknown: stopped while sending");
  CHECK(post.state(done) == "sent");
  CHECK(post.state(open) == "planned");
  CHECK(post.outbox->waiting() == 2);
  post.outbox->link_up("qq");
  CHECK(post.release() == "c d");
}

TEST_CASE("outbox: a restart brings back the whole delivery") {
  Post post;
  Delivery delivery(Address{"qq", "li", true}, bot::Message("早 '\"$1\n{{x}}"));
  delivery.kind = "lesson.push";
  delivery.subject = "L12";
  delivery.push = true;
  delivery.expires = post.now + 60s;
  post.outbox->plan(*post.db, delivery, post.now);
  post.restart();
  post.outbox->link_up("qq");
  const auto released = post.outbox->release(*post.db, post.now, post.steady);
  REQUIRE(released.size() == 1);
  CHECK(released[0].outbox == delivery.outbox);
  CHECK(released[0].to == delivery.to);
  CHECK(released[0].message == delivery.message);
  CHECK(released[0].kind == "lesson.push");
  CHECK(released[0].subject == "L12");
  CHECK(released[0].push);
  CHECK(released[0].expires == delivery.expires);
}

TEST_CASE("outbox: one owed message of an account is on its way, answers nobody is owed do not wait for it") {
  Post post;
  post.limits.in_flight = 1;
  post.restart();
  post.outbox->link_up("qq");
  const auto first = post.owe("1", "a");
  post.owe("2", "b");
  post.answer("3", "pong");
  post.answer("1", "behind");
  CHECK(post.release() == "pong behind a");
  CHECK_FALSE(post.outbox->has_work(post.steady));
  post.settle(first, Sent{});
  CHECK(post.release() == "b");
}

TEST_CASE("outbox: what a quoted message is about") {
  Post post;
  const auto subject = [&](const std::string& message, const Address& where = Post::kWhere) {
    return bot::outbox_rows::subject_of(*post.db, where, message);
  };
  post.settle(0, Sent{"m1"}, "L12");
  CHECK(subject("m1") == "L12");
  CHECK(subject("m2") == "");
  CHECK(subject("m1", {"qq", "2", false}) == "");
  CHECK(subject("m1", {"other", "1", false}) == "");
  post.settle(0, Sent{"m1"}, "L13");
  CHECK(subject("m1") == "L13");
  post.settle(0, Sent{""}, "L14");
  post.settle(0, Refused{"x"}, "L14");
  CHECK(subject("") == "");
  CHECK(post.outbox->waiting() == 0);
}

TEST_CASE("outbox: after a crash no more are unknown than were under way (P5)") {
  Post post;
  post.outbox->link_up("qq");
  for (int chat = 0; chat < 20; ++chat) post.owe(std::to_string(chat), "x");
  post.outbox->release(*post.db, post.now, post.steady);
  post.restart();
  const auto unknown = post.db->query("SELECT count(*) FROM outbox WHERE state = 'unknown'");
  CHECK(unknown.front().integer(0) == 8);
  post.outbox->link_up("qq");
  CHECK(post.outbox->release(*post.db, post.now, post.steady).size() == 8);
}

TEST_CASE("outbox: what was withdrawn does not leave, nor again when the platform gives it back (P10)") {
  Post post;
  post.outbox->link_up("qq");
  const auto under_way = post.owe("1", "a");
  CHECK(post.release() == "a");
  const auto waiting = post.owe("2", "b");
  Outbox::withdraw(*post.db, under_way, post.now);
  Outbox::withdraw(*post.db, waiting, post.now);
  CHECK(post.release() == "");
  CHECK(post.state(waiting) == "missed: withdrawn");
  post.settle(under_way, bot::NotSent{"lost"});
  post.advance(2s);
  CHECK(post.release() == "");
  CHECK(post.state(under_way) == "missed: too late");
}
