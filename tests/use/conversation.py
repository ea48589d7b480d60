"""A real SMTP conversation, aiosmtpd's, that says at which point of which message it is.

What happens there (a kill, a signal, silence) is left to who overrides ``reached``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

VICTIM = 4
"""The number of the message at which something happens: some went before it, more of its batch come after."""


class Conversation:
    """Takes messages, over connections that offer PIPELINING: ``begun`` so many, ``accepted`` those."""

    def __init__(self) -> None:
        self.begun = 0
        self.accepted: list[tuple[str, bytes]] = []

    async def reached(self, point: str) -> None:
        """Do what is to happen at a point of the message under way: mail, rcpt, data, dot."""

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer that commands may come in one write."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Count the message."""
        self.begun += 1
        await self.reached("mail")
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient."""
        await self.reached("rcpt")
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message."""
        assert isinstance(envelope.content, bytes)
        self.accepted.append((envelope.rcpt_tos[0], envelope.content))
        await self.reached("dot")
        return f"250 2.0.0 queued as Q{len(self.accepted)}"


class Watched(SMTP):
    """aiosmtpd that tells its handler of DATA before it answers."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """Tell, then go on."""
        await self.event_handler.reached("data")
        await super().smtp_DATA(arg)


class Server(Controller):
    """A server of such conversations on a free port."""

    def factory(self) -> SMTP:
        """Make the protocol of one connection."""
        return Watched(self.handler, hostname="mail.example", loop=self.loop)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def listening(conversation: Conversation) -> Iterator[int]:
    """Serve on a free port of this machine, which is returned."""
    server = Server(conversation, hostname="127.0.0.1", port=0, ready_timeout=300)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()
