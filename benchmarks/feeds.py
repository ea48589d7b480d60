"""Feeds over HTTP beside nginx (static file), bare uvicorn and Radicale: unchanged and whole, in one run.

``python -m benchmarks.feeds`` needs nginx on PATH, and Radicale where ``--radicale`` says (it is no
dependency of ours, and knows no If-None-Match on GET: it answers 200). Each server gives the same
octets over one kept connection; they take turns in every round, so that a machine that is busy is so
for all of them.
"""

# ruff: noqa: S603, T201 - it starts servers, prints what it measures

from __future__ import annotations

import argparse
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROUNDS, EACH = 15, 150
_NGINX = """daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ }}
http {{ access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b;
fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
keepalive_requests 1000000; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""
_BARE = """
import sys, uvicorn
body = open(sys.argv[1], "rb").read()
async def app(scope, receive, send):
    same = any(name == b"if-none-match" for name, _ in scope["headers"])
    headers = [(b"etag", b'"1"')] + ([] if same else [(b"content-length", str(len(body)).encode())])
    await send({"type": "http.response.start", "status": 304 if same else 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if same else body})
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False, lifespan="off")
"""
_PRIVATE = """
import sys
from datetime import UTC, datetime
from reminders.delivery import MemoryTransport
from reminders.service import Service
from reminders.use.feeds.private_feeds import issue_feed
from reminders.settings import Settings
from reminders.store import people
from reminders.store import Database, programmes
database = Database(sys.argv[1])
now = datetime.now(UTC)
service = Service(Settings(), database, MemoryTransport, "x" * 32, lambda: now, lambda _: None)
with database.read() as connection:
    key = programmes.programme_keys(connection)[0]
    contacts = people.contacts_of(connection, key)
secretary = next(one.email for one in contacts if one.role == "secretary")
print(issue_feed(service, key, secretary, "secretary").address("", "fi"))
"""


class Client:
    """One kept connection that asks and reads: a library of HTTP would cost more than nginx."""

    def __init__(self, port: int, path: str, *, kept: bool = True) -> None:
        """Connect; without ``kept`` anew for each request, as Radicale closes each connection."""
        self.port, self.path, self.kept = port, path, kept
        self.socket = self.connect()

    def connect(self) -> socket.socket:
        """Return a new connection."""
        one = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return one

    def request(self, headers: Mapping[str, str]) -> bytes:
        """Return the octets of a GET."""
        lines = {"Host": "127.0.0.1", "Authorization": "Basic dTp1", **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"GET {self.path} HTTP/1.1\r\n{head}\r\n".encode()

    def more(self) -> bytes:
        """Return what has come; a server that hangs up ends the run."""
        return self.socket.recv(1 << 20) or sys.exit(f"{self.path}: the connection was closed")

    def ask(self, request: bytes) -> tuple[int, str]:
        """Send a request; return status and tag once the whole answer is here."""
        if not self.kept:
            self.socket.close()
            self.socket = self.connect()
        self.socket.sendall(request)
        got = self.more()
        while b"\r\n\r\n" not in got:
            got += self.more()
        head, _, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: (\d+)", head, re.IGNORECASE)
        status, left = int(head[9:12]), int(length[1]) - len(body) if length else 0
        while left > 0 and status != 304:
            left -= len(self.more())
        tag = re.search(rb"\r\netag: ([^\r]+)", head, re.IGNORECASE)
        return status, tag[1].decode() if tag else ""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(300):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"nobody listens on {port}")


def measure(clients: Mapping[str, Client], *, unchanged: bool) -> dict[str, tuple[float, int]]:
    """Return the microseconds of an answer and its status, by server: medians of rounds in turn."""
    requests = {}
    for name, client in clients.items():
        _, tag = client.ask(client.request({}))
        requests[name] = client.request({"If-None-Match": tag} if unchanged else {})
    statuses = {name: client.ask(requests[name])[0] for name, client in clients.items()}
    rounds: dict[str, list[float]] = {name: [] for name in clients}
    for _ in range(ROUNDS):
        for name, client in clients.items():
            # What answers in milliseconds is asked less often.
            each = EACH if name != "radicale" else 3
            begun = time.perf_counter()
            for _ in range(each):
                client.ask(requests[name])
            rounds[name].append((time.perf_counter() - begun) / each * 1e6)
    return {name: (statistics.median(times), statuses[name]) for name, times in rounds.items()}


def show(kind: str, found: Mapping[str, tuple[float, int]]) -> None:
    """Print one line a server, each as a multiple of nginx."""
    for name, (us, status) in found.items():
        print(f"{kind:9} {name:10} {status} {us:8.0f} µs {us / found['nginx'][0]:8.1f} x nginx")


def put(port: int, body: bytes) -> None:
    """Give Radicale the feed as a calendar of its own."""
    head = (
        f"PUT /u/c/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic dTp1\r\n"
        f"Content-Type: text/calendar\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(head.encode() + body)
        print("radicale takes the feed:", one.recv(1000)[9:12].decode())


@contextmanager
def servers(commands: Mapping[str, list[str]], ports: Mapping[str, int], folder: Path) -> Iterator[None]:
    """Run servers until they have been asked."""
    running = [
        subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in commands.values()
    ]
    try:
        for name in commands:
            wait(ports[name])
        yield
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def commands_of(folder: Path, url: str, ports: Mapping[str, int], radicale: str) -> dict[str, list[str]]:
    """Return what starts each server."""
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=ports["nginx"]))
    own = str(Path(sys.executable).parent / "reminders")
    found = {
        "nginx": ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)],
        "bare": [sys.executable, "-c", _BARE, str(folder / "all-fi.ics"), str(ports["bare"])],
        "reminders": [own, "web", "--port", str(ports["reminders"]), "--database", url],
    }
    if radicale:
        found["radicale"] = [
            radicale, "--server-hosts", f"127.0.0.1:{ports['radicale']}", "--auth-type", "none",
            "--rights-type", "owner_write",
            "--storage-filesystem-folder", str(folder / "radicale"), "--logging-level", "error",
        ]  # fmt: skip
    return found


def main() -> None:
    """Run the servers one beside the other and print the ratios."""
    options = argparse.ArgumentParser()
    options.add_argument("--radicale", default="")
    radicale = options.parse_args().radicale
    folder = Path(tempfile.mkdtemp(prefix="feeds-"))
    folder.chmod(0o755)
    ports = {name: free_port() for name in ("nginx", "bare", "reminders", "radicale")}
    url = f"sqlite:///{folder}/r.db"
    own = str(Path(sys.executable).parent / "reminders")
    made = [own, "feed", "all", "--output", str(folder / "all-fi.ics"), "--database", url]
    subprocess.run(made, check=True, cwd=folder)
    with servers(commands_of(folder, url, ports, radicale), ports, folder):
        issued = [sys.executable, "-c", _PRIVATE, url]
        private = subprocess.run(
            issued, check=True, capture_output=True, text=True, cwd=folder
        ).stdout.strip()
        asked = {
            "nginx": ("nginx", "/all-fi.ics"),
            "bare": ("bare", "/"),
            "public": ("reminders", "/calendars/all-fi.ics"),
            "private": ("reminders", private),
        }
        if radicale:
            put(ports["radicale"], (folder / "all-fi.ics").read_bytes())
            asked["radicale"] = ("radicale", "/u/c/")
        for unchanged in (True, False):
            clients = {
                name: Client(ports[server], path, kept=name != "radicale")
                for name, (server, path) in asked.items()
            }
            show("unchanged" if unchanged else "whole", measure(clients, unchanged=unchanged))


if __name__ == "__main__":
    main()
