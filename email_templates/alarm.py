"""The alarm to the people who run the service: what stands still, since when, and how to look.

Nobody knows which language they read, so it says everything in all three. It is plain on
purpose: it must get out when little else works.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Literal

from email_templates import dates
from email_templates.letters import LetterContent
from email_templates.words import say
from schedule_rules.programme import LANGUAGES, Lang, Text


@dataclass(frozen=True, slots=True)
class MissingRun:
    """No run has finished on the working day ``day``; ``last`` is when one did, in local time."""

    day: date
    last: datetime | None


@dataclass(frozen=True, slots=True)
class ClosedChannel:
    """A way of sending that failed ``failures`` times in a row; ``reason`` is technical, without address.

    ``cause`` is one that people can do something about, where one is known.
    """

    is_folder: bool
    failures: int
    reason: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class ClockQuestion:
    """Why the clock is not believed: what was ``expected`` and what it has ``shown``, in local time.

    ``gap``: the last planned day lies far back; ``behind``: it lies ahead of the day that the clock shows;
    ``jump``: the clock went ahead while the service was running.
    """

    kind: Literal["gap", "behind", "jump"]
    expected: date
    shown: date


@dataclass(frozen=True, slots=True)
class WaitingMails:
    """Mails that are more than ``cap``, which go at once only when somebody says yes."""

    mails: int
    cap: int


@dataclass(frozen=True, slots=True)
class ManyDead:
    """So many of a programme's addresses count as dead that a server's mistake is likelier.

    ``answer`` is what servers said of most of them, without addresses.
    """

    programme: Text
    dead: int
    addresses: int
    answer: str


@dataclass(frozen=True, slots=True)
class NoSecretary:
    """A programme that runs without a secretary who is there: why, and ``since`` when where that is known."""

    programme: Text
    since: date | None
    why: Literal["no-secretary", "never-secretary", "secretary-away", "secretary-dead"] = "no-secretary"


@dataclass(frozen=True, slots=True)
class Alarm:
    """The variables of the alarm; ``host`` and ``link`` say which service it is.

    ``broken`` are the keys of programmes of which something cannot be mailed, each with the reason.
    ``other_key``: the secret key is not the database's; ``restored``: the local time of a backup about
    which nobody has answered yet.
    """

    missing: MissingRun | None
    closed: tuple[ClosedChannel, ...]
    host: str
    link: str
    broken: tuple[tuple[str, str], ...] = ()
    without: tuple[NoSecretary, ...] = ()
    waiting: WaitingMails | None = None
    clock: ClockQuestion | None = None
    other_key: bool = False
    restored: datetime | None = None
    dead: tuple[ManyDead, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is wrong."""
        asked = self.clock or self.other_key or self.restored or self.missing or self.waiting
        return bool(asked or self.closed or self.broken or self.without or self.dead)


def render_alarm(alarm: Alarm) -> LetterContent:
    """Write the alarm, the same facts in each language."""
    parts = {lang: (*sentences(alarm, lang), say(lang, "alarm.check"), alarm.link) for lang in LANGUAGES}
    word = " / ".join(say(lang, "alarm.word") for lang in LANGUAGES)
    return LetterContent(
        subject=f"{word}: {alarm.host}",
        text="\n\n".join("\n".join(lines) for lines in parts.values()) + "\n",
        html="".join(
            f'<div lang="{lang}">{"".join(f"<p>{escape(line)}</p>" for line in lines)}</div>'
            for lang, lines in parts.items()
        ),
        content_language=", ".join(LANGUAGES),
    )


def sentences(alarm: Alarm, lang: Lang) -> Iterator[str]:
    """Yield what is wrong, a paragraph each."""
    if alarm.clock:
        yield clock_words(alarm.clock, lang)
    if alarm.restored:
        yield say(lang, "alarm.restored", at=dates.moment(alarm.restored, lang))
    if alarm.other_key:
        yield say(lang, "alarm.other-key")
    if missing := alarm.missing:
        at = dates.moment(missing.last, lang) if missing.last else ""
        yield " ".join(
            (
                say(lang, "alarm.missing", day=dates.in_sentence(missing.day, lang)),
                say(lang, "alarm.last", at=at) if at else say(lang, "alarm.never"),
                say(lang, "alarm.stopped"),
            )
        )
    for one in alarm.closed:
        yield f"{channel_words(one, lang)} {say(lang, 'alarm.reason', reason=one.reason)}"
    if alarm.waiting:
        yield f"{waiting_words(alarm.waiting, lang)} {say(lang, 'alarm.let-go')}"
    for many in alarm.dead:
        yield f"{many_dead_words(many, lang)} {say(lang, 'alarm.mend-dead')}"
    for key, reason in alarm.broken:
        found = say(lang, "alarm.broken", programme=key)
        yield " ".join((found, say(lang, "alarm.reason", reason=reason)))
    for programme in alarm.without:
        since = dates.short(programme.since, lang) if programme.since else ""
        name = programme.programme.get(lang)
        mend = say(lang, f"alarm.mend-{programme.why}")
        if since:
            yield f"{say(lang, 'alarm.no-secretary-since', programme=name, day=since)} {mend}"
        else:
            yield f"{say(lang, f'alarm.{programme.why}', programme=name)} {mend}"


def channel_words(one: ClosedChannel, lang: Lang) -> str:
    """Say that a way of sending cannot be used, why, and what becomes of the messages."""
    if one.cause == "many" and not one.is_folder:
        return f"{say(lang, 'alarm.cause-many')} {say(lang, 'alarm.waits')}"
    found = [say(lang, "alarm.folder" if one.is_folder else "alarm.smtp", n=one.failures)]
    if one.cause and not one.is_folder:
        found.append(say(lang, f"alarm.cause-{one.cause}"))
    return " ".join((*found, say(lang, "alarm.waits")))


def many_dead_words(one: ManyDead, lang: Lang) -> str:
    """Say how many of a programme's addresses count as dead, and what a server said of most."""
    facts = {"programme": one.programme.get(lang), "answer": one.answer}
    return say(lang, "alarm.dead", n=one.dead, of=one.addresses, **facts)


def clock_words(one: ClockQuestion, lang: Lang) -> str:
    """Say what does not fit about the clock, and how to answer."""
    expected, shown = (_when(at, lang) for at in (one.expected, one.shown))
    found = say(lang, f"alarm.clock-{one.kind}", expected=expected, shown=shown)
    return f"{found} {say(lang, 'alarm.clock-waits')}"


def _when(at: date, lang: Lang) -> str:
    return dates.moment(at, lang) if isinstance(at, datetime) else dates.short(at, lang)


def waiting_words(one: WaitingMails, lang: Lang) -> str:
    """Say that mails wait because they are many."""
    return say(lang, "alarm.cap", n=one.mails, cap=one.cap)
