"""The first page: the programme at a glance, what needs somebody, today's mail; releasing and holding mail.

``glance`` is pure: the current state and a day in, what the template shows out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from email_templates.plain_text import capital
from reminders.errors import NotFoundError
from reminders.planning.policy import answer_date
from reminders.planning.standing import (
    Counts,
    Open,
    Overview,
    overview,
    programme_standing,
    running_first,
)
from reminders.planning.state import (
    ProgrammeState,
    needs_answer,
    request_day,
    waits_to_be_asked,
    was_mailed,
)
from reminders.planning.targets import target_of, target_standing, targets
from reminders.use.mail.listing import newest_count, reminder_counts
from reminders.use.planning.preview import next_sending
from reminders.use.programme.settings import hold_programme, release_programme
from reminders.web.catalogue import as_language, say
from reminders.web.mail.outbox import channel_state
from reminders.web.page import Page, Pages
from reminders.web.programme.action_list import (
    ActionList,
    TimelineRow,
    action_list,
    action_rows,
    no_programme,
)
from reminders.web.programme.first_day import first_day
from reminders.web.programme.timeline import ORDER, Canvas
from reminders.web.site import PROGRAMME_COOKIE
from reminders.web.snapshot import CurrentState
from reminders.web.words import Code, elapsed_words, times_words
from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of what needs somebody, with its two cells: since when and how long, or how often of what."""

    action: str
    title: str
    units: str
    due: date
    cells: tuple[str, str]


@dataclass(frozen=True, slots=True)
class OpenList:
    """All that stands in one way, with the heads of its cells; ``code`` names its icon and its place."""

    code: Code
    heads: tuple[str, str]
    lines: tuple[OpenLine, ...]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in one line: its year, and how many of how many are missing."""

    year: int
    title: str
    missing: int
    expected: int
    due: date


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, and where the list stands that is counted (a fragment, a query, a page)."""

    code: Code
    n: int
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Glance:
    """All that the first page says about a programme. ``strip``: the share of each status, in percent.

    ``asking`` says when units are or were asked, while how actions stand is not known yet; ``first``: nobody
    was asked yet. ``decisions`` are kinds with how many there are of each.
    """

    sentence: str
    lede: str
    asking: str
    first: bool
    strip: tuple[tuple[Code, int], ...]
    counts: tuple[Count, ...]
    lists: tuple[OpenList, ...]
    rounds: tuple[RoundLine, ...]
    decisions: tuple[tuple[str, int], ...]
    actions: ActionList


@dataclass(frozen=True, slots=True)
class MailOverview:
    """What the signed-in page says about mail: the newest day's, in sentences, and what goes next."""

    newest: str
    next: str


def glance(
    current: CurrentState,
    canvas: Canvas,
    *,
    secretary: bool,
    asks_on: date | None = None,
    asked: Mapping[tuple[str, str], int] = MappingProxyType({}),
) -> Glance:
    """Return the page's values.

    ``asks_on``: the day on which units are asked next; ``asked``: how often an address was mailed of an
    occurrence.
    """
    view, lang = overview(current.state, canvas.today), canvas.lang
    first = is_first_day(current.state, canvas.today)
    # Before the start the wordings to settle are a step of the checklist, not how an action stands.
    rows = action_rows(current, view, canvas, secretary=secretary and not first)
    by_code = Counter(row.code for row in rows.values())
    return Glance(
        sentence=_sentence(current.state, view.counts, by_code, canvas)
        if secretary
        else say(lang, "glance.public"),
        lede=_lede(current, rows, canvas, secretary=secretary),
        asking=_asking(current.state, view, asks_on, lang),
        first=first,
        strip=tuple((code, max(1, round(100 * n / len(rows)))) for code in ORDER if (n := by_code[code])),
        counts=tuple(
            _counts(
                view.counts, by_code, current.snapshot.programme.key, lang, secretary=secretary and not first
            )
        ),
        lists=tuple(one for one in _lists(current, view, canvas, asked) if one.lines),
        rounds=tuple(
            RoundLine(
                one.occurrence.year or one.occurrence.due.year,
                one.occurrence.title.get(lang),
                len(one.missing),
                len(one.expected),
                one.occurrence.due,
            )
            for one in view.rounds
        ),
        decisions=tuple(Counter(one.kind for one in view.decisions).items()) if secretary else (),
        actions=action_list(current, canvas, rows),
    )


