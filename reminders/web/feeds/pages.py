"""The pages around feeds: where they are subscribed to, a feed as month and list, private calendars.

Subscribing, month and list are public: no session, no personal data. The address of a private calendar is
shown once, in the answer to the POST that made it: it is in no log, URL or table. That of somebody else's own
calendar, by which its owner answers, is mailed to the owner and shown to nobody.
"""

from __future__ import annotations

import io
from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

import segno
from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from calendars.event import Entry, sort_key
from calendars.feed import WHOLE, FeedSpec, feed_address, select, title
from calendars.text import location, summary
from email_templates import dates
from email_templates.plain_text import capital
from reminders.errors import NotFoundError, UsageError
from reminders.use.feeds.feed_names import MOST_PARTS, spec_named
from reminders.use.feeds.private_feeds import (
    NAMES,
    FeedName,
    ask_for_feed,
    give_feed,
    list_private_feeds,
    revoke_feed,
)
from reminders.web.asking_limit import FROM_ONE, WITHIN, AskingLimit, network_of
from reminders.web.catalogue import as_language, say
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.site import OWN_NAMES, Site, machine_time
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import LANGUAGES, Lang, Programme

FIRST_YEAR, LAST_YEAR = 2000, 2100
LIST_LENGTH: Final = 60
"""How many dates the list shows: what fits two sheets of A4."""
NEXT_LENGTH: Final = 6
WHATS: Final = ("deadlines", "events")
"""What a feed may hold alone."""
CLIENTS: Final = (
    "outlook-new", "outlook-classic", "google", "iphone", "mac", "thunderbird", "nextcloud", "android",
)  # fmt: skip
_GOOGLE: Final = "https://calendar.google.com/calendar/r?"
_OUTLOOK: Final = "https://outlook.office.com/calendar/0/addfromweb?"


def begin_time_words(entry: Entry, lang: Lang) -> str:
    """Say at what time an entry begins, nothing for whole days."""
    return dates.at(entry.start.time(), lang) if isinstance(entry.start, datetime) else ""


def day_and_time(entry: Entry, lang: Lang) -> str:
    """Say when a date begins."""
    return f"{dates.in_table(entry.day, lang)} {begin_time_words(entry, lang)}".rstrip()


def subscribe_view(
    programme: Programme,
    spec: FeedSpec,
    entries: Iterable[Entry],
    address: str,
    lang: Lang,
    feed_lang: Lang,
    today: date,
) -> dict[str, object]:
    """Return what the page says about the feed ``spec`` in ``feed_lang``.

    ``groups`` hold (name, label) of the feeds to choose from; ``next`` (begin for
    machines and in words, title, state) of what is to come.
    """
    ahead = [one for one in select(spec, entries) if one.day >= today and one.state != "cancelled"]
    # A weekly series would fill the list: each series shows its next date.
    first = list({_series_of(one): one for one in reversed(ahead)}.values())[::-1]
    named = title(spec, feed_lang)
    bare = address.partition("://")[2]
    whole = [(name, say(lang, f"subscribe.{name}")) for name in ("all", "meetings")]
    domains = [(one.key, one.name.get(lang)) for one in programme.domains]
    parties = [(one.key, one.name.get(lang)) for one in programme.organisations]
    return {
        "groups": (
            (say(lang, "subscribe.whole"), whole),
            (say(lang, "subscribe.domains"), domains),
            (say(lang, "subscribe.parties"), sorted(parties, key=lambda one: one[1].casefold())),
        ),
        "feed": spec.name,
        "chosen": chosen_key(spec),
        "what": spec.scope if spec.scope in WHATS else "all",
        "parts": (*domains, *sorted(parties, key=lambda one: one[1].casefold())),
        "title": named,
        "address": address,
        "webcal": f"webcal://{bare}",
        "google": _GOOGLE + urlencode({"cid": f"webcal://{bare}"}, quote_via=quote),
        "outlook": _OUTLOOK + urlencode({"url": address, "name": named}, quote_via=quote),
        "next": [
            # That the date is provisional is said by a chip of its own.
            (
                machine_time(one.start, one.zone),
                day_and_time(one, lang),
                summary(replace(one, status="confirmed"), feed_lang),
                one.state,
            )
            for one in sorted(first, key=sort_key)[:NEXT_LENGTH]
        ],
        "count": len(ahead),
    }


def _series_of(one: Entry) -> str:
    """Return what the dates of a series share, whether or not a feed folds them into one entry."""
    return OccurrenceID.parse(one.occurrence).seed if one.occurrence else one.uid


