"""Letters of any size, with the titles, wordings and units of the built-in programme, on 12 January 2026."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Final

from email_templates.letters import (
    BoardDigest,
    DigestRow,
    DigestUnit,
    Escalation,
    Item,
    Letter,
    Nudge,
    Own,
    Promise,
    Signature,
    StatusRequest,
    UnitYear,
    YearList,
    YearRow,
)
from reminders.use.programme.store_programme import read_built_in
from schedule_rules.programme import Action, Programme, Text

DAY: Final = date(2026, 1, 12)
BASE: Final = "https://reminders.vaasa.example"
PRIVACY = f"{BASE}/privacy"
SIZES: Final = (1, 3, 11, 40, 500)
OWN: Final = Own(f"{BASE}/unit/{'u' * 56}?programme=vaasa-2023-2026")
HEAD: Final = Promise("head", date(2026, 1, 23), date(2026, 1, 26))
LISTED: Final = Promise("list", date(2026, 1, 23), date(2026, 1, 26))
SIGNED: Final = (
    Signature(
        Text("Monikulttuurisuusneuvosto", "Mångkulturella rådet", "Multiculturalism Board"),
        "board-secretary@vaasa.example",
        telephone="+358 6 000 0000",
    ),
)


@cache
def vaasa() -> Programme:
    """The built-in programme."""
    return read_built_in("vaasa-2023-2026")[0]


def _action(n: int) -> Action:
    return vaasa().actions[n % len(vaasa().actions)]


def _unit(n: int) -> Text:
    return vaasa().organisations[n % len(vaasa().organisations)].name


def _item(n: int) -> Item:
    action = _action(n)
    return Item(
        occurrence=f"vaasa-2023-2026:{action.id}-{n}:milestone:end",
        kind="milestone",
        title=action.title,
        due=date(2025, 12, 31),
        wording=Text("2025", "2025", "2025"),
        reading="last-day",
        provenance="printed",
        stage="P7D",
        url=f"{BASE}/actions/{action.id}?programme=vaasa-2023-2026",
        organisations=(_unit(0),),
        others=(_unit(n + 1),),
        promise=HEAD,
        reminders_sent=3,
        answer_url=f"{BASE}/answer/{n:056}?programme=vaasa-2023-2026",
    )


def _review(n: int) -> Item:
    return replace(
        _item(n),
        kind="review",
        due=date(2025, 10, 31),
        wording=Text("Jatkuva", "Fortlöpande", "Continuous"),
        reading="continuous",
        provenance="assumed",
        promise=LISTED,
        year=2025,
    )


def nudge(n: int) -> Nudge:
    """Reminders of milestones; each third item is a review with a later step of its own."""
    items = tuple(_review(k) if k % 3 == 2 else _item(k) for k in range(n))
    return Nudge(
        vaasa().name, _unit(0), DAY, items, f"{BASE}/calendars/", OWN, signatures=SIGNED, privacy_url=PRIVACY
    )


def status_request(n: int) -> StatusRequest:
    """What a first start asks of a unit: the same step for all."""
    items = tuple(
        replace(_review(k) if k % 2 else _item(k), stage="first-start", standing="not-known", promise=LISTED)
        for k in range(n)
    )
    return StatusRequest(
        vaasa().name,
        _unit(0),
        DAY,
        items,
        f"{BASE}/calendars/",
        OWN,
        date(2026, 1, 23),
        signatures=SIGNED,
        privacy_url=PRIVACY,
    )


def escalation(n: int) -> Escalation:
    """What a head of unit hears of, each item with its history."""
    mailbox = Text(*["employment-services@vaasa.example"] * 3)
    items = tuple(
        replace(_item(k), reason="escalated", stage="escalation", promise=LISTED, others=(mailbox,))
        for k in range(n)
    )
    return Escalation(
        vaasa().name, _unit(0), DAY, items, f"{BASE}/calendars/", OWN, signatures=SIGNED, privacy_url=PRIVACY
    )


def unit_year(n: int) -> UnitYear:
    """A unit's January list."""
    rows = tuple(
        YearRow(("milestone", "review", "event")[k % 3], _action(k).title, date(2026, 1 + k % 12, 9))
        for k in range(n)
    )
    years = (YearList(vaasa().name, 2026, rows),)
    return UnitYear(
        vaasa().name, _unit(0), DAY, years, f"{BASE}/calendars/", OWN, signatures=SIGNED, privacy_url=PRIVACY
    )


def _row(n: int, note: bool) -> DigestRow:
    words = Text(
        "Viivästyy · Ehdotettu uusi määräaika 30.6.2026 (odottaa päätöstä)",
        "Blir försenad · Föreslagen ny tidsfrist 30.6.2026 (väntar på beslut)",
        "Late · Proposed new deadline 30 Jun 2026 (needs a decision)",
    )
    action = _action(n)
    url = f"{BASE}/actions/{action.id}?programme=vaasa-2023-2026"
    said = words if note else Text()
    return DigestRow(action.title, date(2025, 12, 31), url, mark="repeated", note=said, unit=_unit(n))


def digest(n: int) -> BoardDigest:
    """A summary with so many deadlines that have passed; from forty on every list is as long."""
    units = tuple(
        DigestUnit(_unit(k), tuple(replace(_row(j, note=True), unit=Text()) for j in range(k, min(k + 3, n))))
        for k in range(0, n, 3)
    )
    many = tuple(_row(k, note=True) for k in range(n)) if n >= 40 else ()
    return BoardDigest(
        vaasa().name,
        DAY,
        f"{BASE}/digest?programme=vaasa-2023-2026",
        last=date(2026, 1, 7),
        passed=n,
        overdue=units,
        own=tuple(_item(k) for k in range(n)) if n >= 40 else (),
        not_answered=many,
        behind=many,
        proposals=many,
        declined=many,
        answered=many,
        paused=many,
        no_contact=many,
        failures=many,
        unclear=many,
        privacy_url=PRIVACY,
    )


LETTERS_OF_SIZE: Final[Mapping[str, Callable[[int], Letter]]] = {
    "nudge": nudge,
    "status-request": status_request,
    "escalation": escalation,
    "unit-year": unit_year,
    "digest": digest,
}
