"""Whether the service does its work: checks of the set-up for people; health and figures for programs.

The checks, each with what was found, are what ``reminders doctor`` prints: some look at what is stored,
some at what lies outside, as the mail server, the base address, time zone data, the database's clock.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Literal
from zoneinfo import TZPATH

from email_templates.plain_text import counted
from reminders.clock import civil_time
from reminders.delivery.smtp import ca_file, hello_name, probe, trusting, with_tokens
from reminders.errors import DamagedError, SignInError
from reminders.planning.addresses import in_ascii
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import (
    evidence,
    installation,
    outbox,
    people,
    planned,
    programmes,
    sign_in_accounts,
    watch,
)
from reminders.use.people.contacts import Lapse, lapses
from reminders.use.people.dead_addresses import many_dead, refusal_words
from reminders.use.planning.clock_doubts import clock_words, open_question
from reminders.use.planning.load_state import load_states
from reminders.use.planning.sending_times import sending_times
from reminders.use.watch.alarm import broken_parts, missed
from reminders.use.watch.channel import standstill
from reminders.use.watch.evidence import OTHER_KEY, has_other_key
from reminders.use.watch.file_modes import is_open_to_others, private_files
from schedule_rules.workdays import standard_workdays

State = Literal["ok", "look", "fails"]
FEW_DAYS: Final = 21
WHILE_MAIL_WAITS: Final = timedelta(minutes=30)
"""The scheduler ticks every five minutes; six in a row are missing after this."""
_DRIFT: Final = timedelta(seconds=30)
_LEASE: Final = timedelta(minutes=5)
_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``ok``, ``look`` (works, but somebody should look) or ``fails``."""

    name: str
    state: State
    found: str


def mail_server(service: Service) -> Check:
    """Talk to the mail server as far as RCPT to the secretary: TLS, certificate, signing in, relay."""
    target = service.settings.smtp_url
    if target is None:
        return Check("mail", "ok", f"no SMTP server set: mails are written to {service.settings.mail_folder}")
    settings = service.settings
    signing_in = with_tokens(target, settings.smtp_client_secret)
    sender, to = parseaddr(settings.mail_from)[1], _secretary(service)
    hello, context = hello_name(settings.base_url), trusting(ca_file(signing_in))
    found = probe(signing_in, hello, context, mail=(sender, to) if to else None)
    where = f"{target.host}:{target.port} ({target.security})"
    if found.error:
        return Check("mail", "fails", f"{where}: {found.error}")
    days = (found.certificate_until - service.clock()).days if found.certificate_until else None
    facts = [found.tls] if found.tls else ["no TLS"]
    facts += [f"certificate for {days} more days"] if days is not None else []
    facts += [f"signed in as {target.user}"] if target.user else ["no sign-in"]
    facts.append(", ".join(found.offers) or "no extensions")
    facts.append("takes mail for the secretary" if to else "no secretary to ask about")
    state: State = "look" if days is not None and days < FEW_DAYS else "ok"
    return Check("mail", state, f"{where}: {'; '.join(facts)}")


def _secretary(service: Service) -> str:
    """Return the address of a secretary as it goes over the wire; nothing where there is none."""
    day = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        states = load_states(connection)
    found = (one.email for state in states.values() for one in state.people.secretary(day))
    return in_ascii(next(found, ""))


def mail_channel(service: Service) -> Check:
    """Check that no way of sending is closed and no mail waits for a yes."""
    reason = _standing_still(service)
    return Check("mail channel", "fails" if reason else "ok", reason or "open")


