"""What a reader wishes about mail: looked up, checked, stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeVar, get_args

from reminders.errors import NotFoundError, UsageError
from reminders.planning.addresses import folded, same_address
from reminders.planning.policy import Policy
from reminders.planning.preferences import (
    DIGEST_RHYTHMS,
    FORMATS,
    NO_WISHES,
    RHYTHMS,
    Preferences,
    optional_stages,
)
from reminders.planning.recipients import MailLanguage
from reminders.service import Service
from reminders.store import Connection, people, programmes
from reminders.use.watch.audit import record_act

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri")
LANGUAGES: Final[tuple[MailLanguage, ...]] = get_args(MailLanguage)
ANY, LISTED = "any", "list"
"""No weekday in particular; the language of the contact list."""

_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True, slots=True)
class PreferenceChange:
    """What somebody enters, as words; None leaves a field as it is.

    ``weekday`` is mon … fri or ``any``, ``language`` one of a mail or ``list``;
    ``off`` are stages to switch off, ``on`` to switch on again.
    """

    weekday: str | None = None
    rhythm: str | None = None
    digest: str | None = None
    language: str | None = None
    format: str | None = None
    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()


def preferences_of(service: Service, key: str, address: str) -> Preferences:
    """Return what an address wishes about a programme's mail; ``NotFoundError`` when it is on no list."""
    with service.database.read() as connection:
        return _stored(connection, key, address)


def change_preferences(
    service: Service, key: str, address: str, change: PreferenceChange, by: str = ""
) -> Preferences:
    """Store what an address wishes, as entered ``by`` somebody, and return all that it wishes now.

    Raises ``NotFoundError`` for a programme or address that there is not,
    ``UsageError`` that names the field and what was expected; nothing is stored then.
    """
    with service.database.write() as connection:
        policy = programmes.stored_programme(connection, key).policy
        wish = changed_preferences(_stored(connection, key, address), change, policy)
        people.save_preferences(connection, key, address, wish, service.clock())
        record_act(connection, service, "preferences", key, person=address, by=by)
    return wish


def changed_preferences(before: Preferences, change: PreferenceChange, policy: Policy) -> Preferences:
    """Return ``before`` with what was entered; ``UsageError`` on a word that a field does not take.

    ``policy`` is the programme's: its stages are those that can be switched off.
    """

    def chosen(field: str, choices: tuple[_Choice, ...], holds: _Choice) -> _Choice:
        word = getattr(change, field)
        return holds if word is None else _one_of(field, word, choices)

    named = optional_stages(policy)
    off = {_one_of("off", one, named) for one in change.off}
    on = {_one_of("on", one, named) for one in change.on}
    weekday, language = before.weekday, before.language
    if change.weekday is not None:
        word = _one_of("weekday", change.weekday, (*WEEKDAYS, ANY))
        weekday = None if word == ANY else WEEKDAYS.index(word)
    if change.language is not None:
        language = None if change.language == LISTED else _one_of("language", change.language, LANGUAGES)
    return replace(
        before,
        weekday=weekday,
        rhythm=chosen("rhythm", RHYTHMS, before.rhythm),
        digest=chosen("digest", DIGEST_RHYTHMS, before.digest),
        language=language,
        format=chosen("format", FORMATS, before.format),
        off=(before.off | off) - on,
    )


def _one_of(field: str, word: str, choices: tuple[_Choice, ...]) -> _Choice:
    for choice in choices:
        if choice == word:
            return choice
    raise UsageError(f"{field}: expected one of {', '.join(choices)}; found {word!r}")


def _stored(connection: Connection, key: str, address: str) -> Preferences:
    """Return what an address wishes, in any spelling; ``NotFoundError`` when it is on no list."""
    programmes.stored_programme(connection, key)
    if not any(same_address(one.email, address) for one in people.contacts_of(connection, key)):
        shows = "reminders contacts export shows it"
        raise NotFoundError(f"{address} stands in no contact list of {key}; {shows}")
    return people.preferences_of_programme(connection, key).get(folded(address), NO_WISHES)
