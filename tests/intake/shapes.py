"""One programme written in every shape that cities use, to be read back."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import docx

from schedule_rules.programme import Lang, Programme
from tests.intake.pages import Paper, xlsx

Cells = tuple[str, str, str, str, str]

HEADERS: Mapping[Lang, Cells] = {
    "fi": ("Tavoite", "Toimenpide", "Aikataulu", "Vastuutaho", "Mittari"),
    "sv": ("Mål", "Åtgärd", "Tidtabell", "Ansvarspart och partner", "Mätare"),
    "en": ("Goal", "Action", "Schedule", "Responsible party and partners", "Indicator"),
}
DOMAIN: Mapping[Lang, str] = {"fi": "Kokonaisuus", "sv": "Helhet", "en": "Domain"}
EDGES = (30, 120, 260, 310, 430, 565)
WIDTHS = (18, 28, 13, 24, 27)


def rows(programme: Programme, lang: Lang) -> dict[str, list[Cells]]:
    """The rows of a programme under their domains, bullets marked."""
    found: dict[str, list[Cells]] = {}
    for action in programme.actions:
        goal = programme.goal_by_key[action.goal].name.get(lang)
        bullets = "\n".join(f"• {bullet}" for bullet in action.bullets[lang])
        cells = (
            goal,
            bullets,
            action.schedule.get(lang),
            action.responsible.get(lang),
            action.indicator.get(lang),
        )
        found.setdefault(programme.domain_of(action).name.get(lang), []).append(cells)
    return found


def once(table: Sequence[Cells]) -> list[Cells]:
    """Rows whose goal stands only where it begins."""
    goals = [cells[0] for cells in table]
    return [
        ("" if at and goals[at - 1] == cells[0] else cells[0], *cells[1:]) for at, cells in enumerate(table)
    ]


def wrapped(text: str, width: int) -> str:
    """A text as a narrow column prints it."""
    return "\n".join("\n".join(textwrap.wrap(line, width) or [""]) for line in text.split("\n"))


def as_docx(programme: Programme, lang: Lang, folder: Path) -> Path:
    """A Word document: a heading and a table a domain."""
    document = docx.Document()
    document.add_heading(programme.name.get(lang), 0)
    for domain, table in rows(programme, lang).items():
        document.add_heading(domain, 1)
        grid = document.add_table(rows=0, cols=5)
        for cells in [HEADERS[lang], *once(table)]:
            for cell, text in zip(grid.add_row().cells, cells, strict=True):
                cell.text = text
    path = folder / "programme.docx"
    document.save(str(path))
    return path


def as_xlsx(programme: Programme, lang: Lang, folder: Path) -> Path:
    """A workbook: one sheet, domains and goals merged."""
    table = [(domain, *cells) for domain, found in rows(programme, lang).items() for cells in found]
    merged = []
    for column, letter in enumerate("AB"):
        start = 0
        for at in range(1, len(table) + 1):
            if at == len(table) or table[at][column] != table[start][column]:
                merged += [f"{letter}{start + 2}:{letter}{at + 1}"] if at - start > 1 else []
                start = at
    return xlsx(folder / "programme.xlsx", {"Sheet1": [(DOMAIN[lang], *HEADERS[lang]), *table]}, merged)


def as_markdown(programme: Programme, lang: Lang, folder: Path) -> Path:
    """Markdown: a heading and a table of pipes a domain."""
    text = f"# {programme.name.get(lang)}\n"
    for domain, table in rows(programme, lang).items():
        text += f"\n## {domain}\n\n| {' | '.join(HEADERS[lang])} |\n|{'---|' * 5}\n"
        text += "".join(f"| {' | '.join(cells)} |\n".replace("\n•", "<br>•") for cells in once(table))
    path = folder / "programme.md"
    path.write_text(text, encoding="utf-8")
    return path


def as_flat_text(programme: Programme, lang: Lang, folder: Path) -> Path:
    """Plain text whose columns were flattened."""
    text = f"{programme.name.get(lang)}\n\n"
    for domain, table in rows(programme, lang).items():
        text += f"{domain}\n{' '.join(HEADERS[lang]).upper()}\n\n"
        for goal, bullets, when, who, indicator in once(table):
            text += f"{wrapped(goal, 24)}\n\n" if goal else ""
            text += f"{wrapped(bullets, 36)}\n\n{when} {wrapped(who, 26)}\n\n{wrapped(indicator, 26)}\n\n"
    path = folder / "programme.txt"
    path.write_text(text, encoding="utf-8")
    return path


def _as_pdf(programme: Programme, lang: Lang, path: Path, *, ruled: bool) -> Path:
    paper = Paper()
    paper.page()
    paper.text(30, 40, programme.name.get(lang), 18)
    top = 70.0
    for domain, table in rows(programme, lang).items():
        if top > 700:
            paper.page()
            top = 50
        paper.text(30, top + 10, domain, 13)
        top += 20
        for cells in [HEADERS[lang], *once(table)]:
            top = _row(
                paper,
                top,
                [wrapped(_printable(t), w) for t, w in zip(cells, WIDTHS, strict=True)],
                ruled=ruled,
            )
        top += 10
    return paper.save(path)


def _printable(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252")


def _row(paper: Paper, top: float, cells: Sequence[str], *, ruled: bool) -> float:
    """Write a row and return where the next one begins."""
    lines = max(len(cell.split("\n")) for cell in cells)
    if top + 12 * lines + 6 > 800:
        paper.page()
        top = 50
    if ruled:
        paper.ruled(top, EDGES, [cells])
        return top + 12 * lines + 6
    for left, cell in zip(EDGES, cells, strict=False):
        for number, line in enumerate(cell.split("\n")):
            paper.text(left, top + 10 * number + 10, line, 7)
    return top + 10 * lines + 8


def as_ruled_pdf(programme: Programme, lang: Lang, folder: Path) -> Path:
    """A PDF of ruled tables over many pages."""
    return _as_pdf(programme, lang, folder / "ruled.pdf", ruled=True)


def as_unruled_pdf(programme: Programme, lang: Lang, folder: Path) -> Path:
    """A PDF of columns without rules over many pages."""
    return _as_pdf(programme, lang, folder / "unruled.pdf", ruled=False)


SHAPES: tuple[Callable[[Programme, Lang, Path], Path], ...] = (
    as_docx, as_xlsx, as_markdown, as_flat_text, as_ruled_pdf, as_unruled_pdf,
)  # fmt: skip
