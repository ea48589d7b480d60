"""Calendar libraries of six makes, each expanding feeds in a process of its own: what it shows, as values.

None shares code with ``calendars`` or ``schedule_rules`` but icalendar, which only reads here; the dates are
made by recurring-ical-events. Each reader takes files and gives all their instances; it complains about none.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from tests.conftest import ROOT

HELSINKI: Final = ZoneInfo("Europe/Helsinki")
FOLDER: Final = ROOT / "tests" / "acceptance"
LAST: Final = "2028-01-01"
"""The day before which instances begin: the built-in programme ends on 31 December 2026."""


class Instance(NamedTuple):
    """A date as a program shows it: a day (``2025-05-27``) or an instant in UTC; the end is exclusive.

    ``uid`` says of which entry.
    """

    start: str
    end: str
    summary: str
    status: str
    uid: str = ""


Shown = Mapping[str, Counter[Instance]]
"""By file what is shown; a date that stands twice counts twice."""


def shown(moment: date | datetime) -> str:
    """Return a day as it is, a time in UTC; a naive time is one of Helsinki."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    aware = moment if moment.tzinfo else moment.replace(tzinfo=HELSINKI)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def run(*command: str, **environment: str) -> str:
    """Run a reader; a complaint on stderr is an error."""
    ran = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})
    assert (ran.returncode, ran.stderr.decode()) == (0, ""), command[:2]
    return ran.stdout.decode()


def of_rows(document: str) -> Shown:
    """Return what a script printed: rows by file."""
    rows: dict[str, list[dict[str, str]]] = json.loads(document)
    return {
        path: Counter(Instance(*(one[name] for name in Instance._fields)) for one in own)
        for path, own in rows.items()
    }


def by_icalendar(paths: Sequence[str]) -> Shown:
    """Read with icalendar, expand with recurring-ical-events; no component has an error."""
    return {path: instances(Path(path).read_bytes()) for path in paths}


def instances(body: bytes) -> Counter[Instance]:
    """Return the instances of one feed, as icalendar and recurring-ical-events show them."""
    calendar = icalendar.Calendar.from_ical(body)
    assert [component.errors for component in calendar.walk() if component.errors] == []
    events: list[Any] = recurring_ical_events.of(calendar, skip_bad_series=False).between(
        (2000, 1, 1), (2028, 1, 1)
    )
    return Counter(
        Instance(
            shown(one["DTSTART"].dt),
            shown(one["DTEND"].dt),
            str(one["SUMMARY"]),
            str(one["STATUS"]),
            str(one["UID"]),
        )
        for one in events
    )


@dataclass(frozen=True)
class Readers:
    """The programs of this machine that read feeds: node, an expander of libical, folder of khal, php."""

    node: str
    libical: str
    khal: str
    php: str

    def by_libical(self, paths: Sequence[str]) -> Shown:
        """Read with libical (Evolution, KDE)."""
        found: dict[str, Counter[Instance]] = {}
        for line in run(self.libical, *paths).splitlines():
            if line.startswith("= "):
                own = found[line[2:]] = Counter()
            else:
                start, end, status, uid, summary = line.split("\t", 4)
                own[Instance(start, end, summary, status, uid)] += 1
        return found

    def by_icaljs(self, paths: Sequence[str]) -> Shown:
        """Read with ical.js (Thunderbird, Nextcloud's pages)."""
        return of_rows(run(self.node, str(FOLDER / "icaljs_expand.mjs"), LAST, *paths))

    def by_node_ical(self, paths: Sequence[str]) -> Shown:
        """Read with node-ical and rrule (home screens, info screens)."""
        return of_rows(run(self.node, str(FOLDER / "node_ical_expand.mjs"), LAST, *paths, TZ="UTC"))

    def by_sabre(self, paths: Sequence[str]) -> Shown:
        """Read with sabre/vobject (Nextcloud's and ownCloud's servers), but for ``first_overridden``."""
        found = of_rows(run(self.php, str(FOLDER / "sabre_expand.php"), LAST, *paths))
        mended = {}
        for path, own in found.items():
            wrong = first_overridden(Path(path).read_bytes())
            right = by_icalendar([path])[path].elements() if wrong else ()
            mended[path] = Counter(one for one in own.elements() if (one.uid, one.start) not in wrong)
            mended[path].update(one for one in right if (one.uid, one.start) in wrong)
        return mended

    def by_vobject(self, paths: Sequence[str]) -> Shown:
        """Read with vobject and dateutil (Radicale, older calendar servers), which finds each file valid."""
        return of_rows(run(f"{self.khal}/python", str(FOLDER / "vobject_expand.py"), LAST, *paths))

    @property
    def others(self) -> Mapping[str, Callable[[Sequence[str]], Shown]]:
        """Every reader but icalendar by name: what it shows they are compared with."""
        return {
            "libical": self.by_libical,
            "ical.js": self.by_icaljs,
            "node-ical": self.by_node_ical,
            "sabre/vobject": self.by_sabre,
            "vobject": self.by_vobject,
        }


def first_overridden(body: bytes) -> set[tuple[str, str]]:
    """Return UID and begin of what sabre/vobject 2 shows wrongly: a series whose first date was changed.

    Its iterator looks for changed dates after the first one only, and shows the first as it was, beside the
    changed one or instead of it (mended in sabre/vobject 3).
    """
    events: list[Any] = list(icalendar.Calendar.from_ical(body).walk("VEVENT"))
    begins = {str(one["UID"]): one["DTSTART"].dt for one in events if "RECURRENCE-ID" not in one}
    changed = (one for one in events if "RECURRENCE-ID" in one)
    own = [one for one in changed if one["RECURRENCE-ID"].dt == begins[str(one["UID"])]]
    moments = ((str(one["UID"]), one[name].dt) for one in own for name in ("RECURRENCE-ID", "DTSTART"))
    return {(uid, shown(moment)) for uid, moment in moments}


def odd(found: Counter[Instance], want: Counter[Instance]) -> tuple[list[Instance], list[Instance]]:
    """Return what a reader shows too much, and too little."""
    return sorted((found - want).elements()), sorted((want - found).elements())
