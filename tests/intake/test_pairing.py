"""What goes on as what between two versions: pure values in, pure values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reminders.intake.pairing import (
    ENDED,
    Pairing,
    SameAnswers,
    Stored,
    lasting_origins,
    pair_versions,
    with_history,
)
from schedule_rules.programme import Action, Programme
from tests.use.town import organisation, programme, same

TODAY = date(2026, 1, 13)
GUIDE, TRAIN, FAIR = (
    "Publish guide for newcomers",
    "Train teachers and librarians",
    "Hold a fair for employers",
)


def version(lead: str = "spring", **titles: str) -> Programme:
    """A programme whose actions have these titles, by id (a–b for a-b), in English alone."""
    return programme(
        *(
            Action(key.replace("_", "-"), "goal", {"en": (title,)}, same("2025"), same(lead), (lead,))
            for key, title in titles.items()
        )
    )


def paired(old: Programme, new: Programme, *answers: str, stored: Stored | None = None) -> Pairing:
    """Pair two versions."""
    return pair_versions(old, new, stored or Stored(), SameAnswers.read(answers), TODAY)


def asked(found: Pairing) -> dict[str, list[str]]:
    """What is open: the keys that are offered, by old key."""
    return {one.key: [each.key for each in one.candidates] for one in found.open}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (GUIDE, GUIDE),
        (GUIDE, "publish  guide, for newcomers."),
        (GUIDE, "Publish a guide for newcomers"),
        (GUIDE, "Publishing of a guide for newcomers"),
    ],
)
def test_a_small_rewording_under_the_same_id_is_the_same(before: str, after: str) -> None:
    """Case, blanks, punctuation and a word or two are no question."""
    found = paired(version(a=before), version(a=after))
    assert (dict(found.same), found.questions, found.lost) == ({"a": "a"}, (), ())


def test_the_very_same_title_elsewhere_beats_one_that_is_alike() -> None:
    """Two actions of nearly one title that change places are asked about, though both are alike."""
    finnish, swedish = "Train teachers in Finnish", "Train teachers in Swedish"
    found = paired(version(a=finnish, b=swedish), version(a=swedish, b=finnish))
    assert asked(found) == {"a": ["b"], "b": ["a"]}
    moved = paired(version(a=finnish, b=swedish), version(a=swedish, b=finnish), "titles")
    assert dict(moved.actions) == {"a": "b", "b": "a"}


@pytest.mark.parametrize(
    ("after", "offered"),
    [
        ({"b": GUIDE}, {"a": ["b"]}),  # renumbered
        ({"a": "Build an ice rink"}, {"a": ["a"]}),  # renamed
        ({"b": f"{GUIDE} and {TRAIN.lower()}"}, {"a": ["b"]}),  # merged
        ({"a1": f"{GUIDE} in Finnish", "a2": f"{GUIDE} in Swedish"}, {"a": ["a1", "a2"]}),  # split
        ({"a": "Build an ice rink", "b": GUIDE}, {"a": ["b", "a"]}),  # another in its place
        ({"b": "Build an ice rink"}, {}),  # gone
    ],
)
def test_what_is_asked(after: dict[str, str], offered: dict[str, list[str]]) -> None:
    """What the versions do not tell by themselves, with what is most likely first."""
    found = paired(version(a=GUIDE), version(**after))
    assert asked(found) == offered
    assert found.lost == (() if offered else ("a",))


def test_actions_without_a_common_language_agree_by_their_id() -> None:
    """A Finnish version of an English programme is compared with nothing."""
    finnish = replace(version(a=GUIDE).actions[0], bullets={"fi": ("Julkaistaan opas",)})
    found = paired(version(a=GUIDE), programme(finnish))
    assert dict(found.same) == {"a": "a"}


def test_equal_titles_are_paired_in_order() -> None:
    """Each of two actions of one title has one to go on as."""
    found = paired(version(a=GUIDE, b=GUIDE), version(c=GUIDE, d=GUIDE), "titles")
    assert dict(found.same) == {"a": "c", "b": "d"}


@pytest.mark.parametrize(
    ("answers", "same_ids", "lost"),
    [
        ((), {}, ()),
        (("titles",), {"a": "b"}, ()),
        (("a=a",), {"a": "a"}, ()),
        (("a=-",), {}, ("a",)),
        (("titles", "a=-"), {}, ("a",)),
    ],
)
def test_answers(answers: tuple[str, ...], same_ids: dict[str, str], lost: tuple[str, ...]) -> None:
    """One answer of its own goes before the answer for all."""
    found = paired(version(a=GUIDE), version(a=FAIR, b=GUIDE), *answers)
    assert (dict(found.same), found.lost) == (same_ids, lost)


def test_what_was_not_asked_can_be_said() -> None:
    """An action that was reworded beyond recognition goes on as what somebody says."""
    found = paired(version(a=GUIDE), version(b="Build an ice rink"), "a=b")
    assert (dict(found.actions), found.lost) == ({"a": "b"}, ())
    both = paired(version(a=GUIDE, b=TRAIN), version(b=TRAIN), "a=b")
    assert (dict(both.clashes), both.lost) == ({"b": ("a", "b")}, ())


def test_the_id_of_what_ended_is_free_for_another() -> None:
    """What has ended keeps its history under an id with the day, where its own is another's."""
    found = paired(version(a=GUIDE), version(a=FAIR), f"a={ENDED}")
    assert dict(found.actions) == {"a": "a-until-2026-01-13"}
    alone = paired(version(a=GUIDE, b=TRAIN), version(b=TRAIN))
    assert (dict(alone.actions), alone.lost) == ({}, ("a",))
    again = paired(version(a=GUIDE), version(a=FAIR), "a=-", stored=Stored(actions={"a-until-2026-01-13"}))
    assert dict(again.actions) == {"a": "a-until-2026-01-13-2"}