def is_first_day(state: ProgrammeState, today: date) -> bool:
    """Tell whether nobody has been asked anything yet, of a programme that has not ended."""
    return state.started_on is None and programme_standing(state, today) != "ended"


def _counts(
    counts: Counts, by_code: Mapping[Code, int], key: str, lang: Lang, *, secretary: bool
) -> Iterator[Count]:
    """Yield the numbers, the calm ones by actions; each with the place of the list that it counts."""
    own: dict[Code, tuple[int, str]] = {
        "overdue": (counts.passed, "#overdue"),
        "review": (counts.not_answered, "#review"),
        "behind": (counts.behind, "#behind"),
        "unknown": (counts.not_known, ""),
        "decide": (counts.decisions if secretary else 0, f"/decisions?programme={key}"),
    }
    for code in ORDER:
        n, href = own.get(code, (by_code[code], ""))
        href = href or f"/actions?{urlencode({'status': code, 'programme': key})}"
        if n:
            yield Count(code, n, say(lang, f"count.{code}", n=n), href)


def _sentence(state: ProgrammeState, counts: Counts, by_code: Mapping[Code, int], canvas: Canvas) -> str:
    """Say the two numbers that need a person most; before anybody was asked, that nothing has been sent."""
    lang = canvas.lang
    if programme_standing(state, canvas.today) == "ended":
        return say(lang, "glance.ended")
    if state.started_on is None:
        return say(lang, "glance.welcome")
    numbers = {
        "glance.overdue": counts.passed,
        "glance.decide": counts.decisions,
        "glance.unanswered": counts.not_answered,
        "glance.behind": counts.behind,
    }
    if any(numbers.values()):
        return ", ".join([say(lang, code, n=n) for code, n in numbers.items() if n][:2])
    if counts.not_known:
        return say(lang, "glance.unknown", n=counts.not_known)
    if by_code["soon"]:
        return say(lang, "glance.soon", n=by_code["soon"])
    return say(lang, "glance.well", n=sum(by_code.values()))


def _asking(state: ProgrammeState, view: Overview, asks_on: date | None, lang: Lang) -> str:
    """Say when units will be asked, or were, and until when they have time: so long is nobody late.

    A unit was asked once its mail has left; while that waits, no day can be named.
    """

    def said(text: str, on: date, n: int | None = None) -> str:
        by = answer_date(on, state.workdays, state.policy)
        words = {"on": dates.in_sentence(on, lang), "by": dates.in_sentence(by, lang)}
        return say(lang, text, n, **words)

    if not view.not_known:
        return ""
    if state.started_on is None:
        if asks_on is None:
            return say(lang, "glance.nobody-asked")
        return said("glance.will-ask-held" if state.held else "glance.will-ask", asks_on)
    asked: dict[str, date] = {}  # of an action the latest: until its answer date nothing is known
    unasked, waiting = set[str](), set[str]()
    for row, key in ((one.occurrence, key) for one in view.not_known for key in one.waiting):
        action = row.id.action
        if was_mailed(state, row, key):
            on = request_day(state, row, key) or state.started_on
            asked[action] = max(on, asked.get(action, on))
        elif waits_to_be_asked(state, row, key):
            waiting.add(action)
        else:
            unasked.add(action)
    days = sorted(Counter(asked.values()).items())
    if waiting and not frozenset(state.mailed) - frozenset(state.unsent):
        return say(lang, "glance.all-wait-to-be-asked")
    sentences = [said("glance.asked", on) for on, _ in days]
    if len(days) > 1:
        parts = "; ".join(said("glance.asked-part", on, n) for on, n in days)
        sentences = [say(lang, "glance.asked-in-parts", parts=parts)]
    if waiting:
        sentences.append(say(lang, "glance.wait-to-be-asked", n=len(waiting)))
    if unasked and asks_on:
        sentences.append(
            said("glance.ask-next-held" if state.held else "glance.ask-next", asks_on, len(unasked))
        )
    return " ".join(sentences)


