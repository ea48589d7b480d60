"""The audit trail as a page: who did what, when and from where, the newest first, by day; as CSV too.

Whoever is signed in sees the acts of the programmes that the person manages. Of those of no programme, such
as signing in, only what was done by, or about, persons who manage one of these programmes too; all of them to
who manages every programme that there is. The rest is the command's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from email_templates.catalogue import catalogue
from email_templates.plain_text import capital
from reminders.collection.spreadsheet import CSV_TYPE
from reminders.letters.acts import ACTS, Act, ActFilter
from reminders.planning.speakers import managers_of
from reminders.use.watch.audit import (
    act_csv,
    act_kind_words,
    act_words,
    newest_acts,
    origin_words,
    record_reading,
    who_words,
)
from reminders.web.bounds import whole_number
from reminders.web.page import Page, Pages
from schedule_rules.programme import Programme

SHOWN: Final = 100
"""Acts on one page."""
_KEY: Final = re.compile(r"[\w-]+")
"""A word of a subject, which may be the key of something."""
_OWN_WORDS: Final = ("settings.name.", "correct.field.")
_SHARED_WORDS: Final = (("answer.", shared.answer), ("role.", shared.role))
_MOST_PAGES: Final = 99_999
_LONGEST: Final = 320


class AuditPages(Pages):
    """The acts, filtered by kind and person, which the address names."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [*self.secretary("/audit", self.show), *self.secretary("/audit.csv", self.table)]

    def show(self, page: Page) -> Response:
        """Show a page of acts."""
        which, number = _which(page), _number(page)
        acts, count = newest_acts(page.service, which, SHOWN, SHOWN * (number - 1))
        last = max(1, -(-count // SHOWN))
        return page.render(
            "audit.html",
            days=[(capital(dates.named_day(day, page.lang)), rows) for day, rows in _by_day(page, acts)],
            count=count,
            kinds=[(one, act_kind_words(page.lang, one), one == which.act) for one in ACTS],
            person=which.person,
            newer=_address(page, number - 1) if 1 < number <= last + 1 else "",
            older=_address(page, number + 1) if number < last else "",
            csv=_address(page, 0),
        )

    def table(self, page: Page) -> Response:
        """Answer for ``/audit.csv``: all acts that the filter lets through, the oldest first."""
        record_reading(page.service, "trail-export")
        return page.file(act_csv(page.service, _which(page), page.lang), CSV_TYPE, "audit.csv")


def _which(page: Page) -> ActFilter:
    """Return what the address asks for, among what the person may see."""
    kind = next((one for one in ACTS if one == page.query.get("act")), "")
    person = page.query.get("person", "").strip()[:_LONGEST]
    return replace(_own(page), act=kind, person=person)


def _own(page: Page) -> ActFilter:
    manages = page.visitor.manages
    with page.read() as connection:
        snapshots = page.site.snapshots
        known = snapshots.people(snapshots.all(connection))
    theirs = {page.visitor.person}.union(*(managers_of(known[key].people, page.today) for key in manages))
    return ActFilter(
        tuple(sorted(manages)), whole_service=manages == known.keys(), persons=tuple(sorted(theirs - {""}))
    )


def _number(page: Page) -> int:
    return max(1, whole_number(page.query.get("page", ""), _MOST_PAGES) or 1)


def _address(page: Page, number: int) -> str:
    """Return the address of another page of the same acts; 0: of their file."""
    query = {name: page.query[name] for name in ("act", "person", "programme") if page.query.get(name)}
    query |= {"page": str(number)} if number > 1 else {}
    path = "/audit" if number else "/audit.csv"
    return f"{path}?{urlencode(query)}" if query else path


def _in_words(page: Page, act: Act, programme: Programme | None) -> Act:
    """Return an act whose subject has titles, names, words and days in the place of keys and codes."""
    if act.act.startswith("sign-in"):  # a word of its own
        return act
    lang = page.lang

    def word(match: re.Match[str]) -> str:
        key = match[0]
        if programme and (action := programme.action_by_id.get(key)):
            return dates.quoted(action.title.get(lang), lang)
        if programme and (organisation := programme.organisation_by_key.get(key)):
            return organisation.name.get(lang)
        if day := dates.iso_day(key):
            return dates.short(day, lang)
        for stem in _OWN_WORDS:
            if catalogue("reminders.web").has(lang, stem + key):
                return page.say(stem + key)
        for stem, say in _SHARED_WORDS:
            if catalogue("email_templates").has(lang, stem + key):
                return say(lang, key)
        return key

    return replace(act, subject=_KEY.sub(word, act.subject))


def _by_day(page: Page, acts: tuple[Act, ...]) -> Iterator[tuple[date, list[tuple[str, str, str, str, str]]]]:
    """Yield each day with its acts: time, what, who, from where, programme."""
    local = [replace(one, at=one.at.astimezone(page.zone)) for one in acts]
    with page.read() as connection:
        known = {one.programme.key: one.programme for one in page.site.snapshots.all(connection)}
    for day, own in groupby(local, key=lambda one: one.at.date()):
        yield (
            day,
            [
                (
                    dates.at(one.at.time(), page.lang),
                    act_words(page.lang, _in_words(page, one, known.get(one.programme))),
                    who_words(page.lang, one),
                    origin_words(page.lang, one),
                    known[one.programme].name.get(page.lang) if one.programme in known else one.programme,
                )
                for one in own
            ],
        )
