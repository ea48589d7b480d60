"""A mail to a unit or its head in one language: what the templates show, in order.

What, by when, what to do, what happens next, why. Beside its items a mail may hold the unit's year (a line a
date, a series or a target), a board meeting, or the address of a calendar. A notice holds nothing but these
last: nothing is answered in it, so it has no link that acts for its reader but the one that was asked for. A
bilingual mail is two of these. A few items are shown whole, each with its buttons; more of them stand in a
table, with one button to the page on which all are answered. The secretary's digest is left to
``digest_view``, items to ``rows``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from email_templates import dates, rows, words
from email_templates.headlines import heading
from email_templates.letters import (
    Enclosed,
    Escalation,
    Item,
    Letter,
    Meeting,
    Notice,
    Nudge,
    OwnFeed,
    Signature,
    StatusRequest,
    TargetPace,
    UnitYear,
    YearList,
    YearRow,
)
from email_templates.plain_text import DOT, capital, clean, cut, with_query
from email_templates.rows import Button, ItemLine, ItemRow, SaidOnce, line, reminders_so_far, row, said_once
from email_templates.words import say
from schedule_rules.programme import Lang

UnitLetter = Nudge | StatusRequest | Escalation | UnitYear


@dataclass(frozen=True, slots=True)
class Room:
    """How much a part of a mail may hold: ``whole`` items, else so many ``rows`` of a table or list.

    ``digest`` is how many rows a summary has, all its lists together; with none, each list is a line that
    leads to it. So a mail keeps under 80 kB of html (Gmail cuts it at 102 kB), whatever there is to tell.
    """

    whole: int = 3
    rows: int = 20
    digest: int = 30


_SHARED_ROWS = 54
"""So many rows the tables of parts that share a mail have together."""


def room_of(parts: int) -> Room:
    """Return the room of each of the parts that share a mail: a part a language and programme."""
    if parts <= 1:
        return Room()
    few, shared = parts <= 4, _SHARED_ROWS // parts
    return Room(
        whole=Room().whole if parts <= 3 else 1,
        rows=max(3, min(Room().rows, shared)),
        digest=Room().digest // parts if few else 0,
    )


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines of a table under a heading, or under none."""

    heading: str
    rows: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class ItemTable:
    """The items of a mail that has many; ``more`` says how many are left out, and where they stand."""

    header: tuple[str, str]
    groups: tuple[LineGroup, ...]
    more: Button | None = None


@dataclass(frozen=True, slots=True)
class EnclosedPart:
    """Sentences under a heading, and links; no heading: the mail's says it."""

    heading: str
    lines: tuple[str, ...]
    links: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class YearLine:
    """When and what, then the action's title."""

    when: str
    title: str


@dataclass(frozen=True, slots=True)
class YearPart:
    """One list; ``heading`` is empty where the mail's own says it; ``more``: how many are left out."""

    heading: str
    note: str
    rows: tuple[YearLine, ...]
    more: Button | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading; a lone item needs no heading."""

    heading: str
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class Foot:
    """Why the mail came, where a reply goes, the calendar, the same page in other languages."""

    lines: tuple[str, ...]
    links: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Who signs: lines, and the address that a reply goes to."""

    lines: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPart:
    """What every mail shows in one language."""

    lang: Lang
    programme: str
    heading: str
    addressee: str
    hello: str
    lead: str
    enclosed: tuple[EnclosedPart, ...]
    regards: str
    service: str
    signed: tuple[SignedBy, ...]
    foot: Foot


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPart(MailPart):
    """A whole mail to a unit in one language.

    After its items, whole or in a table, come one button for all of them, what is the same for all
    (``notes``), and what happens next.
    """

    sections: tuple[Section, ...] = ()
    table: ItemTable | None = None
    answer_all: Button | None = None
    notes: tuple[str, ...] = ()
    promise: str = ""
    years: tuple[YearPart, ...] = ()


def unit_part(letter: UnitLetter, lang: Lang, room: Room = Room()) -> UnitPart:
    """Return the mail in ``lang``."""
    letter = _with_one_date(letter)
    alone, named = isinstance(letter, UnitYear), len(letter.years) > 1
    once, is_table = said_once(letter.items), len(letter.items) > room.whole
    asking = any(map(rows.item_needs_answer, letter.items))
    return UnitPart(
        lang=lang,
        programme=clean(letter.programme.get(lang)),
        heading=heading(letter, lang),
        addressee=_addressee(letter, lang),
        hello=say(lang, "mail.hello"),
        lead=_lead(letter, lang),
        sections=() if is_table else tuple(_sections(letter, lang, once)),
        table=_table(letter, lang, once, room) if is_table else None,
        answer_all=_page(letter, lang, "mail.answer-all") if is_table and asking else None,
        notes=tuple(_notes(letter, lang, once, is_table=is_table)),
        promise=" ".join(_promise(once, lang)),
        years=tuple(year_part(one, letter, lang, room, alone=alone, named=named) for one in letter.years),
        enclosed=enclosed_parts(letter.enclosed, lang),
        regards=say(lang, "mail.regards"),
        service=say(lang, "mail.service"),
        signed=signed_by(letter.signatures, lang),
        foot=_foot(letter, lang, clean(letter.unit.get(lang)), is_table=is_table, asking=asking),
    )