def test_a_loss_is_large_from_a_tenth_on_or_has_answers() -> None:
    """One of ten goes without a word; two of ten, or one with answers, do not."""
    words = ["alder", "birch", "cedar", "dune", "elm", "fern", "grove", "hedge", "island", "juniper"]
    titles = {f"a{n}": f"{word} {word} {word}" for n, word in enumerate(words)}
    one, two = (version(**dict(list(titles.items())[n:])) for n in (1, 2))
    assert paired(version(**titles), one).is_large is False
    assert paired(version(**titles), two).is_large is True
    assert paired(version(**titles), one, stored=Stored(answered={"a0", "a5"})).answered == ("a0",)


def test_first_ids_last() -> None:
    """Calendars and links know an action by its first id, however often it moves."""
    first, second = version(a=GUIDE, b=TRAIN), version(a=FAIR, b=GUIDE, c=TRAIN)
    found = paired(first, second, "titles")
    origins = lasting_origins(first, second, found, (), TODAY)
    assert origins == {"a": "a-from-2026-01-13", "b": "a", "c": "b"}
    second = replace(second, origins=origins)
    third = version(a=GUIDE, b=TRAIN)
    back = paired(second, third, "titles", "a=-")
    assert lasting_origins(second, third, back, (first,), TODAY) == {}


# -- organisations -------------------------------------------------------------------------

KNOWN = Stored(organisations={"spring", "library", "museum", "board"})


def units(made: Programme, *keys: str) -> Programme:
    """The programme with these organisations."""
    return replace(made, organisations=tuple(map(organisation, keys)))


OLD = version(a=GUIDE, b=TRAIN)


@pytest.mark.parametrize(
    ("new", "offered"),
    [
        (units(version("spring-new", a=GUIDE, b=TRAIN), "spring-new", "board"), {"spring": ["spring-new"]}),
        (units(version("library", a=GUIDE, b=TRAIN), "library", "board"), {"spring": ["library"]}),
        (units(version("library", a=GUIDE, b=TRAIN), "spring", "library", "board"), {}),
        (units(version("season", a=GUIDE, b=TRAIN), "spring", "season", "board"), {"spring": ["season"]}),
        (units(OLD, "spring", "board"), {}),
        (units(version("season", c=FAIR), "season", "board"), {}),
    ],
)
def test_units_that_have_nothing_to_do_any_more(new: Programme, offered: dict[str, list[str]]) -> None:
    """A new name or a new holder of the same duties is offered; a unit that only lost them is not."""
    found = pair_versions(OLD, new, KNOWN, SameAnswers(), TODAY)
    assert {key: ones for key, ones in asked(found).items() if key == "spring"} == offered


def test_a_unit_that_nothing_names_is_not_asked_about() -> None:
    """Nothing of it could be lost."""
    new = units(version("season", a=GUIDE, b=TRAIN), "season", "board")
    assert asked(pair_versions(OLD, new, Stored(), SameAnswers(), TODAY)) == {}


def test_the_stored_programme_keeps_whom_rows_name() -> None:
    """Without duties; and it knows whom a key of before means today."""
    new = units(version("season", a=GUIDE, b=TRAIN), "season", "board")
    kept = pair_versions(OLD, new, KNOWN, SameAnswers.read(["spring=-"]), TODAY)
    whole = with_history(OLD, new, kept, KNOWN, {})
    assert [one.key for one in whole.organisations] == ["season", "board", "spring", "library", "museum"]
    assert "spring" not in whole.lead_organisations()
    moved = pair_versions(OLD, new, KNOWN, SameAnswers.read(["spring=season"]), TODAY)
    whole = with_history(OLD, new, moved, KNOWN, {})
    assert [one.key for one in whole.organisations] == ["season", "board", "library", "museum"]
    assert dict(whole.successors) == {"spring": "season"}
    later = replace(new, organisations=(organisation("year"), organisation("board")))
    again = pair_versions(whole, later, KNOWN, SameAnswers({"season": "year"}), TODAY)
    assert with_history(whole, later, again, Stored(), {}).successors == {"spring": "year", "season": "year"}


def test_keys_are_renamed_in_a_programme() -> None:
    """Ids, leads, hand-overs and the monitoring body; two units that become one stand once."""
    made = replace(OLD, monitored_by="spring")
    moved = made.rekeyed({"a": "b", "b": "a"}, {"spring": "museum"})
    assert [one.id for one in moved.actions] == ["b", "a"]
    assert [one.leads for one in moved.actions] == [("museum",), ("museum",)]
    assert [one.key for one in moved.organisations] == ["museum", "library", "board"]
    assert moved.monitored_by == "museum"
