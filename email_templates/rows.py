"""An item of a mail as its reader sees it: strings in one language, ready for any template.

Text and html templates show the same row, so they cannot differ in facts.

What is true of an item on the day a mail is sent: its status, its section, whether it asks.

*This week* is the ISO week of the sending day, or the seven days after it,
whichever reaches further. Words are left to ``words`` and ``rows``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from email_templates import dates, words
from email_templates.letters import Item, Promise, TargetPace
from email_templates.text import DOT, clean, with_query
from email_templates.words import say
from schedule_rules.programme import Lang, Text

# -- What is true of an item on the day a mail is sent: its status, its section, whether it ask

SECTIONS: Final = ("escalated", "overdue", "week", "later", "reviews", "pace", "events", "handover")
INFORMING: Final = ("start", "event", "handover", "pace")
SOON_DAYS: Final = 30
WEEK_DAYS: Final = 7


def item_needs_answer(item: Item) -> bool:
    """Tell whether the unit is asked for anything; starts, dated events and hand-overs only inform."""
    return item.kind not in INFORMING or item.asks_dates


def is_overdue_item(item: Item, on: date) -> bool:
    """Tell whether the due date has passed; events, starts and hand-overs never do."""
    return item.kind not in INFORMING and item.due < on


def is_pressing(item: Item, on: date) -> bool:
    """Tell whether an item is overdue or due this week: then its mail has a button for each answer."""
    return item.due < on or this_week(item.due, on)


def item_status(item: Item, on: date) -> str:
    """Return the code of the item's status chip."""
    if is_overdue_item(item, on):
        return "overdue"
    if item.kind in INFORMING or (item.due - on).days > SOON_DAYS:
        return "coming"
    return "soon"


def section(item: Item, on: date) -> str:
    """Return the section of a unit's mail that the item stands in."""
    if item.reason == "escalated":
        return "escalated"
    if item.kind == "review":
        return "reviews"
    if item.kind in {"handover", "pace"}:
        return item.kind
    if item.kind in {"event", "start"}:
        return "events"
    if item.due < on:
        return "overdue"
    return "week" if this_week(item.due, on) else "later"


def this_week(due: date, on: date) -> bool:
    """Tell whether a date lies in this ISO week or within seven days."""
    return due.isocalendar()[:2] == on.isocalendar()[:2] or (due - on).days <= WEEK_DAYS


def in_sections(items: Iterable[Item], on: date) -> list[tuple[str, list[Item]]]:
    """Return the sections that hold something, in order, the earliest date first in each."""
    ordered = sorted(items, key=lambda item: item.due)
    grouped = [(code, [item for item in ordered if section(item, on) == code]) for code in SECTIONS]
    return [(code, members) for code, members in grouped if members]


def opens_collection(items: tuple[Item, ...]) -> bool:
    """Tell whether the mail is nothing but the opening of a collection round."""
    return len(items) == 1 and items[0].kind == "collection" and items[0].stage == "opening"


# -- An item of a mail as its reader sees it: strings in one language, ready for any template


@dataclass(frozen=True, slots=True)
class Tag:
    """A status chip: code (for its colours), shape and word."""

    code: str
    glyph: str
    word: str


@dataclass(frozen=True, slots=True)
class Button:
    """A link that is drawn as a button."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item. Empty strings and tuples are not shown."""

    title: str
    url: str
    tag: Tag | None
    when: str
    party: str
    ask: str
    why: str
    buttons: tuple[Button, ...]
    enough: str
    answer: Button | None
    form: Button | None
    history: str
    promise: str


def row(item: Item, lang: Lang, on: date, *, unit: Text, history: bool = False) -> ItemRow:
    """Return ``item`` in ``lang`` as it stands on the day ``on``, for a mail to ``unit``.

    ``history`` adds how many reminders went to whom (for a head of unit).
    """
    pressing = bool(item.answer_url) and is_pressing(item, on)
    return ItemRow(
        title=clean(item.title.get(lang)),
        url=item.url,
        tag=None if item.kind in {"start", "handover", "pace"} else _tag(item_status(item, on), lang),
        when=_when(item, lang, on),
        party=_party(item, lang, unit),
        ask=_ask(item, lang),
        why=" ".join(_why(item, lang, on)),
        buttons=_buttons(item, lang) if pressing else (),
        enough=say(lang, "mail.one-answer") if pressing else "",
        answer=None if pressing else _link("item.answer", item.answer_url, lang),
        form=_link("item.form", item.form_url, lang) or _dates(item, lang),
        history=" ".join(reminders_so_far(item, lang)) if history else "",
        promise=promise_words(item.promise, lang) if item.promise else "",
    )


