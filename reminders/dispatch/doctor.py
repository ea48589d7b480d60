"""Checks of the set-up, each with what was found: what `reminders doctor` prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from reminders.dispatch.alarm import missed
from reminders.dispatch.doctor_mail import (
    Check,
    base_address,
    clock_drift,
    dead_addresses,
    mail_server,
    time_zone_data,
)
from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local, worlds
from reminders.store import delivery_log, outbox
from reminders.store import programmes as repository
from reminders.store import reminders as store
from schedule_rules.workdays import standard_workdays


def examine(service: Service) -> tuple[Check, ...]:
    """Return the checks in the order a person would make them."""
    return (
        Check("database", "ok", service.database.url.render_as_string()),
        _zone(service),
        time_zone_data(service),
        *clock_drift(service),
        _holidays(service),
        mail_server(service),
        base_address(service),
        *_programmes(service),
        _runs(service),
        _unsent(service),
        dead_addresses(service),
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
    late = missed(service, last[0])
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
