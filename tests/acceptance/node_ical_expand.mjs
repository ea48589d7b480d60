// Reads .ics files with node-ical and expands them with rrule, as mirrors and home screens do, and prints
// an object: the instances that start before LAST (argument, exclusive, YYYY-MM-DD) by file, in order.
// Days are printed as days, times as UTC. It is to be run with TZ=UTC: node-ical keeps days as local midnights.
// The recipe is that of node-ical's own README: EXDATE and RECURRENCE-ID by the day in UTC.
import { readFileSync } from "node:fs";
import ical from "node-ical";

const first = new Date("2000-01-01T00:00:00Z");
const last = new Date(`${process.argv[2]}T00:00:00Z`);
const dayOf = (moment) => moment.toISOString().slice(0, 10);
const shown = (moment, whole) => (whole ? dayOf(moment) : `${moment.toISOString().slice(0, 19)}Z`);
const text = (value) => (typeof value === "object" ? value.val : value);

const row = (event, start, end) => {
  const whole = event.datetype === "date";
  return {
    uid: event.uid,
    start: shown(start, whole),
    end: shown(end, whole),
    summary: text(event.summary),
    status: event.status,
  };
};

// A wall-clock length holds over a change of the clock; node-ical leaves the end to its caller.
const expand = (event) => {
  if (!event.rrule) return [row(event, event.start, event.end)];
  const length = event.end - event.start;
  const rows = [];
  for (const start of event.rrule.between(first, last, true)) {
    const key = dayOf(start);
    if (event.exdate && event.exdate[key]) continue;
    const own = event.recurrences && event.recurrences[key];
    rows.push(own ? row(own, own.start, own.end) : row(event, start, new Date(+start + length)));
  }
  return rows;
};

const read = (file) =>
  Object.values(ical.parseICS(readFileSync(file, "utf-8")))
    .filter((one) => one.type === "VEVENT")
    .flatMap(expand);

process.stdout.write(JSON.stringify(Object.fromEntries(process.argv.slice(3).map((file) => [file, read(file)]))));
