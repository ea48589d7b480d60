"""The programmes that come with the service, as data: a YAML text and example contacts each.

Reading the data is left to ``intake``.
"""

from __future__ import annotations

from importlib.resources import files

from reminders.errors import NotFoundError

_FOLDER = files(__package__)


def built_in_keys() -> tuple[str, ...]:
    """Return the keys of the built-in programmes, in alphabetical order."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def built_in_text(key: str) -> str:
    """Return the YAML of a built-in programme."""
    return _text(key, ".yaml")


def built_in_contacts(key: str) -> str:
    """Return the CSV of a built-in programme's example contacts."""
    return _text(key, ".contacts.csv")


def _text(key: str, ending: str) -> str:
    if key not in built_in_keys():
        known = ", ".join(built_in_keys())
        raise NotFoundError(f'There is no built-in programme "{key}"; there is: {known}')
    return (_FOLDER / f"{key}{ending}").read_text(encoding="utf-8")