def _buttons(item: Item, lang: Lang) -> tuple[Button, ...]:
    """Return a button for each answer; the page opens with it chosen, in the language of the mail."""
    return tuple(
        Button(words.answer(lang, code), with_query(item.answer_url, a=code, lang=lang))
        for code in words.ANSWERS
    )


def _link(text_id: str, url: str, lang: Lang) -> Button | None:
    return Button(say(lang, text_id), with_query(url, lang=lang)) if url else None


def _dates(item: Item, lang: Lang) -> Button | None:
    return _link("item.add-date" if item.pace else "item.set-dates", item.dates_url, lang)


def _tag(code: str, lang: Lang) -> Tag:
    return Tag(code, words.glyph(code), words.status(lang, code))


def _unbroken(day: date, lang: Lang) -> str:
    return dates.in_table(day, lang).replace(" ", dates.NBSP)


def _when(item: Item, lang: Lang, on: date) -> str:
    if item.kind == "handover":
        return DOT.join((_moved_to(item, lang), say(lang, "item.handover", date=_unbroken(item.due, lang))))
    if item.pace:
        return paced(item.pace, lang)
    parts = [say(lang, f"item.{_date_word(item, on)}", date=_unbroken(item.due, lang))]
    if item.kind == "collection" and item.year and str(item.year) not in item.title.get(lang):
        parts.insert(0, say(lang, "item.year", year=item.year))
    if item.closes:
        tense = "closed" if item.closes < on else "closes"
        parts.append(say(lang, f"item.{tense}", date=_unbroken(item.closes, lang)))
    return DOT.join(parts)


def paced(pace: TargetPace, lang: Lang) -> str:
    """Say how often so far: *Toteutunut 1/4 (2025)*, and when next."""
    held, minimum = dates.number(pace.held, lang), dates.number(pace.minimum, lang)
    said = say(lang, "item.pace", held=held, minimum=minimum, year=pace.year)
    return DOT.join((said, next_date(pace, lang)))


def next_date(pace: TargetPace, lang: Lang) -> str:
    """Say the next date that is known, or that none is."""
    if pace.next is None:
        return say(lang, "item.no-next")
    return say(lang, "item.next", date=_unbroken(pace.next, lang))


def _moved_to(item: Item, lang: Lang) -> str:
    return say(lang, "item.moved-to", org=clean(item.moved_to.get(lang)))


def _date_word(item: Item, on: date) -> str:
    if item.kind == "start":
        return "started" if item.due < on else "start"
    if item.kind == "event":
        return "ask" if item.asks_dates else "event"
    return "review" if item.kind == "review" else "deadline"


def _party(item: Item, lang: Lang, unit: Text) -> str:
    if item.kind == "handover":  # whose it is now stands beside the date
        return ""
    names = words.names(lang, item.organisations)
    return "" if names in {"", unit.get(lang)} else say(lang, "item.party", org=clean(names))


def _ask(item: Item, lang: Lang) -> str:
    if item.asks_dates:
        return say(lang, "item.give-held" if item.pace else "item.give-dates")
    return "" if item_needs_answer(item) else say(lang, "mail.no-answer")


def _why(item: Item, lang: Lang, on: date) -> list[str]:
    said = []
    if item.wording:
        said.append(say(lang, "why.says", wording=clean(item.wording.get(lang))))
    if item.kind == "handover":
        return [*said, say(lang, "why.handed-by", by=item.moved_by)] if item.moved_by else said
    rule = words.reading(lang, item.reading)
    said.append(say(lang, "why.read", rule=rule, basis=words.basis(lang, item.provenance)))
    if item.kind != "start":
        stage = words.stage(lang, item.stage, (item.due - on).days, item.kind)
        said.append(say(lang, "why.stage", stage=stage))
    if item.others and item.reason != "escalated":
        said.append(say(lang, "why.others", others=clean(words.names(lang, item.others))))
    return said


def reminders_so_far(item: Item, lang: Lang) -> list[str]:
    """Say how many reminders went out, to whom, and when none could."""
    said = [say(lang, "escalation.reminders", count=dates.number(item.reminders_sent, lang))]
    if item.others:
        others = clean(words.names(lang, item.others))
        said.append(say(lang, "escalation.recipients", others=others))
    if item.gap:
        said.append(say(lang, "escalation.gap", span=dates.span(*item.gap, lang)))
    return said


def promise_words(then: Promise, lang: Lang) -> str:
    """Say what happens next, and when, if nobody in the unit answers."""
    return say(
        lang,
        f"promise.{then.kind}",
        answer_by=dates.in_sentence(then.answer_by, lang),
        on=dates.in_sentence(then.on, lang),
    )
