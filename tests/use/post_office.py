"""A mail server that knows its people: some addresses are dead there, and everything else can fail too."""

from __future__ import annotations

from collections import Counter
from typing import Any

from reminders.delivery import transport_for
from reminders.settings import Settings
from tests.delivery.faulty_server import FaultyServer, Session
from tests.use.office import Office

QUICK = 600_000
"""Messages a minute: no waits."""


class PostOffice(FaultyServer):
    """Refuses for good what is sent to the ``dead``."""

    def __init__(self, *args: Any, dead: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.dead = set(dead)

    async def _obey(self, session: Session, line: str) -> None:
        if line[:4].upper() == "RCPT" and line[9:].partition(">")[0] in self.dead:
            await self._put(session, "550 5.1.1 no such user here")
        else:
            await super()._obey(session, line)

    def serve(self, office: Office, **settings: Any) -> None:
        """Let an office send through this server."""
        usual = {"smtp_url": f"smtp://127.0.0.1:{self.port}", "mail_per_minute": QUICK}
        office.settings = Settings(**usual | settings)
        office.transport = transport_for(office.settings)

    @property
    def copies(self) -> Counter[str]:
        """How many messages each address got."""
        return Counter(one.recipient for one in self.accepted)
