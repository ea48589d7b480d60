"""What an import offers can be given: every example that it prints runs, and the page loses nothing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from reminders.errors import UsageError
from reminders.use.programme.read_files import read_import, read_version_before, store_import
from tests.cli.conftest import Ran, Runner, reminders
from tests.issues.test_new_versions import (
    ALL,
    ALPHA,
    CAFE,
    FAIR,
    GUIDE,
    ROUND,
    SHIFTED,
    TRAIN,
    UNITS,
    VISITS,
    City,
    Row,
    as_row,
    city,
    led_by,
    plan,
    rows_of,
    uploaded,
    with_everything,
)
from tests.web.conftest import Reader
from tests.web.forms import hidden, send

__all__ = ["city", "reminders"]

NEEDS: Row = ("1-6", "Map the needs of families", "by 30 September 2026", "beta")
SURVEY: Row = ("1-10", "Survey residents", "by 31 October 2026", "beta")
OLD = (*ALL, NEEDS, SURVEY)
SPLIT = (
    as_row(TRAIN, id="1-2a", title="Train teachers"),
    as_row(TRAIN, id="1-2b", title="Train librarians"),
)
MERGED = as_row(NEEDS, title="Map the needs of families and survey residents")
CHANGED = (GUIDE, CAFE, VISITS, FAIR, ROUND, *SPLIT, MERGED)
"""1-2 is split, and 1-10 merged into 1-6."""


def example(ran: Ran) -> list[str]:
    """The words of the command that a refusal says at its end."""
    return shlex.split(ran.err.strip().splitlines()[-1].partition(": reminders ")[2])


def followed(reminders: Runner, *words: str) -> list[Ran]:
    """Run a command, and the examples that it prints, until nothing is refused any more."""
    found = [reminders(*words)]
    while found[-1].code == 1 and len(found) < 4:
        found.append(reminders(*example(found[-1])))
    return found


def test_a_split_and_a_merged_action_are_stored_as_offered(tmp_path: Path, reminders: Runner) -> None:
    """The example names each action once: of two that become one, one goes on and the other has ended."""
    first, second = plan(tmp_path, OLD), plan(tmp_path, CHANGED)
    assert reminders("import", first).code == 0
    asked = reminders("import", second)
    assert (
        "1-6, 1-10 have perhaps become one action, 1-6 ‘Map the needs of families and survey residents’. "
        "One of them goes on there with its history. For the others, choose that they have ended."
    ) in asked.err
    same = ["--same", "1-2=1-2b", "--same", "1-6=1-6", "--same", "1-10=-"]
    assert example(asked) == ["import", second, *same]
    lost = reminders(*example(asked))
    assert (lost.code, example(lost)) == (1, ["import", second, *same, "--accept-loss"])
    assert "1-10 Survey residents" in lost.err
    assert reminders(*example(lost)).code == 0


def test_two_that_go_on_as_one_are_refused_with_a_way_that_runs(tmp_path: Path, reminders: Runner) -> None:
    """Wrong use, and the options that it names instead are taken."""
    first, second = plan(tmp_path, OLD), plan(tmp_path, CHANGED)
    assert reminders("import", first).code == 0
    wrong = reminders("import", second, "--same", "1-2=1-2b", "--same", "1-6=1-6", "--same", "1-10=1-6")
    assert wrong.code == 2
    assert "expected one action that goes on as 1-6; found 1-10 and 1-6" in wrong.err
    options = re.findall(r"--same \S+", wrong.err.partition("the others end:")[2])
    assert options == ["--same 1-10=-", "--same 1-6=1-6"]
    words = shlex.split(" ".join(options))
    right = reminders("import", second, "--same", "1-2=1-2b", *words, "--accept-loss")
    assert right.code == 0


def test_what_one_answer_takes_is_not_offered_again(tmp_path: Path, reminders: Runner) -> None:
    """Half of it answered: 1-10 can only have ended, since 1-6 goes on as 1-6."""
    first, second = plan(tmp_path, OLD), plan(tmp_path, CHANGED)
    assert reminders("import", first).code == 0
    asked = reminders("import", second, "--same", "1-6=1-6")
    assert "--same 1-10=1-6" not in asked.err
    assert "--same 1-10=-" in asked.err
    assert followed(reminders, *example(asked))[-1].code == 0


def test_all_titles_beside_an_answer_that_takes_one_of_them(tmp_path: Path, reminders: Runner) -> None:
    """The guide is said to be the training's new id: the training is asked about, not a second one taken."""
    first, second = plan(tmp_path, ALL), plan(tmp_path, SHIFTED)
    assert reminders("import", first).code == 0
    asked = reminders("import", second, "--same", "titles", "--same", "1-1=1-3")
    assert asked.code == 1
    assert "1-2 ‘Train teachers and librarians’" in asked.err
    assert followed(reminders, *example(asked))[-1].code == 0


