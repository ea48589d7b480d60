"""When mail may go out: on a programme's own sending days, inside its own window, else the service's.

The day's mails are composed once, at TICK_AT or, where a programme's window is not open then, when
it opens; of several released programmes at the earliest of these moments. Each message then leaves
when the windows of all programmes that it speaks of are open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from reminders.letters.patience import Window, patience_ends
from reminders.planning.policy import DEFAULT_POLICY, Policy
from reminders.settings import Settings
from reminders.store import Connection, programmes

_FURTHEST: Final = 400
"""Days within which every programme has a sending day."""


@dataclass(frozen=True)
class SendingTimes:
    """The days and hours of the released programmes, by key; without any, those of the service."""

    settings: Settings
    policies: Mapping[str, Policy]

    def may_send(self, now: datetime, keys: Collection[str] | None = None) -> bool:
        """Tell whether mail may go out: of all programmes named, or of any.

        Where the windows of those named have no moment in common, that of the first holds.
        """
        here = now.astimezone(self.settings.zone)
        if keys is None:
            return any(self._may_send(policy, here) for policy in self._all())
        own = [self._of(key) for key in keys]
        if not all(policy.workdays.is_sending_day(here.date()) for policy in own):
            return False
        opens, closes = self._common_window(own)
        return opens <= here.time() < closes

    def patience_ends(self, since: datetime, keys: Collection[str]) -> datetime:
        """Return until when a message about these programmes is tried, which can go from ``since`` on."""
        ends = patience_ends(since, self._windows(since, keys))
        return ends or since + timedelta(days=_FURTHEST)

    def _windows(self, since: datetime, keys: Collection[str]) -> Iterator[Window]:
        """Yield when a message about these programmes may go, from the day of ``since`` on."""
        own = [self._of(key) for key in keys] or [*self._all()][:1]
        hours, first = self._common_window(own), since.astimezone(self.settings.zone).date()
        for day in (first + timedelta(days=n) for n in range(_FURTHEST)):
            if all(policy.workdays.is_sending_day(day) for policy in own):
                opens, closes = (
                    datetime.combine(day, at, self.settings.zone).astimezone(UTC) for at in hours
                )
                yield opens, closes

    def _common_window(self, policies: Collection[Policy]) -> tuple[time, time]:
        windows = [self._window(policy) for policy in policies]
        opens, closes = max(one[0] for one in windows), min(one[1] for one in windows)
        return (opens, closes) if opens < closes else windows[0]

    def may_compose(self, now: datetime) -> bool:
        """Tell whether the day's mails may be composed now."""
        here = now.astimezone(self.settings.zone)
        return any(
            policy.workdays.is_sending_day(here.date())
            and self._begins(policy) <= here.time() < self._window(policy)[1]
            for policy in self._all()
        )

    def next_composing(self, now: datetime, *, done: bool, key: str = "") -> datetime:
        """Return the next moment at which mails are composed, of one programme or of any.

        ``done``: those of today are composed already.
        """
        here = now.astimezone(self.settings.zone)
        found = []
        for policy in (self._of(key),) if key else self._all():
            is_over = done or here.time() >= self._window(policy)[1]
            day = here.date() + timedelta(days=1) if is_over else here.date()
            on = policy.workdays.on_or_after(day)
            found.append(datetime.combine(on, self._begins(policy), self.settings.zone))
        return min(found)

    def is_sending_day(self, day: date) -> bool:
        """Tell whether any programme may mail on ``day``."""
        return any(policy.workdays.is_sending_day(day) for policy in self._all())

    def _all(self) -> Collection[Policy]:
        return self.policies.values() or (DEFAULT_POLICY,)

    def _of(self, key: str) -> Policy:
        return self.policies.get(key, DEFAULT_POLICY)

    def _may_send(self, policy: Policy, here: datetime) -> bool:
        opens, closes = self._window(policy)
        return policy.workdays.is_sending_day(here.date()) and opens <= here.time() < closes

    def _window(self, policy: Policy) -> tuple[time, time]:
        return policy.window or self.settings.mail_window

    def _begins(self, policy: Policy) -> time:
        opens, closes = self._window(policy)
        return self.settings.tick_at if opens <= self.settings.tick_at < closes else opens


def sending_times(connection: Connection, settings: Settings, *, held: bool = False) -> SendingTimes:
    """Read the days and hours of the released programmes; with ``held``, of all."""
    found = programmes.policies(connection).items()
    return SendingTimes(settings, {key: policy for key, (policy, stopped) in found if held or not stopped})
