"""Read .ics files with vobject, expand them with its rule sets, and print the instances by file as JSON.

Run by the Python that holds vobject (build/khal). What it finds invalid is an error. Instances start
before the first argument (exclusive, YYYY-MM-DD); days are printed as days, times as UTC.
"""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import vobject  # type: ignore[import-untyped] # in build/khal only


def shown(moment):
    """Return a day as it is, a time in UTC."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def row(event, start, end):
    """Return an instance as a row."""
    return {
        "uid": event.uid.value,
        "start": shown(start),
        "end": shown(end),
        "summary": event.summary.value,
        "status": event.status.value,
    }


def instances(event, overrides, last):
    """Yield the instances of an entry, those that were changed as they are now."""
    start = event.dtstart.value
    length = event.dtend.value - start
    rules = event.getrruleset(addRDate=True)
    if not event.rruleset:
        yield row(event, start, start + length)
        return
    for naive in rules:
        moment = naive if isinstance(start, datetime) else naive.date()
        if (moment.date() if isinstance(moment, datetime) else moment) >= last:
            break
        own = overrides.get((event.uid.value, shown(moment)))
        if own is not None:
            yield row(own, own.dtstart.value, own.dtend.value)
        else:
            yield row(event, moment, moment + length)


def read(path, last):
    """Return the instances of a file."""
    calendar = vobject.readOne(Path(path).read_bytes().decode())
    calendar.validate()
    events = calendar.vevent_list
    overrides = {
        (one.uid.value, shown(one.recurrence_id.value)): one
        for one in events
        if hasattr(one, "recurrence_id")
    }
    return [
        found
        for one in events
        if not hasattr(one, "recurrence_id")
        for found in instances(one, overrides, last)
    ]


last = date.fromisoformat(sys.argv[1])
json.dump({path: read(path, last) for path in sys.argv[2:]}, sys.stdout, ensure_ascii=False)