def base_address(service: Service, fetch: Callable[[str], int] | None = None) -> Check:
    """Check the address that all links begin with: https where mail leaves, and whether it answers."""
    url = service.settings.base_url
    if service.settings.smtp_url is not None and not url.startswith("https://"):
        return Check("base address", "look", f"{url} is no https address")
    try:
        code = (fetch or _status)(f"{url}/health")
    except (OSError, HTTPException, ValueError) as error:
        return Check("base address", "look", f"{url} does not answer now ({type(error).__name__})")
    return Check("base address", "ok" if code in {200, 503} else "look", f"{url} answers {code}")


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310 - see settings  # nosec B310
            code: int = answer.status
            return code
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def sign_in_service(service: Service) -> tuple[Check, ...]:
    """Look at the city's sign-in service, where one is set, and at accounts that were refused.

    It has to answer under its own name, over https, with keys, and to take PKCE by S256 where it says what
    it takes (RFC 8414 section 2; Entra ID says nothing, and takes it).
    """
    if service.settings.oidc_issuer is None:
        return ()
    from reminders.use.people.oidc import Provider  # noqa: PLC0415 - heavy, and few have such a service

    provider, now = Provider.of(service.settings), service.clock()
    assert provider  # noqa: S101 - the settings name all of it or nothing
    try:
        about = provider.description(now)
        keys = len(provider.keys(about, now).keys)
    except SignInError as error:
        return (Check("sign-in service", "fails", f"{service.settings.oidc_issuer}: {error}"),)
    facts = [counted(keys, "key"), f"sends back to {provider.redirect_uri}"]
    if about.challenges is None:
        facts.append("does not say whether it takes PKCE")
    elif "S256" not in about.challenges:
        return (Check("sign-in service", "fails", f"{about.issuer}: takes no PKCE by S256"),)
    with service.database.read() as connection:
        refused = [one for one in sign_in_accounts.accounts_of(connection) if one.refused_at]
    for one in refused:
        day = one.refused_at.astimezone(service.settings.zone) if one.refused_at else now
        facts.append(
            f"another account came for {one.address} on {day:%Y-%m-%d} and was refused; if it is this "
            f"person's new one: reminders person {one.address} unbind"
        )
    return (Check("sign-in service", "look" if refused else "ok", f"{about.issuer}: {'; '.join(facts)}"),)


def time_zone_data(service: Service) -> Check:
    """Check the age of the time zone data: clocks change by decisions that are made a year ahead."""
    found = _zone_version()
    year = int(found[:4]) if found[:4].isdecimal() else 0
    state: State = "ok" if year >= service.clock().year - 1 else "look"
    return Check("time zone data", state, found or "no version found")


def _zone_version() -> str:
    """Return the version of the data that Python reads: the system's, else the package tzdata's."""
    for folder in TZPATH:
        for name in ("tzdata.zi", "+VERSION"):
            file = Path(folder) / name
            if file.is_file():
                return file.read_text(encoding="utf-8", errors="replace").split("\n")[0].split()[-1]
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return ""


def clock_drift(service: Service) -> tuple[Check, ...]:
    """Compare with the clock of a PostgreSQL server, by which leases end."""
    with service.database.read() as connection:
        theirs = watch.database_clock(connection)
    if theirs is None:
        return ()
    drift = abs(service.clock() - theirs)
    state: State = "ok" if drift < _DRIFT else "look" if drift < _LEASE else "fails"
    return (Check("database clock", state, f"{drift.total_seconds():.1f} s apart"),)


def dead_address_check(service: Service) -> Check:
    """List the addresses that are passed over; more than are likely to be dead are a fault."""
    with service.database.read() as connection:
        found = people.all_dead_addresses(connection)
    each = [f"{one.address} since {one.since:%Y-%m-%d} ({refusal_words(one)})" for one in found]
    if many := _many_dead(service):
        words = f"{many}; after repair: reminders contacts revive --all; {', '.join(each)}"
        return Check("dead addresses", "fails", words)
    return Check("dead addresses", "look" if found else "ok", ", ".join(each) or "none")


def _many_dead(service: Service) -> str:
    """Return which programmes have more dead addresses than is likely, and what a server says of most."""
    return "; ".join(
        f"{one.dead} of {one.addresses} addresses of {one.programme.get('en')} count as dead, "
        f"most by: {one.answer}"
        for one in many_dead(service)
    )


def file_modes(settings: Settings) -> Check:
    """Check that nobody but the service's user can read its secret key, database, mails and uploads.

    A folder that is closed to others covers what lies in it.
    """
    found = [
        str(one)
        for one in private_files(settings)
        if is_open_to_others(one) and is_open_to_others(one.absolute().parent)
    ]
    if found:
        words = f"others on this machine can reach {', '.join(found)}: chmod -R go= {' '.join(found)}"
        return Check("file modes", "look", words)
    return Check("file modes", "ok", "only the service's user can read its files")


