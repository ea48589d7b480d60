"""The first page: the sentence, counts, filters, what only the secretary sees, and the newcomer's minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from email_templates import dates
from reminders.planning.due import first_start
from reminders.planning.standing import overview
from reminders.planning.state import ProgrammeState, Request
from reminders.planning.targets import targets
from reminders.service import Service
from reminders.store import programmes as repository
from reminders.use.programme.store_programme import store_programme
from reminders.web.catalogue import say
from reminders.web.mail.forecast import window_of
from reminders.web.programme.action_list import ActionFilter, ActionList, action_list, action_rows
from reminders.web.programme.glance import Glance, glance
from reminders.web.programme.timeline import Canvas
from reminders.web.snapshot import CurrentState, Snapshots
from reminders.web.words import elapsed_words
from schedule_rules.programme import LANGUAGES, Correction, Lang
from tests.web.conftest import KEY, TUESDAY, Reader
from tests.web.forms import plain

TODAY = date(2025, 1, 7)


def followed(current: CurrentState) -> CurrentState:
    """Vaasa as if it had been followed from its beginning."""
    state = replace(current.state, anchors={}, requests={}, first_mails=None, started_on=date.min)
    return replace(current, state=state)


def seen(current: CurrentState, lang: Lang = "fi", *, secretary: bool = True) -> Glance:
    """The page's values on Tuesday, of a programme that was followed from its beginning."""
    canvas = Canvas(current.snapshot.programme, TODAY, lang)
    return glance(followed(current), canvas, secretary=secretary)


def listed(current: CurrentState, wish: ActionFilter, *, secretary: bool = True) -> ActionList:
    """The list of actions on Tuesday, of those that are wished for."""
    current = followed(current)
    canvas = Canvas(current.snapshot.programme, TODAY, "fi", year=wish.year)
    rows = action_rows(current, overview(current.state, TODAY), canvas, secretary=secretary)
    return action_list(current, canvas, rows, wish)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (
            "fi",
            "19 määräaikaa on päättynyt, 3 asiaa odottaa päätöstäsi",
        ),
        (
            "sv",
            "19 tidsfrister har gått ut, 3 ärenden väntar på ditt beslut",
        ),
        (
            "en",
            "19 deadlines have passed, 3 items need your decision",
        ),
    ],
)
def test_the_sentence(current: CurrentState, lang: Lang, sentence: str) -> None:
    """The first line names the two numbers that need a person most; a review is no deadline."""
    assert seen(current, lang).sentence == sentence


def test_every_number_leads_to_what_it_counts(current: CurrentState) -> None:
    """Lists on the page hold as many lines, the filters of the timeline as many actions."""
    view = seen(current)
    lists = {one.code: len(one.lines) for one in view.lists}
    for count in view.counts:
        if count.href.startswith("#"):
            assert lists.pop(count.code) == count.n
        elif count.href.startswith("/actions"):
            assert parse_qs(urlsplit(count.href).query) == {"status": [count.code], "programme": [KEY]}
            assert listed(current, ActionFilter(status=count.code)).hits == count.n
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
    rows = [row for part in view.actions.parts for row in part.rows]
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
    for words in ("Tänään lähti", "Pysäytä lähetys", "Viestit kirjoitetaan kansioon", "/decisions"):
        assert words not in public
        assert words in own


def test_no_hits(reader: Reader) -> None:
    """A filter without hits says so and leads back."""
    text = reader.get("/actions?status=coming").text
    assert "Ei osumia" in text
    assert "Näytä kaikki</a>" in text
    assert 'class="tl' not in text


def test_an_old_address_of_the_filter_leads_on(reader: Reader) -> None:
    """The first page's own filter has become the list of actions."""
    response = reader.get("/?status=soon&lang=sv")
    assert (response.status_code, response.headers["location"]) == (303, "/actions?status=soon&lang=sv")


