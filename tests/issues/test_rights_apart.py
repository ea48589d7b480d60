"""A secretary acts in her own programmes, under her own name; nobody's act is booked to somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from reminders.planning.recipients import Contact
from reminders.store import answers, people, programmes
from reminders.use.answers.record import AnswerGiven, pending_proposals, record_answer
from reminders.use.feeds.private_feeds import issue_feed, list_private_feeds
from reminders.use.programme.settings import close_programme, hold_programme
from reminders.use.watch.audit import act_documents, chosen_acts, record_reading
from reminders.use.watch.channel import let_go
from tests.cli.conftest import Runner, reminders
from tests.issues.towns import CITY, OTHER_OF, SHARED, TOWN, Towns, action_of, programme_of
from tests.web.conftest import Reader
from tests.web.forms import send

__all__ = ["reminders"]

BOTH = (CITY, TOWN)
SECRETARY = {key: f"secretary@{key}.example" for key in BOTH}
END = "a1:milestone:end"


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Towns]:
    """Two programmes that run, after their first start."""
    made = Towns(tmp_path, built_in=False)
    made.tick("2026-01-12T09:00")
    yield made
    made.service.database.close()


def reader_of(towns: Towns, key: str) -> Reader:
    """The secretary of a programme, signed in."""
    return Reader(towns.service).sign_in(SECRETARY[key])


@pytest.mark.parametrize("key", BOTH)
def test_pages_without_a_programme_are_about_ones_own(towns: Towns, key: str) -> None:
    """Whichever was looked at last."""
    reader = reader_of(towns, key)
    reader.cookies["programme"] = OTHER_OF[key]
    for page in ("/", "/outbox", "/decisions", "/contacts", "/settings", "/forecast", "/digest"):
        shown = reader.get(f"{page}?lang=en")
        assert (page, shown.status_code, f"Programme {key}" in shown.text) == (page, 200, True)


@pytest.mark.parametrize("key", BOTH)
def test_a_decision_is_about_ones_own_answers(towns: Towns, key: str) -> None:
    """Neither a proposal nor an answer of another programme is decided by its number alone."""
    towns.tick("2026-01-13T09:00")
    other = OTHER_OF[key]
    said = AnswerGiven(f"{other}:{END}", "late", SHARED, "Later", towns.now.date().replace(month=6))
    record_answer(towns.service, said)
    with towns.service.database.read() as connection:
        (waiting,) = pending_proposals(connection, other)
    for step in ("approve", "refuse", "back"):
        for named in (key, other):
            fields = {"programme": named, "step": f"{step} {waiting.answer_id}"}
            status = send(reader_of(towns, key), "/decisions", fields).status_code
            assert (step, named, status) == (step, named, 404 if named == key else 403)
    with towns.service.database.read() as connection:
        assert pending_proposals(connection, other) == (waiting,)
    fields = {"programme": other, "step": f"refuse {waiting.answer_id}"}
    assert send(reader_of(towns, other), f"/decisions?programme={other}", fields).status_code == 303
    with towns.service.database.read() as connection:
        assert answers.decisions_of(connection, other)[waiting.answer_id].by == SECRETARY[other]


@pytest.mark.parametrize("key", BOTH)
def test_ones_own_mail_is_held_and_let_out(towns: Towns, key: str) -> None:
    """That of another programme stays as it is."""
    reader = reader_of(towns, key)
    assert reader.post(f"/programmes/{OTHER_OF[key]}/hold").status_code == 403
    assert reader.post(f"/programmes/{key}/hold").status_code == 303
    with towns.service.database.read() as connection:
        held = {row.programme.key: row.held for row in programmes.all_programmes(connection)}
    assert held == {key: True, OTHER_OF[key]: False}


@pytest.mark.parametrize("key", BOTH)
def test_dead_addresses_and_calendars_of_another_stay(towns: Towns, key: str) -> None:
    """Neither seen nor let be mailed, nor closed."""
    other = OTHER_OF[key]
    mine, theirs = f"new@{key}.example", f"new@{other}.example"
    with towns.service.database.write() as connection:
        for one, address in ((key, mine), (other, theirs)):
            rows = people.contacts_of(connection, one)
            people.save_contacts(connection, one, [*rows, Contact("alpha", "head", "", address, "en")])
            people.flag_address(connection, address, towns.now, 550, "no such user")
    feed = issue_feed(towns.service, other, SHARED, "own").feed
    reader = reader_of(towns, key)
    shown = reader.get("/contacts/dead").text
    assert (mine in shown, theirs in shown) == (True, False)
    typed = {"step": "revive", "email": theirs, "organisation": "alpha", "role": "head", "language": "en"}
    assert send(reader, "/contacts/edit", typed).status_code == 409
    assert reader.post("/contacts/dead").status_code == 303
    assert send(reader, "/calendars/private", {"revoke": str(feed.id)}).status_code == 404
    with towns.service.database.read() as connection:
        assert people.dead_addresses(connection) == {theirs}
    assert [one.revoked_at for one in list_private_feeds(towns.service, other)] == [None]


@pytest.mark.parametrize("key", BOTH)
def test_a_version_of_another_programme_is_refused(towns: Towns, key: str) -> None:
    """Whether the form names it or the file; a new programme comes in, and its secretary is named."""
    other, reader = OTHER_OF[key], reader_of(towns, key)

    def upload(of: str, version: str = "") -> tuple[int, str]:
        text = programme_of(of) + action_of(of, 1, "Another", "by 31 May 2026")
        files = [("files", (f"{of}.yaml", text.encode()))]
        answer = send(reader, "/import?lang=en", {"version": version}, files)
        return answer.status_code, answer.text

    assert upload(other)[0] == 403
    assert upload(other, other)[0] == 403
    assert upload(key, other)[0] == 403
    assert upload(key)[0] == 200
    assert send(reader, "/import", {"take_back": other}).status_code in {403, 422}
    offered = reader.get("/import").text
    assert f'<option value="{key}"' in offered
    assert f'<option value="{other}"' not in offered
    status, preview = upload("village")
    assert status == 200
    fields = dict(re.findall(r'name="(draft|stamp|version)" value="([^"]*)"', preview))
    stored = send(reader, "/import/confirm", {**fields, "step": "save"})
    assert stored.headers["location"] == "/import?stored=village&programme=village"
    named = {"organisation": "board", "role": "secretary", "email": SECRETARY[other], "language": "en"}
    added = send(reader, "/contacts/edit?programme=village", {**named, "step": "save", "row": ""})
    assert added.status_code == 303
    assert reader.get("/contacts?programme=village").status_code == 403  # it has a secretary now
    assert reader_of(towns, other).get("/contacts?programme=village").status_code == 200


def test_many_mails_are_let_go_by_who_has_all_programmes(towns: Towns) -> None:
    """Trying the mail server again harms nobody; a yes to the mails of others does."""
    reader = reader_of(towns, CITY)
    assert reader.post("/mail-channel/try-again").status_code == 303
    assert reader.post("/mail-channel/let-go").status_code == 403
    hold_programme(towns.service, TOWN)
    assert reader.post("/mail-channel/let-go").status_code == 303
    assert reader_of(towns, TOWN).post("/mail-channel/try-again").status_code == 403
    let_go(towns.service)


def test_an_act_is_booked_under_who_did_it(towns: Towns) -> None:
    """The second secretary's, though another stands first in the list; in the trail too."""
    second = "second@city.example"
    with towns.service.database.write() as connection:
        rows = people.contacts_of(connection, CITY)
        people.save_contacts(connection, CITY, [*rows, Contact("board", "secretary", "", second, "en")])
    reader = Reader(towns.service).sign_in(second)
    row = f"{CITY}:{END}"
    behalf = f"/actions/a1/answer?programme={CITY}&occurrence={row}"
    assert send(reader, behalf, {"a": "done", "organisation": "alpha"}).status_code == 303
    setting = {"step": "save", "value": "2"}
    assert send(reader, f"/settings/before_meeting?programme={CITY}", setting).status_code == 303
    name = {"field": "name-en", "value": "Short", "step": "save"}
    assert send(reader, f"/actions/a1/correct?programme={CITY}", name).status_code == 303
    with towns.service.database.read() as connection:
        assert [one.by for one in answers.answers_of(connection, CITY)] == [second]
        assert [one.by for one in programmes.setting_history(connection, CITY)] == [second]
        assert [one.by for one in programmes.corrections_of(connection, CITY)["a1"]] == [second]
    assert second in unescape(reader.get(f"/actions/a1?programme={CITY}&lang=en").text)


