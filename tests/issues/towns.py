"""A city and a town with the same unit and action keys, and one person in both."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from html import unescape
from pathlib import Path

from reminders.intake.contacts import read_contacts
from reminders.intake.formats import read_programme
from reminders.use.people.contacts import replace_contacts
from reminders.use.programme.settings import SettingChange, change_setting, release_programme
from reminders.use.programme.store_programme import make_ready, store_programme
from reminders.use.tick import Result, tick
from tests.use.office import envelopes
from tests.web.conftest import HELSINKI, open_service

SHARED = "contact@shared.example"
CITY, TOWN = "city", "town"
OTHER_OF = {CITY: TOWN, TOWN: CITY}
_PROGRAMME = """\
format: action-programme/1
programme:
  key: {key}
  name: {{en: Programme {key}}}
  period: {{start: '2025-01-01', end: '{end}'}}
  timezone: Europe/Helsinki
  languages: [en]
  monitored_by: board
domains: [{{key: dom, en: Domain of {key}}}]
goals: [{{key: goal, domain: dom, en: Goal}}]
organisations:
- {{key: alpha, type: city unit, name: {{en: Unit of {key}}}}}
- {{key: board, type: city unit, name: {{en: Board of {key}}}}}
actions:
"""
_ACTION = """\
- id: {id}
  goal: goal
  action: {{en: ['{title}']}}
  schedule: {{en: '{schedule}'}}
  responsible: {{en: 'Unit of {key}'}}
  leads: [alpha]
  partners: []
"""
_CONTACTS = """\
organisation,role,name,email,language,valid_from,valid_until,deputy_of
alpha,contact,Contact,{shared},{language},,,
board,secretary,Secretary,secretary@{key}.example,{language},,,
"""


def programme_of(key: str, end: str = "2028-12-31") -> str:
    """A programme without actions as a YAML file has it."""
    return _PROGRAMME.format(key=key, end=end)


def action_of(key: str, number: int, title: str, schedule: str, name: str = "") -> str:
    """An action of a programme as a YAML file has it."""
    return _ACTION.format(id=name or f"a{number}", key=key, title=title, schedule=schedule)


@dataclass
class Towns:
    """A service with two programmes.

    ``languages`` and ``titles`` of actions are by programme, ``schedules`` and ``ids`` by an action's number.
    """

    folder: Path
    now: datetime = datetime(2026, 1, 12, 9, 0, tzinfo=HELSINKI)
    languages: dict[str, str] = field(default_factory=lambda: {CITY: "fi", TOWN: "sv"})
    titles: dict[str, list[str]] = field(default_factory=dict)
    schedules: dict[int, str] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    built_in: bool = True

    def __post_init__(self) -> None:
        """Open the service; the built-in programme is held, where it is to be there."""
        self.service = open_service(self.folder, lambda: self.now)
        if self.built_in:
            make_ready(self.service.database, self.now, held=True)
        else:
            self.service.database.migrate()
        for key, language in self.languages.items():
            self.add(key, language)

    def add(self, key: str, language: str, end: str = "2028-12-31") -> None:
        """Store a programme with its contacts and release it."""
        text = programme_of(key, end)
        for n, title in enumerate(self.titles.get(key, [f"Action of {key}"]), 1):
            schedule = self.schedules.get(n, "by 31 March 2026")
            text += action_of(key, n, title, schedule, self.ids.get(n, ""))
        programme = read_programme(text, f"{key}.yaml")
        contacts = read_contacts(
            _CONTACTS.format(key=key, language=language, shared=SHARED),
            f"{key}.csv",
            programme.organisation_by_key,
        )
        with self.service.database.write() as connection:
            store_programme(connection, programme, self.now)
        replace_contacts(self.service, key, contacts)
        release_programme(self.service, key)

    def tick(self, when: str) -> Result:
        """Run once at an instant of the civil clock."""
        self.now = datetime.fromisoformat(when).replace(tzinfo=HELSINKI)
        return tick(self.service, accept_clock=True)

    def mails(self, address: str) -> list[EmailMessage]:
        """What was handed over for one address."""
        return [
            email.message_from_bytes(one.raw, policy=email.policy.default)
            for one in envelopes(self.service)
            if one.recipient == address
        ]

    def setting(self, key: str, name: str, text: str) -> None:
        """Choose a value in a programme."""
        change_setting(self.service, SettingChange(key, name, text, "test"))


def text_of(message: EmailMessage) -> str:
    """The text part."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def links_of(text: str) -> list[str]:
    """The addresses in a text."""
    return re.findall(r"https?://[^\s\"<>]+", unescape(text))


def foreign_words(text: str, key: str) -> list[str]:
    """What stands in a text of the other programme: its names, titles, keys in links, addresses."""
    other = OTHER_OF[key]
    wanted = [
        f"of {other}",
        f"Programme {other}",
        f"programme={other}",
        f"@{other}.",
        f"/{other}/",
        f"{other}:",
    ]
    return [word for word in wanted if word in text]