def _with_one_date(letter: UnitLetter) -> UnitLetter:
    """Return a letter whose promises name no day to answer by where its first lines do, for all of it."""
    if not isinstance(letter, StatusRequest):
        return letter
    items = (
        replace(item, promise=replace(item.promise, is_dated=False) if item.promise else None)
        for item in letter.items
    )
    return replace(letter, items=tuple(items))


def _promise(once: SaidOnce, lang: Lang) -> Iterator[str]:
    """Say what happens next with all items, and of which of them that is not true."""
    if once.promise is None:
        return
    yield rows.promise_words(once.promise, lang, once.stands_in, several=once.several)
    if once.is_partial:
        yield say(lang, "promise.partial")
    if once.has_exceptions:
        yield say(lang, "promise.exceptions")


def _page(letter: UnitLetter, lang: Lang, text_id: str) -> Button:
    return Button(say(lang, text_id), with_query(letter.own.unit_url, lang=lang))


def _notes(letter: UnitLetter, lang: Lang, once: SaidOnce, *, is_table: bool) -> list[str]:
    """Say what is the same for all items: that one answer is enough, who else got them."""
    notes = []
    if any(item.answer_url for item in letter.items):
        enough = say(lang, "mail.one-answer")
        notes.append(f"{enough} {say(lang, 'mail.no-sign-in')}" if is_table else enough)
    if once.others:
        notes.append(say(lang, "why.others", others=clean(words.few_names(lang, once.others))))
    return notes


def signed_by(signatures: Sequence[Signature], lang: Lang) -> tuple[SignedBy, ...]:
    """Return who signs a letter in ``lang``: name and role, board, telephone; the address is a link."""
    found = []
    for one in signatures:
        role = words.role(lang, "secretary")
        name = clean(one.name)
        role_of = f"{role if name else capital(role)}, {clean(one.board.get(lang))}"
        found.append(SignedBy(tuple(filter(None, (name, role_of, one.telephone))), one.address))
    return tuple(found)


def notice_part(letter: Notice, lang: Lang) -> UnitPart:
    """Return an invitation, or the address of a calendar; the mail's own heading says the first of them."""
    first, *rest = enclosed_parts(letter.enclosed, lang)
    why = say(lang, "own-feed.why" if letter.enclosed.feeds else "meeting.why")
    how = say(lang, "own-feed.steps" if letter.enclosed.feeds else "meeting.calendars")
    links = (Button(how, with_query(letter.calendar_url, lang=lang)), *privacy_link(letter, lang))
    return UnitPart(
        lang=lang,
        programme=clean(letter.programme.get(lang)),
        heading=heading(letter, lang),
        addressee=_addressee(letter, lang),
        hello=say(lang, "mail.hello"),
        lead="",
        enclosed=(replace(first, heading=""), *rest),
        regards=say(lang, "mail.regards"),
        service=say(lang, "mail.service"),
        signed=signed_by(letter.signatures, lang),
        foot=Foot((why, say(lang, "mail.reply")), links),
    )


def _addressee(letter: UnitLetter | Notice, lang: Lang) -> str:
    unit, day = clean(letter.unit.get(lang)), dates.named_day(letter.sent_on, lang)
    if not isinstance(letter, Notice) and (role := _reads_as(letter)):
        unit = say(lang, f"role.{role}")
    return capital(", ".join(filter(None, (unit, day))))


def _reads_as(letter: UnitLetter) -> str:
    """Return the role in which the reader gets a mail that is all for units without a contact."""
    roles = {item.stands_in for item in letter.items}
    return roles.pop() if len(roles) == 1 else ""


def _stood_in_for(letter: UnitLetter, lang: Lang) -> list[str]:
    """Say for which units without a contact a mail came to its reader."""
    items = [item for item in letter.items if item.stands_in]
    names = list(dict.fromkeys(clean(one.get(lang)) for item in items for one in item.organisations))
    if not names:
        return []
    return [say(lang, "stand-in.one" if len(names) == 1 else "stand-in.several", unit=", ".join(names))]