def _lede(current: CurrentState, rows: Mapping[str, TimelineRow], canvas: Canvas, *, secretary: bool) -> str:
    state, lang, today = current.state, canvas.lang, canvas.today
    if is_first_day(state, today):
        return say(lang, "glance.purpose", n=len(rows))
    parts = [f"{capital(dates.named_day(today, lang))}."]
    needing: frozenset[Code] = frozenset({"overdue", "decide", "review", "behind"})
    rest = sum(not (row.codes & needing) for row in rows.values())
    if not secretary:
        parts.append(say(lang, "glance.actions", n=len(rows)))
    elif not rest:
        parts.append(say(lang, "glance.rest-none", n=len(rows)))
    elif rest < len(rows):
        parts.append(say(lang, "glance.rest", n=rest, waiting=len(rows) - rest, total=len(rows)))
    ahead = (row for row in current.snapshot.occurrences if row.due >= today and needs_answer(row))
    if following := next(ahead, None):
        what, on = shared.kind(lang, following.kind), dates.in_table(following.due, lang)
        parts.append(say(lang, "glance.next", what=what, on=on))
    meetings = [day for day in current.snapshot.programme.meetings if day >= today]
    if meetings:
        parts.append(say(lang, "glance.meeting", on=dates.in_table(min(meetings), lang)))
    return " ".join(parts)


def _lists(
    current: CurrentState, view: Overview, canvas: Canvas, asked: Mapping[tuple[str, str], int]
) -> Iterator[OpenList]:
    """Yield what needs somebody, a list a kind, a line an occurrence, the oldest first."""
    state, today, lang = current.state, canvas.today, canvas.lang
    names = state.programme.organisation_by_key
    times = Counter[str]()  # an occurrence was asked about as often as the address that heard most of it
    for (occurrence, _), n in asked.items():
        times[occurrence] = max(times[occurrence], n)
    years = {one.occurrence.due.year for one in view.behind}
    in_year = say(lang, "glance.year", year=min(years)) if len(years) == 1 else say(lang, "glance.so-far")

    def line(one: Open, beside: tuple[str, str]) -> OpenLine:
        row, units = one.occurrence, shared.names(lang, (names[key].name for key in one.waiting))
        return OpenLine(row.id.action, row.title.get(lang), units, row.due, beside)

    def passed(one: Open) -> tuple[str, str]:
        due = one.occurrence.due
        return dates.short(due, lang), elapsed_words(due, today, lang)

    def behind(one: Open) -> tuple[str, str]:
        target, year = target_of(one.occurrence.id), one.occurrence.due.year
        rule = targets(state.programme)[target]
        n = target_standing(rule, state.target_dates.get(target, ()), year, today).entered
        so_far = say(lang, "glance.times", n=n)
        return so_far if len(years) == 1 else f"{year}: {so_far}", times_words(rule.frequency)

    def review(one: Open) -> tuple[str, str]:
        row = one.occurrence
        return dates.short(row.due, lang), say(lang, "glance.times", n=times[str(row.id)])

    heads: dict[Code, tuple[str, str]] = {
        "overdue": (say(lang, "glance.deadline"), say(lang, "glance.ago")),
        "behind": (in_year, say(lang, "glance.target")),
        "review": (say(lang, "glance.asked-on"), say(lang, "glance.asked-times")),
    }
    lines = {
        "overdue": [line(one, passed(one)) for one in view.passed],
        "behind": [line(one, behind(one)) for one in view.behind],
        "review": [line(one, review(one)) for one in view.not_answered],
    }
    for code, two in heads.items():
        yield OpenList(code, two, tuple(lines[code]))


