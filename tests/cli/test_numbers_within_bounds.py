"""A number or day of a command beyond what there can be: exit 2, one line that says what is expected."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Runner

NINES = "9" * 20
CALLS = [
    (("collection", NINES), "YEAR: expected a number from 1970 to 2099; found '99999999999999999999'"),
    (("collection", "9" * 5_000), "YEAR: expected a number from 1970 to 2099; found '" + "9" * 40 + "'"),
    (("collection", "soon"), "YEAR: expected a number from 1970 to 2099; found 'soon'"),
    (("collection", "1969"), "YEAR: expected a number from 1970 to 2099; found '1969'"),
    (("report", "2100", "--output", "x.pdf"), "YEAR: expected a number from 1970 to 2099; found '2100'"),
    (
        ("collection", "2025", "--reopen-until", "9999-12-31"),
        "--reopen-until: expected a day of a year from 1970 to 2099; found '9999-12-31'",
    ),
    (
        ("occurrences", "--from", "0001-01-01", "--to", "2026-01-01"),
        "--from: expected a day of a year from 1970 to 2099; found '0001-01-01'",
    ),
    (
        ("forecast", "--from", "2026-01-01", "--to", "31.12.9999"),
        "--to: expected a day of a year from 1970 to 2099; found '31.12.9999'",
    ),
    (
        ("forecast", "--from", "2026-01-01", "--to", "2099-12-31"),
        "--to: expected a day until 2036-01-01, ten years at most; found 2099-12-31",
    ),
    (
        ("occurrences", "--from", "99991231", "--to", "2026-01-01"),
        "--from: expected a day of a year from 1970 to 2099; found '99991231'",
    ),
    (
        ("hand-over", "a", "b", "--on", "9999-12-31"),
        "--on: expected a day of a year from 1970 to 2099; found '9999-12-31'",
    ),
    (
        ("tick", "--dry-run", "--at", "0001-01-01"),
        "--at: expected a year from 1970 to 2098; found '0001-01-01'",
    ),
    (
        ("digest", "--at", "9999-12-31T23:59:59Z"),
        "--at: expected a year from 1970 to 2098; found '9999-12-31T23:59:59Z'",
    ),
    (
        ("private-feed", "--revoke", NINES),
        f"--revoke: expected a number from 1 to 999999999; found '{NINES}'",
    ),
    (("private-feed", "--revoke", "-5"), "--revoke: expected a number from 1 to 999999999; found '-5'"),
    (
        ("series", "again", "work-job-coaching", NINES),
        f"SAVE: expected a number from 1 to 999999999; found '{NINES}'",
    ),
    (
        ("series", "keep", "work-job-coaching", "--minutes", NINES),
        f"--minutes: expected a number from 0 to 525600; found '{NINES}'",
    ),
    (("purge", "--older-than", NINES), f"--older-than: expected a number from 0 to 36500; found '{NINES}'"),
    (("purge", "--older-than", "٣"), "--older-than: expected a number from 0 to 36500; found '٣'"),
    (("web", "--port", "70000"), "--port: expected a number from 0 to 65535; found '70000'"),
]


@pytest.mark.parametrize(("words", "said"), CALLS, ids=[" ".join(words)[:40] for words, _ in CALLS])
def test_one_line_says_what_is_expected(reminders: Runner, words: tuple[str, ...], said: str) -> None:
    """Exit 2, nothing on stdout, one line on stderr."""
    ran = reminders(*words)
    assert (ran.code, ran.out, ran.err) == (2, "", f"reminders: {said}\n")


@pytest.mark.parametrize(
    "words",
    [
        ("tick", "--dry-run", "--at", "2098-12-31T23:59"),
        ("tick", "--dry-run", "--at", "1970-01-01T00:00"),
        ("occurrences", "--from", "1970-01-01", "--to", "2099-12-31", "--json"),
        ("collection", "2099"),
        ("collection", "1970"),
        ("purge", "--older-than", "36500"),
        ("private-feed", "--revoke", "999999999"),
        ("series", "again", "work-job-coaching", "999999999"),
        ("forecast", "--from", "2026-01-01", "--to", "2026-01-31", "--json"),
        ("normalise", "9" * 5_000),
        ("normalise", "9999"),
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_what_is_just_within_is_answered(reminders: Runner, words: tuple[str, ...]) -> None:
    """A result, or one line of the service: never a traceback."""
    ran = reminders(*words)
    assert ran.code in {0, 1}
    assert ran.err.count("\n") <= 1 or "Traceback" not in ran.err
    assert (ran.code, ran.out) != (0, "")
