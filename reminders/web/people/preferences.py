"""How a reader wants mail: weekday, rhythm, language, format, stages; behind the mail's own link.

They are those of one programme, that of the mail. Duties stay where they are (see ``preferences``); the page
says so.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from reminders.errors import UsageError
from reminders.planning.addresses import same_address
from reminders.planning.preferences import DIGEST_RHYTHMS, FORMATS, RHYTHMS, Preferences, optional_stages
from reminders.planning.speakers import is_secretary
from reminders.use.answers.links import ClosedLink, OpenLink, open_link
from reminders.use.people import preferences as use
from reminders.web.answers.answer import link_to
from reminders.web.catalogue import say
from reminders.web.page import Page, Pages
from schedule_rules.programme import Lang

_WORDED: Final = ("start", "dates", "pace", "year")


class PreferencePages(Pages):
    """The reader's own preferences, behind a mail's link."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.linked(
            "/preferences/{token}",
            _open,
            self.show,
            self.save,
        )

    def show(self, page: Page, opened: OpenLink, status: int = 200) -> Response:
        """Show the form with what holds."""
        key = _own_programmes(opened)[0]
        preferences = use.preferences_of(page.service, key, opened.reader)
        programmes = opened.states.values()
        secretary = any(is_secretary(state.people, opened.reader, opened.today) for state in programmes)
        return page.render(
            "preferences.html",
            status,
            own_name=", ".join(state.programme.name.get(page.lang) for state in opened.states.values()),
            reader=opened.reader,
            saved="saved" in page.query,
            wrong=status == 422,
            choices=preference_fields(preferences, page.lang, secretary=secretary),
            stages=[
                (stage, stage_words(stage, page.lang), stage not in preferences.off)
                for stage in optional_stages(opened.states[key].policy)
            ],
            unit=link_to(page, opened, "unit"),
        )

    def save(self, page: Page, opened: OpenLink) -> Response:
        """Store what was chosen."""
        ticked = set(page.ticked("stage"))
        try:
            for key in _own_programmes(opened):
                known = optional_stages(opened.states[key].policy)
                change = use.PreferenceChange(
                    weekday=page.text("weekday"),
                    rhythm=page.text("rhythm"),
                    digest=page.text("digest") or None,
                    language=page.text("language"),
                    format=page.text("format"),
                    off=tuple(one for one in known if one not in ticked),
                    on=tuple(one for one in known if one in ticked),
                )
                use.change_preferences(page.service, key, opened.reader, change, opened.reader)
        except UsageError:
            return self.show(page, opened, 422)
        return page.back(saved="1")


def _open(page: Page) -> OpenLink | ClosedLink:
    """Open the link, for the programme that its address names; one of an older mail is for all."""
    key = page.query.get("programme", "")
    return open_link(page.service, page.path("token"), "preferences", programme=key)


def _own_programmes(opened: OpenLink) -> list[str]:
    return [
        key
        for key, state in opened.states.items()
        if any(same_address(one.email, opened.reader) for one in state.people.all)
    ]


def preference_fields(
    preferences: Preferences, lang: Lang, *, secretary: bool
) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Return name, label and options (value, words, chosen) of each field; one is the secretary's only."""
    weekday = use.ANY if preferences.weekday is None else use.WEEKDAYS[preferences.weekday]
    fields: list[tuple[str, tuple[str, ...], str]] = [
        ("weekday", (use.ANY, *use.WEEKDAYS), weekday),
        ("rhythm", RHYTHMS, preferences.rhythm),
        ("digest", DIGEST_RHYTHMS, preferences.digest),
        ("language", (use.LISTED, *use.LANGUAGES), preferences.language or use.LISTED),
        ("format", FORMATS, preferences.format),
    ]
    return [
        (
            name,
            say(lang, f"wishes.{name}"),
            [(one, say(lang, f"wishes.{name}-{one.replace('+', '-')}"), one == chosen) for one in options],
        )
        for name, options, chosen in fields
        if secretary or name != "digest"
    ]


def stage_words(name: str, lang: Lang) -> str:
    """Say what a stage that can be switched off is."""
    if name in _WORDED:
        return say(lang, f"wishes.stage-{name}")
    days = int(name.strip("-PD"))
    return say(lang, "wishes.stage-before" if name.startswith("-") else "wishes.stage-after", n=days)
