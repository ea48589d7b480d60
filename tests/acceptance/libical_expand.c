/* Reads .ics files with libical: complains about each error on stderr, prints "= file" and then a line of
 * "start end status uid summary" with tabs between for every instance of it. Days are printed as days,
 * times as UTC. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int complaints = 0;
static icalcomponent *calendar;

static int replaced(const char *uid, icaltimetype start) {
    icalcomponent *c = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    for (; c; c = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        icaltimetype id = icalcomponent_get_recurrenceid(c);
        if (!icaltime_is_null_time(id) && !strcmp(icalcomponent_get_uid(c), uid) &&
            !icaltime_compare(id, start))
            return 1;
    }
    return 0;
}

static void print_moment(icaltimetype moment) {
    if (moment.is_date) {
        printf("%04d-%02d-%02d\t", moment.year, moment.month, moment.day);
    } else {
        icaltimetype utc = icaltime_convert_to_zone(moment, icaltimezone_get_utc_timezone());
        printf("%04d-%02d-%02dT%02d:%02d:%02dZ\t", utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second);
    }
}

static void show(icalcomponent *event, icaltimetype start) {
    print_moment(start);
    print_moment(icaltime_add(start, icalcomponent_get_duration(event)));
    printf("%s\t%s\t%s\n", icalproperty_status_to_string(icalcomponent_get_status(event)),
           icalcomponent_get_uid(event), icalcomponent_get_summary(event));
}

static icaltimetype zoned(icalcomponent *event, icalproperty *property, icaltimetype moment) {
    icalparameter *tzid = property ? icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER) : NULL;
    icaltimezone *zone = tzid ? icalcomponent_get_timezone(calendar, icalparameter_get_tzid(tzid)) : NULL;
    (void)event;
    if (tzid && !zone) complaints++;
    return zone ? icaltime_set_timezone(&moment, zone) : moment;
}

static int excluded(icalcomponent *event, icaltimetype start) {
    icalproperty *p = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
    for (; p; p = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY))
        if (!icaltime_compare(zoned(event, p, icalproperty_get_exdate(p)), start)) return 1;
    return 0;
}

static void expand(icalcomponent *event) {
    icalproperty *at = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
    icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    icaltimetype start = zoned(event, at, icalproperty_get_dtstart(at));
    if (!rule) {
        show(event, start);
        return;
    }
    icalrecur_iterator *each = icalrecur_iterator_new(icalproperty_get_rrule(rule), start);
    for (icaltimetype one = icalrecur_iterator_next(each); !icaltime_is_null_time(one);
         one = icalrecur_iterator_next(each))
        if (!excluded(event, one) && !replaced(icalcomponent_get_uid(event), one)) show(event, one);
    icalrecur_iterator_free(each);
}

static int read_file(const char *path) {
    static char text[8 << 20];
    FILE *file = fopen(path, "rb");
    if (!file) return 2;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    complaints = 0;
    calendar = icalparser_parse_string(text);
    if (!calendar) return 2;
    printf("= %s\n", path);
    if (!icalrestriction_check(calendar)) complaints++;
    complaints += icalcomponent_count_errors(calendar);
    icalcomponent *c = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    /* The walk inside ``replaced`` moves the parent's cursor: the events are collected first. */
    static icalcomponent *events[20000];
    int count = 0;
    for (; c && count < 20000; c = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
        events[count++] = c;
    for (int i = 0; i < count; i++) expand(events[i]);
    if (complaints) fprintf(stderr, "%s: %d complaints\n", path, complaints);
    icalcomponent_free(calendar);
    return complaints != 0;
}

int main(int count, char **paths) {
    int worst = 0;
    for (int i = 1; i < count; i++) {
        int one = read_file(paths[i]);
        if (one > worst) worst = one;
    }
    return worst;
}