def chosen_key(spec: FeedSpec) -> str:
    """Return what the form has chosen for a feed: the first of its units and themes, or the programme."""
    if spec.label is None:
        return "meetings" if spec.scope == "meetings" else "all"
    return next(iter(spec.parts), spec.name)


def asked_name(feed: str, what: str | None, also: Iterable[str]) -> str:
    """Return the name of the feed that a form asks for: units and themes joined, of one kind or all."""
    if what is None and not also:
        return feed  # a link names the whole of it
    keys = dict.fromkeys(key for key in (feed, *also) if key not in WHOLE)
    if not keys:
        return what if what in WHATS and feed != "meetings" else feed
    return "+".join(keys) + (f".{what}" if what in WHATS else "")


def clients(lang: Lang) -> tuple[tuple[str, list[str]], ...]:
    """Return each calendar program with its steps; the last one says how soon changes show."""
    return tuple(
        (say(lang, f"client.{name}.name"), say(lang, f"client.{name}.steps").splitlines()) for name in CLIENTS
    )


def qr_code(address: str) -> Markup:
    """Return a QR code (ISO/IEC 18004) as inline SVG, black on white in any colour scheme."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=4, border=4, xmldecl=False, svgns=False, omitsize=True, light="#FFFFFF"
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made here, of our address  # nosec B704


class SubscribePages(Pages):
    """Where a feed is chosen and subscribed to, and somebody's own asked for by mail."""

    def __init__(self, site: Site) -> None:
        """Take few requests for calendars from one network address."""
        super().__init__(site)
        self.networks = AskingLimit(FROM_ONE)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.public("/calendars/", self.show, self.ask, FormLimits(size=4096, fields=5))

    def show(self, page: Page, wrong: str = "", typed: str = "") -> Response:
        """Show the chosen feed; feed and language are chosen by a GET form."""
        snapshots, base_url = page.site.snapshots, page.service.settings.base_url
        programme = page.snapshot.programme
        feed_lang = as_language(page.query.get("feed-lang")) or page.lang
        also = tuple(dict.fromkeys(page.query.getlist("also")))
        too_many = page.say("subscribe.too-many", most=MOST_PARTS) if len(also) >= MOST_PARTS else ""
        asked = asked_name(page.query.get("feed", "all"), page.query.get("what"), also[: MOST_PARTS - 1])
        spec = spec_named(programme, asked, base_url)
        stands_at = feed_address(spec, feed_lang)
        entries = snapshots.source(programme.key).dates
        return page.render(
            "subscribe.html",
            422 if wrong or too_many else 200,
            too_many=too_many,
            ticked=also if too_many else spec.parts[1:],
            most=MOST_PARTS,
            view=subscribe_view(programme, spec, entries, stands_at, page.lang, feed_lang, page.today),
            feed_lang=feed_lang,
            feed_languages=[(code, OWN_NAMES[code]) for code in programme.reader_languages],
            qr=qr_code(stands_at),
            clients=clients(page.lang),
            sent="sent" in page.query,
            wrong=wrong,
            typed=typed,
        )

    def ask(self, page: Page) -> Response:
        """Have somebody's own calendar sent to an address.

        The answer is the same whether the address is known or not; what is done is done after it.
        """
        typed = page.address("address")
        if typed is None:
            return self.show(page, page.say("bymail.wrong"), page.text("address"))
        if not self.networks.lets_pass(network_of(page.service.actor.origin)):
            return page.too_often(page.say("bymail.often"), "bymail.often-text", WITHIN)
        task = BackgroundTask(ask_for_feed, page.service, typed)
        where = f"/calendars/?lang={page.lang}&programme={page.key}&sent=1#by-mail"
        return RedirectResponse(where, 303, background=task)


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One date of an entry: day, time and title in words, place, and whether it stands.

    ``stamp`` is its begin for machines.
    """

    day: date
    stamp: str
    when: str
    time: str
    title: str
    place: str
    cancelled: bool


def calendar_rows(shown: Iterable[Entry], lang: Lang) -> tuple[CalendarRow, ...]:
    """Return a row for each date, in order."""
    rows = []
    for one in shown:
        name, when, time = summary(one, lang), day_and_time(one, lang), begin_time_words(one, lang)
        stamp = machine_time(one.start, one.zone)
        row = CalendarRow(one.day, stamp, when, time, name, location(one, lang), one.state == "cancelled")
        rows.append((one.day, one.start.isoformat(), name, row))
    return tuple(row for *_, row in sorted(rows, key=lambda one: one[:3]))


def month_view(rows: Sequence[CalendarRow], first: date, today: date, lang: Lang) -> dict[str, object]:
    """Return the month that begins on ``first``, in weeks from Monday, and the months beside it.

    A day of ``weeks`` has its date, whether it belongs to the month, whether it is today, its rows.
    """
    after = (first + timedelta(days=31)).replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    by_day: dict[date, list[CalendarRow]] = {}
    for row in rows:
        by_day.setdefault(row.day, []).append(row)
    name = say(lang, f"series.month-{first.month}")
    return {
        "title": f"{capital(name)} {first.year}",
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}",
        "weekdays": tuple(
            say(lang, f"series.day-{day}") for day in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
        ),
        "weeks": [
            [(day, day.month == first.month, day == today, by_day.get(day, [])) for day in week]
            for week in Calendar().monthdatescalendar(first.year, first.month)
        ],
        "rows": tuple(row for row in rows if first <= row.day < after),
    }


def month_of(text: str, today: date) -> date | None:
    """Return the first day of ``YYYY-MM`` (nothing: of this month); None for no month of ours."""
    if not text:
        return today.replace(day=1)
    first = dates.iso_day(f"{text}-01")
    return first if first and FIRST_YEAR <= first.year <= LAST_YEAR else None


class CalendarPages(Pages):
    """A feed as a month and as a list, for people without a calendar program and for notice boards."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.public("/calendars/{feed}/month", self.show_month),
            *self.public("/calendars/{feed}/list", self.show_list),
        ]

    def show_month(self, page: Page) -> Response:
        """Show the month that ``m`` names, as in ``m=2025-05``."""
        first = month_of(page.query.get("m", ""), page.today)
        if first is None:
            raise NotFoundError("no such month")
        name, rows = _title_and_rows(page)
        month = month_view(rows, first, page.today, page.lang)
        return page.render("calendar_month.html", named=name, feed=page.path("feed"), month=month)

    def show_list(self, page: Page) -> Response:
        """Show what is ahead."""
        name, rows = _title_and_rows(page)
        ahead = [row for row in rows if row.day >= page.today][:LIST_LENGTH]
        return page.render("calendar_list.html", named=name, feed=page.path("feed"), rows=ahead)


