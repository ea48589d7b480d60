"""The audit trail: who did what, when, from where; written with the act itself, read by page and command.

A use case calls ``record_act`` as the last thing of the transaction in which it writes, so that no act is
without its record and no record without its act. What only reads, as an export does, is recorded before
anything is handed out (``record_reading``). Sign-in is noted by the functions named ``note_…``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from email_templates.catalogue import catalogue, say_from
from reminders.collection.spreadsheet import Sheet, as_csv
from reminders.letters.acts import Act, ActFilter, ActKind
from reminders.service import Connection, Service
from reminders.store import audit
from schedule_rules.programme import Lang

say = say_from("reminders.use")
CSV_COLUMNS: Final = ("at", "who", "from", "act", "programme", "subject", "text")


def record_act(
    connection: Connection,
    service: Service,
    act: ActKind,
    programme: str = "",
    subject: str = "",
    *,
    person: str = "",
    by: str = "",
    counts: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Record what somebody does, in the transaction that does it, last in it.

    Who it is says ``service.actor``; the address ``by`` where nobody is named there, as with a command's
    ``--by``.
    ``subject`` is what it is about, ``person`` the address of whom; ``counts`` go into the act's text.
    """
    actor = service.actor
    one = Act(
        0,
        service.clock(),
        actor.address or (by if "@" in by else ""),
        actor.origin,
        act,
        programme,
        subject,
        person,
        counts,
    )
    audit.add_act(connection, one)


def record_reading(
    service: Service, act: ActKind, programme: str = "", subject: str = "", *, person: str = ""
) -> None:
    """Record that personal data is handed out; what cannot be recorded is not handed out."""
    with service.database.write() as connection:
        record_act(connection, service, act, programme, subject, person=person)


# -- sign-in


def note_sign_in(connection: Connection, service: Service, address: str, way: str) -> None:
    """Record that somebody signed in; ``way`` is a word: *link*, *mail*, *oidc*."""
    record_act(connection, service, "sign-in", subject=way, by=address)


def note_refused_sign_in(service: Service, reason: str, address: str = "") -> None:
    """Record that a sign-in was refused, and why, in one word; of a flood only the first ones of an hour."""
    with service.database.read() as connection:
        if not audit.may_add_refusal(connection, service.clock()):
            return
    with service.database.write() as connection:
        record_act(connection, service, "sign-in-refused", subject=reason, by=address)


def note_sign_out(connection: Connection, service: Service, *, everywhere: bool = False) -> None:
    """Record that somebody signed out, in this browser or in all."""
    record_act(connection, service, "sign-out-everywhere" if everywhere else "sign-out")


def note_sign_in_link(connection: Connection, service: Service, address: str = "") -> None:
    """Record that a sign-in link was made, or mailed to an address."""
    record_act(connection, service, "sign-in-link", person=address)


# -- reading


def act_words(lang: Lang, act: Act) -> str:
    """Return an act in words: what was done, to what, to whom, how many."""
    what = say(lang, f"act.{act.act}")
    numbers = [say(lang, f"act-count.{name}", n=n) for name, n in act.counts.items()]
    word = f"sign-in-word.{act.subject}"
    is_word = act.act.startswith("sign-in") and catalogue("reminders.use").has(lang, word)
    subject = say(lang, word) if is_word else act.subject
    about = ", ".join(part for part in (subject, act.person, *numbers) if part)
    return f"{what}: {about}" if about else what


def act_kind_words(lang: Lang, act: ActKind) -> str:
    """Return the name of a kind of acts."""
    return say(lang, f"act.{act}")


def who_words(lang: Lang, act: Act) -> str:
    """Return who did it: an address, else the operator's account, the service itself, or nobody named."""
    first, _, account = act.origin.partition(" ")
    nameless = say(lang, "actor.schedule" if first == "schedule" else "actor.nobody")
    return act.address or (account if first == "command" else "") or nameless


def origin_words(lang: Lang, act: Act) -> str:
    """Return from where it was done: a network address, or that it was a command on the service's machine."""
    first = act.origin.partition(" ")[0]
    if first == "schedule":
        return ""
    return say(lang, "actor.command") if first == "command" else act.origin


def newest_acts(
    service: Service, which: ActFilter, limit: int, offset: int = 0
) -> tuple[tuple[Act, ...], int]:
    """Return some of the acts that a filter lets through, the newest first, and how many there are in all."""
    with service.database.read() as connection:
        found = audit.acts_of(connection, which, limit=limit, offset=offset)
        return found, audit.count_acts(connection, which)


def chosen_acts(programme: str | None = None) -> ActFilter:
    """Return which acts are those of one programme alone; None: all."""
    return ActFilter(None if programme is None else (programme,), whole_service=programme is None)


def act_documents(service: Service, which: ActFilter, lang: Lang = "en") -> list[dict[str, Any]]:
    """Return the acts, the oldest first, ready for JSON; ``at`` in the service's time zone."""
    with service.database.read() as connection:
        found = audit.acts_of(connection, which)
    return [_document(service, one, lang) for one in reversed(found)]


def _document(service: Service, act: Act, lang: Lang) -> dict[str, Any]:
    return {
        "at": act.at.astimezone(service.settings.zone).isoformat(),
        "who": act.address,
        "from": act.origin,
        "act": act.act,
        "programme": act.programme,
        "subject": act.subject or act.person,
        "text": act_words(lang, act),
    }


def act_csv(service: Service, which: ActFilter, lang: Lang) -> bytes:
    """Return the acts as CSV, the oldest first."""
    rows = (tuple(one[name] for name in CSV_COLUMNS) for one in act_documents(service, which, lang))
    return as_csv(Sheet("audit", CSV_COLUMNS, tuple(rows)))
