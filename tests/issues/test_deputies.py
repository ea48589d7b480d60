"""Who stands in is mailed in the role of the person who is away; a deputy of nobody is a slip."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Runner, reminders
from tests.issues.city import SECRETARY, released_city

__all__ = ["reminders"]

CONTACT = "alpha,contact,Contact,contact@city.example,en,,,"
DEPUTY = "alpha,deputy,Deputy,deputy@city.example,en,2026-02-01,2026-06-30,contact@city.example"
HEAD = "alpha,head,Head,head@city.example,en,,,"


def recipients(mails: list[tuple[str, str]]) -> list[str]:
    """To whom, without the domain."""
    return [to.partition("@")[0] for to, _ in mails]


def test_only_who_is_present_is_mailed(reminders: Runner, tmp_path: Path) -> None:
    """A deputy who is away too is stood in for by that one's deputy, and by nobody before the absence."""
    second = "alpha,deputy,Second,second@city.example,en,2026-02-15,2026-04-15,deputy@city.example"
    city = released_city(reminders, tmp_path, CONTACT, DEPUTY, second, SECRETARY)
    city.tick("2026-01-12", "2026-02-27")
    assert recipients(city.mails("2026-02-27")) == ["sec", "second"]


def test_a_deputy_of_nobody_is_a_named_mistake(reminders: Runner, tmp_path: Path) -> None:
    """Row, column, what was found and who may be meant; the list stays as it was."""
    city = released_city(reminders, tmp_path, CONTACT, SECRETARY)
    refused = city.contacts(CONTACT, DEPUTY.replace("contact@", "contcat@"), SECRETARY)
    assert refused.code == 1
    expected = "expected the address of somebody in this list for whom the deputy stands in"
    assert f'row 3, deputy_of: {expected} (perhaps "contact@city.example")' in refused.err
    assert 'found "contcat@city.example"' in refused.err
    assert "deputy" not in city.run("contacts", "export", "--programme", "city").out.partition("\n")[2]


def test_a_secretarys_deputy_gets_the_summaries(reminders: Runner, tmp_path: Path) -> None:
    """During the absence, and speaks for every unit meanwhile; before and after it they go to her."""
    deputy = "board,deputy,Sub,sub@city.example,en,2026-02-01,2026-03-31,sec@city.example"
    city = released_city(reminders, tmp_path, CONTACT, SECRETARY, deputy)
    city.tick("2026-01-12", "2026-02-27", "2026-03-31", "2026-04-07")
    summaries = [(to, subject) for to, subject in city.mails() if subject.startswith("Summary")]
    assert recipients(summaries) == ["sec", "sub", "sub", "sec"]
    (reminder,) = (one for one in city.messages("2026-02-27") if one["To"] == "contact@city.example")
    assert reminder["Reply-To"] == "sub@city.example"
    by = ("answer", "city:alpha-1:milestone:end", "done", "--by", "Sub@city.example", "--at")
    assert [city.run(*by, f"2026-{day}T10:00").code for day in ("04-07", "03-02")] == [1, 0]


def test_a_heads_deputy_gets_escalations_and_nothing_else(reminders: Runner, tmp_path: Path) -> None:
    """Reminders go to the contact, what nobody answers to the deputy of the head."""
    deputy = "board,deputy,Sub,sub@city.example,en,2026-02-01,2026-06-30,head@city.example"
    city = released_city(reminders, tmp_path, CONTACT, HEAD, SECRETARY, deputy)
    city.tick(
        "2026-01-12", "2026-02-27", "2026-03-31", "2026-04-01", "2026-04-08", "2026-04-16", "2026-04-17"
    )
    found = [(to, subject) for to, subject in city.mails() if not subject.startswith("Summary")]
    escalated = [to for to, subject in found if subject.startswith("Still no answer")]
    assert escalated == ["sub@city.example"]
    assert {to for to, _ in found} == {"contact@city.example", "sub@city.example"}


def test_where_the_head_is_the_contact_the_secretary_hears(reminders: Runner, tmp_path: Path) -> None:
    """The promise line says so from the first mail on, and no mail tells a person of their own silence."""
    city = released_city(reminders, tmp_path, CONTACT, HEAD.replace("head@", "Contact@"), SECRETARY)
    city.tick(
        "2026-01-12", "2026-02-27", "2026-03-31", "2026-04-01", "2026-04-08", "2026-04-17", "2026-05-05"
    )
    own = [one for one in city.messages() if one["To"] == "contact@city.example"]
    assert not any(str(one["Subject"]).startswith("Still no answer") for one in own)
    body = own[-2].get_body(("plain",))
    assert body is not None
    text = str(body.get_content()).replace("\u00a0", " ")
    assert "your head of unit" not in text
    assert "follow-up list" in text
