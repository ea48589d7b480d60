"""Private calendars that were asked for by mail: whom the day's mails bring the address of one.

Pure. Asked for on a public page by whoever knows an address, so the answer goes to that
address alone. The token is a function of the request: a mail says the same whoever writes it,
and only its hash is stored (``store.feed_requests``).
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reminders.due import World

LAPSES: Final = timedelta(days=30)
"""A request of a programme that is held for longer is forgotten: nobody waits for it any more."""
_OCTETS: Final = 16  # 128 bits


@dataclass(frozen=True, slots=True)
class FeedAsked:
    """One address's own calendar of one programme, asked for ``on`` a civil date."""

    programme: str
    recipient: str
    on: date

    @property
    def item(self) -> str:
        """The name under which forecast and log show it; no action has it."""
        return f"{self.programme}:calendar:event:own-{self.on.isoformat()}"

    def token(self, secret: str) -> str:
        """Return the feed's token: 22 letters, digits, ``-`` and ``_``, the same each time."""
        facts = f"reminders.feed_request\0{self.programme}\0{self.recipient}\0{self.on.isoformat()}"
        octets = hmac.digest(secret.encode(), facts.encode(), "sha256")[:_OCTETS]
        return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def feeds_due(
    worlds: Mapping[str, World], day: date, asked: Mapping[str, date]
) -> Mapping[str, tuple[FeedAsked, ...]]:
    """Return what each address gets that asked (on which date): a feed a programme whose contact it is."""
    found = {
        address: tuple(
            FeedAsked(key, address, on)
            for key, world in sorted(worlds.items())
            if any(one.email == address and one.is_valid(day) for one in world.people.all)
            and world.people.takes_mail(address)
        )
        for address, on in asked.items()
        if day - LAPSES <= on <= day
    }
    return {address: ones for address, ones in found.items() if ones}
