"""The command for a container's health check: whether the half of the service that runs here is well.

Which half that is, and with which options, is read from the processes of this machine, where their words
stand: so the same command fits ``run``, ``web`` and ``worker``, and the operator edits nothing.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Final

import typer

from reminders.cli.logs import configure_log
from reminders.cli.open_service import look_at_service
from reminders.cli.options import DatabaseOption
from reminders.errors import IllHealthError
from reminders.settings import Settings, read_settings
from reminders.use.watch.doctor import runs_reason

_HALVES: Final = ("run", "web", "worker")
_OPTIONS: Final = ("--host", "--port", "--database")
_PLACES: Final = ("STATE_DIRECTORY", "DATABASE_URL", "DATABASE_URL_FILE")
"""What says in the environment which database it is; the rest stands in .env of the folder."""
_SECONDS: Final = 4
PROCESSES: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class RunningHalf:
    """What runs of the service: ``run`` (both halves), ``web`` or ``worker``, and its options."""

    command: str
    host: str | None = None
    port: int | None = None
    database: str | None = None


def health(
    *,
    worker: Annotated[
        bool,
        typer.Option("--worker", help="Look at the half that reminds, whatever runs here."),
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Say whether the half of the service that runs here is well; for a container's health check."""
    halves = [RunningHalf("worker")] if worker else running_halves(PROCESSES) or [RunningHalf("run")]
    for half in halves:
        settings = read_settings(host=half.host, port=half.port, database_url=database or half.database)
        configure_log(settings)
        if reason := _why_ill(half, settings):
            raise IllHealthError(half.command, reason)
    typer.echo(f"{', '.join(half.command for half in halves)}: well")


def running_halves(processes: Path) -> list[RunningHalf]:
    """Return the halves of this service that this user runs; none where processes cannot be looked at."""
    found: dict[RunningHalf, None] = {}
    for entry in processes.glob("[0-9]*"):
        try:
            is_own = entry.stat().st_uid == os.geteuid() and int(entry.name) != os.getpid()
            words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0") if is_own else []
        except OSError:  # it has ended meanwhile, or is not shown to us
            continue
        if (half := half_of(words)) and _is_of_this_service(entry):
            found[half] = None
    return list(found)


def _is_of_this_service(process: Path) -> bool:
    """Tell whether a process has this one's folder and settings; so as long as it cannot be looked at.

    Of another installation on the same machine nothing is vouched for.
    """
    try:
        place = (process / "cwd").readlink()
        content = (process / "environ").read_bytes().decode("utf-8", "replace")
    except OSError:
        return True
    around = dict(one.partition("=")[::2] for one in content.split("\0"))
    return place == Path.cwd() and all(around.get(name) == os.environ.get(name) for name in _PLACES)


def half_of(words: Sequence[str]) -> RunningHalf | None:
    """Return the half that a process of these words is; None where it is something else."""
    at = next((place for place, word in enumerate(words) if Path(word).name == "reminders"), None)
    rest = [] if at is None else [word for word in words[at + 1 :] if word != "--debug"]
    if not rest or rest[0] not in _HALVES:
        return None
    given = dict(_options(rest[1:]))
    port = given.get("--port", "")
    return RunningHalf(
        rest[0], given.get("--host"), int(port) if port.isdecimal() else None, given.get("--database")
    )


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for place, word in enumerate(words):
        name, is_said, value = word.partition("=")
        if name in _OPTIONS:
            yield name, value if is_said else next(iter(words[place + 1 :]), "")


def _why_ill(half: RunningHalf, settings: Settings) -> str:
    if half.command == "worker":
        service = look_at_service(settings)
        with closing(service.database):
            return runs_reason(service)
    return _pages_reason(settings.own_address, needs_runs=half.command == "run")


def _pages_reason(address: str, *, needs_runs: bool) -> str:
    """Return why the pages do not answer, or, where both halves run here, what ``/health`` says is wrong."""
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=_SECONDS) as answer:  # noqa: S310  # nosec B310 - our own address
            json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return _said_by(refused, needs_runs=needs_runs)
    except (OSError, HTTPException, ValueError) as failed:
        why = getattr(failed, "reason", None) or failed
        return f"{address}/health does not answer ({why or type(failed).__name__})"
    return ""


def _said_by(refused: urllib.error.HTTPError, *, needs_runs: bool) -> str:
    try:
        said = str(json.load(refused)["reason"])
    except (ValueError, LookupError, TypeError):
        return f"{refused.url} answers {refused.code}"
    # Where runs are another's half, these pages are well that say what is wrong with them.
    return said if needs_runs else ""
