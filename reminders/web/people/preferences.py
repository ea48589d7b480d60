"""How a reader wants mail: weekday, rhythm, language, format, stages; behind the mail's own link.

What holds in one programme holds in all that know the address. Duties stay where they are
(see ``preferences``); the page says so.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from reminders.errors import UsageError
from reminders.planning.links import Links
from reminders.planning.policy import DEFAULT_POLICY
from reminders.planning.preferences import DIGEST_RHYTHMS, FORMATS, RHYTHMS, Preferences, optional_stages
from reminders.use.answers.links import ClosedLink, OpenLink, open_link
from reminders.use.people.preferences import (
    ANY,
    LISTED,
    WEEKDAYS,
    PreferenceChange,
    change_preferences,
    preferences_of,
)
from reminders.use.people.preferences import LANGUAGES as MAIL_LANGUAGES
from reminders.web.catalogue import say
from reminders.web.page import Page, Pages
from schedule_rules.programme import Lang

_WORDED: Final = ("start", "dates", "pace", "year")


class WishPages(Pages):
    """The reader's own preferences, behind a mail's link."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.linked("/preferences/{token}", _link, self.show, self.save)

    def show(self, page: Page, opened: OpenLink, status: int = 200) -> Response:
        """Show the form with what holds."""
        keys = _programmes(opened)
        holds = preferences_of(page.service, keys[0], opened.reader)
        policy = opened.states[keys[0]].policy if keys else DEFAULT_POLICY
        return page.render(
            "wishes.html",
            status,
            reader=opened.reader,
            saved="saved" in page.query,
            wrong=status == 422,
            choices=_choices(holds, page.lang, secretary=_is_secretary(opened)),
            stages=[
                (one, stage_words(one, page.lang), one not in holds.off) for one in optional_stages(policy)
            ],
            unit=unit_address(page.service.secret, opened),
        )

    def save(self, page: Page, opened: OpenLink) -> Response:
        """Store what was chosen."""
        ticked = set(page.ticked("stage"))
        try:
            for key in _programmes(opened):
                known = optional_stages(opened.states[key].policy)
                wished = PreferenceChange(
                    weekday=page.text("weekday"),
                    rhythm=page.text("rhythm"),
                    digest=page.text("digest") or None,
                    language=page.text("language"),
                    format=page.text("format"),
                    off=tuple(one for one in known if one not in ticked),
                    on=tuple(one for one in known if one in ticked),
                )
                change_preferences(page.service, key, opened.reader, wished)
        except UsageError:
            return self.show(page, opened, 422)
        return page.back(saved="1")


def _link(page: Page) -> OpenLink | ClosedLink:
    return open_link(page.service, page.path("token"), "preferences")


def _programmes(opened: OpenLink) -> list[str]:
    """Return the programmes on whose contact list the reader stands."""
    return [
        key
        for key, state in opened.states.items()
        if any(one.email == opened.reader for one in state.people.all)
    ]


def _is_secretary(opened: OpenLink) -> bool:
    return any(
        one.email == opened.reader
        for state in opened.states.values()
        for one in state.people.secretary(opened.today)
    )


def _choices(
    holds: Preferences, lang: Lang, *, secretary: bool
) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Return name, label and options (value, words, chosen) of each field."""
    values = {
        "weekday": ((ANY, *WEEKDAYS), ANY if holds.weekday is None else WEEKDAYS[holds.weekday]),
        "rhythm": (RHYTHMS, holds.rhythm),
        "digest": (DIGEST_RHYTHMS, holds.digest),
        "language": ((LISTED, *MAIL_LANGUAGES), holds.language or LISTED),
        "format": (FORMATS, holds.format),
    }
    return [
        (
            name,
            say(lang, f"wishes.{name}"),
            [(one, say(lang, f"wishes.{name}-{one.replace('+', '-')}"), one == chosen) for one in options],
        )
        for name, (options, chosen) in values.items()
        if secretary or name != "digest"
    ]


def stage_words(name: str, lang: Lang) -> str:
    """Say what a stage that can be switched off is."""
    if name in _WORDED:
        return say(lang, f"wishes.stage-{name}")
    days = int(name.strip("-PD"))
    return say(lang, "wishes.stage-before" if name.startswith("-") else "wishes.stage-after", n=days)


def unit_address(secret: str, opened: OpenLink) -> str:
    """Return the address of the reader's page with all items, under a link that holds as long."""
    return f"/unit/{Links(secret).issue('unit', '', opened.reader, opened.until)}"


def wishes_address(secret: str, opened: OpenLink) -> str:
    """Return the address of the reader's wishes, under a link that holds as long as the one opened."""
    return f"/preferences/{Links(secret).issue('preferences', '', opened.reader, opened.until)}"
