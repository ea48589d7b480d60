"""The first page is made once for the public, and made anew as soon as anything that it shows has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from starlette.responses import RedirectResponse, Response

from reminders.service import Service
from reminders.store import people, programmes as repository
from reminders.store.stamps import acts_stamp
from reminders.use.answers.record import AnswerGiven, record_answer, undo_answer
from reminders.use.answers.target_dates import EnteredDate, enter_date
from reminders.use.collection.rounds import close_round
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.programme.settings import (
    SettingChange,
    change_setting,
    close_programme,
    hold_programme,
    release_programme,
)
from reminders.use.programme.store_programme import store_programme
from reminders.use.tick import tick
from reminders.web import page_cache
from reminders.web.page_cache import PageCache
from tests.web.conftest import HELSINKI, KEY, TUESDAY, Reader, open_service

CAFE = "social-cultural-cafe"
BY = "board-secretary@vaasa.example"


@pytest.fixture
def elsewhere(service: Service) -> Iterator[Service]:
    """The same service in another process: its acts reach the pages through the database alone."""
    other = open_service(Path(service.settings.database_file or "").parent, service.clock)
    yield other
    other.database.close()


def counted(reader: Reader) -> tuple[int, int]:
    """How often the page was shown as it was kept, and made, as /metrics says."""
    lines = dict(line.rsplit(" ", 1) for line in reader.get("/metrics").text.splitlines() if line[0] != "#")
    hits, misses = (lines[f"reminders_page_cache_{name}_total"] for name in ("hits", "misses"))
    return int(float(hits)), int(float(misses))


def test_it_is_made_once(reader: Reader) -> None:
    """For all who ask in one language; each language has its own."""
    first = reader.get("/")
    assert [reader.get("/").content for _ in range(3)] == [first.content] * 3
    assert counted(reader) == (3, 1)
    assert reader.get("/", accept_language="sv").headers["content-language"] == "sv"
    assert reader.get("/", accept_language="sv").headers["content-language"] == "sv"
    assert counted(reader) == (4, 2)
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Accept-Language, Cookie"


def test_who_has_it_gets_no_second_one(reader: Reader) -> None:
    """304 with what a 200 says of itself, without a body; with another's tag the whole."""
    first = reader.get("/")
    again = reader.get("/", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "vary", "cache-control", "content-language", "content-security-policy"):
        assert again.headers[name] == first.headers[name]
    assert again.headers.get("content-length") is None
    assert reader.get("/", if_none_match='"other"').content == first.content
    assert reader.get("/", accept_language="sv", if_none_match=first.headers["etag"]).status_code == 200


def test_a_chosen_language_is_remembered_each_time(reader: Reader) -> None:
    """The cookie goes with the answer, not with the page that is kept."""
    for _ in range(2):
        assert "lang=en" in reader.get("/?lang=en").headers["set-cookie"]
    assert counted(reader) == (1, 1)
    assert "set-cookie" not in reader.get("/").headers
    tag = reader.get("/?lang=en").headers["etag"]
    assert "lang=en" in reader.get("/?lang=en", if_none_match=tag).headers["set-cookie"]


def test_a_signed_in_page_is_neither_kept_nor_shown_to_others(reader: Reader, secretary: Reader) -> None:
    """Also in one application: the session decides, before anything is looked up."""
    visitor = Reader(secretary.service)
    visitor.app = secretary.app
    public = visitor.get("/")
    own = secretary.get("/")
    assert "sign-out" in own.text
    assert own.headers["cache-control"] == "no-store"
    assert "etag" not in own.headers
    assert visitor.get("/").content == public.content
    assert "sign-out" not in public.text
    assert "@" not in public.text
    assert counted(visitor) == (1, 1)


def test_a_page_that_leads_elsewhere_is_not_kept(reader: Reader) -> None:
    """Where the timeline was filtered before it had a page of its own."""
    for _ in range(2):
        assert reader.get("/?status=overdue").headers["location"] == "/actions?status=overdue"
    assert counted(reader) == (0, 0)


