"""Filling in the data collection in a test, as people of a unit do through the link of their mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from reminders.collection.indicator import measures_of
from reminders.collection.round import STATUSES, Status, TypedForm, TypedValue, fields_of
from reminders.planning.links import Links
from reminders.use.answers.links import OpenForm, open_form
from reminders.use.collection.forms import FormInput, FormWritten, read_form_contents, write_form
from reminders.use.collection.rounds import Round, read_round
from schedule_rules.programme import Action, Lang
from tests.use.office import SECRET, Office, at

YEAR = 2025
Fill = Callable[[int, Action], TypedForm]


def the_round(office: Office, when: str, year: int = YEAR) -> Round:
    """The round as it stands at an instant."""
    return read_round(office.service(when), year)


def address_of(office: Office, when: str, organisation: str) -> str:
    """The first address that gets an organisation's items."""
    found = the_round(office, when)
    return found.state.people.unit(organisation, found.today)[0].email


def token_of(office: Office, when: str, organisation: str, year: int = YEAR) -> str:
    """The token of a link as the mails of that day have it."""
    occurrence = str(the_round(office, when, year).row.id)
    address = address_of(office, when, organisation)
    return Links(SECRET).issue("form", occurrence, address, at(when).date() + timedelta(days=30))


def opened(office: Office, when: str, organisation: str) -> OpenForm:
    """The form that an organisation's link opens."""
    found = open_form(office.service(when), token_of(office, when, organisation))
    assert isinstance(found, OpenForm)
    return found


def counting(number: int, action: Action) -> TypedForm:
    """A status that goes round, each value as its indicator asks for it."""
    status: Status = STATUSES[(number + len(action.id)) % 4]
    said = {"number": f"{number + 1},5", "yes-no": "yes", "text": "otettu käyttöön"}
    values = tuple(TypedValue(said[measure.kind]) for measure in measures_of(action))
    words = ("=1+1" if number == 0 else "", "muut" if status == "not-ours" else "")
    return TypedForm(status, values, " ".join(filter(None, words)))


def fill(
    office: Office,
    when: str,
    organisation: str,
    typed: Mapping[str, TypedForm] | Fill = counting,
    *,
    send: bool = True,
    lang: Lang = "fi",
) -> str:
    """Fill in an organisation's form and send or save it; return what became of it."""
    form = opened(office, when, organisation)
    if callable(typed):
        typed = {action.id: typed(n, action) for n, action in enumerate(form.actions(organisation))}
    service = office.service(when)
    assert read_form_contents(service, form, organisation, lang).lang == lang
    typing = FormInput(organisation, lang, fields_of(typed), None, send)
    done = write_form(service, token_of(office, when, organisation), typing)
    assert isinstance(done, FormWritten)
    return done.outcome
