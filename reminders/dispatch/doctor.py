"""Checks of the set-up, each with what was found: what `reminders doctor` prints."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local, worlds
from reminders.store import delivery_log, outbox
from reminders.store import programmes as repository
from reminders.store import reminders as store
from schedule_rules.workdays import standard_workdays


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``ok``, ``look`` (works, but somebody should look) or ``fails``."""

    name: str
    state: Literal["ok", "look", "fails"]
    found: str


def examine(service: Service) -> tuple[Check, ...]:
    """Return the checks in the order a person would make them."""
    return (
        Check("database", "ok", service.database.url.render_as_string()),
        _zone(service),
        _holidays(service),
        _mail(service),
        _base_url(service),
        *_programmes(service),
        _runs(service),
        _unsent(service),
        _evidence(service),
    )


def _zone(service: Service) -> Check:
    here = service.clock().astimezone(service.settings.zone)
    return Check("clock", "ok", f"{here:%Y-%m-%d %H:%M %Z} in {service.settings.timezone}")


def _holidays(service: Service) -> Check:
    """Check that the holidays library, which ages, knows next year."""
    year = local(service.settings, service.clock()).day.year + 1
    names = {day for day in standard_workdays().holidays if day.year == year}
    state: Literal["ok", "fails"] = "ok" if len(names) > len(("New Year", "Epiphany")) else "fails"
    return Check("holidays", state, f"{len(names)} closed days known in {year}")


def _mail(service: Service) -> Check:
    target = service.settings.smtp_url
    if target is None:
        folder = service.settings.mail_folder
        return Check("mail", "ok", f"no SMTP server set: mails are written to {folder}")
    try:
        with socket.create_connection((target.host, target.port), timeout=5) as connection:
            banner = (
                connection.recv(200).decode("ascii", "replace").strip()
                if target.security != "implicit"
                else ""
            )
    except OSError as error:
        return Check("mail", "fails", f"{target.host}:{target.port} ({target.security}): {error}")
    return Check("mail", "ok", f"{target.host}:{target.port} ({target.security}) answers {banner}".rstrip())


def _base_url(service: Service) -> Check:
    url = service.settings.base_url
    inward = service.settings.smtp_url is not None and not url.startswith("https://")
    return Check(
        "base address", "look" if inward else "ok", f"{url}{' is no https address' if inward else ''}"
    )


def _programmes(service: Service) -> Iterator[Check]:
    day = local(service.settings, service.clock()).day
    with service.database.read() as connection:
        rows = {row.programme.key: row for row in repository.all_programmes(connection)}
        found = worlds(connection)
    for key, world in found.items():
        keys = world.programme.lead_organisations(day)
        missing = [one for one in keys if not world.people.has_own_contact(one, day)]
        state = "held" if rows[key].held else "released"
        yield Check(f"programme {key}", "ok", f"{len(world.programme.actions)} actions, {state}")
        words = f"{len(keys) - len(missing)} of {len(keys)} responsible parties have a contact"
        yield Check("contacts", "look" if missing else "ok", f"{words}; none: {', '.join(missing) or '-'}")
        if not world.people.secretary(day):
            yield Check("secretary", "fails", f"nobody is the secretary of {world.programme.monitored_by}")


def _runs(service: Service) -> Check:
    with service.database.read() as connection:
        last = store.last_run(connection)
    if last is None:
        return Check("last run", "look", "none has finished yet")
    late = service.clock() - last[0] > timedelta(days=1)
    return Check(
        "last run", "look" if late else "ok", f"{last[0].astimezone(service.settings.zone):%Y-%m-%d %H:%M}"
    )


def _unsent(service: Service) -> Check:
    with service.database.read() as connection:
        oldest = outbox.oldest_unsent(connection)
    if oldest is None:
        return Check("unsent mail", "ok", "none")
    late = service.clock() - oldest > timedelta(days=1)
    return Check("unsent mail", "look" if late else "ok", f"the oldest since {oldest:%Y-%m-%d %H:%M} UTC")


def _evidence(service: Service) -> Check:
    with service.database.read() as connection:
        broken = delivery_log.broken_links(connection)
    return Check(
        "evidence", "fails" if broken else "ok", f"broken at {broken[0]}" if broken else "the chain holds"
    )