def examine(service: Service) -> tuple[Check, ...]:
    """Return the checks in the order a person would make them."""
    return (
        Check("database", "ok", service.database.url.render_as_string()),
        _secret_key(service),
        file_modes(service.settings),
        _clock(service),
        time_zone_data(service),
        *clock_drift(service),
        _holidays(service),
        mail_server(service),
        mail_channel(service),
        base_address(service),
        *sign_in_service(service),
        *_programmes(service),
        _runs(service),
        _unsent(service),
        dead_address_check(service),
        _evidence(service),
    )


def _clock(service: Service) -> Check:
    here = service.clock().astimezone(service.settings.zone)
    found = f"{here:%Y-%m-%d %H:%M %Z} in {service.settings.timezone}"
    question = open_question(service)
    if question:
        return Check("clock", "fails", f"{found}; {clock_words(question)}")
    return Check("clock", "ok", found)


def _holidays(service: Service) -> Check:
    """Check that the holidays library, which ages, knows next year."""
    year = civil_time(service.settings, service.clock()).day.year + 1
    names = {day for day in standard_workdays().holidays if day.year == year}
    state: State = "ok" if len(names) > len(("New Year", "Epiphany")) else "fails"
    return Check("holidays", state, f"{len(names)} closed days known in {year}")


def _programmes(service: Service) -> Iterator[Check]:
    day = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        found, broken = load_states(connection), broken_parts(connection)
        held = {key: programmes.stored_programme(connection, key).held for key in found}
        damaged = programmes.readable_programmes(connection)[1]
        unread = set(programmes.programme_keys(connection)) - found.keys()
    for key in sorted(unread):
        words = str(DamagedError(key)) if key in damaged else broken.get(key, "it cannot be read")
        yield Check(f"programme {key}", "fails", words)
    for key, state in found.items():
        keys = state.programme.lead_organisations(day)
        missing = [one for one in keys if not state.people.has_own_contact(one, day)]
        mail = "held" if held[key] else "released"
        size, why = f"{counted(len(state.programme.actions), 'action')}, {mail}", broken.get(key)
        yield Check(f"programme {key}", "fails" if why else "ok", f"{size}; {why}" if why else size)
        words = f"{len(keys) - len(missing)} of {len(keys)} responsible parties have a contact"
        yield Check("contacts", "look" if missing else "ok", f"{words}; none: {', '.join(missing) or '-'}")
        if not state.people.present_secretary(day):
            board = state.programme.monitored_by or key
            last = "".join(f"; {one.email} goes on being mailed" for one in state.people.secretary(day))
            yield Check("secretary", "fails", f"nobody is the secretary of {board}{last}")


def _runs(service: Service) -> Check:
    with service.database.read() as connection:
        last = planned.last_run(connection)
    if last is None:
        return Check("last run", "look", "none has finished yet")
    here = last[0].astimezone(service.settings.zone)
    return Check("last run", "look" if missed(service, last[0]) else "ok", f"{here:%Y-%m-%d %H:%M}")


def _unsent(service: Service) -> Check:
    with service.database.read() as connection:
        oldest = outbox.oldest_unsent(connection)
    if oldest is None:
        return Check("unsent mail", "ok", "none")
    late = service.clock() - oldest > timedelta(days=1)
    return Check("unsent mail", "look" if late else "ok", f"the oldest since {oldest:%Y-%m-%d %H:%M} UTC")


def _secret_key(service: Service) -> Check:
    """Check that the secret key is the one that the database began with."""
    if has_other_key(service):
        return Check("secret key", "fails", OTHER_KEY)
    return Check("secret key", "ok", "the one that this database began with")


