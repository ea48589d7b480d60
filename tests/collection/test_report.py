"""The report's lines and counts, the plots' geometry, the paper: values in, values out."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pdfplumber
from hypothesis import given, strategies as st

from reminders.collection.paper import HEIGHT, WIDTH, Paper, PaperPart, PaperPlot, as_pdf, fit, plot
from reminders.collection.report import ReportedStatus, ReportedValue, RoundAnswers, Trend, report_of, trends
from schedule_rules.days import Span
from schedule_rules.programme import Action, Domain, Goal, Programme, Text

AT = datetime(2026, 1, 2, 10, tzinfo=UTC)
PROGRAMME = Programme(
    key="town",
    name=Text("Ohjelma"),
    period=Span(date(2023, 1, 1), date(2026, 12, 31)),
    timezone="Europe/Helsinki",
    languages=("fi",),
    domains=(Domain("work", Text("Työ")), Domain("living", Text("Asuminen"))),
    goals=(Goal("g", "work", Text("Tavoite")), Goal("h", "living", Text("Toinen"))),
    organisations=(),
    actions=(Action("a", "g", {"fi": ("A",)}), Action("b", "h", {"fi": ("B",)})),
    stamp=date(2023, 1, 1),
)


def number(organisation: str, year: int, text: str, unit: str = "kpl", place: int = 1) -> ReportedValue:
    """A number of action ``a``."""
    return ReportedValue("a", organisation, year, "number", text, unit, place)


def test_each_part_of_an_action_is_a_line() -> None:
    """Asked and answered, asked and silent, and one that answered in an earlier year."""
    told = {("x", "a"): ReportedStatus("done", "", "x@city.example", AT)}
    values = [number("x", 2025, "2"), number("z", 2024, "5"), number("x", 2026, "9")]
    found = report_of(PROGRAMME, 2025, {"a": ("x", "y"), "b": ("y",)}, RoundAnswers(told, values, 1))
    assert found.years == (2024, 2025)
    assert [(line.organisation, line.is_asked, line.told is not None) for line in found.lines] == [
        ("x", True, True),
        ("y", True, False),
        ("z", False, False),
        ("y", True, False),
    ]
    assert (found.expected, found.answered, dict(found.statuses), found.silent, found.values) == (
        2,
        1,
        {"done": 1},
        2,
        1,
    )


def test_a_trend_is_one_count_of_one_organisation() -> None:
    """Two years at least, numbers only, each place and unit for itself, the spelling of the newest."""
    values = [
        number("x", 2023, "1", "Kpl"),
        number("x", 2024, "2.5"),
        number("x", 2024, "7", "h", 2),
        number("y", 2024, "3"),
        ReportedValue("a", "y", 2023, "text", "3", "kpl"),
    ]
    assert trends(values) == (Trend("x", "kpl", ((2023, Decimal(1)), (2024, Decimal("2.5")))),)


numbers = st.decimals(-(10**6), 10**6, places=2)


@given(values=st.lists(numbers, min_size=2, max_size=6))
def test_a_plot_keeps_its_order(values: list[Decimal]) -> None:
    """Every point lies inside; a greater number lies higher; nought has its line; equal years apart."""
    found = plot([(2020 + n, value) for n, value in enumerate(values)])
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in found.dots)
    assert [dot.x for dot in found.dots] == sorted(dot.x for dot in found.dots)
    for one in found.dots:
        assert all(one.y <= other.y for other in found.dots if one.number > other.number)
        assert (one.y <= found.base) or one.number < 0


def test_a_plot_begins_at_nought() -> None:
    """99 and 100 look alike; the years are spaced by their distance."""
    found = plot([(2020, Decimal(99)), (2021, Decimal(100)), (2024, Decimal(50))])
    assert [dot.y for dot in found.dots] == [20.6, 20.0, 48.0]
    assert [dot.x for dot in found.dots] == [26.0, 78.0, 234.0]
    assert found.base == 76.0
    assert found.line == "26,20.6 78,20 234,48"


def test_letters_that_the_font_lacks_are_shown_so() -> None:
    """Finnish, Swedish and English are whole; a letter of another script is a question mark."""
    whole = "Åäö ÅÄÖ é š ž – ”…” ‘…’ 25 % €"
    assert fit(whole) == whole
    assert fit("non\N{NON-BREAKING HYPHEN}break hyphen\N{SOFT HYPHEN}ation Ж") == "non-break hyphenation ?"


def test_markup_in_a_cell_is_words() -> None:
    """What people wrote is printed as they wrote it, long words and many rows too."""
    rows = tuple((f"{n}", "<b>&amp; x</b>", "y" * 200) for n in range(80))
    part = PaperPart("Osa", ("n", "sanat", "pitkä"), rows, (0.2, 0.3, 0.5))
    octets = as_pdf(Paper("Otsikko", "Tekijä", "fi", "Johdanto", (("Määrä", "3"),), (part,), "alaviite"))
    with pdfplumber.open(io.BytesIO(octets)) as document:
        text = "\n".join(page.extract_text() for page in document.pages)
        assert document.metadata["Title"] == "Otsikko"
        assert len(document.pages) > 2
    assert text.count("<b>&amp; x</b>") == 80
    assert text.count("alaviite") == len(document.pages)


def test_a_row_longer_than_a_page_is_printed_whole() -> None:
    """The longest note in a narrow column runs on to the next page; no word of it is lost."""
    part = PaperPart("Osa", ("a", "b"), (("x", "sana " * 400),), (0.9, 0.1))
    with pdfplumber.open(io.BytesIO(as_pdf(Paper("T", "T", "fi", "", (), (part,))))) as document:
        assert len(document.pages) > 1
        assert sum(page.extract_text().count("sana") for page in document.pages) == 400


def test_a_plot_on_paper_is_lines() -> None:
    """Vectors with their numbers, no picture; the same values give the same octets."""
    one = PaperPlot("Kävijät", plot([(2023, Decimal(1)), (2024, Decimal(2))]), ("1", "2"))
    paper = Paper("T", "T", "fi", "", (), (PaperPart("Osa", plots=(one,) * 4, plots_title="Kehitys"),))
    octets = as_pdf(paper)
    with pdfplumber.open(io.BytesIO(octets)) as document:
        page = document.pages[0]
        assert (len(page.images), len(page.curves) >= 4) == (0, True)
        assert page.extract_text().count("Kävijät") == 4
    assert octets == as_pdf(paper)
