"""What stands in a mail beside its items, in one language: a board meeting, the address of a calendar.

In a mail of its own (``notice_view``) the first of them has no heading: the mail's own says it.
"""

from __future__ import annotations

from dataclasses import dataclass

from email_templates import dates
from email_templates.letters import Enclosed, Meeting, OwnFeed
from email_templates.rows import Button
from email_templates.text import clean
from email_templates.words import say
from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True)
class EnclosedPart:
    """Sentences under a heading, and links; no heading: the mail's says it."""

    heading: str
    lines: tuple[str, ...]
    links: tuple[Button, ...] = ()


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
    board = clean(one.board.get(lang))
    heading = ": ".join(filter(None, (say(lang, "meeting.heading"), board)))
    return EnclosedPart(heading, tuple(lines))


def _feed(one: OwnFeed, lang: Lang) -> EnclosedPart:
    lines = (
        say(lang, "own-feed.what"),
        say(lang, "own-feed.secret"),
        say(lang, "own-feed.asked", on=dates.in_sentence(one.on, lang)),
    )
    link = Button(say(lang, "own-feed.link", programme=clean(one.programme.get(lang))), one.url.get(lang))
    return EnclosedPart(say(lang, "head.own-feed"), lines, (link,))