def _evidence(service: Service) -> Check:
    if has_other_key(service):
        return Check("evidence", "fails", "it cannot be verified under another secret key")
    with service.database.snapshot() as connection:
        changed = evidence.changed_rows(connection)
    more = f" (and {len(changed) - 1} more)" if len(changed) > 1 else ""
    found = f"{changed[0]}{more}" if changed else "every record is as it was written"
    return Check("evidence", "fails" if changed else "ok", found)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether runs come as expected: the last finished one, messages due for a try, what is wrong."""

    last_run: datetime | None
    messages_waiting: int
    reason: str


def health(service: Service) -> Health:
    """Tell whether the last finished run is as new as expected, mail can leave, and there are secretaries.

    Expected is a run by an hour after TICK_AT on every working day, which a cron job once a day keeps
    too; and one every few minutes while mail waits inside the mail window.
    """
    with service.database.read() as connection:
        run = planned.last_run(connection)
        waiting = outbox.waiting_messages(connection, service.clock())
        faults = broken_parts(connection)
    last = run[0] if run else None
    if reason := runs_reason(service):
        pass
    elif has_other_key(service):
        reason = "the secret key is not the one that the database began with"
    elif standing := _standing_still(service):
        reason = standing
    elif dead := _many_dead(service):
        reason = dead
    elif faults:
        reason = "; ".join(f"{key}: {why}" for key, why in faults.items())
    else:
        reason = "; ".join(f"{one.programme.key} {_without_secretary(one)}" for one in lapses(service))
    return Health(last, waiting, reason)


def runs_reason(service: Service) -> str:
    """Return why runs do not come as expected, or do nothing when they come; nothing where all is well."""
    now = service.clock()
    with service.database.read() as connection:
        run, restored = planned.last_run(connection), installation.restored_from(connection)
        waiting = outbox.waiting_messages(connection, now)
        times = sending_times(connection, service.settings)
    if question := open_question(service):
        return clock_words(question)
    if restored is not None:
        return (
            f"a backup of {restored.astimezone(service.settings.zone):%Y-%m-%d %H:%M} was restored: "
            "nothing is sent until somebody has looked (reminders tick --accept-clock)"
        )
    if run is None:
        return "no run has finished yet"
    last = run[0]
    if day := missed(service, last):
        return f"no run has finished since {service.settings.tick_at:%H:%M} on {day:%Y-%m-%d}"
    if waiting and times.may_send(now) and now - last > WHILE_MAIL_WAITS:
        minutes = WHILE_MAIL_WAITS.seconds // 60
        return f"mail waits, and the last run finished more than {minutes} minutes ago"
    return ""


def _standing_still(service: Service) -> str:
    found = standstill(service)
    if found.closed:
        return f"mail cannot be sent: {found.closed.reason}"
    if found.waiting and not found.is_let_go:
        return f"{counted(found.waiting.mails, 'mail')} wait for a yes: reminders tick --accept-count"
    return ""


def _without_secretary(one: Lapse) -> str:
    if one.kind == "secretary-away":
        return "has nobody there for its secretary: all who stand in are away"
    if one.kind == "secretary-dead":
        return "has a secretary whose address takes no mail"
    return f"has no secretary since {one.since}" if one.since else "has no secretary"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and moments of what is stored, no personal data among them.

    ``messages`` are by state, ``channels`` tell of each way of sending that ever failed whether it rests.
    """

    messages: Mapping[str, int]
    oldest_unsent: datetime | None
    held: int
    released: int
    planned: int
    dead_addresses: int
    channels: Mapping[str, bool]
    last_run: datetime | None
    run_missing: bool


def figures(service: Service) -> Figures:
    """Count in the database, at this moment."""
    now = service.clock()
    with service.database.read() as connection:
        run, programmes_by_hold = planned.last_run(connection), watch.programme_counts(connection)
        last = run[0] if run else None
        return Figures(
            messages=outbox.counts(connection),
            oldest_unsent=outbox.oldest_unsent(connection),
            held=programmes_by_hold[True],
            released=programmes_by_hold[False],
            planned=watch.planned_reminders(connection),
            dead_addresses=len(people.dead_addresses(connection)),
            channels={
                one.name: one.open_until is not None and one.open_until > now
                for one in watch.channels(connection)
            },
            last_run=last,
            run_missing=missed(service, last) is not None,
        )
