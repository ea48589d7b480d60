"""Norwegian (bokmål), the first language that is read and in which nobody is written to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from reminders.errors import InputError
from reminders.intake.read import read_documents
from reminders.store.programmes import programme_document, read_programme_document
from schedule_rules.derive import derive
from schedule_rules.programme import Text
from schedule_rules.reading import normalise
from schedule_rules.rule import EventRule
from schedule_rules.schedule import predict

_WORDINGS = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "data" / "norwegian_wordings.tsv")
    .read_text("utf-8")
    .splitlines()
    if line and not line.startswith("#")
]
_HEADINGS = ("Mål", "Tiltak", "Ansvarlig", "Samarbeidspartnere", "Frist", "Indikator")
_ROWS = (
    ("Trygge oppvekstvilkår", "Etablere foreldrekurs ved alle helsestasjoner", "Helse og omsorg",
     "Barnevernstjenesten, Røde Kors", "innen utgangen av 2026", "Antall kurs"),
    ("Trygge oppvekstvilkår", "Utarbeide plan for tidlig innsats i barnehagene", "Oppvekst og utdanning",
     "Foreldreutvalget", "1. halvår 2026", "Planen er vedtatt"),
    ("Trygge oppvekstvilkår", "Gjennomføre Ungdata-undersøkelsen", "Folkehelsekoordinator",
     "Ungdomsskolene", "uke 42 2025", "Svarprosent"),
    ("Trygge oppvekstvilkår", "Møte mellom ungdomsrådet og formannskapet to ganger i året",
     "Kultur og fritid", "Ungdomsrådet", "løpende", "Antall møter"),
    ("Aktiv alderdom", "Åpne ny møteplass for eldre", "Kultur og fritid", "Frivilligsentralen, Eldrerådet",
     "høsten 2025", "Antall besøkende"),
    ("Aktiv alderdom", "Revidere boligsosial handlingsplan", "Plan og bygg", "Husbanken", "2025–2026",
     "Vedtatt plan"),
    ("Aktiv alderdom", "Tilby digital opplæring", "Biblioteket", "", "årlig", "Antall deltakere"),
    ("Godt arbeidsmiljø", "Kartlegge sykefravær i enhetene", "HR-avdelingen", "Bedriftshelsetjenesten",
     "senest 1. mars 2026", "Rapport"),
    ("Godt arbeidsmiljø", "Lederopplæring for nye ledere", "HR-avdelingen", "KS", "våren 2026",
     "Antall ledere"),
    ("Godt arbeidsmiljø", "Rapportere til kommunestyret", "Kommunedirektøren", "", "hvert kvartal",
     "Rapporten er behandlet"),
)  # fmt: skip
_SPANS = [
    ("year_range", None, "2026-12-31"), ("single_year", "2026-01-01", "2026-06-30"),
    ("single_year", "2025-10-13", "2025-10-19"), ("continuous", None, None),
    ("single_year", "2025-09-01", "2025-11-30"), ("year_range", "2025-01-01", "2026-12-31"),
    ("continuous", None, None), ("year_range", None, "2026-03-01"),
    ("single_year", "2026-03-01", "2026-05-31"), ("continuous", None, None),
]  # fmt: skip
_LIST = """\
# Handlingsplan for klima og miljø 2025–2028

## Transport

1. **Bygge sykkelvei mellom sentrum og skolen**
   - Ansvarlig: Teknisk drift
   - Samarbeidspartnere: Statens vegvesen, Syklistforeningen
   - Frist: innen utgangen av 2027
2. **Sette opp ladestasjoner ved kommunale bygg**
   - Ansvarlig: Eiendomsavdelingen
   - Samarbeidspartnere: Energiselskapet
   - Frist: 2. halvår 2026
3. **Kartlegge ansattes reisevaner**
   - Ansvarlig: HR-avdelingen
   - Frist: høsten 2025