def _title_and_rows(page: Page) -> tuple[str, tuple[CalendarRow, ...]]:
    source = page.site.snapshots.source(page.key)
    spec = spec_named(source.programme, page.path("feed"), page.service.settings.base_url)
    return title(spec, page.lang), calendar_rows(select(spec, source.dates), page.lang)


class PrivateFeedPages(Pages):
    """Private calendars: who has which, who fetches it; one is made, or closed."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.secretary("/calendars/private", self.show, self.change, FormLimits(fields=20))

    def show(self, page: Page, made: str = "", wrong: str = "", address: str = "") -> Response:
        """Show who has which calendar; ``made`` is the address of a new one.

        ``mailed`` in the page's address says that one is mailed to its owner.
        """
        response = page.render(
            "private.html",
            422 if wrong else 200,
            rows=[
                (
                    one.id,
                    one.address,
                    page.say(f"private.{one.feed}"),
                    one.used_at.astimezone(page.zone) if one.used_at else None,
                    one.client,
                    one.revoked_at.astimezone(page.zone) if one.revoked_at else None,
                )
                for one in list_private_feeds(page.service, page.key)
            ],
            made=made,
            mailed="mailed" in page.query and not (made or wrong),
            wrong=wrong,
            address=address,
            known=sorted({contact.email for contact in page.current.state.people.all}),
            names=NAMES,
            feed_languages=[(code, OWN_NAMES[code]) for code in LANGUAGES],
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def change(self, page: Page) -> Response:
        """Make a calendar, or close one."""
        if number := page.text("revoke"):
            known = {str(one.id): one.id for one in list_private_feeds(page.service, page.key)}
            if number not in known:
                raise NotFoundError("no such calendar")
            revoke_feed(page.service, known[number])
            return page.redirect(page.visitor.link())
        name: FeedName = "secretary" if page.text("feed") == "secretary" else "own"
        owner, alarm = page.text("address"), bool(page.text("alarm"))
        try:
            made = give_feed(page.service, page.key, owner, name, alarm=alarm)
        except (NotFoundError, UsageError):
            wrong = page.say("private.wrong-secretary" if name == "secretary" else "private.wrong")
            return self.show(page, wrong=wrong, address=owner)
        if made is None:
            return page.redirect(page.visitor.link(mailed="1"))
        feed_lang = as_language(page.text("feed-lang")) or page.lang
        return self.show(page, made=made.address(page.service.settings.base_url, feed_lang))