def test_the_list_of_actions_keeps_to_what_is_asked_for(current: CurrentState) -> None:
    """Unit, theme, status and year; each alone leaves some out, together they leave what fits all."""
    programme = current.snapshot.programme
    everything = listed(current, ActionFilter())
    assert (everything.hits, everything.total, list(everything.years)) == (62, 62, [2023, 2024, 2025, 2026])
    of_unit = listed(current, ActionFilter(unit="welfare-unit"))
    rows = [row.id for part in of_unit.parts for row in part.rows]
    assert rows
    assert all("welfare-unit" in programme.action_by_id[one].leads_on(TODAY) for one in rows)
    of_theme = listed(current, ActionFilter(theme="work"))
    assert [part.key for part in of_theme.parts] == ["work"]
    of_year = listed(current, ActionFilter(year=2026))
    assert list(of_year.years) == [2026]
    assert {len(row.cells) for part in of_year.parts for row in part.rows} == {1}
    assert 0 < of_year.hits < 62
    both = listed(current, ActionFilter(unit="welfare-unit", theme="work", status="overdue", year=2024))
    assert [row.id for part in both.parts for row in part.rows] == ["work-open-digital-points"]


def test_what_no_action_can_have_is_not_asked_for(reader: Reader) -> None:
    """A unit, theme, status or year of no programme filters nothing and breaks nothing."""
    text = reader.get("/actions?unit=x&theme=y&status=z&year=1999").text
    assert "Ohjelmassa on 62 toimenpidettä." in text


def test_lists_say_how_long_and_how_often(current: CurrentState) -> None:
    """Since when in years and months, how often of how many, how often somebody was asked; no bare days."""
    state = followed(current)
    canvas = Canvas(current.snapshot.programme, TODAY, "fi")
    review = next(one.occurrence for one in overview(state.state, TODAY).not_answered)
    asked = {(str(review.id), "a@x.example"): 2, (str(review.id), "b@x.example"): 4}
    lists = {one.code: one for one in glance(state, canvas, secretary=True, asked=asked).lists}
    assert lists["overdue"].heads == ("Määräaika", "Myöhässä")
    assert lists["overdue"].lines[0].cells == ("31.12.2023", "1 v")
    assert lists["behind"].heads == ("Vuonna 2024", "Tavoite")
    assert {line.cells for line in lists["behind"].lines} >= {("0 kertaa", "4–5")}
    assert next(one.cells[1] for one in lists["review"].lines if one.action == review.id.action) == "4 kertaa"


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ((2025, 1, 6), ("1 päivä", "1 dag", "1 day")),
        ((2024, 12, 8), ("30 päivää", "30 dagar", "30 days")),
        ((2024, 12, 7), ("1 kk", "1 månad", "1 month")),
        ((2024, 1, 8), ("11 kk", "11 månader", "11 months")),
        ((2024, 1, 7), ("1 v", "1 år", "1 year")),
        ((2022, 11, 30), ("2 v 1 kk", "2 år 1 månad", "2 years 1 month")),
    ],
)
def test_time_that_has_passed(since: tuple[int, int, int], words: tuple[str, str, str]) -> None:
    """Days under a month, then months, then years and months."""
    found = tuple(elapsed_words(date(*since), TODAY, lang) for lang in LANGUAGES)
    assert tuple(one.replace("\u00a0", " ") for one in found) == words