VERSIONS: dict[str, tuple[Sequence[Row], Sequence[str]]] = {
    "renumbered": (SHIFTED, UNITS),
    "split": ((GUIDE, *SPLIT, CAFE, VISITS, FAIR, ROUND), UNITS),
    "split and merged": (CHANGED, UNITS),
    "two become one of three": (
        (
            ("1-9", "Publish guide for newcomers, train teachers and librarians", "2027", "alpha"),
            ("1-5", "Publish guide for newcomers in Finnish, and survey residents", "2027", "alpha"),
            *ALL[2:],
        ),
        UNITS,
    ),
    "changed places": ((as_row(GUIDE, id="1-2"), as_row(TRAIN, id="1-1"), *ALL[2:]), UNITS),
    "other titles": (
        (as_row(GUIDE, title="Build an ice rink"), as_row(FAIR, title="Sail to Umeå"), TRAIN, CAFE),
        UNITS,
    ),
    "unit renamed": (led_by("alpha-new"), ("alpha-new", "beta", "board")),
    "unit split": (
        [as_row(row, lead="north" if row in (GUIDE, TRAIN) else "south") for row in ALL],
        ("north", "south", "board"),
    ),
    "units become one": (led_by("culture", led_by("culture"), "beta"), ("culture", "board")),
    "all at once": (
        led_by("culture", led_by("culture", [*CHANGED, ("1-1b", "Translate forms", "2027", "beta")]), "beta"),
        ("culture", "board"),
    ),
    "most gone": ((GUIDE, TRAIN), UNITS),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_example_that_an_import_prints_runs(tmp_path: Path, reminders: Runner, version: str) -> None:
    """Whatever is refused says what is taken; also when the version is taken back, where nothing is asked."""
    rows, units = VERSIONS[version]
    first, second = plan(tmp_path, OLD), plan(tmp_path, rows, units)
    assert reminders("import", first).code == 0
    listed = ["organisation,role,name,email,language", "alpha,contact,A,a@city.example,en"]
    listed += ["beta,contact,B,b@city.example,en", "board,secretary,S,s@city.example,en"]
    (tmp_path / "c.csv").write_text("\n".join(listed), encoding="utf-8")
    assert reminders("contacts", "import", "c.csv", "--programme", "city").code == 0
    codes = [ran.code for ran in followed(reminders, "import", second)]
    assert (codes[-1], 2 in codes) == (0, False)
    back = followed(reminders, "import", "--take-back", "city")
    assert (back[-1].code, [ran.code for ran in back[:-1]]) == (0, [1] * (len(back) - 1))
    assert all("must be answered" not in ran.err for ran in back)
    assert reminders("import", first).out.strip().splitlines()[-1] == "city: unchanged, 8 actions."


def test_taking_a_split_back_asks_nothing(city: City) -> None:
    """What went on as what is stored with the version; what is new in it ends, and is named as a loss."""
    with_everything(city)
    before = rows_of(city, "correction")
    city.bring([GUIDE, *SPLIT, CAFE, VISITS, FAIR, ROUND], "1-2=1-2b")
    back = read_version_before(city.service, "city")
    assert (back.pairing.open, back.pairing.questions[:0]) == ((), ())
    assert (back.pairing.same["1-2b"], back.pairing.lost) == ("1-2", ("1-2a",))
    store_import(city.service, back, accept_loss=True)
    assert rows_of(city, "correction") == before


def test_taking_back_a_version_in_which_an_action_ended_and_another_has_its_id(city: City) -> None:
    """1-1 was said to have ended: its answers are under it again, the ice rink's are apart."""
    city.answer("1-1:milestone:end")
    other = [as_row(GUIDE, title="Build an ice rink"), *ALL[1:]]
    city.bring(other, "1-1=-", loss=True)
    city.answer("1-1:milestone:end")
    back = read_version_before(city.service, "city")
    assert (back.pairing.open, back.pairing.lost) == ((), ("1-1",))
    store_import(city.service, back, accept_loss=True)
    assert city.answered() == {
        "1-1:milestone:end": ["alpha"],
        "1-1-until-2026-01-12-2:milestone:end": ["alpha"],
    }


def test_taking_back_what_is_not_there_names_what_is(tmp_path: Path, reminders: Runner) -> None:
    """A slip in the key is no version that is missing."""
    assert reminders("import", plan(tmp_path, ALL)).code == 0
    ran = reminders("import", "--take-back", "nix")
    assert (ran.code, "no programme 'nix'; there is city, vaasa-2023-2026" in ran.err) == (1, True)
    ran = reminders("import", "--take-back", "city")
    assert (ran.code, "city has no version before this one" in ran.err) == (1, True)


# -- the page ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_page_says_a_clash_beside_its_fields_and_keeps_the_draft(city: City, lang: str) -> None:
    """Two that go on as one: both fields are named, what was chosen stays, and the next try is stored."""
    city.bring(OLD)
    reader, page = uploaded(city, CHANGED)
    url = f"/import/confirm?lang={lang}"
    wrong: str | list[str] = ["1-2=1-2b", "1-6=1-6", "1-10=1-6"]
    again = send(reader, url, {**hidden(page), "step": "store", "same": wrong})
    assert again.status_code == 422
    assert again.text.count('aria-invalid="true"') == 2
    assert again.text.count('class="wrong"') == 2
    assert "--same" not in again.text
    for chosen in wrong:
        assert f'<option value="{chosen}" selected>' in again.text
    right: str | list[str] = ["1-2=1-2b", "1-6=1-6", "1-10=-"]
    lost = send(reader, url, {**hidden(again.text), "step": "store", "same": right})
    assert lost.status_code == 200
    done: dict[str, str | list[str]] = {**hidden(lost.text), "step": "store", "same": right, "loss": "city"}
    assert send(reader, url, done).status_code == 303
    assert "Survey residents" not in city.statuses()


def test_a_draft_stays_when_the_programme_changes_meanwhile(city: City) -> None:
    """What was answered names actions that are gone: it is shown anew, and can be stored."""
    reader, page = uploaded(city, SHIFTED)
    city.bring([*ALL[1:]], loss=True)
    said: dict[str, str | list[str]] = {**hidden(page), "step": "store"}
    said["same"] = ["1-1=1-2", "1-2=1-3", "1-3=1-4", "1-4=1-5"]
    again = send(reader, "/import/confirm?lang=en", said)
    assert again.status_code == 200
    assert "The programme has changed in the meantime" in again.text
    stored = send(
        reader, "/import/confirm?lang=en", {**hidden(again.text), "step": "store", "same": ["titles"]}
    )
    assert stored.status_code == 303


def test_one_unit_of_two_programmes_is_found_by_its_address(tmp_path: Path, reminders: Runner) -> None:
    """Preferences and private calendars need no programme where the address stands in one only."""
    assert reminders("import", plan(tmp_path, ALL)).code == 0
    listed = ["organisation,role,name,email,language", f"alpha,contact,A,{ALPHA},en"]
    listed += ["board,secretary,S,s@city.example,en"]
    (tmp_path / "c.csv").write_text("\n".join(listed), encoding="utf-8")
    assert reminders("contacts", "import", "c.csv", "--programme", "city", "--accept-loss").code == 0
    wish = reminders("preferences", ALPHA.upper(), "--weekday", "mon", "--json")
    assert (wish.code, wish.document["programme"], wish.document["weekday"]) == (0, "city", "mon")
    assert reminders("private-feed", ALPHA).code == 0
    (feed,) = reminders("private-feeds", "--json").document
    assert (feed["programme"], feed["address"]) == ("city", ALPHA)
    unknown = reminders("preferences", "nobody@city.example")
    assert (unknown.code, "nobody@city.example is in no contact list" in unknown.err) == (1, True)
    both = (tmp_path / "c.csv").read_text(encoding="utf-8")
    (tmp_path / "v.csv").write_text(
        both.replace("alpha,", "welfare-services,").replace("board,", "multiculturalism-board,"),
        encoding="utf-8",
    )
    found = reminders("contacts", "import", "v.csv", "--programme", "vaasa-2023-2026", "--accept-loss")
    assert found.code == 0, found.err
    several = reminders("preferences", ALPHA)
    assert (several.code, f"{ALPHA} is in several programmes: city, vaasa-2023-2026" in several.err) == (
        2,
        True,
    )


# -- the key --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["cty", "citty"])
def test_a_slip_in_the_key_is_asked_about(tmp_path: Path, reminders: Runner, key: str) -> None:
    """The key is like that of a stored programme, whose file it is: both ways on are named, and run."""
    first, second = plan(tmp_path, ALL), plan(tmp_path, [*ALL, NEEDS])
    assert reminders("import", first).code == 0
    asked = reminders("import", second, "--programme", key)
    assert asked.code == 1
    assert f"there is no programme '{key}'; 'city' seems to be meant, nothing is stored" in asked.err
    assert [one["key"] for one in reminders("programmes", "--json").document] == ["city", "vaasa-2023-2026"]
    version, own = re.findall(r"--programme \S+(?: --new)?", asked.err)
    assert (version, own) == ("--programme city;", f"--programme {key} --new")
    assert reminders("import", second, "--programme", "city").code == 0
    assert reminders("import", second, *own.split()).code == 0
    assert key in {one["key"] for one in reminders("programmes", "--json").document}
    again = reminders("import", second, *own.split())
    assert (again.code, "--new: expected a key that nothing is stored under yet" in again.err) == (2, True)


def test_a_next_programme_under_its_own_key_is_not_asked_about(tmp_path: Path, reminders: Runner) -> None:
    """Other years in the key, another name in the file: nothing else is meant."""
    text = Path(plan(tmp_path, ALL)).read_text(encoding="utf-8")
    for years in ("2023-2026", "2027-2030"):
        file = tmp_path / f"p{years}.yaml"
        own = text.replace("key: city", f"key: plan-{years}").replace("of the city", f"of {years}")
        file.write_text(own, encoding="utf-8")
        assert reminders("import", str(file), "--programme", f"town-{years}").code == 0


# -- parties that are split -----------------------------------------------------------------


def test_a_split_party_says_who_has_nobody_and_what_is_asked_anew(city: City) -> None:
    """The part that goes on keeps contacts and answers; the other has nobody, and is asked again."""
    city.answer("1-1:milestone:end")
    rows = [
        as_row(row, lead="south" if row == GUIDE else "north") if row[3] == "alpha" else row for row in ALL
    ]
    units = ("north", "south", "beta", "board")
    found = city.bring(rows, "alpha=north", units=units)
    assert [(one["code"], one["place"], one["words"]) for one in found.notes] == [
        ("nobody-listed", "south", "Unit south"),
        ("asked-anew", "1-1", "Unit south"),
    ]
    assert city.statuses()[GUIDE[1]] == "needs-action"
    west = plan(city.folder, led_by("west", rows, "south"), ("north", "west", "beta", "board"))
    files = [("files", ("v.yaml", Path(west).read_bytes()))]
    page = send(Reader(city.service).sign_in(), "/import?lang=en", {"version": "city"}, files).text
    assert "The new party has no contact person." in page


def test_a_party_that_goes_on_cannot_be_said_to_have_ended(city: City) -> None:
    """An answer that would do nothing is refused by name."""
    with pytest.raises(UsageError, match="found 'alpha', which is responsible in it"):
        city.read(SHIFTED, "titles", "alpha=-")


# -- recognised by its name -----------------------------------------------------------------


def sheet(city: City, years: str, title: str = "Programme of the city") -> bytes:
    """The first two actions as a workbook with a title above the table."""
    book = openpyxl.Workbook()
    rows = [[f"{title} {years}".strip()], [], ["No", "Action", "Schedule", "Responsible"]]
    rows += [[number, action, schedule, f"Unit {lead}"] for number, action, schedule, lead in ALL]
    for row in rows:
        book.worksheets[0].append(row)
    path = city.folder / "v.xlsx"
    book.save(path)
    return path.read_bytes()


def test_a_document_is_recognised_by_the_name_of_its_programme(city: City) -> None:
    """Though its key is not what the name would make, it is a version of that one."""
    files = [("files", ("v.xlsx", sheet(city, "")))]
    page = send(Reader(city.service).sign_in(), "/import?lang=en", {"version": ""}, files).text
    assert "A new version of a saved programme." in page
    file = [str(city.folder / "v.xlsx")]
    assert read_import(city.service, file, None, None, by_name=True).programme.key == "city"
    assert read_import(city.service, file, None, None).is_new  # a command names the key
    sheet(city, "", "Programme of the town")
    assert read_import(city.service, file, None, None, by_name=True).is_new