class GlancePages(Pages):
    """The first page, and the two switches of a programme's mail."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.public("/", self.show),
            *self.public("/programmes", self.choose),
            *self.secretary("/programmes/{key}/{act}", None, self.switch),
        ]

    def show(self, page: Page) -> Response:
        """Show the programme at a glance; the public's page is made once, until something changes.

        What it says of times hangs on the minute: an instant after midnight it is another day's.
        """
        service, site = page.site.service, page.site
        if service.rehearses or "status" in page.query or not page.is_anonymous:
            return self.make(page)
        minute = service.clock().replace(second=0, microsecond=0)
        asked, key = _choice(page)

        def make() -> Response:
            page.visitor = replace(page.visitor, query=asked)
            return self.make(page)

        place = (site.language(page.request), key, tuple(sorted(asked.items())), minute)
        return page.cached(place, make)

    def make(self, page: Page) -> Response:
        """Show the programme at a glance, or what to do before its start; a service without any says so."""
        if "status" in page.query:  # where the timeline was filtered before it had a page of its own
            return page.redirect(f"/actions?{page.request.url.query}")
        try:
            current = page.current
        except NotFoundError:
            return no_programme(page)
        canvas = Canvas(current.snapshot.programme, page.today, page.lang, "all-years" in page.query)
        secretary, settings = page.visitor.signed_in, page.service.settings
        with page.read() as connection:
            asked = reminder_counts(connection, current.state.occurrences)
        view = glance(current, canvas, secretary=secretary, asks_on=_asks_on(page, current), asked=asked)
        return page.render(
            "first_day.html" if view.first and secretary else "glance.html",
            view=view,
            today=canvas.today,
            far=any(canvas.is_far(year) for year in canvas.years),
            held=current.snapshot.row.held,
            start=first_day(page, current) if view.first and secretary else None,
            post=_mail(page) if secretary and not view.first else None,
            folder=str(settings.mail_folder) if not settings.smtp_url else "",
        )

    def choose(self, page: Page) -> Response:
        """Show the programmes to choose from; one that is held only to who may act in it."""
        with page.read() as connection:
            rows = running_first((one.row for one in page.site.snapshots.all(connection)), page.today)
        shown = [row.programme for row in rows if page.may_act_in(row.programme.key) or not row.held]
        return page.render("programmes.html", chosen=[(one.key, one.name.get(page.lang)) for one in shown])

    def switch(self, page: Page) -> Response:
        """Release or hold the programme that the address names, then show the first page again."""
        key, act = page.path("key"), page.path("act")
        if act == "hold":
            hold_programme(page.service, key)
        elif act == "release":
            release_programme(page.service, key)
        else:
            raise NotFoundError(act)
        return page.redirect(f"/?programme={key}")


def _choice(page: Page) -> tuple[Mapping[str, str], str]:
    """Return what an address chooses of the first page, each choice written in one way, and the programme.

    What else an address holds is not on the page: whoever makes up addresses has no other page made.
    """
    lang, named = as_language(page.query.get("lang")), page.query.get("programme")
    asked: dict[str, str] = {"lang": lang} if lang else {}
    if "all-years" in page.query:
        asked["all-years"] = "1"
    if named is None and page.site.cookie(page.request, PROGRAMME_COOKIE) is None:
        return asked, ""
    key = page.visitor.here
    return (asked if named is None else {**asked, "programme": key}), key


def _asks_on(page: Page, current: CurrentState) -> date | None:
    """Return the day of the next mails, on which units are asked that were not asked yet; None: it ended."""
    return None if current.state.closed_on else next_sending(page.service, page.key).date()


def _mail(page: Page) -> MailOverview:
    """Say what became of the newest day's mails, then when the next ones go and how many."""
    with page.read() as connection:
        newest = newest_count(connection, page.key)
    preview = page.site.snapshots.next_mails(page.key)
    n, at = len(preview.mails), dates.moment(preview.at, page.lang)
    following = page.say("glance.next-held" if page.snapshot.row.held else "glance.next-mails", n=n, at=at)
    if newest is None:
        return MailOverview("", following)
    sent = page.say("glance.sent-today", n=newest.sent)
    if newest.day != page.today:
        sent = page.say("glance.sent-on", n=newest.sent, on=dates.in_table(newest.day, page.lang))
    settings, others = page.service.settings, {**newest.states}
    others.pop("sent", None)
    if others:
        words = (f"{channel_state(settings, state, page.lang)}: {n}" for state, n in others.items())
        fate = f"{capital(', '.join(words))}."
    else:
        fate = page.say("glance.all-handed-over" if settings.smtp_url else "glance.all-written")
    return MailOverview(f"{sent} {fate}", following)
