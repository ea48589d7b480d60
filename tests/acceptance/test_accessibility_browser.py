"""Each page in a real browser: axe, console, width, words, keyboard and paper find nothing.

A page is opened once, in one of the three languages in turn, and looked at as a desk shows it (1280 pixels,
light), a phone (360 pixels, dark) and a narrow one (320 pixels, light), there unfolded; with twice the
text, what the public reads on phones too; on A4. Public pages are walked through by Tab on the phone,
those of the secretary on the desk.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from reminders.planning.links import Links
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.programme.store_programme import make_ready
from tests.acceptance import accessibility
from tests.acceptance.conftest import patient_context, serve, session_at
from tests.acceptance.test_pages_browser import Scheme, browser, pytestmark
from tests.web.conftest import KEY, TUESDAY, history, open_service
from tests.web.forms import OWN
from tests.web.test_answer_pages import UNIT, answer_link, unit_link
from tests.web.test_collection_pages import CONTACT, FIRST, HEAD, OCCURRENCE, SECOND, filled
from tests.web.test_import_pages import CSV
from tests.web.test_series_dates import DATES, series_link
from tests.web.test_series_edit_pages import WEEKLY

__all__ = ["browser", "history", "pytestmark"]

LANGUAGES: Final = ("fi", "sv", "en")
CAFE: Final = "/actions/social-cultural-cafe"
SERIES: Final = f"{CAFE}/series/edit?name=own-2"
HAND_OVER: Final = {"giver": "hr-unit", "taker": "communications", "on": "1.2.2025"}
VIEWS: Final[dict[str, tuple[int, Scheme]]] = {
    "desk": (1280, "light"),
    "phone": (360, "dark"),
    "narrow": (320, "light"),
}
ROWS: Final = 5
"""So many rows of a table are looked at by axe on phones, and by keyboard; all by the rest."""
BEFORE: Final = {"first day", "next mails before the start", "next mail"}
"""What is looked at before the first sending."""
Act = Callable[[Page], None]


class State(NamedTuple):
    """A page as somebody meets it: where it is, what was done on it, and whether without signing in."""

    name: str
    url: str
    act: Act | None = None
    public: bool = False
    status: int = 200


def form(reader: str = CONTACT) -> str:
    """The address of the collection's form in a mail."""
    return "/collection/form/" + Links("x" * 32).issue("form", OCCURRENCE, reader, date(2025, 2, 6))