def _lead(letter: UnitLetter, lang: Lang) -> str:
    return " ".join((*_stood_in_for(letter, lang), *_welcome(letter.items, lang), _ask(letter, lang)))


def _welcome(items: Sequence[Item], lang: Lang) -> list[str]:
    """Say to who takes over actions what the unit now answers for, since when, and who did before."""
    news = list(filter(None, map(_taken_over, items)))
    if not news:
        return []
    if len(news) == 1:
        sentences = [say(lang, "welcome.one", title=clean(news[0].title.get(lang)))]
    else:
        sentences = [say(lang, "welcome.several", len(news))]
    if rows.moves_alike(items):  # else each row says its own
        on, giver = dates.in_sentence(news[0].due, lang), clean(news[0].moved_from.get(lang))
        sentences.append(say(lang, "welcome.since", due_day=on, giver=giver))
    return sentences


def _taken_over(item: Item) -> Item | None:
    """Return the news that the reader's unit takes over an item's action, alone or beside what is asked."""
    news = item if item.kind == "handover" else item.news
    return news if news and news.moved_from else None


def _ask(letter: UnitLetter, lang: Lang) -> str:
    match letter:
        case StatusRequest():
            return " ".join(_request(letter, lang))
        case Escalation():
            items = [item for item in letter.items if item.reason == "escalated"]
            history = reminders_so_far(items[0], lang) if len(items) == 1 else []
            return " ".join((say(lang, "escalation.as-head"), *history, say(lang, "escalation.you-can")))
        case UnitYear():
            return say(lang, "lead.year", year=letter.years[0].year)
        case Nudge(items=(item,)):
            return _single(item, lang, letter)
        case _:
            return _several(letter.items, lang)


def _request(letter: StatusRequest, lang: Lang) -> Iterator[str]:
    """Say why the status is asked for, which deadlines have passed, and by when to answer.

    What is asked of a review, or of a deadline to come, is not said to be done already.
    """
    asked = list(filter(rows.is_requested, letter.items))
    others = any(item.stands_in for item in asked)  # what is said to a unit is not said to them
    # That it was taken over stands in the welcome.
    reasons: set[str] = {"open" if _taken_over(item) else item.request for item in asked}
    reasons = {"open" if others and one == "taken" else one for one in reasons}
    reason = reasons.pop() if len(reasons) == 1 else "open"
    reason = reason or ("others" if others else "first")
    one, by = "" if len(asked) > 1 else "one-", dates.in_sentence(letter.answer_by, lang)
    if reason == "again":
        yield say(lang, f"lead.{one}request-again", answer_by=by)
        return
    if reason != "open":
        yield say(lang, f"request.{one}{reason}")
    passed = sum(rows.has_passed_deadline(item, letter.sent_on) for item in asked)
    if passed == len(asked):
        yield say(lang, f"request.{one}{'passed' if reason in _UNDATED else 'maybe-done'}")
    elif passed:
        yield say(lang, "request.some-passed", passed)
    yield say(lang, f"request.{one}by", answer_by=by)


_UNDATED = ("open", "taken", "new")
"""The reasons of a status request whose sentence does not say that the date has passed."""


def _several(items: Sequence[Item], lang: Lang) -> str:
    """Return the sentence above several items: it asks about those alone that need an answer."""
    asking = list(filter(rows.item_needs_answer, items))
    if not asking:
        alike = rows.moves_alike(items)
        told = [say(lang, "lead.notices")]
        if alike and not alike.moved_from:
            org, due_day = clean(alike.moved_to.get(lang)), dates.in_sentence(alike.due, lang)
            told.insert(0, say(lang, "lead.handovers", org=org, due_day=due_day))
        return " ".join(told)
    if any(item.kind not in rows.ONE_QUESTION for item in asking):  # a form or dates, no status
        return say(lang, "lead.mixed-and-news" if len(asking) < len(items) else "lead.mixed")
    if len(asking) < len(items):
        return say(lang, "lead.several-and-news", len(asking))
    return say(lang, "lead.several-others" if any(item.stands_in for item in items) else "lead.several")