4. **Informere innbyggerne om kollektivtilbudet**
   - Ansvarlig: Kommunikasjonsavdelingen
   - Frist: årlig

## Energi

5. **Skifte til LED-belysning i gatene**
   - Ansvarlig: Teknisk drift
   - Frist: 2025–2027
6. **Måle energibruken i skolene hver måned**
   - Ansvarlig: Eiendomsavdelingen
   - Samarbeidspartnere: Skolene
   - Frist: løpende
7. **Vurdere solceller på idrettshallen**
   - Ansvarlig: Eiendomsavdelingen
   - Samarbeidspartnere: Idrettsrådet
   - Frist: 1. kvartal 2026

## Avfall

8. **Innføre kildesortering i alle virksomheter**
   - Ansvarlig: Renovasjonsselskapet
   - Frist: innen 1. juli 2026
9. **Arrangere byttedag på biblioteket**
   - Ansvarlig: Biblioteket
   - Samarbeidspartnere: Frivilligsentralen
   - Frist: hver vår
10. **Rydde strendene**
    - Ansvarlig: Kultur og fritid
    - Samarbeidspartnere: Skolene og velforeningene
    - Frist: mai 2026
"""
_LIST_GOLD = [
    ("Bygge sykkelvei mellom sentrum og skolen", "year_range", None, "2027-12-31", ["Teknisk drift"],
     ["Statens vegvesen", "Syklistforeningen"]),
    ("Sette opp ladestasjoner ved kommunale bygg", "single_year", "2026-07-01", "2026-12-31",
     ["Eiendomsavdelingen"], ["Energiselskapet"]),
    ("Kartlegge ansattes reisevaner", "single_year", "2025-09-01", "2025-11-30", ["HR-avdelingen"], []),
    ("Informere innbyggerne om kollektivtilbudet", "continuous", None, None, ["Kommunikasjonsavdelingen"],
     []),
    ("Skifte til LED-belysning i gatene", "year_range", "2025-01-01", "2027-12-31", ["Teknisk drift"], []),
    ("Måle energibruken i skolene hver måned", "continuous", None, None, ["Eiendomsavdelingen"], ["Skolene"]),
    ("Vurdere solceller på idrettshallen", "single_year", "2026-01-01", "2026-03-31", ["Eiendomsavdelingen"],
     ["Idrettsrådet"]),
    ("Innføre kildesortering i alle virksomheter", "year_range", None, "2026-07-01", ["Renovasjonsselskapet"],
     []),
    ("Arrangere byttedag på biblioteket", "continuous", None, None, ["Biblioteket"], ["Frivilligsentralen"]),
    ("Rydde strendene", "single_year", "2026-05-01", "2026-05-31", ["Kultur og fritid"],
     ["Skolene", "velforeningene"]),
]  # fmt: skip

_YAML = """\
format: action-programme/1
programme:
  key: folkehelse-2025-2028
  name: {nb: Folkehelseplan 2025–2028}
  period: {start: '2025-01-01', end: '2028-12-31'}
  languages: [nb]
domains:
- {key: levekar, nb: Levekår}
goals:
- {key: bolig, domain: levekar, nb: Flere skal bo trygt}
organisations:
- key: nav
  type: organisation
  name: {nb: NAV}
  aliases: {nb: [Nav-kontoret]}
actions:
- id: kurs
  goal: bolig
  action: {nb: [Bokurs to ganger i året]}
  schedule: {nb: innen utgangen av 2026}
  responsible: {nb: NAV}
  leads: [nav]