def test_the_first_day(fresh: Service) -> None:
    """On a Saturday, held: five steps, one of them done; the days and mails are the planner's own."""
    reader = Reader(fresh).sign_in()
    tree = html.fromstring(reader.get("/").text)
    assert plain(tree.xpath("string(//h1)")) == "Tervetuloa. Mitään ei ole vielä lähetetty"
    steps = [plain(one.text_content()) for one in tree.xpath("//ol[@class='todo']/li")]
    assert len(steps) == 5
    assert [": tehty" in step for step in steps] == [False, False, False, True, False]
    assert "Tehty 1 / 5." in plain(tree.text_content())
    assert "Vastuutahoja ilman yhteyshenkilöä: 2 / 39" in steps[0]
    assert steps[1].startswith("2. Ratkaise 3 epäselvää kohtaa")
    assert "37 viestiä lähtee tiistaina 7.1.2025" in steps[2]
    assert "Lisäksi saat itse yhteenvedon." in steps[2]
    filled = tree.xpath(
        "//main//*[contains(concat(' ', @class, ' '), ' btn ')][not(contains(@class, 'second'))]"
    )
    assert [one.text for one in filled] == ["Käynnistä lähetys"]
    assert not tree.xpath("//table[contains(@class, 'tl')]")
    assert reader.get("/outbox/next").text.count('<a href="/outbox/next/') == 38
    contacts = html.fromstring(reader.get("/contacts").text)
    assert len(contacts.xpath("//section[@id='mend']//tbody/tr")) == 2
    findings = html.fromstring(reader.get("/findings").text)
    assert len(findings.xpath("//main//tbody/tr")) == 3


def test_the_first_weeks_are_those_of_the_forecast(fresh: Service) -> None:
    """Each day of the table is one on which the forecast has such a mail, or the answer date."""
    reader = Reader(fresh).sign_in()
    tree = html.fromstring(reader.get("/").text)
    table = tree.xpath("//caption[contains(., 'käynnistyksen jälkeen')]/..")[0]
    days = [plain(one.text) for one in table.xpath(".//tbody/tr/th")]
    mails = Snapshots(fresh).forecast(window_of(fresh.clock().date()))
    asked, heads = (
        next(dates.in_table(mail.day, "fi") for mail in mails if mail.kind == kind)
        for kind in ("status-request", "escalation")
    )
    assert (days[0], days[-1], "ti 21.1.2025" in days) == (asked, heads, True)
    assert set(days) - {"ti 21.1.2025"} <= {dates.in_table(mail.day, "fi") for mail in mails}
    assert days == sorted(days, key=lambda one: [int(part) for part in one.split()[1].split(".")][::-1])


@pytest.mark.parametrize(
    ("lang", "asked", "summaries", "sender"),
    [
        (
            "fi",
            "37 viestiä, yksi kuhunkin osoitteeseen: yksiköiltä kysytään tilannetta.",
            [
                "Saat ensimmäisen yhteenvedon ohjelman tilanteesta.",
                "Saat seuraavan yhteenvedon siitä, mitä on vastattu ja mikä odottaa.",
            ],
            "”Vaasan kotouttaminen”",
        ),
        (
            "sv",
            "37 meddelanden, ett till varje adress: enheterna tillfrågas om läget.",
            [
                "Du får det första sammandraget av läget i programmet.",
                "Du får nästa sammandrag av vad som har besvarats och vad som väntar.",
            ],
            "”Integrationen i Vasa”",
        ),
        (
            "en",
            "37 messages, one to each address, ask the units for the status.",
            [
                "You get the first summary of how the programme stands.",
                "You get the next summary of what was answered and what is waiting.",
            ],
            "‘Vaasa integration’",
        ),
    ],
)
def test_the_first_day_tells_requests_from_summaries(
    fresh: Service, lang: Lang, asked: str, summaries: list[str], sender: str
) -> None:
    """Of 38 mails one is her summary, the first; the sender is called as in the reader's language."""
    tree = html.fromstring(Reader(fresh).sign_in().get(f"/?lang={lang}").text)
    table = tree.xpath("//main//table")[0]
    said = [plain(one.text_content()) for one in table.xpath(".//tbody/tr/td")]
    assert said[0] == asked
    assert [one for one in said if one in summaries] == summaries
    assert sender in plain(tree.xpath("//ol[@class='todo']/li")[3].text_content())