def _single(item: Item, lang: Lang, letter: Nudge) -> str:
    past = item.due < letter.sent_on
    title, due_day = clean(item.title.get(lang)), dates.in_sentence(item.due, lang)
    if item.kind == "collection" and item.year:
        if item.request == "reopened":
            return say(lang, "lead.reopened", year=item.year, on=dates.in_sentence(item.due, lang))
        if (rows.opens_collection((item,)) or item.answer_by) and item.closes:
            return say(lang, "lead.opening", year=item.year, on=dates.in_sentence(item.closes, lang))
        return say(lang, "lead.round-passed" if past else "lead.round", year=item.year, due_day=due_day)
    if item.kind == "handover" and item.moved_from:
        on = dates.in_sentence(item.asked_on, lang) if item.asked_on else ""
        return say(lang, "welcome.asked", on=on) if on else say(lang, "welcome.not-asked")
    if item.kind == "handover":
        return say(lang, "lead.handover", title=title, org=clean(item.moved_to.get(lang)), due_day=due_day)
    if item.pace:
        entered, minimum = item.pace.held, dates.number(item.pace.minimum, lang)
        return " ".join(
            (
                say(lang, "lead.pace", entered, title=title, year=item.pace.year, minimum=minimum),
                *_pace_steps(item.pace, lang),
            )
        )
    if item.asks_dates and item.year:
        return say(lang, "lead.ask-year", title=title, year=item.year)
    if item.asks_dates:
        return say(lang, "lead.ask", title=title, due_named=dates.named_day(item.due, lang))
    codes = {"review": ("review", "reviewed"), "start": ("start", "started"), "event": ("event", "event")}
    code = codes.get(item.kind, ("deadline", "passed"))[past]
    return say(lang, f"lead.{code}", title=title, due_day=due_day)


def _pace_steps(pace: TargetPace, lang: Lang) -> Iterator[str]:
    """Say of a target that is behind how far one should be, what to do, and when it is looked at again."""
    if pace.by_now:
        yield say(lang, "pace.by-now", times=dates.number(pace.by_now, lang))
    yield say(lang, "item.give-held")
    if pace.judged_next:
        yield say(lang, "pace.next", on=dates.in_sentence(pace.judged_next, lang))


def _sections(letter: UnitLetter, lang: Lang, once: SaidOnce) -> list[Section]:
    """Return a few items, each whole, without headings: every one says how it stands."""
    is_alone = len(letter.items) == 1
    is_told = not any(map(rows.item_needs_answer, letter.items))
    is_named = is_alone and isinstance(letter, Nudge) and letter.items[0].kind != "collection"
    shown = tuple(
        row(
            item,
            lang,
            letter.sent_on,
            unit=letter.unit,
            history=_has_history(letter, item),
            is_alone=is_alone,
            is_named=is_named,
            is_told=is_told,
            once=once,
        )
        for _, members in rows.mail_order(letter.items, letter.sent_on)
        for item in members
    )
    return [Section("", shown)] if shown else []


def _heading(code: str, members: Sequence[Item], lang: Lang, on: date) -> str:
    """Return what stands above a group; what a first start asks about is not known yet, with its shape."""
    if code:
        return say(lang, f"section.{code}")
    if any(rows.item_standing(item, on) != "not-known" for item in members):
        return ""
    return f"{words.glyph('unknown')} {say(lang, 'section.unknown')}"


def _has_history(letter: UnitLetter, item: Item) -> bool:
    """Tell whether an item says which reminders went before; of a lone one the first lines do."""
    escalated = sum(one.reason == "escalated" for one in letter.items)
    return isinstance(letter, Escalation) and escalated > 1 and item.reason == "escalated"


def _table(letter: UnitLetter, lang: Lang, once: SaidOnce, room: Room) -> ItemTable:
    """Return many items as a table of so many rows; the rest is a line that leads to all of them."""
    groups, number = [], 0
    for code, members in rows.mail_order(letter.items, letter.sent_on):
        lines = []
        for item in members[: room.rows - number]:
            number += 1
            history = _has_history(letter, item)
            lines.append(
                line(item, lang, letter.sent_on, number, unit=letter.unit, history=history, once=once)
            )
        if lines:
            groups.append(LineGroup(_heading(code, members, lang, letter.sent_on), tuple(lines)))
    left, header = len(letter.items) - number, (say(lang, "digest.action"), say(lang, "mail.asked"))
    more = _page(letter, lang, "mail.all-items") if left else None
    return ItemTable(
        header, tuple(groups), replace(more, label=say(lang, "mail.and-more", n=left)) if more else None
    )


def privacy_link(letter: Letter, lang: Lang) -> tuple[Button, ...]:
    """Return what leads to the page on personal data, where the letter knows its address."""
    if not letter.privacy_url:
        return ()
    return (Button(say(lang, "mail.privacy"), with_query(letter.privacy_url, lang=lang)),)


