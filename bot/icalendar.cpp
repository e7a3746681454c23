#include "bot/icalendar.hpp"

#include <libical/ical.h>

#include <memory>
#include <new>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

struct FreeComponent {
  void operator()(icalcomponent* component) const noexcept { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

struct FreeText {
  void operator()(char* text) const noexcept { icalmemory_free_buffer(text); }
};
using Text = std::unique_ptr<char, FreeText>;

constexpr const char* kProduct = "-//Xueban//Calendar of a study group//EN";
constexpr const char* kRefresh = "PT12H";
/// A point in time would be drawn as a hairline.
constexpr int kMinutes = 10;

Component component(icalcomponent_kind kind) {
  Component made(icalcomponent_new(kind));
  if (!made) throw std::bad_alloc();
  return made;
}

/// The component owns the property from here on.
void add(const Component& to, icalproperty* property) {
  if (property == nullptr) throw std::bad_alloc();
  icalcomponent_add_property(to.get(), property);
}

/// iCalendar has line feeds and no other control characters.
std::string cleaned(const std::string& text) {
  std::string kept;
  for (const char byte : utf8::repaired(text)) {
    if (byte == '\t') kept += ' ';
    const bool control = (byte >= '\0' && byte < ' ') || byte == '\x7f';
    if (!control || byte == '\n') kept += byte;
  }
  return kept;
}

/// libical quotes the values of properties that it does not know as if they were text.
void add_extension(const Component& to, const char* name, const std::string& value) {
  icalproperty* property = icalproperty_new_x(value.c_str());
  if (property != nullptr) icalproperty_set_x_name(property, name);
  add(to, property);
}

icaltimetype in_utc(Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  return icaltime_from_timet_with_zone(seconds, 0, icaltimezone_get_utc_timezone());
}

Component event_component(const CalendarEvent& event, Instant stamp) {
  Component made = component(ICAL_VEVENT_COMPONENT);
  add(made, icalproperty_new_uid(event.uid.c_str()));
  add(made, icalproperty_new_dtstamp(in_utc(stamp)));
  add(made, icalproperty_new_dtstart(in_utc(event.start)));
  add(made, icalproperty_new_duration(icaldurationtype_from_int(kMinutes * 60)));
  add(made, icalproperty_new_summary(cleaned(event.summary).c_str()));
  // Nobody is busy because of a message.
  add(made, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
  return made;
}

Component calendar_component(const SubscribedCalendar& calendar) {
  Component made = component(ICAL_VCALENDAR_COMPONENT);
  add(made, icalproperty_new_version("2.0"));
  add(made, icalproperty_new_prodid(kProduct));
  add(made, icalproperty_new_method(ICAL_METHOD_PUBLISH));
  add_extension(made, "X-WR-CALNAME", cleaned(calendar.name));
  add_extension(made, "X-WR-TIMEZONE", calendar.zone);
  // The standard's word for it, and the one that older phones know.
  add(made,
      icalproperty_new_from_string((std::string("REFRESH-INTERVAL;VALUE=DURATION:") + kRefresh).c_str()));
  add_extension(made, "X-PUBLISHED-TTL", kRefresh);
  return made;
}

}  // namespace

std::string icalendar_text(const SubscribedCalendar& calendar, Instant stamp) {
  const Component whole = calendar_component(calendar);
  for (const CalendarEvent& event : calendar.events) {
    icalcomponent_add_component(whole.get(), event_component(event, stamp).release());
  }
  const Text text(icalcomponent_as_ical_string_r(whole.get()));
  if (!text) throw std::bad_alloc();
  return text.get();
}

}  // namespace bot
