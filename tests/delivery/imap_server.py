"""A mailbox over IMAP, as much of it as reading returned mail needs (RFC 9051)."""

from __future__ import annotations

import re
import socketserver
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

PASSWORD = "imap-password"


@dataclass
class Mailbox:
    """The messages by UID, those marked as seen, those moved away."""

    messages: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    moved: dict[int, str] = field(default_factory=dict)
    refuses: str = ""
    commands: list[str] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    server: ImapServer

    def handle(self) -> None:
        """Answer commands until LOGOUT."""
        self._put("* OK ready")
        for line in self.rfile:
            tag, _, rest = line.decode().rstrip("\r\n").partition(" ")
            if literal := re.search(r"\{(\d+)\}$", rest):
                self._put("+ go")
                rest = rest[: literal.start()] + self.rfile.read(int(literal[1])).decode()
                self.rfile.readline()
            self.server.box.commands.append(rest)
            done = self._obey(rest)
            self._put(f"{tag} {done}")
            if rest == "LOGOUT":
                return

    def _obey(self, line: str) -> str:
        box, words = self.server.box, line.split(" ", 3)
        verb = words[0].upper() if words[0].upper() != "UID" else f"UID {words[1].upper()}"
        if verb == "LOGIN" and box.refuses:
            return f"NO {box.refuses}"
        if verb == "SELECT":
            self._put(f"* {len(box.messages)} EXISTS")
        elif verb == "CAPABILITY":
            self._put("* CAPABILITY IMAP4rev1 UIDPLUS")
        elif verb == "UID SEARCH":
            self._put("* SEARCH " + " ".join(str(uid) for uid in box.messages if uid not in box.seen))
        elif verb == "UID FETCH":
            self._fetch(int(words[2]), head="HEADER" in words[3])
        elif verb == "UID STORE" and "Seen" in words[3]:
            box.seen.add(int(words[2]))
        elif verb == "UID COPY":
            box.moved[int(words[2])] = words[3].strip('"')
        return "OK done"

    def _fetch(self, uid: int, *, head: bool) -> None:
        whole = self.server.box.messages[uid]
        octets = whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if head else whole
        self.wfile.write(
            f"* 1 FETCH (UID {uid} RFC822.SIZE {len(whole)} BODY[] {{{len(octets)}}}\r\n".encode()
        )
        self.wfile.write(octets + b" FLAGS ())\r\n")

    def _put(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class ImapServer(socketserver.ThreadingTCPServer):
    """The server; a context manager that listens on ``port`` of 127.0.0.1 meanwhile."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, box: Mailbox) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.box = box
        self.port = self.server_address[1]

    def __enter__(self) -> Self:
        """Listen."""
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None
    ) -> None:
        """Stop."""
        self.shutdown()
        self.server_close()
        self._thread.join(5)
