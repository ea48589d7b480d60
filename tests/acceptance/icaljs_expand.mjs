// Reads an .ics from stdin, expands it with ical.js as Thunderbird and Nextcloud do, and prints
// the instances that start before LAST (argument, exclusive, YYYY-MM-DD) as JSON, in order.
// With files as further arguments it reads those and prints an object: the instances by file.
// Days are printed as days, times as UTC. Zones are those of the file, never those of the system.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const last = ICAL.Time.fromDateString(process.argv[2] ?? "2031-01-01");
const shown = (time) => (time.isDate ? time : time.convertToZone(ICAL.Timezone.utcTimezone)).toString();

const row = (item, start, end, recurrenceId) => ({
  uid: item.uid,
  start: shown(start),
  end: shown(end),
  summary: item.summary,
  description: item.description,
  location: item.location,
  status: item.component.getFirstPropertyValue("status"),
  recurrenceId: recurrenceId ? shown(recurrenceId) : null,
});

const uidOf = (component) => component.getFirstPropertyValue("uid");
const isOverride = (component) => component.hasProperty("recurrence-id");
const key = ({ start, uid }) => `${start} ${uid}`;

const expand = (text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const rows = [];
  const components = calendar.getAllSubcomponents("vevent");
  // Left to itself ical.js takes the overrides of every UID that fall on the same instant.
  const overrides = new Map(components.map((one) => [uidOf(one), []]));
  for (const one of components.filter(isOverride)) overrides.get(uidOf(one)).push(one);
  for (const component of components.filter((one) => !isOverride(one))) {
    const event = new ICAL.Event(component, { exceptions: overrides.get(uidOf(component)) ?? [] });
    if (!event.isRecurring()) {
      rows.push(row(event, event.startDate, event.endDate, null));
      continue;
    }
    const instances = event.iterator();
    for (let next = instances.next(); next && next.compare(last) < 0; next = instances.next()) {
      const { item, startDate, endDate, recurrenceId } = event.getOccurrenceDetails(next);
      rows.push(row(item, startDate, endDate, recurrenceId));
    }
  }
  return rows.sort((a, b) => (key(a) < key(b) ? -1 : 1));
};

const files = process.argv.slice(3);
const read = (file) => expand(readFileSync(file, "utf-8"));
const found = files.length ? Object.fromEntries(files.map((file) => [file, read(file)])) : read(0);
process.stdout.write(JSON.stringify(found));
