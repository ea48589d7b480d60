"""Which language a document is in: 24 short ones in 8 languages, half of which nobody reads here."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminders.errors import InputError
from reminders.intake.choices import ReadingChoices
from reminders.intake.content import ActionDraft, DocumentContent, Table, TableRow
from reminders.intake.language import document_language
from reminders.intake.language_signs import SCRIPTS, SIGNS
from reminders.intake.languages import FURTHER
from reminders.intake.read import read_documents
from schedule_rules.programme import LANGUAGES, TextLang
from schedule_rules.reading import READ_LANGUAGES

_DATA = Path(__file__).parents[1] / "data" / "languages.tsv"
_NAMES = {code: one.name for code, one in SIGNS.items()} | {code: name for code, name, _ in SCRIPTS}
_CASES = [
    tuple(line.split("\t"))
    for line in _DATA.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def content_of(document: str) -> DocumentContent:
    """Return a table of a document's rows."""
    rows = [TableRow(tuple(row.split(";")), f"row {at}") for at, row in enumerate(document.split("|"), 1)]
    return DocumentContent("plan.csv", (Table(tuple(rows)),))


def drafts_of(content: DocumentContent) -> tuple[ActionDraft, ...]:
    """Return drafts as a reader who knows the columns would make them: the schedule last or before it."""
    heads, *rows = content.tables[0].rows
    dated = [
        at for at in range(len(heads.cells)) if any(char.isdigit() for row in rows for char in row.cells[at])
    ]
    at = dated[-1] if dated else len(heads.cells) - 1
    return tuple(
        ActionDraft(
            row.place,
            tuple(cell for place, cell in enumerate(row.cells) if place != at),
            schedule=row.cells[at],
        )
        for row in rows
    )


@pytest.mark.parametrize(("code", "document"), _CASES)
@pytest.mark.parametrize("with_drafts", [True, False])
def test_language_of_a_short_document(code: str, document: str, *, with_drafts: bool) -> None:
    """Told by headings, schedules and words, with drafts and (as of what cannot be read) without."""
    content = content_of(document)
    found = document_language(content, drafts_of(content) if with_drafts else ())
    if code in READ_LANGUAGES:
        assert (found.lang, found.foreign) == (code, "")
        assert found.sureness != "assumed"
    else:
        assert found.foreign == _NAMES[code]
        assert found.sureness == "assumed"


_MORE = [
    ("fi", "Hanke;Toteuttaja;Valmis|Puisto kunnostetaan;Tekninen toimi;2026"),
    ("sv", "Aktivitet;Ansvar;Tid|Bänkar sätts ut i parken;Parkenheten;maj 2026"),
    ("en", "Project;Who;By when|Benches in the park;Parks unit;May 2026"),
    ("nb", "Aktivitet;Ansvar;Frist|Benker skal settes ut i parken;Park og idrett;mai 2026"),
    ("da", "Aktivitet;Ansvar;Tid|Bænke sættes ud i parken;Park og Vej;maj 2026"),
    ("nn", "Tiltak;Ansvarleg;Frist|Setje ut benkar i parken;Park og idrett;hausten 2026"),
    ("is", "Aðgerð;Ábyrgð;Tími|Bekkir settir í garðinn;Umhverfissvið;vorið 2026"),
    ("de", "Projekt;Wer;Bis wann|Bänke im Park aufstellen;Grünflächenamt;Mai 2026"),
    ("nl", "Actie;Verantwoordelijke;Termijn|Banken in het park plaatsen;Afdeling Groen;voorjaar 2026"),
    ("fr", "Action;Responsable;Échéance|Installer des bancs dans le parc;Espaces verts;printemps 2026"),
    ("es", "Acción;Responsable;Plazo|Instalar bancos en el parque;Parques y jardines;primavera 2026"),
    ("pl", "Działanie;Odpowiedzialny;Termin|Ustawić ławki w parku;Wydział Zieleni;wiosna 2026"),
    ("et", "Projekt;Kes;Millal|Parki pannakse pingid;Haljastusosakond;mai 2026"),
    ("lv", "Pasākums;Atbildīgais;Termiņš|Parkā uzstādīt soliņus;Apzaļumošanas nodaļa;2026. gada pavasaris"),
    ("lt", "Priemonė;Atsakingas;Terminas|Parke pastatyti suolus;Želdynų skyrius;2026 m. pavasaris"),
    ("uk", "Захід;Відповідальний;Термін|Встановити лавки в парку;Відділ зелених зон;весна 2026"),
]


@pytest.mark.parametrize(("code", "document"), _MORE)
def test_language_of_a_row(code: str, document: str) -> None:
    """One row and its headings are enough."""
    test_language_of_a_short_document(code, document, with_drafts=True)


def _codes(path: Path, lang: TextLang | None = None) -> list[tuple[str, str, str]]:
    found = read_documents([path], choices=ReadingChoices(lang=lang)).findings
    return [(one.code, one.words, one.detail) for one in found if one.code.startswith("language-")]


def test_headings_and_schedules_decide(tmp_path: Path) -> None:
    """The words of these actions are the same in several languages; "våren 2025" is no whole year."""
    path = tmp_path / "plan.csv"
    path.write_text(
        "Åtgärd;Ansvarig;Tidtabell\nPilot A;Enhet A;våren 2025\nPilot B;Enhet A;läsåret 2025/26\n"
    )
    reading = read_documents([path])
    assert reading.programme.languages == ("sv",)
    assert _codes(path) == []
    row = reading.documents[0].document["actions"][0]
    assert (row["start"], row["end"]) == ("2025-03-01", "2025-05-31")


def test_a_language_that_is_not_read_is_said(tmp_path: Path) -> None:
    """Danish headings are like Swedish ones, so that the rows come in; which language it is, is said."""
    path = tmp_path / "plan.csv"
    rows = "Mål;Indsats;Ansvarlig;Tidtabel\nBorgerne;Åbne et rådgivningscenter;Forvaltning A;foråret 2025\n"
    path.write_text(rows + "Borgerne;Mødested for ældre hver uge;Forvaltning B;løbende\n")
    assert _codes(path) == [("language-not-read", "dansk", "nb")]
    assert _codes(path, "sv") == []


def test_an_unread_document_says_its_language(tmp_path: Path) -> None:
    """Where nothing can be read the language may be why."""
    path = tmp_path / "plan.csv"
    path.write_text("Мероприятие;Ответственный;Срок\nОткрыть пункт;Отдел А;весна 2025\n")
    with pytest.raises(InputError) as error:
        read_documents([path])
    assert "русский" in error.value.problems[-1].found
    with pytest.raises(InputError) as error:
        read_documents([path], choices=ReadingChoices(lang="en"))
    assert "русский" not in error.value.problems[-1].found


def test_each_language_that_is_read_has_its_signs_and_words() -> None:
    """A further language is a vocabulary of schedules, words of documents, and signs."""
    assert set(READ_LANGUAGES) == {*LANGUAGES, *FURTHER}
    assert set(READ_LANGUAGES) <= SIGNS.keys()
