"""Refused for good at RCPT: flagged, and its reminders go to the next in the chain on the same day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reminders.planning.recipients import Contact
from reminders.store import people, planned
from reminders.use.people.contacts import change_contact, revive
from tests.use.office import FIRST, MAILS, VAASA, Office, at, body
from tests.use.post_office import PostOffice

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
HR, HR_HEAD = "hr-unit-contact@vaasa.example", "hr-unit-head@vaasa.example"
NOVIA, SECRETARY = "novia-contact@vaasa.example", "board-secretary@vaasa.example"


@pytest.fixture
def post() -> Iterator[PostOffice]:
    """A server to be told who is dead."""
    with PostOffice() as server:
        yield server


def fates(office: Office, recipient: str) -> set[str]:
    """The states of an address's reminders."""
    return set(office.look("reminder", "state", recipient=recipient))


def items(office: Office, recipient: str, state: str) -> list[tuple[str, str]]:
    """What an address's reminders in a state are about."""
    return sorted(office.look("reminder", "occurrence_id", "stage", recipient=recipient, state=state))


def test_the_next_in_the_chain_is_mailed_the_same_day(office: Office, post: PostOffice) -> None:
    """One run: the contact is refused and flagged, the head gets the very items; nobody a second mail."""
    post.dead = {HR}
    post.serve(office)
    result = office.tick(FIRST)
    refused = {"sent": MAILS, "failed": 1, "re-addressed": len(items(office, HR, "failed"))}
    assert (result.composed, result.outcomes) == (MAILS + 1, refused)
    assert items(office, HR, "failed") == items(office, HR_HEAD, "sent")
    assert (fates(office, HR), fates(office, HR_HEAD)) == ({"failed"}, {"sent"})
    assert office.look("dead_address", "address", "code", "text") == [(HR, 550, "5.1.1 no such user here")]
    assert (post.copies[HR], post.copies[HR_HEAD], set(post.copies.values())) == (0, 1, {1})
    before = len(post.accepted)
    assert office.tick("2025-12-01T10:00").outcomes == {}
    assert len(post.accepted) == before


@SQLITE
def test_a_second_mail_goes_only_to_who_had_the_first(office: Office, post: PostOffice) -> None:
    """Both a unit without anybody else and the secretary's own mail: version 2 to her, once."""
    post.dead = {NOVIA}
    post.serve(office)
    office.tick(FIRST)
    assert items(office, NOVIA, "failed") != []
    assert post.copies[SECRETARY] == 2
    assert set(post.copies.values()) == {1, 2}
    assert [to for to, number in post.copies.items() if number == 2] == [SECRETARY]
    mails = office.look("digest", "id", "version", "kind", recipient=SECRETARY)
    assert [mail[1:] for mail in mails[1:]] == [(2, "status-request")]
    assert office.look("mail_section", "is_digest", digest_id=mails[1][0]) == [False]
    ids = office.look("outbox", "message_id", rcpt=SECRETARY)
    assert len(set(ids)) == 2
    assert set(items(office, NOVIA, "failed")) <= set(items(office, SECRETARY, "sent"))


@SQLITE
def test_a_chain_of_dead_addresses_is_walked_to_its_end(office: Office, post: PostOffice) -> None:
    """Contact and head are dead: the secretary gets it, in the same run."""
    post.dead = {HR, HR_HEAD}
    post.serve(office)
    office.tick(FIRST)
    assert items(office, HR, "failed") == items(office, HR_HEAD, "failed")
    assert set(items(office, HR, "failed")) <= set(items(office, SECRETARY, "sent"))
    assert post.copies[SECRETARY] == 2


@SQLITE
def test_the_secretary_is_told_who_is_dead_and_who_got_it(office: Office, post: PostOffice) -> None:
    """Her next summary names the address, the one that its items went on to, and the server's words."""
    post.dead = {HR}
    post.serve(office)
    office.tick(FIRST)
    office.tick("2025-12-02T09:00")
    told = [
        " ".join(body(one).split()) for one in office.mails_of(SECRETARY) if "2.12.2025" in one["Subject"]
    ]
    assert [HR in text and "vastaus: 550 5.1.1 no such user here" in text for text in told] == [True]
    assert [f"Asiat lähetettiin edelleen: {HR_HEAD}" in text for text in told] == [True]


