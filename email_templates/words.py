"""The phrases that mails, pages and the ``explain`` command share.

One word for one thing (design: language.md, §2). A code of the service goes
in, words in the reader's language come out; an unknown code raises
``CatalogueError``. Whole letters are left to ``unit_view`` and ``digest_view``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from email_templates import dates
from email_templates.catalogue import say_from
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang, Text

GLYPHS: Final = {
    "overdue": "▲",
    "decide": "◆",
    "soon": "●",
    "review": "●",
    "behind": "●",
    "unknown": "□",
    "track": "→",
    "done": "✓",
    "coming": "○",
}
ANSWERS: Final = ("done", "on-track", "late", "not-ours")
ROLES: Final = ("contact", "deputy", "mailbox", "head", "secretary")

_OFFSET: Final = re.compile(r"[+-]?P\d+D")
_STAGE_KINDS: Final = {"collection": "milestone"}

say = say_from("email_templates")


def reading(lang: Lang, code: str) -> str:
    """Say how a wording was read: *määräaika on aikataulun viimeinen päivä*."""
    return say(lang, f"reading.{code}")


def who(lang: Lang, by: str) -> str:
    """Return who did something within a sentence (``doer`` stands alone): *the board secretary*."""
    return say(lang, f"who.{by}") if by in ROLES else by


def times_so_far(lang: Lang, year: int, times: int, minimum: int, maximum: int | None = None) -> str:
    """Say how often something took place in a year, and the target: *Vuonna 2026: 0 kertaa, tavoite 2–4*."""
    target = least = dates.number(minimum, lang)
    if maximum is None:
        target = say(lang, "item.at-least", least=least)
    elif maximum != minimum:
        target = f"{least}–{dates.number(maximum, lang)}"
    return say(lang, "item.pace", times, year=year, target=target)


def basis(lang: Lang, provenance: str, by: str = "", on: date | None = None, to: str = "") -> str:
    """Say where a rule comes from: *ohjelman mukaan*, *oletus*, *korjattu* (to what, by whom, when)."""
    if provenance != "corrected":
        return say(lang, f"basis.{provenance}")
    what = (
        say(lang, "basis.corrected-to", words=dates.quoted(to, lang)) if to else say(lang, "basis.corrected")
    )
    return f"{what}: {doer(lang, by)}, {dates.short(on, lang)}" if by and on else what


def moved(lang: Lang, kind: str, due: date, was_due: date, on: date) -> str:
    """Say that the secretary moved a date, on which day, and what it was before; a round she opens again."""
    date_now, was, moved_on = (dates.short(day, lang) for day in (due, was_due, on))
    return say(lang, f"moved.{kind}", date=date_now, was=was, on=moved_on)


def date_moved(lang: Lang, row: Occurrence) -> str:
    """Say that an occurrence's date was moved, and what it was before; nothing where it was not."""
    was_due, on = row.basis.was_due, row.basis.moved_on
    return moved(lang, row.kind, row.due, was_due, on) if was_due and on else ""


def stage(lang: Lang, code: str, days: int, kind: str = "milestone") -> str:
    """Say which stage a reminder is, by what is true on the day it is sent.

    ``days`` is due date minus sending date, so that a stage that was moved
    names the days that are really left; ``kind`` is the occurrence's.
    """
    if not _OFFSET.fullmatch(code):
        return say(lang, f"stage.{code}")
    of = _STAGE_KINDS.get(kind, kind)
    if days == 0:
        return say(lang, f"stage.today.{of}")
    return say(lang, f"stage.{'before' if days > 0 else 'after'}.{of}", n=abs(days))


def status(lang: Lang, code: str) -> str:
    """Return the word that goes with a colour and shape (``GLYPHS``)."""
    return say(lang, f"status.{code}")


def standing(lang: Lang, code: str, until: date | None = None) -> str:
    """Return the word of a standing (design: interface.md, "Shapes"); ``until`` is the date of a late one."""
    if code == "late" and until is not None:
        return say(lang, "standing.late-until", date=dates.short(until, lang))
    return say(lang, f"standing.{code}")


def glyph(code: str) -> str:
    """Return the shape that goes with a status word, so that colour never stands alone."""
    return GLYPHS[code]


def answers_for(kinds: Collection[str]) -> tuple[str, ...]:
    """Return the answers to what is of some kinds, in the order of their buttons: the first is filled.

    A review is answered *on track* as a rule, a milestone *done*; of both together the milestone decides.
    """
    return ANSWERS if set(kinds) != {"review"} else ("on-track", "done", *ANSWERS[2:])