def _foot(letter: UnitLetter, lang: Lang, unit: str, *, is_table: bool, asking: bool) -> Foot:
    """Say why the mail came, where a reply goes and how long its links hold, as far as each is true of it."""
    why = "why-head" if isinstance(letter, Escalation) else "why-unit"
    lines = [say(lang, f"mail.{why}")]
    if role := _reads_as(letter):
        lines = [say(lang, f"mail.why-{role}-stands-in", unit=unit)]
    elif any(item.answer_url for item in letter.items):
        how = "wrong-reader-of-many" if is_table else "wrong-reader"
        lines.append(say(lang, f"mail.{how}", answer=words.answer(lang, "not-ours")))
    lines += [say(lang, "mail.reply")] if role != "secretary" else []
    if any(item.answer_url or item.form_url or item.dates_url for item in letter.items):
        lines.append(say(lang, "mail.expire"))
    others = (  # the same page in the programme's other languages, each named in its own
        Button(say(other, "mail.in-language"), with_query(letter.own.unit_url, lang=other))
        for other in letter.own.languages
        if other != lang
    )
    page = () if is_table and asking else (_page(letter, lang, "mail.all-items"),)
    if isinstance(letter, Nudge) and len(letter.items) == 1:  # its title stands above, without a link
        page = (Button(say(lang, "mail.action-page"), letter.items[0].url), *page)
    calendar = Button(say(lang, "mail.calendar"), with_query(letter.calendar_url, lang=lang))
    links = (*page, calendar, *others, *privacy_link(letter, lang))
    return Foot(tuple(lines), links)


def year_part(
    one: YearList, letter: UnitLetter, lang: Lang, room: Room, *, alone: bool, named: bool
) -> YearPart:
    """Return a list in ``lang``; ``alone``: it is the whole mail; ``named``: it says its programme."""
    heading = say(lang, "year.heading", year=one.year)
    if named:
        heading = f"{clean(one.programme.get(lang))}: {heading[:1].lower()}{heading[1:]}"
    shown = tuple(
        YearLine(_when(row, lang), cut(clean(row.title.get(lang)), rows.LONGEST_TITLE))
        for row in one.rows[: room.rows]
    )
    left = len(one.rows) - len(shown)
    more = Button(say(lang, "mail.and-more", n=left), with_query(letter.calendar_url, lang=lang))
    named_above = alone and not named
    return YearPart("" if named_above else heading, say(lang, "year.note"), shown, more if left else None)


def _when(row: YearRow, lang: Lang) -> str:
    if row.on is None:
        least = row.minimum or 0
        if row.maximum is None:
            return say(lang, "year.at-least", least)
        times = dates.number(least, lang)
        if row.maximum != least:
            times = f"{times}–{dates.number(row.maximum, lang)}"
        return say(lang, "year.target", row.maximum, times=times)
    day = dates.in_table(row.on, lang).replace(" ", dates.NBSP)
    if row.times > 1:
        series = say(lang, "year.series", row.times, first=day)
        if row.kind == "event" and row.provisional:
            series = f"{series} ({words.event_status(lang, 'tentative')})"
        return series
    kind = words.kind(lang, row.kind)
    if row.kind == "event" and row.provisional:
        kind = f"{kind} ({words.event_status(lang, 'tentative')})"
    return DOT.join((day, kind))


def enclosed_parts(enclosed: Enclosed, lang: Lang) -> tuple[EnclosedPart, ...]:
    """Return what is enclosed, calendars first."""
    feeds = (_feed(one, lang) for one in enclosed.feeds)
    return (*feeds, *(_meeting(one, lang) for one in enclosed.meetings))


def _meeting(one: Meeting, lang: Lang) -> EnclosedPart:
    when = dates.in_sentence(one.on, lang)
    if one.hours:
        when = say(lang, "meeting.when", day=when, hours=dates.between(*one.hours, lang))
    lines = [say(lang, f"meeting.{one.news}", when=when)]
    if one.place and one.news in {"invited", "changed"}:
        lines.append(say(lang, "meeting.place", place=clean(one.place)))
    lines.append(say(lang, f"meeting.file-{one.news}"))
    heading = ": ".join(filter(None, (say(lang, "meeting.heading"), clean(one.board.get(lang)))))
    return EnclosedPart(heading, tuple(lines))


def _feed(one: OwnFeed, lang: Lang) -> EnclosedPart:
    asked = say(lang, "own-feed.asked", on=dates.in_sentence(one.on, lang))
    lines = (say(lang, "own-feed.what"), say(lang, "own-feed.secret"), asked)
    link = Button(say(lang, "own-feed.link", programme=clean(one.programme.get(lang))), one.url.get(lang))
    return EnclosedPart(say(lang, "head.own-feed"), lines, (link,))