COMMANDS = (
    ("correct", "social-cultural-cafe", "name-en", "Café"),
    ("settings", "before_meeting", "2"),
    ("hand-over", "alma", "welfare-unit", "--on", "2025-03-01", "--action", "social-cultural-cafe"),
    ("series", "remove", "social-cultural-cafe", "month"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize(
    ("by", "code"),
    [
        ("board-secretary@vaasa.example", 0),
        ("Board-Secretary@Vaasa.example", 0),
        ("alma-contact@vaasa.example", 1),
        ("nobody@vaasa.example", 1),
        ("anybody", 1),
    ],
)
def test_a_command_takes_who_decides_there(
    reminders: Runner, command: tuple[str, ...], by: str, code: int
) -> None:
    """The secretary on that day, in any spelling; else it says who was expected, and stores nothing."""
    ran = reminders(*command, "--by", by, "--at", "2025-01-07T09:00")
    assert ran.code == code, ran.err
    if code:
        expected = "expected the address of the secretary of vaasa-2023-2026, or who stands in today"
        assert f"--by: {expected}; found '{by}'" in ran.err


def test_acts_of_no_programme_are_shown_to_whose_they_are(towns: Towns) -> None:
    """A sign-in of another programme's secretary is not: while both run, one has ended, none is running."""
    readers = {key: reader_of(towns, key) for key in BOTH}
    record_reading(towns.service, "list-export", CITY, "of the city")

    def persons(key: str) -> tuple[bool, bool, bool]:
        shown = "".join(readers[key].get(url).text for url in ("/audit?lang=en", "/audit.csv?lang=en"))
        return SECRETARY[key] in shown, SECRETARY[OTHER_OF[key]] in shown, "of the city" in shown

    expected = {CITY: (True, False, True), TOWN: (True, False, False)}
    assert {key: persons(key) for key in BOTH} == expected
    for key in BOTH:
        close_programme(towns.service, key)
        assert {key: persons(key) for key in BOTH} == expected


def test_while_nothing_runs_nobody_lets_mail_go(towns: Towns) -> None:
    """To be the secretary of every programme that is running takes one that is."""
    reader = reader_of(towns, CITY)
    for key in BOTH:
        close_programme(towns.service, key)
    before = act_documents(towns.service, chosen_acts())
    answers = [send(reader, f"/mail-channel/{one}?lang=en", {}) for one in ("let-go", "try-again")]
    assert [one.status_code for one in answers] == [409, 409]
    assert "No programme is running" in answers[0].text
    assert act_documents(towns.service, chosen_acts()) == before


def test_an_upload_is_confirmed_by_whoever_uploaded_it(towns: Towns) -> None:
    """Its name alone is no key: another person neither stores nor drops it."""
    readers = {key: reader_of(towns, key) for key in BOTH}
    text = programme_of("village") + action_of("village", 1, "Another", "by 31 May 2026")
    shown = send(readers[CITY], "/import?lang=en", {}, [("files", ("village.yaml", text.encode()))]).text
    form = {
        name: (re.search(rf'name="{name}" value="([^"]*)"', shown) or ["", ""])[1]
        for name in ("draft", "stamp", "version")
    }
    send(readers[TOWN], "/import/confirm?lang=en", {**form, "step": "drop"})
    assert send(readers[TOWN], "/import/confirm?lang=en", form).status_code == 410
    assert "stored=village" in send(readers[CITY], "/import/confirm?lang=en", form).headers["location"]
