"""The strict reader of programme files: what it takes, and each way to be refused."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from reminders.errors import InputError
from reminders.intake.formats.yaml_file import read_programme
from reminders.intake.limits import MAX_YAML
from reminders.programmes import built_in_contacts, built_in_keys, built_in_text
from schedule_rules.days import MonthDay, Span
from schedule_rules.programme import Defaults, Handover, Text

SMALL = """\
format: action-programme/1
programme:
  key: small
  name: {fi: Pieni, sv: Liten, en: Small}
  period: {start: 2025-01-01, end: '2026-12-31'}
domains:
- {key: work, fi: Työ, sv: Arbete, en: Work}
goals:
- {key: skills, domain: work, fi: Taidot, sv: Kunskaper, en: Skills}
organisations:
- key: unit
  type: city unit
  name: {fi: Yksikkö, sv: Enhet, en: Unit}
- key: school
  type: partner
  name: {fi: Koulu, sv: Skola, en: School}
actions:
- id: clinic
  goal: skills
  action:
    fi: [Klinikka]
    sv: [Klinik]
    en: [Clinic]
  responsible: {fi: Yksikkö, sv: Enhet, en: Unit}
  leads: [unit]
"""
ORGANISATION = "the key of an organisation of this programme"


def problems(text: str) -> list[str]:
    """What is wrong with ``text``, a line each."""
    with pytest.raises(InputError) as raised:
        read_programme(text, "small.yaml")
    return [str(problem) for problem in raised.value.problems]


def changed(old: str, new: str) -> str:
    """The small programme with one place changed."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def with_head(line: str) -> str:
    """The small programme with one more line, the fourth, under ``programme``."""
    return changed("  key: small\n", f"  key: small\n  {line}\n")


def test_the_built_in_programme_is_read_whole() -> None:
    """Vaasa's programme has the counts that the board adopted."""
    assert built_in_keys() == ("helsinki-2017-2021", "vaasa-2023-2026")
    programme = read_programme(built_in_text("vaasa-2023-2026"), "vaasa-2023-2026.yaml")
    assert (programme.key, programme.period) == (
        "vaasa-2023-2026",
        Span(date(2023, 1, 1), date(2026, 12, 31)),
    )
    counts = (programme.domains, programme.goals, programme.organisations, programme.actions)
    assert tuple(map(len, counts)) == (8, 26, 58, 62)
    assert len(programme.lead_organisations()) == 39
    assert (programme.stamp, programme.approved_on) == (date(2023, 2, 20), date(2023, 2, 20))
    assert (programme.monitored_by, programme.approved_by) == ("multiculturalism-board", "city-council")
    assert programme.web == Text(sv="vaasa.fi/sv/integrationsprogram", en="vaasa.fi/integrationprogramme")


def test_nothing_of_the_built_in_programme_is_lost() -> None:
    """Every text of an action equals the one in the file, read independently."""
    text = built_in_text("vaasa-2023-2026")
    programme = read_programme(text, "vaasa-2023-2026.yaml")
    plain = yaml.safe_load(text)
    for action, row in zip(programme.actions, plain["actions"], strict=True):
        assert (action.id, action.goal) == (row["id"], row["goal"])
        assert {lang: list(bullets) for lang, bullets in action.bullets.items()} == row["action"]
        for part in ("schedule", "responsible", "indicator"):
            assert getattr(action, part).as_dict() == {k: v.strip() for k, v in row[part].items()}
        assert [list(action.leads), list(action.partners)] == [row["leads"], row["partners"]]
    for organisation, row in zip(programme.organisations, plain["organisations"], strict=True):
        assert (organisation.key, organisation.type, organisation.name.as_dict()) == (
            row["key"],
            row["type"],
            row["name"],
        )
        assert {k: list(v) for k, v in organisation.aliases.items()} == row.get("aliases", {})


def test_the_handover_is_read() -> None:
    """Vamia hands over to the Employment Ecosystem in 2025."""
    programme = read_programme(built_in_text("vaasa-2023-2026"), "vaasa-2023-2026.yaml")
    action = programme.action_by_id["work-digihyva-juttu"]
    source = Text(
        fi="hankkeen jälkeen Työllisyyden ekosysteemi",
        sv="efter projektet Sysselsättningens ekosystem",
        en="and after the project, Employment Ecosystem",
    )
    assert action.handovers == (Handover("vamia", "employment-ecosystem", date(2025, 1, 1), source),)


