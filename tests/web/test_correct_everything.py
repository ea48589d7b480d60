"""The forms that correct titles, goals, which actions there are, and organisations; without JavaScript."""

from __future__ import annotations

import pytest

from reminders.planning.state import ProgrammeRow
from reminders.service import Service
from reminders.store import programmes
from tests.web.conftest import KEY, Reader
from tests.web.forms import hidden, plain, send

CAFE, DIALOGUE = "social-cultural-cafe", "health-regular-dialogue"
URL = f"/actions/{CAFE}/correct?programme={KEY}&lang=en"
PARTIES = f"/parties?programme={KEY}&lang=en"
LABELS = {
    "fi": ("Toimenpiteen otsikko ja kohdat ruotsiksi", "Minkä toimenpiteen osa se on?"),
    "sv": ("Åtgärdens rubrik och punkter på svenska", "Vilken åtgärd är den en del av?"),
    "en": ("Title and points of the action, in Swedish", "Which action is it part of?"),
}


def stored(service: Service) -> ProgrammeRow:
    """The programme as stored."""
    with service.database.read() as connection:
        return programmes.stored_programme(connection, KEY)


def saved(secretary: Reader, url: str, **fields: str) -> str:
    """Fill in a form, look at the preview, save it; return what the preview said."""
    preview = send(secretary, url, {**fields, "step": "preview"})
    assert preview.status_code == 200, preview.text
    answer = send(secretary, url, {**hidden(preview.text), "step": "save"})
    assert answer.status_code == 303, answer.text
    return plain(preview.text)


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_forms_in_three_languages(secretary: Reader, lang: str) -> None:
    """Each form has its label; the page of an action leads to them."""
    page = secretary.get(URL.replace("lang=en", f"lang={lang}")).text
    for label in LABELS[lang]:
        assert label in plain(page)
    assert f"/actions/{CAFE}/correct?programme={KEY}" in secretary.get(f"/actions/{CAFE}?lang={lang}").text
    assert secretary.get(PARTIES.replace("lang=en", f"lang={lang}")).status_code == 200


def test_title_and_goal(secretary: Reader, service: Service) -> None:
    """A title with several points; a goal that is not there yet gets a key."""
    said = saved(secretary, URL, field="title-en", value="Cafés of cultures\nSay where they are")
    assert "Cafés of cultures / Say where they are" in said
    saved(
        secretary, URL, **{"field": "goal", "value": "", "new-en": "Meeting places", "new-fi": "Kohtaamiset"}
    )
    programme = stored(service).programme
    action = programme.action_by_id[CAFE]
    assert action.bullets["en"] == ("Cafés of cultures", "Say where they are")
    assert programme.goal_by_key[action.goal].name.fi == "Kohtaamiset"
    page = plain(secretary.get(f"/actions/{CAFE}?programme={KEY}&lang=en").text)
    quoted = page.split("What the programme says</h2>")[1].split("<h2")[0]
    assert "Cafés of cultures" in page
    assert stored(service).printed.action_by_id[CAFE].bullets["en"][0] in quoted
    assert "Cafés of cultures" not in quoted


def test_a_lead_that_is_new(secretary: Reader, service: Service) -> None:
    """It is ticked by its names; the preview keeps them."""
    saved(
        secretary,
        URL,
        **{"field": "leads", "new-fi": "Lukupiiri", "new-sv": "Läsecirkeln", "new-en": "Readers"},
    )
    programme = stored(service).programme
    assert programme.action_by_id[CAFE].leads == ("readers",)
    assert programme.organisation_by_key["readers"].name.sv == "Läsecirkeln"


def test_what_is_no_action_can_be_taken_back(secretary: Reader, service: Service) -> None:
    """It is on the list of findings then, with its reason and a button."""
    saved(secretary, URL, field="no-action", value="yes", note="It is a heading")
    assert CAFE not in stored(service).programme.action_by_id
    page = secretary.get(f"/findings?programme={KEY}&lang=en").text
    assert "It is a heading" in page
    back = {"restore": CAFE, "field": "no-action", "key": KEY}
    assert send(secretary, f"/findings?programme={KEY}", back).status_code == 303
    assert CAFE in stored(service).programme.action_by_id


def test_a_missing_action_and_a_part(secretary: Reader, service: Service) -> None:
    """The new one opens with its forms; it may be part of another in the end."""
    preview = send(
        secretary, URL, {"field": "new-action", "new-en": "Open a reading room", "step": "preview"}
    )
    answer = send(secretary, URL, {**hidden(preview.text), "step": "save"})
    assert answer.headers["location"].startswith("/actions/open-reading-room/correct")
    own = URL.replace(CAFE, "open-reading-room")
    assert "Open a reading room" in secretary.get(own).text
    saved(secretary, own, field="part-of", value=DIALOGUE)
    assert "Open a reading room" in stored(service).programme.action_by_id[DIALOGUE].bullets["en"]
    moved = secretary.get(f"/actions/open-reading-room?programme={KEY}")
    assert moved.headers["location"].startswith(f"/actions/{DIALOGUE}")


def test_names_of_parties(secretary: Reader, service: Service) -> None:
    """One is named anew, and one is another one; what is wrong is said at the form."""
    known = [one.key for one in stored(service).programme.organisations]
    first, second = known[:2]
    saved(secretary, PARTIES, **{"field": "organisation", "value": first, "new-fi": "Uusi nimi"})
    assert stored(service).programme.organisation_by_key[first].name.fi == "Uusi nimi"
    saved(secretary, PARTIES, field="party", value=second, org=first)
    assert second not in {one.key for one in stored(service).programme.organisations}
    wrong = send(secretary, PARTIES, {"field": "organisation", "value": first, "step": "preview"})
    assert wrong.status_code == 422
    assert "Write the name in at least one language; no other party may have it." in plain(wrong.text)
    name = stored(service).programme.organisation_by_key[first].name.en
    for form in (
        {"field": "organisation", "value": "", "new-en": name.upper()},  # one that there is
        {"field": "party", "value": first},  # nothing that it is instead
    ):
        assert send(secretary, PARTIES, {**form, "step": "preview"}).status_code == 422
    assert send(secretary, PARTIES, {"field": "schedule", "value": "2025"}).status_code == 404


@pytest.mark.parametrize("code", ["one-or-two-units", "two-or-one-units"])
def test_one_party_or_two_is_answered_by_a_button(secretary: Reader, service: Service, code: str) -> None:
    """All actions with these words follow, and the finding is gone."""
    row = stored(service)
    action = next(
        one for one in row.programme.actions if " and " in one.responsible.en and len(one.leads) > 1
    )
    words = action.responsible.en
    pieces = words.split(" and ")
    finding = {
        "code": code,
        "file": "plan.pdf",
        "place": "row 1",
        "words": words,
        "detail": "; ".join(pieces),
    }
    with service.database.write() as connection:
        programmes.set_findings(connection, KEY, [finding])
        programmes.touch_programme(connection, KEY, service.clock())
    page = secretary.get(f"/findings?programme={KEY}&lang=en").text
    asked = "They are two parties" if code.startswith("one") else "It is one party"
    assert asked in page
    fields = {"key": KEY, "units": f"{code}: {words}"}
    assert send(secretary, f"/findings?programme={KEY}", fields).status_code == 303
    leads = stored(service).programme.action_by_id[action.id].leads
    names = [stored(service).programme.organisation_by_key[key].name.en for key in leads]
    known = row.programme.organisation_by_key
    before = [known[key].name.en for key in action.leads]
    assert names == ([words] if code.startswith("two") else before)
    assert asked not in secretary.get(f"/findings?programme={KEY}&lang=en").text
