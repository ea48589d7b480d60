"""Two spellings of an address are one person: one mail a day, one speaker, found in any spelling."""

from __future__ import annotations

from pathlib import Path

from reminders.planning.addresses import in_ascii
from tests.cli.conftest import Runner, reminders
from tests.issues.city import SECRETARY, City, released_city

__all__ = ["reminders"]

WRITTEN, OTHER = "Unit.Contact@City.example", "unit.contact@city.example"
ROWS = (f"alpha,contact,Contact,{WRITTEN},en,,,", f"beta,contact,Contact,{OTHER},en,,,", SECRETARY)


def both_units(reminders: Runner, folder: Path) -> City:
    """Two units whose contact is one person, written in two ways; reminded on 27 February."""
    city = released_city(reminders, folder, *ROWS, units=("alpha", "beta"))
    city.tick("2026-01-12", "2026-02-27")
    return city


def test_one_mail_a_day_for_both_spellings(reminders: Runner, tmp_path: Path) -> None:
    """Both units' items stand in one mail, to the address as it is written first."""
    city = both_units(reminders, tmp_path)
    assert [to for to, _ in city.mails("2026-02-27")] == ["sec@city.example", WRITTEN]
    (mail,) = (one for one in city.messages("2026-02-27") if one["To"] == WRITTEN)
    body = mail.get_body(("plain",))
    assert body is not None
    assert all(f"Action {unit}" in str(body.get_content()) for unit in ("alpha", "beta"))


def test_the_record_shows_it_as_written(reminders: Runner, tmp_path: Path) -> None:
    """Log and forecast name the address as the list does."""
    city = both_units(reminders, tmp_path)
    sent = {one["to"] for one in city.run("log", "--json").document}
    coming = city.run("forecast", "--from", "2026-03-01", "--to", "2026-04-30", "--json").document
    assert sent == {"sec@city.example", WRITTEN}
    assert {one["to"] for one in coming if not one["to"].endswith("@vaasa.example")} == sent


def test_a_list_in_another_spelling_repeats_nothing(reminders: Runner, tmp_path: Path) -> None:
    """The same stage does not go out again because somebody tidied the capitals."""
    city = both_units(reminders, tmp_path)
    tidied = city.contacts(*(row.replace(WRITTEN, OTHER) for row in ROWS), at="2026-02-27T10:00")
    assert f"changed  alpha  contact  {OTHER}  email: {WRITTEN} -> {OTHER}" in tidied.out
    before = city.mails()
    city.tick("2026-02-27", "2026-03-02")
    assert city.mails() == before


def test_a_person_is_found_and_removed_in_any_spelling(reminders: Runner, tmp_path: Path) -> None:
    """Export lists what either spelling holds; afterwards neither is anywhere."""
    city = both_units(reminders, tmp_path)
    answered = city.run("answer", "city:alpha-1:milestone:end", "done", "--by", OTHER.upper())
    assert (answered.code, answered.err) == (0, "")
    held = city.run("person", "unit.contact@CITY.example", "export").document
    assert [len(held[name]) for name in ("contacts", "mails", "reminders", "answers")] == [2, 1, 2, 1]
    assert city.run("person", OTHER.title(), "remove").code == 0
    assert city.run("person", WRITTEN, "export").document["contacts"] == []
    listed = city.run("contacts", "export", "--programme", "city").out
    assert (WRITTEN.lower() in listed.lower(), "sec@city.example" in listed) == (False, True)


def test_wishes_and_dead_addresses_hold_for_every_spelling(reminders: Runner, tmp_path: Path) -> None:
    """What is wished in one spelling is shown in the other."""
    city = both_units(reminders, tmp_path)
    key = ("--programme", "city")
    city.run("preferences", OTHER.upper(), "--format", "text", *key)
    assert "format: text" in city.run("preferences", WRITTEN, *key).out


def test_a_domain_with_letters_of_its_own_goes_out_as_xn(reminders: Runner, tmp_path: Path) -> None:
    """The header is ASCII (RFC 5322), the list keeps what was written; either form is the person."""
    written, wire = "info@s\u00e4hk\u00f6.example", "info@xn--shk-qla6g.example"
    city = released_city(reminders, tmp_path, f"alpha,contact,Info,{written},en,,,", SECRETARY)
    city.tick("2026-01-12", "2026-02-27")
    assert [to for to, _ in city.mails("2026-02-27")] == [wire, "sec@city.example"]
    assert written in city.run("contacts", "export", "--programme", "city").out
    assert len(city.run("person", wire, "export").document["mails"]) == 1
    assert [one["to"] for one in city.run("log", "--json").document][-2:] == [written, "sec@city.example"]


def test_the_envelope_is_ascii() -> None:
    """RCPT names the domain by its xn-- form; a local part keeps its letters."""
    assert in_ascii("a@S\u00c4HK\u00d6.example") == "a@xn--shk-qla6g.example"
    assert in_ascii("\u00e5sa@x.example") == "\u00e5sa@x.example"
