"""The first page: the sentence, counts, filters, what only the secretary sees, and the newcomer's minute."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from reminders.planning.due import first_start
from reminders.planning.state import ProgrammeState, Request
from reminders.planning.targets import targets
from reminders.service import Service
from reminders.store import programmes as repository
from reminders.use.programme.store_programme import store_programme
from reminders.web.programme.glance import Glance, glance
from reminders.web.programme.timeline import Canvas
from reminders.web.snapshot import CurrentState
from schedule_rules.programme import Correction, Lang
from tests.web.conftest import Reader

TODAY = date(2025, 1, 7)


def seen(current: CurrentState, lang: Lang = "fi", *, secretary: bool = True, only: str = "") -> Glance:
    """The page's values on Tuesday, as if Vaasa had been followed from its beginning."""
    state = replace(current.state, anchors={}, requests={}, first_mails=None, started_on=date.min)
    current = replace(current, state=state)
    canvas = Canvas(current.snapshot.programme, TODAY, lang)
    return glance(current, canvas, secretary=secretary, only=only)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (
            "fi",
            (
                "19 määräaikaa on päättynyt, 41 tilannekatsausta on vastaamatta, "
                "4 tavoitteesta ollaan jäljessä, 2 asiaa odottaa päätöstäsi"
            ),
        ),
        (
            "sv",
            (
                "19 tidsfrister har gått ut, 41 lägesöversikter är obesvarade, 4 mål släpar efter, "
                "2 ärenden väntar på ditt beslut"
            ),
        ),
        (
            "en",
            (
                "19 deadlines have passed, 41 reviews are not answered, 4 targets are behind, "
                "2 items need your decision"
            ),
        ),
    ],
)
def test_the_sentence(current: CurrentState, lang: Lang, sentence: str) -> None:
    """The first line names the numbers that need a person; a review is no deadline."""
    assert seen(current, lang).sentence == sentence


def test_every_number_leads_to_what_it_counts(current: CurrentState) -> None:
    """Lists on the page hold as many lines, the filters of the timeline as many actions."""
    view = seen(current)
    lists = {one.code: len(one.lines) for one in view.lists}
    for count in view.counts:
        if count.href.startswith("#"):
            assert lists.pop(count.code) == count.n
        elif not count.href:
            assert seen(current, only=count.code).hits == count.n
    assert lists == {}
    assert sum(n for _, n in view.decisions) == next(one.n for one in view.counts if one.code == "decide")


def test_before_the_answer_date_nobody_is_late(current: CurrentState) -> None:
    """A start on this Tuesday: until when units have time, nothing is known; on the day after it is."""
    state = replace(
        current.state, answers=frozenset(), replies={}, requests={}, first_mails=None, started_on=None
    )
    canvas = Canvas(current.snapshot.programme, TODAY, "fi")

    def shown(today: date, started: ProgrammeState, *, secretary: bool) -> tuple[Glance, dict[str, int]]:
        view = glance(
            replace(current, state=started),
            replace(canvas, today=today),
            secretary=secretary,
            asks_on=date(2025, 1, 7),
        )
        return view, {count.code: count.n for count in view.counts}

    asked = replace(state, started_on=TODAY, anchors=first_start(state, TODAY).anchors)
    for secretary in (True, False):
        for one, words in (
            (state, "Yksiköiltä kysytään tilannetta tiistaina 7.1.2025. Vastausaika päättyy"),
            (asked, "Yksiköiltä on kysytty tilannetta tiistaina 7.1.2025. Vastausaika päättyy"),
        ):
            view, codes = shown(date(2025, 1, 21), one, secretary=secretary)
            assert f"{words} tiistaina 21.1.2025." in view.asking
            assert (codes["unknown"], "overdue" in codes, "review" in codes) == (60, False, False)
            assert view.lists == ()
        view, codes = shown(date(2025, 1, 22), asked, secretary=secretary)
        assert (codes["overdue"], codes["review"], "unknown" in codes) == (20, 43, False)
        assert view.asking == ""


def test_units_asked_on_different_days_are_told_apart(current: CurrentState) -> None:
    """One unit was asked anew a week after the start: its action is not said to be all of them."""
    asked = replace(
        current.state, answers=frozenset(), replies={}, requests={}, first_mails=None, started_on=TODAY
    )
    asked = replace(asked, anchors=first_start(replace(asked, started_on=None), TODAY).anchors)
    row = next(
        one
        for one in asked.occurrences.values()
        if str(one.id) in asked.anchors and one.kind == "milestone" and one.due < TODAY
    )
    anew = {(str(row.id), key): Request(date(2025, 1, 14), row.due) for key in row.organisations}
    state = replace(asked, requests=anew)
    canvas = Canvas(current.snapshot.programme, date(2025, 1, 15), "en")
    view = glance(replace(current, state=state), canvas, secretary=True)
    assert " ".join(view.asking.split()) == (
        "The units were asked on different days: "
        "for 59 actions on Tuesday 7 January 2025, with answers due by Tuesday 21 January 2025; "
        "for 1 action on Tuesday 14 January 2025, with answers due by Tuesday 28 January 2025. "
        "Until then the status is not known yet."
    )


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fi", "Ohjelman 62 toimenpiteestä {} odottaa vastausta, päivää tai päätöstä. Muut {} eivät nyt"),
        ("sv", "Av programmets 62 åtgärder väntar {} på svar, datum eller beslut. De övriga {} kräver"),
        ("en", "Actions that wait for an answer, a date or a decision: {} of 62. The other {} need nothing"),
    ],
)
def test_the_sentence_adds_up_over_actions(current: CurrentState, lang: Lang, words: str) -> None:
    """Those that wait for somebody, and the rest, are all actions of the programme."""
    view = seen(current, lang)
    rows = [row for part in view.domains for row in part.rows]
    waiting = sum(bool(row.codes & {"overdue", "review", "behind", "decide"}) for row in rows)
    assert words.format(waiting, 62 - waiting) in view.lede


