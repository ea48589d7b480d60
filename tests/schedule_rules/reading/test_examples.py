"""The examples in the docstrings of the parser are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import pytest

from schedule_rules import reading
from schedule_rules.reading import tokens
from schedule_rules.reading.bounds import bounds
from schedule_rules.reading.codes import spell
from schedule_rules.reading.frequency import frequencies_in
from schedule_rules.reading.not_dates import mask
from schedule_rules.reading.points import points

if TYPE_CHECKING:
    from collections.abc import Callable

    from schedule_rules.programme import Lang
    from schedule_rules.reading.bounds import DateBounds
    from schedule_rules.reading.codes import TokenRow
    from schedule_rules.reading.spans import Point

MODULES = [
    reading.__name__,
    *(each.name for each in pkgutil.iter_modules(reading.__path__, "schedule_rules.reading.")),
]
# a module with examples of single steps, and what runs before and after them
STEPS = {
    "schedule_rules.reading.ambiguous": "settle",
}


def masked(text: str, lang: Lang) -> tuple[TokenRow, str]:
    """Return the tokens of ``text`` and their codes, what is no date masked."""
    found = tokens.scan(text, lang)
    return found, mask(found, list(frequencies_in(found)))


def points_of(text: str, lang: Lang) -> list[Point]:
    """Return the points of ``text``."""
    return points(*masked(text, lang))


def bounds_of(text: str, lang: Lang) -> DateBounds:
    """Return the span of ``text``."""
    found, codes = masked(text, lang)
    return bounds(found, codes, points(found, codes))


def before_and_after(module: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Lang], str]:
    """Return what shows the codes of a wording before and after the steps of ``module``."""

    def of_scan(text: str, lang: Lang) -> str:
        met: list[str] = []

        def spy(codes: str, found: TokenRow) -> str:
            met[:] = [codes, steps(codes, found)]
            return met[1]

        with monkeypatch.context() as patch:
            steps = getattr(tokens, STEPS[module])
            patch.setattr(tokens, STEPS[module], spy)
            tokens.scan(text, lang)
        return " -> ".join(map(spell, met))

    def of_mask(text: str, lang: Lang) -> str:
        found, codes = masked(text, lang)
        return f"{spell(found.codes)} -> {spell(codes)}"

    return of_scan if module in STEPS else of_mask


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example gives what stands below it."""
    given: dict[str, Any] = {
        "points_of": points_of,
        "bounds_of": bounds_of,
        "before_and_after": before_and_after(name, monkeypatch),
    }
    results = doctest.testmod(importlib.import_module(name), extraglobs=given)
    assert results.failed == 0


def test_each_step_has_an_example() -> None:
    """What a step makes of a wording is shown, not told."""
    missing = [
        f"{name}.{reader.__name__}"
        for name in (*STEPS, "schedule_rules.reading.not_dates")
        for _, reader in importlib.import_module(name)._STEPS._steps
        if hasattr(reader, "__name__") and ">>>" not in (reader.__doc__ or "")
    ]
    assert missing == []