@SQLITE
def test_killed_before_the_reminders_went_on_the_next_run_sends_them_on(
    office: Office, post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal and the flag are written together; what follows is caught up."""
    post.dead = {HR}
    post.serve(office)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(planned, "hand_on", dies)
    with pytest.raises(KeyboardInterrupt):
        office.tick(FIRST)
    monkeypatch.undo()
    assert (post.copies[HR_HEAD], office.look("dead_address", "address")) == (0, [HR])
    assert office.tick("2025-12-01T09:05").outcomes == {"sent": 1}
    assert (post.copies[HR_HEAD], set(post.copies.values())) == (1, {1})


@SQLITE
def test_what_a_bounce_tells_later_goes_on_too(office: Office, post: PostOffice) -> None:
    """A message that failed after it was accepted, its address flagged: the next run sends its items on."""
    post.serve(office)
    office.tick(FIRST)
    with office.database.write() as connection:
        people.flag_address(connection, HR, at(FIRST), 550, "5.1.1 bounced")
        connection.exec_driver_sql("UPDATE reminder SET state = 'failed' WHERE recipient = ?", (HR,))
    assert office.tick("2025-12-01T11:00").outcomes == {"sent": 1}
    assert items(office, HR, "failed") == items(office, HR_HEAD, "sent")


@SQLITE
@pytest.mark.parametrize("reply", ["550 5.7.1 not allowed", "552 5.2.2 mailbox full", "550 5.1.8 bad sender"])
def test_other_refusals_flag_nobody(office: Office, post: PostOffice, reply: str) -> None:
    """Policy, a full mailbox, our own address: the recipient's address may well be alive."""
    from tests.delivery.faulty_server import Fault

    with PostOffice({"rcpt": [Fault(reply)]}) as server:
        server.serve(office)
        office.tick(FIRST)
    assert office.look("dead_address", "address") == []


def all_dead(office: Office, post: PostOffice) -> list[tuple[str, str]]:
    """Run where the unit, its head and all the board are refused; return the unit's items, got by nobody."""
    with office.database.read() as connection:
        contacts = people.contacts_of(connection, VAASA)
    board = next(one.organisation for one in contacts if one.email == SECRETARY)
    post.dead = {HR, HR_HEAD, *(one.email for one in contacts if one.organisation == board)}
    post.serve(office)
    office.tick(FIRST)
    return items(office, HR, "failed")


@SQLITE
def test_what_nobody_could_get_goes_to_whoever_is_entered_next(office: Office, post: PostOffice) -> None:
    """Everybody in the chain is dead; the next day there is another contact: the very items, once."""
    lost, successor = all_dead(office, post), "hr-successor@vaasa.example"
    change_contact(office.service(FIRST), VAASA, None, Contact("hr-unit", "contact", "", successor, "fi"))
    office.tick("2025-12-02T09:00")
    office.tick("2025-12-03T09:00")
    assert items(office, successor, "sent") == lost
    assert post.copies[successor] == 1


@SQLITE
def test_what_nobody_could_get_goes_to_an_address_that_lives_again(office: Office, post: PostOffice) -> None:
    """The contact's mailbox is mended and the address let be mailed again: the very items, once."""
    lost = all_dead(office, post)
    post.dead = set()
    revive(office.service(FIRST), HR)
    office.tick("2025-12-02T09:00")
    office.tick("2025-12-03T09:00")
    assert items(office, HR, "sent") == lost
    assert post.copies[HR] == 1


@SQLITE
def test_what_was_answered_while_nobody_could_get_it_does_not_go(office: Office, post: PostOffice) -> None:
    """The first of the items is answered for the unit: only the others go on."""
    (answered, _), *others = all_dead(office, post)
    office.answer("2025-12-01T12:00", answered)
    post.dead = set()
    revive(office.service(FIRST), HR)
    office.tick("2025-12-02T09:00")
    assert items(office, HR, "sent") == others