"""


@pytest.mark.parametrize(("text", "kind", "start", "end", "rate"), _WORDINGS)
@pytest.mark.parametrize("lang", ["nb", None])
def test_wording(text: str, kind: str, start: str, end: str, rate: str, lang: str | None) -> None:
    """Read in Norwegian, and in the language that its words are guessed to be in."""
    found = predict(normalise(text, lang))
    often = found["frequency"]
    read = (
        f"{often['times_min']}-{often['times_max'] or ''}/{often['per']}/{often['interval']}" if often else ""
    )
    assert (found["kind"], found["start"] or "", found["end"] or "", read) == (kind, start, end, rate)


def test_table(tmp_path: Path) -> None:
    """A workbook of ten actions: language, schedules, parties, goals, indicators."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (_HEADINGS, *_ROWS):
        sheet.append(row)
    path = tmp_path / "handlingsplan.xlsx"
    book.save(path)
    reading = read_documents([path])
    rows = reading.documents[0].document["actions"]
    assert reading.programme.languages == ("nb",)
    assert [row["title"] for row in rows] == [row[1] for row in _ROWS]
    assert {row["lang"] for row in rows} == {"nb"}
    assert [(row["kind"], row["start"], row["end"]) for row in rows] == _SPANS
    assert [row["goal"] for row in rows] == [row[0] for row in _ROWS]
    assert [row["leads"] for row in rows] == [[row[2]] for row in _ROWS]
    assert [", ".join(row["partners"]) for row in rows] == [row[3] for row in _ROWS]
    assert [row["indicator"] for row in rows] == [row[5] for row in _ROWS]
    assert rows[3]["recurrences"] == [{"times_min": 2, "times_max": 2, "per": "year"}]
    assert [one.code for one in reading.findings if one.code.startswith("language")] == []


def test_list(tmp_path: Path) -> None:
    """A numbered list of ten actions with labels under each."""
    path = tmp_path / "klimaplan.md"
    path.write_text(_LIST, encoding="utf-8")
    reading = read_documents([path])
    rows = reading.documents[0].document["actions"]
    found = [
        (row["title"], row["kind"], row["start"], row["end"], row["leads"], row["partners"]) for row in rows
    ]
    assert found == _LIST_GOLD
    assert reading.programme.languages == ("nb",)
    assert reading.programme.name.get("sv") == "Handlingsplan for klima og miljø 2025–2028"


def test_a_programme_is_stored_and_read_back(tmp_path: Path) -> None:
    """Its texts stay Norwegian; a programme in the three languages is stored without a trace of others."""
    path = tmp_path / "klimaplan.md"
    path.write_text(_LIST, encoding="utf-8")
    programme = read_documents([path]).programme
    document = programme_document(programme)
    assert read_programme_document(document) == programme
    assert programme.actions[0].bullets["nb"] == ("Bygge sykkelvei mellom sentrum og skolen",)
    assert '"others"' not in programme_document(
        replace(programme, actions=(), name=Text("Plan"), goals=(), domains=(), organisations=())
    )


def test_rules_follow_from_its_words(tmp_path: Path) -> None:
    """A yearly and a monthly event, a deadline: derived from Norwegian words alone."""
    path = tmp_path / "klimaplan.md"
    path.write_text(_LIST, encoding="utf-8")
    programme = read_documents([path]).programme
    rules = derive(programme)
    by_title = {action.title.get("nb"): action.id for action in programme.actions}
    monthly = rules.of(by_title["Måle energibruken i skolene hver måned"])
    assert any(isinstance(rule, EventRule) and rule.frequency.per == "month" for rule in monthly)


def test_a_yaml_programme(tmp_path: Path) -> None:
    """It may list the language, and then every text must have it."""
    path = tmp_path / "plan.yaml"
    path.write_text(_YAML, encoding="utf-8")
    found = read_documents([path])
    assert found.programme.languages == ("nb",)
    assert found.programme.organisations[0].aliases == {"nb": ("Nav-kontoret",)}
    assert found.documents[0].document["actions"][0]["end"] == "2026-12-31"
    path.write_text(_YAML.replace("name: {nb: NAV}", "name: {fi: NAV}"), encoding="utf-8")
    with pytest.raises(InputError, match=r"organisations\[0\]\.name\.nb"):
        read_documents([path])