def test_example_contacts_belong_to_the_programme() -> None:
    """The example contacts come with the programme's key."""
    assert built_in_contacts("vaasa-2023-2026").startswith("organisation,role,name,email,language,")


def test_optional_keys_have_defaults() -> None:
    """Without them: Helsinki time, three languages, the first day as stamp, the programme's usual dates."""
    programme = read_programme(SMALL, "small.yaml")
    assert (programme.timezone, programme.languages) == ("Europe/Helsinki", ("fi", "sv", "en"))
    assert (programme.stamp, programme.approved_on, programme.monitored_by) == (date(2025, 1, 1), None, "")
    assert (programme.meetings, programme.defaults) == ((), Defaults())
    action = programme.actions[0]
    assert (action.schedule, action.indicator, action.partners, action.handovers) == (Text(), Text(), (), ())


def test_meetings_and_defaults_are_read() -> None:
    """Meetings are put in order; a default that is not given stays."""
    text = with_head(
        "meetings: [2025-05-06, '2025-02-04']\n"
        "  stamp: 2025-03-01\n"
        "  monitored_by: school\n"
        "  defaults: {review: 09-30, collection_due: '02-28'}"
    )
    programme = read_programme(text, "small.yaml")
    assert programme.meetings == (date(2025, 2, 4), date(2025, 5, 6))
    assert (programme.stamp, programme.monitored_by) == (date(2025, 3, 1), "school")
    assert programme.defaults == Defaults(review=MonthDay(9, 30), collection_due=MonthDay(2, 28))