def test_nothing_is_late_before_anything_was_let_out(fresh: Service) -> None:
    """No run on Tuesday at noon: no alarm while the programme is held, one as soon as it was let out."""
    tuesday = replace(fresh, clock=lambda: TUESDAY + timedelta(hours=3))
    reader, words = Reader(tuesday).sign_in(), "Palvelu ei ole vielä käynnistynyt kertaakaan."
    assert words not in reader.get("/").text
    assert reader.post(f"/programmes/{KEY}/release").status_code == 303
    assert words in reader.get("/").text


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("fi", "Yksi toimenpide ei nyt vaadi sinulta mitään."),
        ("sv", "En åtgärd kräver inget av dig just nu."),
        ("en", "One action needs nothing from you now."),
    ],
)
def test_one_that_needs_nothing(lang: Lang, sentence: str) -> None:
    """A single action is said in words, without a number beside a plural."""
    said = say(lang, "glance.rest", n=1, waiting=61, total=62)
    assert said.endswith(sentence)


@pytest.mark.parametrize(
    ("lang", "one", "two"),
    [
        ("fi", "Tarkista tämä kohta", "Tarkista nämä kohdat"),
        ("sv", "Kontrollera den här punkten", "Kontrollera de här punkterna"),
        ("en", "Check this point", "Check these points"),
    ],
)
@pytest.mark.parametrize("part", ["correct", "series"])
def test_the_head_of_errors_counts_them(lang: Lang, one: str, two: str, part: str) -> None:
    """One mistake is one point."""
    assert [say(lang, f"{part}.error-summary", n=n) for n in (1, 2)] == [one, two]


def test_nothing_known_yet_is_hollow_and_leads_to_its_list(fresh: Service) -> None:
    """Sixty are not known, two on schedule, in public too; each number is that of its list."""
    for reader in (Reader(fresh), Reader(fresh).sign_in()):
        tree = html.fromstring(reader.get("/").text)
        counts = {plain(one.text_content()): one.get("href") for one in tree.xpath("//ul[@class='keys']//a")}
        assert list(counts) == ["60 ei vielä tiedossa", "2 aikataulussa"]
        for words, href in counts.items():
            rows = html.fromstring(reader.get(href).text).xpath("//table[contains(@class, 'tl')]/tbody/tr")
            assert len(rows) == int(words.split()[0])
        assert "Keneltäkään ei ole vielä kysytty" in plain(tree.text_content())


def test_a_release_ends_the_first_day_once_mail_has_gone(fresh: Service) -> None:
    """Released, the last step is done too and can be undone; the steps stay until the first mails."""
    reader = Reader(fresh).sign_in()
    reader.post(f"/programmes/{KEY}/release")
    text = reader.get("/").text
    assert 'class="todo"' in text
    assert "Pysäytä lähetys" in text
    assert "Lähetys on käynnissä" in text


def test_the_menu(reader: Reader, secretary: Reader) -> None:
    """First-rank links, the rest under More; a phone shows two and More; the public has no more than five."""

    def menu(one: Reader, address: str) -> tuple[list[str], list[str], list[str]]:
        tree = html.fromstring(one.get(address).text)
        nav = tree.xpath("//nav[@class='main']")[0]
        shown = nav.xpath("./ul/li[not(contains(@class, 'menu'))]")
        narrow = [li.xpath("string(a)") for li in shown if "wide-only" not in (li.get("class") or "")]
        more = nav.xpath(".//details/ul/li[not(contains(@class, 'narrow-only'))]/a/text()")
        return [li.xpath("string(a)") for li in shown], narrow, more

    first, narrow, more = menu(secretary, "/")
    assert first == ["Yleisnäkymä", "Toimenpiteet", "Viestit", "Tiedonkeruu", "Kalenterit"]
    assert narrow == first[:2]
    assert more[:4] == ["Päätökset", "Havainnot", "Ennuste", "Yhteenveto"]
    assert menu(reader, "/") == (["Yleisnäkymä", "Toimenpiteet", "Tiedonkeruu", "Kalenterit"], narrow, [])
    own = secretary.get("/actions/work-cv-clinic").text
    assert '<a href="/actions" aria-current="true">' in own
    assert '<summary aria-current="true">' in secretary.get("/forecast").text


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