def test_made_up_addresses_have_no_page_of_their_own(reader: Reader, service: Service) -> None:
    """A stranger has nothing made by them and pushes nothing out: all are what the address chooses of us."""
    import_second(service)
    plain, years = reader.get("/").text, reader.get("/?all-years=1").text
    assert years != plain
    made = counted(reader)[1]
    for n in range(30):
        assert reader.get(f"/?utm={n}&lang=x{n}").text == plain
        assert reader.get(f"/?all-years=r{n}").text == years
        assert reader.get("/", cookie=f"programme=p{n}").status_code == 200
    assert counted(reader)[1] <= made + 1
    known = reader.get(f"/?programme={KEY}&x=1").text
    assert known == Reader(service).get(f"/?programme={KEY}").text
    assert reader.get("/?programme=zweite").text != known
    assert {reader.get(f"/?programme=p{n}").status_code for n in range(3)} == {404}


def correct(service: Service) -> None:
    """Give the café another name in calendars and another schedule."""
    correct_action(service, CorrectionDecision(CAFE, "schedule", "2023–2026", BY))


def import_anew(service: Service) -> None:
    """Store the programme under another title."""
    with service.database.write() as connection:
        first = repository.all_programmes(connection)[0].programme
        title = replace(first.name, fi="Uusi ohjelma")
        store_programme(connection, replace(first, name=title), service.clock())


def import_second(service: Service) -> None:
    """Store a second programme."""
    with service.database.write() as connection:
        first = repository.all_programmes(connection)[0].programme
        store_programme(connection, replace(first, key="zweite"), service.clock())


def answer(service: Service) -> None:
    """Say that a milestone that has passed is done."""
    record_answer(service, AnswerGiven(f"{KEY}:work-welcome-steps-segmentation:milestone:end", "done"))


def set_window(service: Service) -> None:
    """Let mail go out at other hours: the foot of every page says when."""
    change_setting(service, SettingChange(KEY, "window", "08:30-15:00", BY))


def enter(service: Service) -> None:
    """Enter a date towards a target of the year."""
    enter_date(service, EnteredDate("work-mini-recruitment-fairs", date(2025, 1, 3)))


