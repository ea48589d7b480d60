"""Commands about hand-overs and the digest's files, and what the others show of a date that was moved."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl

from reminders.cli.open_service import open_service
from reminders.use.answers.record import approve_proposal, pending_proposals
from tests.cli.conftest import Runner

KEY = "vaasa-2023-2026"
END = f"{KEY}:work-digihyva-juttu:milestone:end"
GIVE = ("hand-over", "vamia", "hr-unit", "--on", "2024-12-20", "--at", "2024-12-02T10:00")


def plain(text: str) -> str:
    """One line with ordinary spaces."""
    return " ".join(text.split())


def test_a_dry_run_lists_what_would_move(reminders: Runner) -> None:
    """The action, what is unanswered, nothing stored; then the same lines when it is done."""
    reminders("tick", "--at", "2024-12-02T09:00")
    shown = reminders(*GIVE, "--action", "work-digihyva-juttu", "--dry-run")
    lines = [
        "action      work-digihyva-juttu",
        f"unanswered  {KEY}:work-digihyva-juttu:review:2023",
        f"unanswered  {END}",
    ]
    assert shown.out.splitlines() == [*lines, "1 action of vamia would move to hr-unit on 2024-12-20."]
    again = reminders(*GIVE, "--action", "work-digihyva-juttu", "--dry-run")
    assert again.out == shown.out
    done = reminders(*GIVE, "--action", "work-digihyva-juttu", "--by", "board-secretary@vaasa.example")
    assert done.out.splitlines() == [*lines, "1 action of vamia moves to hr-unit on 2024-12-20."]
    told = plain(reminders("explain", "work-digihyva-juttu", "--at", "2024-12-02T10:00").out)
    moves = "Responsibility moves on Friday 20 December 2024: HR unit (entered by: {})"
    assert moves.format("board-secretary@vaasa.example") in told
    assert told.count("Responsibility moves on") == 1


def test_what_cannot_be_handed_over_is_named(reminders: Runner) -> None:
    """Unknown keys are 1, wrong use is 2; both say what was found."""
    unknown = reminders("hand-over", "vamia", "moon", "--on", "2024-12-20", "--at", "2024-12-02T10:00")
    assert (unknown.code, unknown.out) == (1, "")
    assert "no organisation 'moon' in vaasa-2023-2026" in unknown.err
    same = reminders("hand-over", "vamia", "vamia", "--on", "2024-12-20", "--at", "2024-12-02T10:00")
    assert same.code == 2
    assert "expected two organisations; found 'vamia' twice" in same.err


def test_a_moved_date_shows_who_moved_it(reminders: Runner) -> None:
    """Late with a date, approved: occurrences say corrected and the new date, explain names who and when."""
    reminders("tick", "--at", "2024-12-02T09:00")
    reminders("answer", END, "late", "--new-date", "2025-03-31", "--at", "2024-12-03T09:00")
    service = open_service(at="2024-12-04T09:00")
    with service.database.read() as connection:
        (proposal,) = pending_proposals(connection, KEY)
    approve_proposal(service, proposal.answer_id, "board-secretary@vaasa.example")
    rows = reminders("occurrences", "--from", "2025-03-31", "--to", "2025-03-31", "--json").document
    (row,) = [row for row in rows if row["id"] == END]
    assert (row["due"], row["provenance"], row["status"]) == ("2025-03-31", "corrected", "in-process")
    said = plain(reminders("explain", "work-digihyva-juttu", "--at", "2024-12-04T10:00").out)
    moved = "The board secretary moved the deadline on 4 Dec 2024, as the responsible party proposed."
    assert f"Mon 31 Mar 2025 deadline. {moved}" in said
    assert "(before: 31 Dec 2024). (board-secretary@vaasa.example)" in said


def test_the_digest_as_files(reminders: Runner, tmp_path: Path) -> None:
    """All rows, of an unchanged digest too, the same in CSV and XLSX."""
    reminders("tick", "--at", "2024-12-02T09:00")
    note = ("--note", "Lokaler saknas")
    reminders("answer", END, "late", *note, "--new-date", "2025-03-31", "--at", "2024-12-03T09:00")
    for name in ("d.csv", "d.xlsx"):
        assert reminders("digest", "--at", "2024-12-03T10:00", "--lang", "sv", "--output", name).code == 0
    rows = list(csv.reader(io.StringIO((tmp_path / "d.csv").read_text(encoding="utf-8-sig"))))
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx")[KEY]
    assert [[str(cell or "")[:10] for cell in row] for row in sheet.values] == [
        [cell[:10] for cell in row] for row in rows
    ]
    assert rows[0] == ["Lista", "Ansvarspart", "Åtgärd", "Datum", "Läge", "Tilläggsuppgifter", "Adress"]
    (proposed,) = [row for row in rows if row[0] == "Väntar på beslut: föreslaget nytt datum"]
    assert proposed[1:5] == ["Vamia", "Projektet Digihyvä juttu", "2024-12-31", ""]
    assert proposed[5] == (
        "Blir försenad\N{NO-BREAK SPACE}· Föreslagen ny tidsfrist 31.3.2025 (väntar på beslut)"
        "\N{NO-BREAK SPACE}· Lokaler saknas"
    )
    wrong = reminders("digest", "--output", "d.pdf")
    assert (wrong.code, "expected a name that ends in .csv or .xlsx; found 'd.pdf'" in wrong.err) == (2, True)
