"""What the forms ask of each indicator: proposed, set by the secretary, kept by an import."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminders.collection.indicator import is_set, measures_of
from reminders.planning.programme_diff import changed_under_corrections
from reminders.service import Service
from reminders.store import programmes as repository
from reminders.use.programme.store_programme import read_built_in, store_programme
from schedule_rules.programme import Action, Correction, Text
from tests.web.conftest import KEY, Reader
from tests.web.forms import FOREIGN, fields_of_page, plain, send
from tests.web.test_collection_pages import FIRST, form_link
from tests.web.test_pages import checked

LIST = f"/collection/indicators?programme={KEY}"
CAFE = "social-cultural-cafe"
FORM = f"/actions/{CAFE}/indicator?programme={KEY}"


def action(service: Service, key: str = CAFE) -> Action:
    """An action as it is stored."""
    with service.database.read() as connection:
        return repository.stored_programme(connection, KEY).programme.action_by_id[key]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_list_says_what_is_asked(secretary: Reader, lang: str) -> None:
    """Each indicator with its values, as a proposal; valid markup, in each language."""
    page = secretary.get(f"{LIST}&lang={lang}")
    assert checked(page.text).faults == []
    proposed = {
        "fi": "ehdotus sanamuodosta",
        "sv": "förslag enligt ordalydelsen",
        "en": "proposed from the wording",
    }
    assert page.text.count(proposed[lang]) == page.text.count("<tr>") - 1
    form = secretary.get(f"{FORM}&lang={lang}")
    assert checked(form.text).faults == []


def test_only_the_secretary(reader: Reader, secretary: Reader) -> None:
    """Nobody else sees or sets it, no other site does."""
    assert [reader.get(url).status_code for url in (LIST, FORM)] == [403, 403]
    assert send(reader, FORM, {"kind-1": "text"}).status_code == 403
    assert send(secretary, FORM, {"kind-1": "text"}, headers=FOREIGN).status_code == 403
    assert not is_set(action(secretary.service))


def test_a_proposal_is_changed_set_and_proposed_again(secretary: Reader, reader: Reader) -> None:
    """The form begins with the proposal; what is set is asked of the units, who fill in no type or unit."""
    service = secretary.service
    fields = fields_of_page(secretary.get(f"{FORM}&lang=en").text, -1)
    assert [fields[f"kind-{place}"] for place in (1, 2, 3)] == ["yes-no", "number", ""]
    assert fields["unit-2-sv"] == "föreningar"
    changed = {"kind-1": "", "label-2-en": "Associations at the café", "unit-2-en": "groups", "step": "save"}
    saved = send(secretary, f"{FORM}&lang=en", fields | changed)
    assert saved.status_code == 303
    page = plain(secretary.get(f"{saved.headers['location']}&lang=en").text)
    assert "Associations at the café: a number, groups" in page
    (asked,) = measures_of(action(service))
    assert (asked.kind, asked.label.en, asked.unit) == (
        "number",
        "Associations at the café",
        Text("yhdistystä", "föreningar", "groups"),
    )
    form = plain(reader.get(f"{form_link(service)}?lang=en").text)
    assert "Form of the answer" not in form
    assert send(secretary, FORM, {"step": "propose"}).status_code == 303
    assert len(measures_of(action(service))) == 2
    assert not is_set(action(service))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "kind-1"),
        ({"kind-1": "number", "kind-3": "", "label-3-fi": "Kolmas"}, "kind-3"),
        ({"kind-1": "number", "unit-1-fi": "x" * 61}, "unit-1-fi"),
        ({"kind-1": "text", "label-1-sv": "x" * 301}, "label-1-sv"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(secretary: Reader, fields: dict[str, str], field: str) -> None:
    """On top and at the field; what was typed stays, nothing is stored."""
    answer = send(secretary, f"{FORM}&lang=fi", fields | {"step": "save"})
    assert answer.status_code == 422
    assert (f'href="#{field}"' in answer.text, f'id="{field}-wrong"' in answer.text) == (True, True)
    assert all(text in answer.text for text in fields.values())
    assert checked(answer.text).faults == []
    assert not is_set(action(secretary.service))


def test_what_is_set_survives_an_import(secretary: Reader) -> None:
    """The same programme imported again asks the same; another wording of the indicator is a finding."""
    service = secretary.service
    send(secretary, FORM, {"kind-1": "number", "unit-1-fi": "kahvilaa", "step": "save"})
    programme, _ = read_built_in(KEY)
    with service.database.write() as connection:
        store_programme(connection, programme, service.clock())
    assert [one.unit.fi for one in measures_of(action(service))] == ["kahvilaa"]


def test_another_wording_of_the_indicator_is_a_finding() -> None:
    """The secretary is asked whether what she set still fits."""
    programme, _ = read_built_in(KEY)
    actions = tuple(
        one if one.id != FIRST else Action(one.id, one.goal, one.bullets, indicator=Text("Muu mittari"))
        for one in programme.actions
    )
    made = Correction("measures", "number", "secretary", programme.period.first)
    found = changed_under_corrections(programme, replace(programme, actions=actions), {FIRST: (made,)})
    assert [(one["field"], one["action"]) for one in found] == [("measures", FIRST)]


def test_the_command_and_the_page_of_corrections(secretary: Reader) -> None:
    """The page of corrections leads to the indicator's own form; its history says what was set, in words."""
    leads = secretary.get(f"/actions/{CAFE}/correct?programme={KEY}&field=measures")
    assert (leads.status_code, leads.headers["location"]) == (303, FORM)
    send(secretary, FORM, {"kind-1": "number", "unit-1-en": "cafés", "step": "save"})
    page = plain(secretary.get(f"/actions/{CAFE}?programme={KEY}&lang=en").text)
    assert "Indicator values: a number, cafés" in page
