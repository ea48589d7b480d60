"""Every error that the service raises by name; one base, so that a door catches one thing.

What each means for the caller is its ``exit_code``; how it is shown is left to
the doors. A docstring is the idea of the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


class RemindersError(Exception):
    """The work could not be done."""

    exit_code = 1


class UsageError(RemindersError):
    """The command was used in a way that it does not understand."""

    exit_code = 2


class SkippedTimeError(UsageError):
    """An event would begin or end at a local time that the clock skips when it is put forward."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(
            "series: expected a time that the clock shows; "
            f"{moment:%Y-%m-%d %H:%M} is skipped when summer time begins"
        )
        self.moment = moment


class SeriesProblemError(UsageError):
    """A series cannot be kept as it is; ``code`` says why (``schedule_rules.edited_series.problem``).

    ``day`` is the day that is to blame, or the last one that may be chosen, where there is one.
    """

    def __init__(self, code: str, message: str, day: date | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.day = day


class EditedMeanwhileError(RemindersError):
    """Somebody else has changed the series since the editor saw it; nothing was changed."""

    def __init__(self, name: str, by: str, at: datetime) -> None:
        super().__init__(
            f"series {name!r} was changed meanwhile by {by} at {at:%Y-%m-%d %H:%M} UTC; nothing was stored. "
            "Look at it and repeat the change"
        )
        self.by = by
        self.at = at


class NotFoundError(RemindersError):
    """There is no such programme, action, occurrence, feed or file."""


class NotYoursError(RemindersError):
    """Whoever acts may not act in this programme."""

    def __init__(self, programme: str) -> None:
        super().__init__(f"only the secretary of {programme} may do this")
        self.programme = programme


class UnknownFeedError(NotFoundError):
    """No feed has this name; ``keys`` are those of its parts that name no unit and no theme."""

    def __init__(self, name: str, keys: Iterable[str]) -> None:
        self.keys = tuple(keys)
        unknown = f": nothing is called {', '.join(self.keys)}" if self.keys else ""
        super().__init__(f"no feed {name!r}{unknown}; reminders feeds lists them")


class DamagedError(RemindersError):
    """What is stored of a programme cannot be read; its file, imported again, takes its place."""

    def __init__(self, programme: str) -> None:
        super().__init__(
            f"{programme} is damaged: what is stored of it cannot be read. "
            f"Import its file again (reminders import FILE --programme {programme}) or restore a backup"
        )
        self.programme = programme


class ClockError(RemindersError):
    """The clock stands far from where the last run left it, and nobody has accepted that."""


class BusyError(RemindersError):
    """Another file is being read, and as many as may wait for it do."""

    def __init__(self) -> None:
        super().__init__("another file is being read; nothing was stored. Try again in a minute")


class GuardError(RemindersError):
    """A guard refuses: the programme is held, or more mail would go out than MAIL_CAP allows."""


class NoSecretaryError(GuardError):
    """A programme without a secretary is not released."""

    def __init__(self, programme: str) -> None:
        super().__init__(
            f"{programme} has no secretary: nobody would get what falls to nobody else. "
            f"Name one with: reminders contacts import FILE.csv --programme {programme}"
        )
        self.programme = programme


class CountError(GuardError):
    """More mail would go out at once than MAIL_CAP allows, and nobody has said yes to that."""

    def __init__(self, message: str, mails: int) -> None:
        super().__init__(message)
        self.mails = mails


class EvidenceError(RemindersError):
    """The record of deliveries is not as it was written."""


class BounceError(RemindersError):
    """A report of returned mail is not to be believed, or is none; nothing was changed."""


class ChannelDown(RemindersError):
    """The mail server cannot be used now; no message is to blame."""


class SignInError(RemindersError):
    """The sign-in service did not vouch for anybody; the message names no token and no person."""


class ConfigurationError(RemindersError):
    """A setting is not what was expected: its name, what was expected and what was found."""

    def __init__(self, setting: str, expected: str, found: str) -> None:
        super().__init__(f"{setting}: expected {expected}; found {found}")
        self.setting = setting
        self.expected = expected
        self.found = found


class FolderError(RemindersError):
    """A folder of the service cannot be written: its setting, the folder, the user and the reason."""

    def __init__(self, setting: str, folder: Path, user: str, reason: str) -> None:
        super().__init__(
            f"{setting}: user {user} cannot write into the folder {folder}: {reason}; "
            "give it to this user, or set another"
        )


class IllHealthError(RemindersError):
    """A half of the service is not well: which, and why."""

    def __init__(self, half: str, reason: str) -> None:
        super().__init__(f"{half}: not well: {reason}")


class ListenError(RemindersError):
    """The pages cannot be served at an address: host and port, why not, what to do."""

    def __init__(self, host: str, port: int, why: str, remedy: str) -> None:
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__(f"HOST, PORT: cannot listen at {where}: {why}; {remedy}")


class DatabaseFault(RemindersError):
    """The database cannot be worked with: its address without the password, what is wrong, what to do."""

    def __init__(self, address: str, what: str, remedy: str) -> None:
        super().__init__(f"DATABASE_URL: {address}: {what}; {remedy}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: ``place`` is the line or row and the path or column."""

    file: str
    place: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        return f"{self.file}, {self.place}: expected {self.expected}; found {self.found}"


class InputError(RemindersError):
    """A file cannot be read: where, what was expected and what was found. Nothing was taken from it.

    ``problems`` holds everything found in one pass; the first is the message.
    """

    def __init__(
        self, file: str, place: str, found: str, expected: str, more: Sequence[Problem] = ()
    ) -> None:
        self.problems = (Problem(file, place, found, expected), *more)
        super().__init__(str(self.problems[0]))

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> InputError:
        """Make one error of all ``problems`` (at least one)."""
        first, *more = problems
        return cls(first.file, first.place, first.found, first.expected, more)

    def __str__(self) -> str:
        """Return the first problem, and how many more there are."""
        rest = len(self.problems) - 1
        more = f" (and {rest} more problem{'s' if rest > 1 else ''})" if rest else ""
        return f"{self.problems[0]}{more}"