def typed(fields: dict[str, str | list[str]], place: int = -1) -> Act:
    """Fill in and send one of the page's forms (the last), with what it already holds."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.evaluate(
                """([fields, place]) => {
                    const form = [...document.querySelectorAll("main form[method=post]")].at(place);
                    for (const [name, values] of Object.entries(fields)) {
                        const old = [...form.elements].filter(one => one.name === name);
                        old.forEach(one => one.disabled = true);
                        for (const value of [values].flat()) {
                            const field = document.createElement("input");
                            form.append(Object.assign(field, {type: "hidden", name, value}));
                        }
                    }
                    HTMLFormElement.prototype.submit.call(form);
                }""",
                [fields, place],
            )

    return act


def after(url: str, others: dict[str, str | list[str]], mine: Act) -> Act:
    """Let a colleague send a form meanwhile, then send what is typed here."""

    def act(page: Page) -> None:
        base = page.evaluate("location.origin")
        assert page.request.post(base + url, form=_flat(others), headers=OWN).status < 400
        mine(page)

    return act


def _flat(fields: dict[str, str | list[str]]) -> dict[str, str | float | bool]:
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def chosen(field: str, name: str, octets: bytes) -> Act:
    """Choose a file and press the button of its form."""

    def act(page: Page) -> None:
        given = page.locator(f"input[name={field}]")
        given.set_input_files({"name": name, "mimeType": "text/csv", "buffer": octets})
        with page.expect_navigation():
            page.locator(f"form:has(input[name={field}]) button").click()

    return act


def menu(page: Page) -> None:
    """Open what More hides."""
    page.locator("nav.main summary").click()


STATES: Final = (
    State("first day", "/"),
    State("overview", "/"),
    State("overview, menu open", "/", menu),
    State("overview of the public", "/", public=True),
    State("actions", "/actions"),
    State("actions, filtered", "/actions?status=overdue&year=2024", public=True),
    State("action", "/actions/work-digihyva-juttu"),
    State("action with many mails", "/actions/follow-up-data-collection"),
    State("action with a series", CAFE),
    State("action with a series for the public", CAFE, public=True),
    State("action with target dates", "/actions/work-mini-recruitment-fairs"),
    State("correction", f"{CAFE}/correct?field=leads"),
    State("correction, preview", f"{CAFE}/correct?field=schedule",
          typed({"field": "schedule", "value": "2023–2026", "step": "preview"}, 0)),
    State("correction, error", f"{CAFE}/correct?field=schedule",
          typed({"field": "schedule", "value": "joskus", "step": "preview"}, 0), status=422),
    State("digest", "/digest"),
    State("mail", "/outbox/1"),
    State("outbox", "/outbox"),
    State("next mails", "/outbox/next"),
    State("next mails before the start", "/outbox/next"),
    State("next mail", "/outbox/next/1"),
    State("forecast", "/forecast"),
    State("forecast by week", "/forecast?by=weeks"),
    State("decisions", "/decisions"),
    State("decisions, error", "/decisions", typed({"step": "hand 0"}), status=422),
    State("findings", "/findings"),
    State("settings", "/settings"),
    State("setting", "/settings/review"),
    State("setting, preview", "/settings/review", typed({"value": "11-28", "step": "preview"}, 0)),
    State("setting, error", "/settings/review", typed({"value": "32.13.", "step": "preview"}, 0), status=422),
    State("contacts", "/contacts"),
    State("contact", "/contacts/edit?organisation=hr-unit"),
    State("contact, error", "/contacts/edit?organisation=hr-unit",
          typed({"email": "no address", "step": "save"}, 0), status=422),
    State("contacts, preview", "/contacts",
          chosen("file", "c.csv", b"organisation,role,name,email,language,valid_from,valid_until,deputy_of\n"
                                  b"hr-unit,head,,head-of-personnel@vaasa.example,fi,,,\n")),
    State("hand-over", "/hand-over?giver=hr-unit"),
    State("hand-over, preview", "/hand-over?giver=hr-unit", typed({**HAND_OVER, "step": "preview"})),
    State("hand-over, error", "/hand-over?giver=hr-unit",
          typed({**HAND_OVER, "on": "31.2.2025", "step": "preview"}), status=422),
    State("import", "/import"),
    State("import, preview", "/import", chosen("files", "ilmasto.csv", CSV)),
    State("collection", "/collection/2024"),
    State("collection for the public", "/collection/2024", public=True),
    State("report", "/collection/2024/report"),
    State("collection form", form(), public=True),
    State("collection form, errors", form(),
          typed({f"value-{FIRST}-1": "noin 20", "step": "send"}), public=True),
    State("collection form, clash", form(),
          after(form(HEAD), {**filled({f"value-{FIRST}-1": "14", f"status-{FIRST}": "done"}, step="save")},
                typed({f"value-{FIRST}-1": "16", f"status-{FIRST}": "late", "step": "save"})), public=True),
    State("collection form, sent", form(HEAD), typed({
        f"status-{FIRST}": "on-track", f"value-{FIRST}-1": "3", f"status-{SECOND}": "done",
        f"value-{SECOND}-1": "yes",
        f"none-{SECOND}-2": "yes", "step": "send"}), public=True),
    State("collection form by hand", f"/collection/2024/form/{KEY}?unit=welfare-unit"),
    State("indicators", "/collection/indicators"),
    State("indicator", f"{CAFE}/indicator"),
    State("unit", unit_link(), public=True),
    State("unit, error", unit_link(), typed({"m1-a": "late", "m1-why": ""}), True, 422),
    State("unit, a closed link", unit_link("left@vaasa.example"), None, True, 403),
    State("answer", answer_link(), public=True),
    State("answer, error", answer_link(), typed({"a": "late", "why": ""}), True, 422),
    State("answered", answer_link(), typed({"a": "on-track"}), public=True),
    State("answer for a unit", f"{CAFE}/answer?occurrence={KEY}:social-cultural-cafe:milestone:end"),
    State("wishes", answer_link("", purpose="preferences"), public=True),
    State("series", f"{CAFE}/series"),
    State("series, new", f"{CAFE}/series/edit"),
    State("series, edit", SERIES),
    State("series, error", SERIES,
          typed({"at": "half past", "until": "30 February", "step": "preview"}, 0), status=422),
    State("series, preview", SERIES, typed({"at": "18.00", "ends": "20.00", "step": "preview"}, 0)),
    State("date of a series", f"{SERIES}&on=2025-01-29"),
    State("date of a series, error", f"{SERIES}&on=2025-01-29",
          typed({"day": "no day", "step": "preview"}, 0), status=422),
    State("date of a series, preview", f"{SERIES}&on=2025-01-29",
          typed({"day": "30.1.2025", "step": "preview"}, 0)),
    State("series, second editor", SERIES, after(f"{SERIES}&programme={KEY}", {
        **WEEKLY, "place-en": "Hall", "from": "2025-01-15", "step": "save"},
        typed({"at": "18.00", "ends": "20.00", "from": "2025-01-15", "step": "preview"}, 0)), status=409),
    State("dates of a year", series_link(), public=True),
    State("dates of a year, preview", series_link(), typed({**DATES, "step": "preview"}), public=True),
    State("target dates", "/actions/work-mini-recruitment-fairs/held"),
    State("sign in", "/sign-in?next=%2Fforecast", public=True),
    State("sign in, error", "/sign-in", typed({"address": "nobody"}), True, 422),
    State("sign in, sent", "/sign-in", typed({"address": "nobody@elsewhere.example"}), public=True),
    State("sign in, a link that is over", "/sign-in/none", None, True, 410),
    State("a page that asks for a sign-in", "/outbox", None, True, 403),
    State("subscribe", "/calendars/?feed=health-wellbeing", public=True),
    State("subscribe, asked", "/calendars/?sent=1"),
    State("month", "/calendars/all/month?m=2025-10", public=True),
    State("list", "/calendars/all/list", public=True),
    State("private calendars", "/calendars/private"),
    State("programmes", "/programmes"),
    State("no page", "/nowhere", None, True, 404),
)  # fmt: skip


@pytest.fixture(scope="module")
def addresses(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, str]]:
    """The pages on Tuesday 7 January 2025, before the first mails (True) and after three sendings (False)."""
    folder, first_folder = (tmp_path_factory.mktemp(name) for name in ("accessibility", "first_day"))
    shutil.copytree(history, folder, dirs_exist_ok=True)
    service, first = (open_service(one, lambda: TUESDAY) for one in (folder, first_folder))
    make_ready(first.database, TUESDAY, held=True)
    model, cafe = (
        f"{KEY}:{one}:milestone:end" for one in ("work-welcome-steps-segmentation", "social-cultural-cafe")
    )
    by, on = "welcome-steps-contact@vaasa.example", date(2025, 6, 30)
    record_answer(service, AnswerGiven(model, "late", by=by, note="Rahoitus puuttuu", new_date=on))
    record_answer(service, AnswerGiven(cafe, "not-ours", by=UNIT, whose="alma"))
    with serve(first) as before, serve(service) as base:
        session = {"session": session_at(base)}
        form = {**WEEKLY, "step": "save"}
        saved = httpx.post(
            f"{base}{CAFE}/series/edit?programme={KEY}", data=form, cookies=session, headers=OWN
        )
        assert saved.status_code == 303
        yield {True: before, False: base}
    service.database.close()
    first.database.close()


@pytest.fixture(scope="module")
def windows(browser: Browser, addresses: dict[bool, str]) -> Iterator[dict[bool | None, BrowserContext]]:
    """A browser of the public (None), and one of the secretary at each service, signed in there."""
    opened: dict[bool | None, BrowserContext] = {None: patient_context(browser)}
    for before, address in addresses.items():
        opened[before] = patient_context(browser)
        opened[before].add_cookies([{"name": "session", "value": session_at(address), "url": address}])
    yield opened
    for context in opened.values():
        context.close()


@pytest.mark.parametrize(
    ("lang", "state"),
    [(LANGUAGES[place % len(LANGUAGES)], state) for place, state in enumerate(STATES)],
    ids=[state.name for state in STATES],
)
def test_nothing_is_found(
    windows: dict[bool | None, BrowserContext], addresses: dict[bool, str], lang: str, state: State
) -> None:
    """By axe, in the console, by width, in words of tables, by Tab, on paper."""
    before = state.name in BEFORE
    page = windows[None if state.public else before].new_page()
    show(page, 1280)
    base = addresses[before]
    page.goto(f"{base}{state.url}{'&' if '?' in state.url else '?'}lang={lang}")
    said = complaints(page)
    if state.act:
        state.act(page)
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == state.status
    found = {"desk": [*accessibility.axe_faults(page), *width_faults(page, 1280)]}
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    found["phone"], found["narrow"] = width_faults(page, 360), width_faults(page, 320)
    found["paper"] = accessibility.paper_faults(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found["twice the text"] = []
    for width in (640, 360, 320) if state.public else (640,):
        show(page, width)
        found["twice the text"] += [f"at {width}: {one}" for one in accessibility.too_wide(page)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    accessibility.shorten(page, ROWS)
    for name, (width, scheme) in VIEWS.items():
        show(page, width, scheme)
        if name != "desk":
            found[name] += accessibility.axe_faults(page)
        if name == ("phone" if state.public else "desk"):
            found[name] += accessibility.keyboard_faults(page)
    found["console"] = said
    page.close()
    assert {where: faults for where, faults in found.items() if faults} == {}


def complaints(page: Page) -> list[str]:
    """Collect from now on what the browser complains about; a page that says an error is none."""
    said: list[str] = []
    page.on(
        "console",
        lambda one: (
            said.append(one.text)
            if one.type in {"error", "warning"}
            and one.location["url"].partition("#")[0] != page.url.partition("#")[0]
            else None
        ),
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def show(page: Page, width: int, scheme: Scheme = "light") -> None:
    """Make the window so many pixels wide, and the system light or dark."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)


def width_faults(page: Page, width: int) -> list[str]:
    """Return what the width and the words of tables tell against a page of so many pixels."""
    show(page, width)
    return [*accessibility.too_wide(page), *accessibility.broken_words(page)]
