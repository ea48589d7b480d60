"""What a first outside reader of the README found, each mended."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest

from schedule_rules.reading import normalise
from schedule_rules.schedule import Frequency, Schedule
from tests.cli.conftest import Runner, reminders

__all__ = ["reminders"]

FIRST, SECOND = "2025-12-01T09:00+02:00", "2026-01-12T09:00"
CAFE = "vaasa-2023-2026:social-cultural-cafe"


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("within 12 months of the Effective Date and annually thereafter", "year"),
        ("within 6 months of approval and monthly thereafter", "month"),
        ("2 years after approval and yearly", "year"),
        ("3 kuukauden kuluessa ja sen jälkeen vuosittain", "year"),
        ("inom 6 månader och därefter årligen", "year"),
    ],
)
def test_a_length_beside_a_frequency_is_no_count_of_it(text: str, per: str) -> None:
    """The months until something happens are not how often it happens."""
    found = normalise(text)
    assert isinstance(found, Schedule)
    assert found.frequency == Frequency(1, 1, per)  # type: ignore[arg-type]


def texts_of(folder: Path, address: str) -> str:
    """Return the text part of the mail to an address."""
    for file in folder.rglob("*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("plain",))
        if mail["To"] == address and body is not None:
            return str(body.get_content()).replace("\u00a0", " ")
    raise AssertionError(address)


def test_dates_are_asked_of_an_event_that_is_ahead(reminders: Runner, tmp_path: Path) -> None:
    """After a gap the café's ask names its next date, not the one that has passed."""
    reminders("tick", "--at", FIRST)
    reminders("tick", "--at", SECOND)
    text = texts_of(tmp_path / "var/mail/2026-01-12", "welfare-unit-contact@vaasa.example")
    assert "Alustava aika 12.2.2026" in text
    assert "Alustava aika 8.1.2026" not in text


def test_others_are_those_who_got_it(reminders: Runner, tmp_path: Path) -> None:
    """What only waits for the secretary's digest names her in nobody's mail."""
    reminders("tick", "--at", FIRST)
    reminders("tick", "--at", SECOND)
    for file in (tmp_path / "var/mail/2026-01-12").glob("*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        parts = str(body.get_content()).replace("\r\n", "\n").split("\n\n")
        why = [one for one in parts if "Muut vastaanottajat" in one]
        assert not any("board-secretary" in line for line in why)


def test_a_programme_without_a_secretary_is_not_released(
    reminders: Runner, root: Path, tmp_path: Path
) -> None:
    """Nothing may resolve to nobody: release asks for a secretary first."""
    text = (root / "reminders/programmes/vaasa-2023-2026.yaml").read_text(encoding="utf-8")
    text = text.replace("key: vaasa-2023-2026", "key: mine").replace(
        "  monitored_by: multiculturalism-board\n", ""
    )
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    reminders("import", "mine.yaml")
    refused = reminders("release", "mine")
    assert refused.code == 1
    assert "mine has no secretary" in refused.err
    (tmp_path / "who.csv").write_text(
        reminders("contacts", "export", "--programme", "vaasa-2023-2026").out, encoding="utf-8"
    )
    reminders("contacts", "import", "who.csv", "--programme", "mine")
    assert reminders("release", "mine").out == "mine is released.\n"


def test_explain_says_what_is_still_to_come(reminders: Runner) -> None:
    """Before the first start it is the status request; once answered, nothing is told any more."""
    before = reminders("explain", "work-digihyva-juttu", "--lang", "en", "--at", FIRST).out.replace(
        "\u00a0", " "
    )
    assert "Mon 1 Dec 2025  the unit: employment-ecosystem-contact@vaasa.example" in before
    assert "2024  the unit" not in before
    for instance in ("milestone:end", "review:2023"):
        reminders("answer", f"vaasa-2023-2026:work-digihyva-juttu:{instance}", "done", "--at", FIRST)
    after = reminders("explain", "work-digihyva-juttu", "--lang", "en", "--at", FIRST).out.replace(
        "\u00a0", " "
    )
    assert "the unit:" not in after


def test_ids_are_whole_through_a_pipe(reminders: Runner) -> None:
    """An id in a table can be copied: nothing is cut."""
    assert (
        f"{CAFE}:milestone:end" in reminders("occurrences", "--from", "2023-12-31", "--to", "2023-12-31").out
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("tick", "--redirect-to", "bad"), 2, "--redirect-to: expected an e-mail address; found 'bad'"),
        (("import", "--template", "t.csv"), 2, "--template: expected a name that ends in .xlsx"),
        (("import", "--template", "nowhere/t.xlsx"), 1, "nowhere/t.xlsx: No such file or directory"),
        (
            ("programmes", "--database", "sqlite:///text.db"),
            1,
            "DATABASE_URL: text.db: this is no SQLite database",
        ),
    ],
)
def test_one_clear_line(
    reminders: Runner, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    """What cannot be done is said in one line, without a traceback."""
    (tmp_path / "text.db").write_text("no database\n" * 100, encoding="utf-8")
    ran = reminders(*words)
    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_normalise_takes_a_database_like_every_command(reminders: Runner) -> None:
    """Every command takes --database."""
    assert (
        reminders("normalise", "2023", "--database", "sqlite:///other.db").document["start"] == "2023-01-01"
    )
