"""A feed over HTTP beside nginx (static file) and Radicale: unchanged (304) and whole, in one run.

``python -m benchmarks.feeds`` needs nginx on PATH, and Radicale where ``--radicale`` says (it is no
dependency of ours). Each server gets the same octets; one client asks over one kept connection.
"""

# ruff: noqa: S603, T201 - it starts servers, prints what it measures

from __future__ import annotations

import argparse
import http.client
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROUNDS, EACH = 7, 200
_NGINX = """daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ }}
http {{ access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b;
fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""


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


def ask(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
    """Send one request; return status and tag."""
    connection.request("GET", path, headers={"Authorization": "Basic dTp1", **headers})
    response = connection.getresponse()
    response.read()
    return response.status, response.headers.get("ETag", "")


def measure(port: int, path: str) -> dict[str, float]:
    """Return the microseconds of a whole answer and of one that is unchanged: the median of rounds."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    _, tag = ask(connection, path, {})
    found = {}
    for name, headers, status in (("200", {}, 200), ("304", {"If-None-Match": tag}, 304)):
        if ask(connection, path, headers)[0] != status:
            continue
        rounds = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            for _ in range(EACH):
                ask(connection, path, headers)
            rounds.append((time.perf_counter() - begun) / EACH * 1e6)
        found[name] = statistics.median(rounds)
    return found


def main() -> None:
    """Run the servers one beside the other and print the ratios."""
    options = argparse.ArgumentParser()
    options.add_argument("--radicale", default="")
    radicale = options.parse_args().radicale
    folder = Path(tempfile.mkdtemp(prefix="feeds-"))
    folder.chmod(0o755)
    ports = {name: free_port() for name in ("nginx", "reminders", "radicale")}
    own = [str(Path(sys.executable).parent / "reminders")]
    url = f"sqlite:///{folder}/r.db"
    subprocess.run(
        [*own, "feed", "all", "--output", str(folder / "all-fi.ics"), "--database", url],
        check=True,
        cwd=folder,
    )
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=ports["nginx"]))
    commands = {
        "nginx": ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)],
        "reminders": [*own, "web", "--port", str(ports["reminders"]), "--database", url],
    }
    paths = {"nginx": "/all-fi.ics", "reminders": "/calendars/all-fi.ics", "radicale": "/u/c/"}
    if radicale:
        commands["radicale"] = [
            radicale, "--server-hosts", f"127.0.0.1:{ports['radicale']}", "--auth-type", "none",
            "--rights-type", "owner_write",
            "--storage-filesystem-folder", str(folder / "radicale"), "--logging-level", "error",
        ]  # fmt: skip
    running = [
        subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in commands.values()
    ]
    try:
        for name in commands:
            wait(ports[name])
        if radicale:
            connection = http.client.HTTPConnection("127.0.0.1", ports["radicale"])
            body = (folder / "all-fi.ics").read_bytes()
            connection.request(
                "PUT", "/u/c/", body, {"Content-Type": "text/calendar", "Authorization": "Basic dTp1"}
            )
            print("radicale takes the feed:", connection.getresponse().status)
        found = {name: measure(ports[name], paths[name]) for name in commands}
        for name, times in found.items():
            said = ", ".join(
                f"{kind} {us:.0f} µs ({us / found['nginx'][kind]:.1f}x)" for kind, us in times.items()
            )
            print(f"{name}: {said}")
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
