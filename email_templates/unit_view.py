"""A mail to a unit or its head in one language: what the templates show, in order.

What, by when, what to do, what happens next, why. Beside its items a mail may hold the unit's year (a line a
date, a series or a target), a board meeting, or the address of a calendar. A notice holds nothing but these
last: nothing is answered in it, so it has no link that acts for its reader but the one that was asked for. A
bilingual mail is two of these. The secretary's digest is left to ``digest_view``, items to ``rows``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from email_templates import dates, rows, words
from email_templates.headlines import heading
from email_templates.letters import (
    Enclosed,
    Escalation,
    Item,
    Meeting,
    Notice,
    Nudge,
    OwnFeed,
    StatusRequest,
    UnitYear,
    YearList,
    YearRow,
)
from email_templates.plain_text import DOT, capital, clean, with_query
from email_templates.rows import Button, ItemRow, reminders_so_far, row
from email_templates.words import say
from schedule_rules.programme import Lang

UnitLetter = Nudge | StatusRequest | Escalation | UnitYear


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
    """One list; ``heading`` is empty where the mail's own says it."""

    heading: str
    note: str
    rows: tuple[YearLine, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading; a lone item needs no heading."""

    heading: str
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class Foot:
    """Why the mail came, where a reply goes, the calendar, the same page in other languages."""

    heading: str
    lines: tuple[str, ...]
    links: tuple[Button, ...]


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
    foot: Foot


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPart(MailPart):
    """A whole mail to a unit in one language."""

    sections: tuple[Section, ...] = ()
    years: tuple[YearPart, ...] = ()
    all_items: Button | None = None


def unit_part(letter: UnitLetter, lang: Lang) -> UnitPart:
    """Return the mail in ``lang``."""
    alone, named = isinstance(letter, UnitYear), len(letter.years) > 1
    return UnitPart(
        lang=lang,
        programme=clean(letter.programme.get(lang)),
        heading=heading(letter, lang),
        addressee=_addressee(letter, lang),
        hello=say(lang, "mail.hello"),
        lead=_lead(letter, lang),
        sections=tuple(_sections(letter, lang)),
        years=tuple(year_part(one, lang, alone=alone, named=named) for one in letter.years),
        enclosed=enclosed_parts(letter.enclosed, lang),
        all_items=Button(say(lang, "mail.all-items"), with_query(letter.own.unit_url, lang=lang)),
        regards=say(lang, "mail.regards"),
        foot=_foot(letter, lang, clean(letter.unit.get(lang))),
    )


def notice_part(letter: Notice, lang: Lang) -> UnitPart:
    """Return an invitation, or the address of a calendar; the mail's own heading says the first of them."""
    first, *rest = enclosed_parts(letter.enclosed, lang)
    why = say(lang, "own-feed.why" if letter.enclosed.feeds else "meeting.why")
    how = say(lang, "own-feed.steps" if letter.enclosed.feeds else "meeting.calendars")
    links = (Button(how, with_query(letter.calendar_url, lang=lang)),)
    return UnitPart(
        lang=lang,
        programme=clean(letter.programme.get(lang)),
        heading=heading(letter, lang),
        addressee=_addressee(letter, lang),
        hello=say(lang, "mail.hello"),
        lead="",
        enclosed=(replace(first, heading=""), *rest),
        regards=say(lang, "mail.regards"),
        foot=Foot(say(lang, "mail.why"), (why, say(lang, "mail.reply")), links),
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
    since = {(one.due, clean(one.moved_from.get(lang))) for one in news}
    if len(since) == 1:  # else each row says its own
        (on, giver), *_ = since
        sentences.append(say(lang, "welcome.since", due_day=dates.in_sentence(on, lang), giver=giver))
    return sentences


def _taken_over(item: Item) -> Item | None:
    """Return the news that the reader's unit takes over an item's action, alone or beside what is asked."""
    news = item if item.kind == "handover" else item.news
    return news if news and news.moved_from else None


def _ask(letter: UnitLetter, lang: Lang) -> str:
    match letter:
        case StatusRequest():
            asked = list(filter(rows.is_requested, letter.items))
            others = any(item.stands_in for item in asked)  # what is said to a unit is not said to them
            # That it was taken over stands in the welcome.
            reasons = {"open" if _taken_over(item) else item.request for item in asked}
            reasons = {"open" if others and one == "taken" else one for one in reasons}
            code = "request" if len(asked) > 1 else "one-request"
            suffix = "-open" if len(reasons) > 1 else "".join(f"-{one}" for one in reasons if one)
            suffix = suffix or ("-others" if others else "")
            return say(lang, f"lead.{code}{suffix}", answer_by=dates.in_sentence(letter.answer_by, lang))
        case Escalation():
            items = [item for item in letter.items if item.reason == "escalated"]
            history = reminders_so_far(items[0], lang) if len(items) == 1 else []
            return " ".join((say(lang, "escalation.as-head"), *history, say(lang, "escalation.you-can")))
        case UnitYear():
            return say(lang, "lead.year", year=letter.years[0].year)
        case Nudge(items=(item,)):
            return _single(item, lang, letter)
        case _:
            return say(lang, f"lead.{_several(letter.items)}")


def _several(items: Sequence[Item]) -> str:
    """Say which sentence stands above several items: what has moved away is the unit's no more."""
    if not any(map(rows.item_needs_answer, items)):
        return "notices"
    if any(item.stands_in for item in items):
        return "several-others"
    moved_away = any(item.kind == "handover" and not item.moved_from for item in items)
    return "several-and-news" if moved_away else "several"


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
        return say(lang, "lead.pace", entered, title=title, year=item.pace.year, minimum=minimum)
    if item.asks_dates and item.year:
        return say(lang, "lead.ask-year", title=title, year=item.year)
    if item.asks_dates:
        return say(lang, "lead.ask", title=title, due_named=dates.named_day(item.due, lang))
    codes = {"review": ("review", "reviewed"), "start": ("start", "started"), "event": ("event", "event")}
    code = codes.get(item.kind, ("deadline", "passed"))[past]
    return say(lang, f"lead.{code}", title=title, due_day=due_day)


def _sections(letter: UnitLetter, lang: Lang) -> list[Section]:
    """Return what is asked at a first start, then the other items; a lone item needs no heading."""
    escalated = sum(item.reason == "escalated" for item in letter.items)
    history = isinstance(letter, Escalation) and escalated > 1

    def shown(item: Item) -> ItemRow:
        of_one = history and item.reason == "escalated"
        return row(item, lang, letter.sent_on, unit=letter.unit, history=of_one)

    items: Sequence[Item] = letter.items
    sections = []
    if isinstance(letter, StatusRequest):
        asked = sorted(filter(rows.is_requested, items), key=lambda item: item.due)
        sections.append(Section("", tuple(map(shown, asked))))
        items = [item for item in items if not rows.is_requested(item)]
    for code, members in rows.in_sections(items, letter.sent_on):
        title = "" if len(letter.items) == 1 else say(lang, f"section.{code}")
        sections.append(Section(title, tuple(map(shown, members))))
    return sections


def _foot(letter: UnitLetter, lang: Lang, unit: str) -> Foot:
    why = "why-head" if isinstance(letter, Escalation) else "why-unit"
    lines = [say(lang, f"mail.{why}", unit=unit)]
    if role := _reads_as(letter):
        lines = [say(lang, f"mail.why-{role}-stands-in", unit=unit)]
    elif any(item.answer_url for item in letter.items):
        lines.append(say(lang, "mail.wrong-reader", answer=words.answer(lang, "not-ours")))
    lines += [say(lang, "mail.reply")] if role != "secretary" else []
    lines.append(say(lang, "mail.expire"))
    others = (  # the same page in the programme's other languages, each named in its own
        Button(say(other, "mail.in-language"), with_query(letter.own.unit_url, lang=other))
        for other in letter.own.languages
        if other != lang
    )
    links = (Button(say(lang, "mail.calendar"), letter.calendar_url), *others)
    return Foot(say(lang, "mail.why"), tuple(lines), links)


def year_part(one: YearList, lang: Lang, *, alone: bool, named: bool) -> YearPart:
    """Return a list in ``lang``; ``alone``: it is the whole mail; ``named``: it says its programme."""
    heading = say(lang, "year.heading", year=one.year)
    if named:
        heading = f"{clean(one.programme.get(lang))}: {heading[:1].lower()}{heading[1:]}"
    rows = tuple(YearLine(_when(row, lang), clean(row.title.get(lang))) for row in one.rows)
    return YearPart("" if alone and not named else heading, say(lang, "year.note"), rows)


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
        return say(lang, "year.series", row.times, first=day)
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
