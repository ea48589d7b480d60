"""How the cost of a feed grows: per event, with one event changed, read beside written, unchanged.

``python -m benchmarks.feed_growth`` prints ratios of one run: 70, 1 000 and 10 000 events, the
medians of rounds that take turns. The limits are those of the design (performance.md).
"""

# ruff: noqa: T201 - it prints what it measures, and needs caches empty

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
from sqlalchemy import insert

from calendars.event import Entry, uid
from calendars.feed import Feed, FeedSpec, feed
from calendars.vevent import fragment
from reminders.settings import Settings
from reminders.store import Database, tables
from reminders.store.feeds import FEED_REVISIONS
from reminders.use.feeds.source import feed_of, source_of
from reminders.use.programme.store_programme import make_ready
from reminders.web.feeds.http import respond
from schedule_rules.programme import Text

SIZES, ROUNDS = (70, 1_000, 10_000), 7
STAMP = datetime(2023, 2, 20, tzinfo=UTC)
SPEC = FeedSpec(
    name="all", programme=Text("Ohjelma", "Programmet", "The programme"), url="https://x.example/"
)


def entry(number: int) -> Entry:
    """Return an entry of ordinary length; each is another."""
    return Entry(
        uid=uid("milestone", f"benchmark:{number}"),
        kind="milestone",
        title=Text(f"Laaditaan opas {number}", f"En guide {number}", f"A guide {number} is made"),
        start=date(2023, 1, 1) + timedelta(days=number % 1400),
        modified=STAMP,
        organisations=(Text("Hyvinvointiyksikkö", "Välfärdsenheten", "Welfare unit"),),
        domain=Text("Työ ja elinkeinot", "Arbete och näringar", "Work"),
        domain_key="work",
        organisation_keys=("welfare-unit",),
        wording=Text("Vuoden 2024 loppuun mennessä", "Före utgången av 2024", "By the end of 2024"),
        url=f"https://reminders.example/actions/action-{number}",
    )


def medians(work: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the seconds of each piece of work: medians of rounds in turn, without the collector."""
    times: dict[str, list[float]] = {name: [] for name in work}
    gc.disable()
    for _ in range(rounds):
        for name, one in work.items():
            begun = time.perf_counter()
            one()
            times[name].append(time.perf_counter() - begun)
        gc.collect()
    gc.enable()
    return {name: statistics.median(taken) for name, taken in times.items()}


def anew(entries: tuple[Entry, ...]) -> Feed:
    """Return the feed with every fragment written anew."""
    fragment.cache_clear()
    return feed(SPEC, entries, "fi", STAMP)


def growth(programmes: Mapping[int, tuple[Entry, ...]]) -> None:
    """Print the cost per event of writing, and of reading what was written."""
    bodies = {size: anew(own).body for size, own in programmes.items()}
    work: dict[str, Callable[[], object]] = {}
    for size, own in programmes.items():
        work[f"write {size}"] = lambda own=own: anew(own)
        work[f"read {size}"] = lambda size=size: icalendar.Calendar.from_ical(bodies[size])
    found = medians(work, 3)
    for size in programmes:
        write, read = found[f"write {size}"] / size * 1e6, found[f"read {size}"] / size * 1e6
        first = found[f"write {SIZES[0]}"] / SIZES[0] * 1e6
        print(
            f"{size:6} events: written {write:.0f} µs an event, {write / first:.2f} x the first (limit 1.3); "
            f"icalendar reads them in {read:.0f} µs, {read / write:.2f} x"
        )


def one_changed(own: tuple[Entry, ...]) -> None:
    """Print what it costs when one event of many has changed, beside all of it anew."""
    whole = medians({"anew": lambda: anew(own)})["anew"]
    numbers = iter(range(10**6))
    anew(own)

    def change() -> Feed:
        number = next(numbers)
        fresh = replace(own[number % len(own)], sequence=number + 1)
        return feed(SPEC, (*own[: number % len(own)], fresh, *own[number % len(own) + 1 :]), "fi", STAMP)

    made = change()
    found = medians({"changed": change, "gzip": lambda: replace(made).gzipped})
    changed, gzip = found["changed"], found["gzip"]
    print(
        f"one of {len(own)} changed: {changed * 1e3:.2f} ms, {changed / whole:.3f} x anew (limit 0.05); "
        f"gzip besides {gzip * 1e3:.2f} ms, {gzip / whole:.3f} x"
    )


def unchanged(programmes: Mapping[int, tuple[Entry, ...]]) -> None:
    """Print what a 304 costs beside the number of events."""
    feeds = {size: feed(SPEC, own, "fi", STAMP) for size, own in programmes.items()}

    def asked(one: Feed) -> Callable[[], object]:
        return lambda: [respond(one, if_none_match=one.etag, accept_encoding="gzip") for _ in range(2000)]

    found = medians({str(size): asked(one) for size, one in feeds.items()})
    first = found[str(SIZES[0])]
    said = ", ".join(f"{size}: {taken / first:.2f} x" for size, taken in found.items())
    print(f"304 by the number of events (limit 1.1): {said}")


def revisions() -> None:
    """Print what asking for the revision costs with and without ten thousand answers."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = (Database(f"sqlite:///{Path(folder)}/{name}.db") for name in ("few", "many"))
        for database in (few, many):
            make_ready(database, STAMP, held=True)
        with many.write() as connection:
            row: dict[str, object] = {"occurrence_id": "a", "organisation": "b", "answer": "done", "note": ""}
            row |= {"by": "", "at": STAMP, "undone_at": STAMP}
            connection.execute(insert(tables.answer), [row] * 10_000)
        found = medians(
            {
                "few": lambda: [few.ask(FEED_REVISIONS) for _ in range(1000)],
                "many": lambda: [many.ask(FEED_REVISIONS) for _ in range(1000)],
            }
        )
        ratio = found["many"] / found["few"]
        print(f"revision: {found['few'] * 1e3:.1f} µs; with 10 000 answers {ratio:.2f} x (limit 1.1)")
        feeding(few)
        few.close()
        many.close()


def feeding(database: Database) -> None:
    """Print the way from the database's rows to octets, beside the octets alone."""

    def entries() -> object:
        with database.read() as connection:
            return source_of(connection, "vaasa-2023-2026", Settings())

    with database.read() as connection:
        source = source_of(connection, "vaasa-2023-2026", Settings())
    work = {"rows": entries, "octets": lambda: feed_of(source, "all", "fi", "")}
    found = medians(work)
    print(
        f"a new revision: rows to entries {found['rows'] * 1e3:.1f} ms, a feed {found['octets'] * 1e3:.1f} ms"
    )


def main() -> None:
    """Measure everything once."""
    programmes = {size: tuple(entry(number) for number in range(size)) for size in SIZES}
    growth(programmes)
    one_changed(programmes[1_000])
    unchanged(programmes)
    revisions()


if __name__ == "__main__":
    main()