def test_all_well(current: CurrentState) -> None:
    """With every answer in, the sentence says so."""
    rows = [row for row in current.snapshot.occurrences if row.kind in {"milestone", "review", "collection"}]
    pairs = frozenset((str(row.id), key) for row in rows for key in row.organisations)
    settled = current.state.programme.corrected(
        {
            one.action: (Correction("accepted", one.code, "x", TODAY),)
            for one in current.snapshot.derived.findings
        }
    )
    enough = {target: tuple(date(2024, 1, n + 1) for n in range(30)) for target in targets(settled)}
    well = replace(
        current,
        answers=(),
        state=replace(current.state, answers=pairs, replies={}, target_dates=enough, programme=settled),
    )
    assert seen(well).sentence == "Kaikki 62 toimenpidettä ovat ajan tasalla"


def test_the_public_view(current: CurrentState) -> None:
    """No decisions, and a heading instead of the secretary's sentence."""
    view = seen(current, secretary=False)
    assert (view.sentence, view.decisions) == ("Ohjelman tilanne", ())
    assert "decide" not in {count.code for count in view.counts}


def test_the_oldest_comes_first(current: CurrentState) -> None:
    """A line a deadline, a line a review."""
    lists = {one.code: one.lines for one in seen(current).lists}
    assert set(lists) == {"overdue", "review", "behind"}
    for lines in lists.values():
        assert [line.due for line in lines] == sorted(line.due for line in lines)


def test_only_the_secretary_sees_mail(reader: Reader, secretary: Reader) -> None:
    """Mail, its folder and the switches stand on the signed-in page only."""
    public, own = reader.get("/").text, secretary.get("/").text
    for words in ("Viestit ti 7.1.2025", "Pysäytä lähetys", "Viestit kirjoitetaan kansioon"):
        assert words not in public
        assert words in own


def test_no_hits(reader: Reader) -> None:
    """A filter without hits says so and leads back."""
    text = reader.get("/?status=coming").text
    assert "Ei osumia" in text
    assert "Näytä kaikki</a>" in text


def test_a_newcomer_sees_mails_at_once(fresh: Service) -> None:
    """On a Saturday, held: what would go out on the next sending day, rendered, and the feed."""
    reader = Reader(fresh).sign_in()
    text = reader.get("/").text
    assert "Lähetys on pysäytetty" in text
    assert "Käynnistä lähetys" in text
    found = re.search(r"Seuraava lähetys: ti 7\.1\.2025 klo\s9\.00", text)
    assert found
    links = re.findall(r'href="(/outbox/next/\d+)"', text)
    assert len(links) == 6
    mail = reader.get(f"{links[0]}/html")
    assert (mail.status_code, "<html" in mail.text) == (200, True)
    assert reader.get("/outbox/next").text.count('<a href="/outbox/next/') == 38
    assert reader.get("/outbox/next/999").status_code == 404


def test_what_happens_next_before_the_first_start(fresh: Service) -> None:
    """An action's page names the status request of the next sending day."""
    text = Reader(fresh).get("/actions/safety-ethical-principles").text
    assert "ti 7.1.2025" in text
    assert "tilannekysely" in text


def test_several_programmes_have_a_switch(service: Service) -> None:
    """A second programme is a link away, on pages, in feeds and in the links of its pages."""
    with service.database.write() as connection:
        first = repository.all_programmes(connection)[0].programme
        store_programme(connection, replace(first, key="zweite"), service.clock())
    reader = Reader(service)
    assert 'href="/programmes"' in reader.get("/").text
    public = reader.get("/programmes").text
    assert 'href="/?programme=zweite"' not in public
    assert 'href="/?programme=zweite"' in Reader(service).sign_in().get("/programmes").text
    second = reader.get("/?programme=zweite").text
    assert 'href="/actions/work-cv-clinic?programme=zweite"' in second
    assert reader.get("/actions/work-cv-clinic?programme=zweite").status_code == 200
    address = "http://127.0.0.1:8000/calendars/zweite/all-fi.ics"
    assert address in reader.get("/calendars/?programme=zweite").text
    assert reader.get("/calendars/zweite/all-fi.ics").status_code == 200
    assert reader.get("/calendars/all-fi.ics?programme=zweite").status_code == 200