ACTS: dict[str, Callable[[Service], object]] = {
    "answer": answer,
    "correction": correct,
    "import": import_anew,
    "second programme": import_second,
    "setting": set_window,
    "closed": lambda service: close_programme(service, KEY),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_somebody_does_is_seen_at_once(reader: Reader, elsewhere: Service, name: str) -> None:
    """Also what is done in another process: the page is what one that was just made says."""
    before = reader.get("/").text
    ACTS[name](elsewhere)
    after = reader.get("/").text
    assert after == Reader(elsewhere).get("/").text
    assert after != before


def test_every_other_act_is_seen_at_once(reader: Reader, elsewhere: Service) -> None:
    """One after another, whether or not this page shows it: it is always as one that was just made."""

    def replace_contacts(service: Service) -> None:
        with service.database.write() as connection:
            found = people.contacts_of(connection, KEY)
            people.save_contacts(connection, KEY, [replace(one, email=f"new.{one.email}") for one in found])

    acts: list[Callable[[Service], object]] = [
        answer,
        lambda service: undo_answer(service, 5),
        hold_programme_of,
        release_programme_of,
        lambda service: close_round(service, 2024, BY),
        enter,
        replace_contacts,
    ]
    for act in acts:
        stamp = stamp_of(elsewhere)
        reader.get("/")
        act(elsewhere)
        assert stamp_of(elsewhere) != stamp, act
        assert reader.get("/").text == Reader(elsewhere).get("/").text, act


def hold_programme_of(service: Service) -> None:
    """Hold the programme's mail."""
    hold_programme(service, KEY)


def release_programme_of(service: Service) -> None:
    """Let it out again."""
    release_programme(service, KEY)


def stamp_of(service: Service) -> object:
    """Return what the acts of people change."""
    with service.database.read() as connection:
        return acts_stamp(connection)


@pytest.mark.parametrize(
    "at",
    [datetime(2025, 1, 7, 23, 59, 59, tzinfo=HELSINKI), datetime(2025, 1, 7, 15, 59, 59, tzinfo=HELSINKI)],
)
def test_after_midnight_it_is_another_day(service: Service, at: datetime) -> None:
    """And after the hours of mail the next mails go on another one: without any change in the database."""
    clock = [at]
    reader = Reader(replace(service, clock=lambda: clock[0]))
    before = reader.get("/").text
    clock[0] += timedelta(seconds=1)
    after = reader.get("/").text
    assert after == Reader(replace(service, clock=lambda: clock[0])).get("/").text
    if at.hour == 23:
        assert after != before


def test_mail_that_goes_out_lets_it_be_for_some_seconds(
    reader: Reader, elsewhere: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each message's way the page may lag behind by ``LAG``, and no longer."""
    monkeypatch.setattr(page_cache, "LAG", 1e6)
    first = reader.get("/").content

    def deliver() -> None:
        with elsewhere.database.write() as connection:
            connection.exec_driver_sql("UPDATE outbox SET attempts = attempts + 1")

    for _ in range(3):
        deliver()
        assert reader.get("/").content == first
    assert counted(reader) == (3, 1)
    monkeypatch.setattr(page_cache, "LAG", 0.0)
    deliver()
    assert reader.get("/").content == first
    assert counted(reader) == (3, 2)


def test_a_run_is_seen(service: Service) -> None:
    """What a whole run changed stands on the page when its lag is over."""
    clock = [TUESDAY]
    here = replace(service, clock=lambda: clock[0])
    reader = Reader(here)
    reader.get("/")
    clock[0] = datetime(2025, 1, 8, 9, 0, tzinfo=HELSINKI)
    tick(here)
    assert reader.get("/").text == Reader(here).get("/").text


def test_a_crowd_has_it_made_once() -> None:
    """Twenty who ask at the same moment wait for one."""
    made, begun = [], Barrier(20)
    cache = PageCache(lambda: 1, lambda: 1)

    def make() -> Response:
        made.append(1)
        return Response("page")

    def ask(_: int) -> bytes:
        begun.wait()
        return bytes(cache.get(("place",), make).body)

    with ThreadPoolExecutor(20) as crowd:
        assert set(crowd.map(ask, range(20))) == {b"page"}
    assert (len(made), cache.hits, cache.misses) == (1, 19, 1)


def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest unused goes; one that is no page, or larger than all, is not kept."""
    monkeypatch.setattr(page_cache, "MOST_OCTETS", 30)
    cache, made = PageCache(lambda: 1, lambda: 1), list[str]()

    def get(place: str, response: Response) -> None:
        def make() -> Response:
            made.append(place)
            return response

        cache.get((place,), make)

    for place in ("a", "b", "a", "c", "a", "b"):
        get(place, Response("x" * 15))
    assert made == ["a", "b", "c", "b"]
    get("large", Response("x" * 31))
    get("large", Response("x" * 31))
    get("away", RedirectResponse("/actions"))
    get("away", RedirectResponse("/actions"))
    assert made[4:] == ["large", "large", "away", "away"]


def test_an_answer_that_came_while_it_was_made_makes_it_old() -> None:
    """What is kept is of the moment before it was made."""
    versions, stamps = [1], [1]
    cache = PageCache(lambda: versions[0], lambda: stamps[0])

    def make() -> Response:
        versions[0] += 1
        stamps[0] += 1
        return Response(str(versions[0]))

    assert cache.get(("x",), make).body == b"2"
    assert cache.get(("x",), make).body == b"3"


def test_a_page_below_a_path_is_not_new_either(service: Service) -> None:
    """Its addresses are written at the entrance, its 304 has no length."""
    folder = Path(service.settings.database_file or "").parent
    here = open_service(folder, lambda: TUESDAY, base_url="http://127.0.0.1:8000/reminders")
    reader = Reader(here)
    first: httpx.Response = reader.get("/reminders/")
    assert 'href="/reminders/actions"' in first.text
    assert reader.get("/reminders/").text == first.text
    again = reader.get("/reminders/", if_none_match=first.headers["etag"])
    assert (again.status_code, again.headers.get("content-length")) == (304, None)
    here.database.close()
