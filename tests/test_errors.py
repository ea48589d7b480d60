"""The errors: what a door shows and which code it ends with."""

from __future__ import annotations

import pytest

from reminders import errors


def test_input_error_names_file_place_expected_and_found() -> None:
    """One problem is told in one line that holds all four."""
    error = errors.InputError("a.yaml", "line 3, goals[0].fi", "nothing", "a text in Finnish")
    assert str(error) == "a.yaml, line 3, goals[0].fi: expected a text in Finnish; found nothing"
    assert error.problems == (
        errors.Problem("a.yaml", "line 3, goals[0].fi", "nothing", "a text in Finnish"),
    )


@pytest.mark.parametrize(
    ("count", "ending"),
    [(1, ""), (2, " (and 1 more problem)"), (3, " (and 2 more problems)")],
)
def test_input_error_says_how_many_more_there_are(count: int, ending: str) -> None:
    """The message is the first problem; all are kept in order."""
    problems = [errors.Problem("a.csv", f"row {row}", "x", "y") for row in range(count)]
    error = errors.InputError.of(problems)
    assert str(error) == f"a.csv, row 0: expected y; found x{ending}"
    assert error.problems == tuple(problems)


def test_configuration_error_names_the_variable() -> None:
    """A setting that does not fit is named as in the environment."""
    error = errors.ConfigurationError("TICK_AT", "a time of day", "noon")
    assert str(error) == "TICK_AT: expected a time of day; found noon"


def test_every_error_has_one_base_and_an_exit_code() -> None:
    """1: the work could not be done; 2: wrong use."""
    kinds = {
        name: kind.exit_code
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.RemindersError)
    }
    assert kinds == {
        "RemindersError": 1,
        "UsageError": 2,
        "SkippedTimeError": 2,
        "SeriesProblemError": 2,
        "EditedMeanwhileError": 1,
        "UnknownFeedError": 1,
        "SignInError": 1,
        "NotFoundError": 1,
        "DamagedError": 1,
        "ClockError": 1,
        "GuardError": 1,
        "CountError": 1,
        "EvidenceError": 1,
        "BounceError": 1,
        "ChannelDown": 1,
        "ConfigurationError": 1,
        "InputError": 1,
        "NotYoursError": 1,
        "BusyError": 1,
        "NoSecretaryError": 1,
        "FolderError": 1,
        "IllHealthError": 1,
        "ListenError": 1,
        "DatabaseFault": 1,
    }
