"""reminders preferences and reminders held: shown, changed, refused with words."""

from __future__ import annotations

from tests.cli.conftest import Runner

UNIT = "welfare-unit-contact@vaasa.example"
VISITS = "education-workplace-visits"


def test_preferences_are_shown_and_changed(reminders: Runner) -> None:
    """Without an option they are shown; a stage that begins with a dash is taken as it is."""
    assert reminders("preferences", UNIT).out.splitlines() == [
        "weekday: any",
        "rhythm: daily",
        "digest: both",
        "language: list",
        "format: html+text",
        "off: ",
    ]
    options = ("--weekday", "mon", "--off", "-P30D", "--off", "start", "--language", "sv")
    assert reminders("preferences", UNIT, *options, "--json").document == {
        "address": UNIT,
        "programme": "vaasa-2023-2026",
        "weekday": "mon",
        "rhythm": "daily",
        "digest": "both",
        "language": "sv",
        "format": "html+text",
        "off": ["-P30D", "start"],
    }
    assert "off: start" in reminders("preferences", UNIT, "--on", "-P30D").out


def test_what_is_no_wish_is_said(reminders: Runner) -> None:
    """Wrong use is 2, an address on no list 1."""
    wrong = reminders("preferences", UNIT, "--weekday", "sunday")
    assert (wrong.code, wrong.err) == (
        2,
        "reminders: weekday: expected one of mon, tue, wed, thu, fri, any; found 'sunday'\n",
    )
    nobody = reminders("preferences", "x@vaasa.example")
    assert nobody.code == 1
    assert nobody.err.startswith("reminders: x@vaasa.example stands in no contact list of vaasa-2023-2026")


def test_dates_towards_a_target(reminders: Runner) -> None:
    """Entered, listed, taken back."""
    at = ("--at", "2025-04-01T12:00")
    assert reminders("held", VISITS, "2025-03-12", *at).out == f"{VISITS}: 1 of at least 10 held in 2025.\n"
    assert "2025-03-12   employment-ecosystem" in reminders("held", VISITS).out
    taken = reminders("held", VISITS, "2025-03-12", "--remove", *at)
    assert taken.out == f"{VISITS}: 0 of at least 10 held in 2025.\n"
    wrong = reminders("held", VISITS, "spring")
    assert (wrong.code, wrong.err) == (
        2,
        "reminders: DATE: expected a day such as 2025-12-01; found 'spring'\n",
    )