def answer(lang: Lang, code: str) -> str:
    """Return an answer as its button says it: done, on-track, late, not-ours."""
    return say(lang, f"answer.{code}")


def after_answer(
    lang: Lang,
    on: date | None,
    head_on: date | None = None,
    *,
    is_early: bool = False,
    reader: str = "unit",
    head_hears: bool = True,
) -> str:
    """Say what an answer stops, and ``on`` which day its unit is asked again (behaviour.md, "Answers").

    None: it is not. ``is_early``: the answer came before the date, which is asked about once more; while a
    proposed date waits for its decision, nobody above is told before ``head_on``. ``reader`` is who is asked:
    the unit, or its head or the secretary where it has no contact. Above them is the head where
    ``head_hears``, else the secretary's list.
    """
    if on is None:
        return say(lang, "after-answer.stopped")
    day, above = dates.in_sentence(on, lang), "head" if head_hears else "list"
    if not is_early:
        return say(lang, f"after-answer.again-later-{reader}", on=day)
    sentences = [
        say(lang, "after-answer.early"),
        say(lang, f"after-answer.again-{reader}", on=day),
        say(lang, f"after-answer.silent-{above}"),
    ]
    if head_on is not None:
        sentences.append(say(lang, f"after-answer.waits-{above}", on=dates.in_sentence(head_on, lang)))
    return " ".join(sentences)


def proposal(lang: Lang, state: str, day: date, kind: str = "milestone") -> str:
    """Say what became of a proposed date: pending, refused, approved; a review has no deadline."""
    of = "-review" if kind == "review" else ""
    return say(lang, f"said.{state}{of}", date=dates.short(day, lang))


def answer_parts(
    lang: Lang, code: str, new_date: date | None = None, state: str = "", kind: str = "milestone"
) -> tuple[str, ...]:
    """Say an answer; of a late milestone which date was proposed and what became of it, or that none was."""
    if new_date:
        return answer(lang, code), proposal(lang, state or "pending", new_date, kind)
    is_without = code == "late" and kind == "milestone"
    return (answer(lang, code), say(lang, "said.no-date")) if is_without else (answer(lang, code),)


def kind(lang: Lang, code: str) -> str:
    """Return an occurrence's kind: start, milestone, review, collection, event."""
    return say(lang, f"kind.{code}")


def event_status(lang: Lang, code: str) -> str:
    """Return an event's status: tentative, confirmed, cancelled."""
    return say(lang, f"event.{code}")


def feed_word(lang: Lang, code: str) -> str:
    """Say something of a private calendar: whose it is (own, secretary), or an entry's state (status-...)."""
    return say(lang, f"feed.{code}")


def feed_basis(lang: Lang, how: str, provenance: str) -> str:
    """Say how a date was read and where that comes from, as the secretary's calendar does."""
    return say(lang, "feed.basis", reading=reading(lang, how), basis=basis(lang, provenance))


def outbox(lang: Lang, state: str) -> str:
    """Return a message's state: queued, sending, sent, failed, uncertain, expired, cancelled."""
    return say(lang, f"outbox.{state}")


def letter(lang: Lang, code: str) -> str:
    """Return a mail's kind: nudge, status-request, escalation, digest, collection."""
    return say(lang, f"letter.{code}")


def role(lang: Lang, code: str) -> str:
    """Return a contact's role: contact, deputy, mailbox, head, secretary."""
    return say(lang, f"role.{code}")


def doer(lang: Lang, by: str) -> str:
    """Return who did something: an address as it is written, the board's secretary by her role."""
    return role(lang, "secretary") if by in {"", "secretary"} else by


MOST_NAMES: Final = 3
"""So many of those who got a mail too are named; the others are counted."""


def few_names(lang: Lang, texts: Iterable[Text]) -> str:
    """Return the first names, and how many more there are where that is shorter."""
    found = tuple(texts)
    if len(found) <= MOST_NAMES:
        return names(lang, found)
    left = len(found) - MOST_NAMES
    return f"{names(lang, found[:MOST_NAMES])} {say(lang, 'mail.and-more', n=left)}"


def names(lang: Lang, texts: Iterable[Text]) -> str:
    """Return names as they stand, uninflected, with commas between."""
    return ", ".join(text.get(lang) for text in texts)