def test_plain_words_stay_texts() -> None:
    """What YAML would guess to be a truth value or a number stays as worded."""
    programme = read_programme(changed("[Clinic]", "[no, 2023, 1e3]"), "small.yaml")
    assert programme.actions[0].bullets["en"] == ("no", "2023", "1e3")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "  goal: skills\n",
            "  goal: skills\n  colour: red\n",
            (
                "line 20, actions[0] (clinic): expected no such key (known: id, goal, action, responsible, "
                'leads, schedule, partners, handover, indicator); found the key "colour"'
            ),
        ),
        (
            "{fi: Pieni, sv: Liten, en: Small}",
            "{fi: Pieni, en: Small}",
            "line 4, programme.name.sv: expected a text in Swedish; found nothing",
        ),
        (
            "    sv: [Klinik]\n",
            "",
            "line 21, actions[0] (clinic).action.sv: expected a text in Swedish; found nothing",
        ),
        (
            "[Klinik]",
            "[]",
            "line 22, actions[0] (clinic).action.sv: expected at least one text; found an empty list",
        ),
        (
            "[Klinik]",
            "['']",
            "line 22, actions[0] (clinic).action.sv[0]: expected a text; found nothing",
        ),
        (
            "fi: Taidot, sv: Kunskaper, en: Skills",
            "fi: Taidot, sv: Kunskaper, en: ''",
            "line 9, goals[0].en: expected a text in English; found nothing",
        ),
        (
            "fi: Työ, sv",
            "fi: [Työ], sv",
            "line 7, domains[0].fi: expected a text; found a list",
        ),
        (
            "  responsible: {fi: Yksikkö, sv: Enhet, en: Unit}\n",
            "  responsible: {sv: Enhet, en: Unit}\n",
            "line 24, actions[0] (clinic).responsible.fi: expected a text in Finnish; found nothing",
        ),
        (
            "  leads: [unit]\n",
            "  leads: [unit]\n  schedule: {fi: '2025', en: '2025'}\n",
            "line 26, actions[0] (clinic).schedule.sv: expected a text in Swedish; found nothing",
        ),
        (
            "  leads: [unit]\n",
            "  leads: [unit]\n  indicator: {fi: Määrä, sv: Antal}\n",
            "line 26, actions[0] (clinic).indicator.en: expected a text in English; found nothing",
        ),
        (
            "2025-01-01",
            "2025-02-30",
            'line 5, programme.period.start: expected a date such as 2023-12-31; found "2025-02-30"',
        ),
        (
            "'2026-12-31'",
            "31.12.2026",
            'line 5, programme.period.end: expected a date such as 2023-12-31; found "31.12.2026"',
        ),
        (
            "'2026-12-31'",
            "'2024-12-31'",
            (
                "line 5, programme.period.end: expected a date on or after the start, 2025-01-01; "
                "found 2024-12-31"
            ),
        ),
        (
            "leads: [unit]",
            "leads: [unti]",
            f'line 25, actions[0] (clinic).leads[0]: expected {ORGANISATION} (perhaps "unit"); found "unti"',
        ),
        (
            "leads: [unit]",
            "leads: []",
            "line 25, actions[0] (clinic).leads: expected at least one organisation; found an empty list",
        ),
        (
            "leads: [unit]",
            "leads: unit",
            'line 25, actions[0] (clinic).leads: expected a list; found "unit"',
        ),
        (
            "  leads: [unit]\n",
            "  leads: [unit]\n  partners: [unit, nobody]\n",
            f'line 26, actions[0] (clinic).partners[1]: expected {ORGANISATION}; found "nobody"',
        ),
        (
            "  goal: skills\n",
            "  goal: skill\n",
            (
                "line 19, actions[0] (clinic).goal: expected the key of a goal of this programme"
                '; found "skill"'
            ),
        ),
        (
            "domain: work",
            "domain: home",
            'line 9, goals[0].domain: expected the key of a domain of this programme; found "home"',
        ),
        (
            "- key: school",
            "- key: unit",
            (
                "line 14, organisations[1].key: expected a key that is not used yet "
                '(it is an organisation in line 11); found "unit"'
            ),
        ),
        (
            "- key: school",
            "- key: work",
            (
                "line 14, organisations[1].key: expected a key that is not used yet "
                '(it is a domain in line 7); found "work"'
            ),
        ),
        (
            "- key: school",
            "- key: deadlines",
            (
                "line 14, organisations[1].key: expected a key that is not used yet "
                '(it is a feed of the service); found "deadlines"'
            ),
        ),
        (
            "- id: clinic",
            "- id: The Clinic",
            (
                "line 18, actions[0] (The Clinic).id: expected a key of a-z, 0-9 and single hyphens; "
                'found "The Clinic"'
            ),
        ),
        (
            "  type: partner\n",
            "  type: partner\n  type: school\n",
            'line 16, organisations[1]: expected each key once; found the key "type" again',
        ),
        (
            "action-programme/1",
            "action-programme/2",
            'line 1, format: expected the format tag action-programme/1; found "action-programme/2"',
        ),
        (
            "format: action-programme/1\n",
            "",
            "line 1, format: expected a value for this key; found nothing",
        ),
        (
            "[Clinic]",
            '["Clin\\x07ic"]',
            (
                "line 23, actions[0] (clinic).action.en[0]: expected a text without control characters; "
                "found a control character"
            ),
        ),
    ],
)
def test_one_mistake_is_named_with_line_and_path(old: str, new: str, problem: str) -> None:
    """Each mistake gives exactly one problem: where, what was expected, what was found."""
    assert problems(changed(old, new)) == [f"small.yaml, {problem}"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("monitored_by: nobody", f'programme.monitored_by: expected {ORGANISATION}; found "nobody"'),
        (
            "timezone: Europe/Vaasa",
            'programme.timezone: expected a time zone such as Europe/Helsinki; found "Europe/Vaasa"',
        ),
        ("languages: [fi, no]", 'programme.languages[1]: expected one of fi, sv, en, nb; found "no"'),
        (
            "meetings: [2025-01-01, soon]",
            'programme.meetings[1]: expected a date such as 2023-12-31; found "soon"',
        ),
        ("meetings: soon", 'programme.meetings: expected a list; found "soon"'),
        (
            "defaults: {review: 02-29}",
            'programme.defaults.review: expected a day of every year such as 10-31; found "02-29"',
        ),
        (
            "defaults: {deadline: 02-28}",
            (
                "programme.defaults: expected no such key (known: review, collection_opens, collection_due, "
                'collection_closes); found the key "deadline"'
            ),
        ),
        (
            "approved: {by: board}",
            "programme.approved.date: expected a value for this key; found nothing",
        ),
        (
            "web: {de: x.example}",
            'programme.web: expected no such key (known: fi, sv, en, nb); found the key "de"',
        ),
    ],
)
def test_a_mistake_in_the_head_is_named(line: str, problem: str) -> None:
    """The optional keys are checked as strictly as the required ones."""
    assert problems(with_head(line)) == [f"small.yaml, line 4, {problem}"]


