"""A city with a unit or two and a board, and commands on it, for faults that were seen by command."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import yaml

from tests.cli.conftest import Ran, Runner

HEADER = "organisation,role,name,email,language,valid_from,valid_until,deputy_of"
SECRETARY = "board,secretary,Sec,sec@city.example,en,,,"


@dataclass(frozen=True)
class City:
    """The programme "city": each unit has one action, due on 31 March 2026; runs ``reminders``."""

    run: Runner
    folder: Path

    def contacts(self, *rows: str, at: str = "2026-01-12T08:00", more: tuple[str, ...] = ()) -> Ran:
        """Import a list of these rows."""
        (self.folder / "c.csv").write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
        return self.run("contacts", "import", "c.csv", "--programme", "city", "--at", at, *more)

    def tick(self, *days: str) -> None:
        """Run at nine on each of these days."""
        for day in days:
            ran = self.run("tick", "--accept-clock", "--at", f"{day}T09:00")
            assert (ran.code, ran.err) == (0, "")

    def mails(self, day: str = "") -> list[tuple[str, str]]:
        """Recipient and subject of each mail, of one day or of all, in order of day and address."""
        return [(str(one["To"]), str(one["Subject"])) for one in self.messages(day)]

    def messages(self, day: str = "") -> list[EmailMessage]:
        """The mails themselves."""
        files = sorted((self.folder / "var/mail" / day).rglob("*.eml"))
        found = (email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in files)
        return list(found)


ROUND = {
    "id": "round",
    "goal": "goal",
    "action": {"en": ["Annual data collection"]},
    "schedule": {"en": "Continuous"},
    "responsible": {"en": "Unit board"},
    "leads": ["board"],
    "partners": [],
}
"""The row of a programme that asks all its units each year."""


def released_city(
    run: Runner, folder: Path, *rows: str, units: tuple[str, ...] = ("alpha",), rounds: bool = False
) -> City:
    """Import the programme (``rounds``: with ``ROUND``) and its contacts, and release it; Vaasa's is held."""
    city = City(run, folder)
    (folder / "p.yaml").write_text(yaml.safe_dump(document_of(units, rounds=rounds)), encoding="utf-8")
    run("hold", "vaasa-2023-2026")
    assert run("import", "p.yaml").code == 0
    imported = city.contacts(*rows)
    assert (imported.code, imported.err) == (0, "")
    assert run("release", "city", "--at", "2026-01-12T08:30").code == 0
    return city


def document_of(units: tuple[str, ...], *, rounds: bool = False) -> dict[str, object]:
    """The programme as a document."""
    return {
        "format": "action-programme/1",
        "programme": {
            "key": "city",
            "name": {"en": "Programme city"},
            "period": {"start": "2025-01-01", "end": "2028-12-31"},
            "timezone": "Europe/Helsinki",
            "languages": ["en"],
            "monitored_by": "board",
        },
        "domains": [{"key": "dom", "en": "Domain"}],
        "goals": [{"key": "goal", "domain": "dom", "en": "Goal"}],
        "organisations": [
            {"key": key, "type": "city unit", "name": {"en": f"Unit {key}"}} for key in (*units, "board")
        ],
        "actions": [
            {
                "id": f"{key}-1",
                "goal": "goal",
                "action": {"en": [f"Action {key}"]},
                "schedule": {"en": "by 31 March 2026"},
                "responsible": {"en": f"Unit {key}"},
                "leads": [key],
                "partners": [],
            }
            for key in units
        ]
        + [ROUND] * rounds,
    }