def test_a_duplicate_action_is_named() -> None:
    """The second action of an id is the wrong one."""
    text = SMALL + SMALL[SMALL.index("- id: clinic") :]
    assert problems(text) == [
        (
            "small.yaml, line 26, actions[1] (clinic).id: expected a key that is not used yet "
            '(it is an action in line 18); found "clinic"'
        )
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            ("from: unit", "from: school"),
            'from: expected an organisation that leads this action; found "school"',
        ),
        (("to: school", "to: nobody"), f'to: expected {ORGANISATION}; found "nobody"'),
        (("2026-01-01", "later"), 'effective_from: expected a date such as 2023-12-31; found "later"'),
        ((", en: c", ""), "source.en: expected a text in English; found nothing"),
    ],
)
def test_a_mistake_in_a_handover_is_named(change: tuple[str, str], problem: str) -> None:
    """A handover names organisations of the programme, a date and its words."""
    handover = (
        "  handover: [{from: unit, to: school, effective_from: 2026-01-01, source: {fi: a, sv: b, en: c}}]\n"
    )
    assert read_programme(SMALL + handover, "small.yaml").actions[0].leads_on(date(2026, 1, 1)) == ("school",)
    assert problems(SMALL + handover.replace(*change)) == [
        f"small.yaml, line 26, actions[0] (clinic).handover[0].{problem}"
    ]


def test_all_mistakes_are_found_in_one_pass_from_top_to_bottom() -> None:
    """The message is the first and counts the others; all are listed."""
    text = (
        changed("leads: [unit]", "leads: [nobody]")
        .replace("sv: Liten, ", "")
        .replace("domain: work", "domain: x")
    )
    found = problems(text)
    assert found == [
        "small.yaml, line 4, programme.name.sv: expected a text in Swedish; found nothing",
        'small.yaml, line 9, goals[0].domain: expected the key of a domain of this programme; found "x"',
        f'small.yaml, line 25, actions[0] (clinic).leads[0]: expected {ORGANISATION}; found "nobody"',
    ]
    with pytest.raises(InputError) as raised:
        read_programme(text, "small.yaml")
    assert str(raised.value) == f"{found[0]} (and 2 more problems)"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: expected a programme; found an empty file"),
        ("- a\n", "line 1: expected a mapping with the key format; found a list or a text"),
        ("a: b\n---\nc: d\n", "line 2: expected one document; found a second document"),
        ("a: &x b\nc: *x\n", "line 1: expected the value itself; found an anchor or alias"),
        ("a: b\nc: *x\n", "line 2: expected the value itself; found an anchor or alias"),
        (
            "a: !!python/name:os.system x\n",
            "line 1: expected a value without a tag; found the tag tag:yaml.org,2002:python/name:os.system",
        ),
        ("? [a]\n: b\n", "line 1: expected a text as key; found a list or mapping as key"),
        (
            "a:\n  b\n c: d\n",
            "line 3: expected YAML; found a mistake in it (mapping values are not allowed in this context)",
        ),
        ("a: b\nc: \x01\n", "line 2: expected text; found a character that YAML forbids"),
        ("a: \ud800\n", "line 1: expected text; found a character that YAML forbids"),
        ("[" * 100_000, "line 1: expected at most 20 levels; found deeper nesting"),
        ("a: " + "b" * MAX_YAML, "line 1: expected a file of at most 5 MB; found a larger file"),
    ],
)
def test_what_is_no_plain_yaml_is_refused(text: str, problem: str) -> None:
    """Nothing is expanded, executed or read without bounds."""
    assert problems(text) == [f"small.yaml, {problem}"]
