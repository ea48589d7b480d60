"""How a reader wants mail: weekday, rhythm, language, format, stages; behind the mail's own link.

What holds in one programme holds in all that know the address. Duties stay where they are
(see ``preferences``); the page says so.
"""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reminders.errors import UsageError
from reminders.planning.addresses import same_address
from reminders.planning.links import Links
from reminders.planning.policy import DEFAULT_POLICY
from reminders.planning.preferences import DIGEST_RHYTHMS, FORMATS, RHYTHMS, Preferences, optional_stages
from reminders.planning.speakers import is_secretary
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
from reminders.web import forms
from reminders.web.catalogue import say
from reminders.web.forms import read_form, text_of
from reminders.web.site import Site
from schedule_rules.programme import Lang

_LIMIT: Final = 20_000
_WORDED: Final = ("start", "dates", "pace", "year")


class WishPages:
    """The endpoints of ``/preferences/{token}``."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/preferences/{token}", self.page),
            Route("/preferences/{token}", self.post, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for a link: the form with what holds."""
        opened = open_link(self.site.service, request.path_params["token"], "preferences")
        if isinstance(opened, ClosedLink):
            return forms.closed(self.site, request, opened)
        return self._form(request, opened)

    async def post(self, request: Request) -> Response:
        """Answer for a POST: store what was chosen."""
        if refused := forms.refuse_foreign(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._save, request, form)

    def _save(self, request: Request, form: FormData) -> Response:
        opened = open_link(self.site.service, request.path_params["token"], "preferences")
        if isinstance(opened, ClosedLink):
            return forms.closed_post(self.site, request, opened, form)
        lang = self.site.visitor(request).lang
        ticked = {one for one in form.getlist("stage") if isinstance(one, str)}
        try:
            for key in _programmes(opened):
                known = optional_stages(opened.states[key].policy)
                wished = PreferenceChange(
                    weekday=text_of(form, "weekday"),
                    rhythm=text_of(form, "rhythm"),
                    digest=text_of(form, "digest") or None,
                    language=text_of(form, "language"),
                    format=text_of(form, "format"),
                    off=tuple(one for one in known if one not in ticked),
                    on=tuple(one for one in known if one in ticked),
                )
                change_preferences(self.site.service, key, opened.reader, wished)
        except UsageError:
            return self._form(request, opened, 422)
        return forms.back(request, lang, saved="1")

    def _form(self, request: Request, opened: OpenLink, status: int = 200) -> Response:
        lang, keys = self.site.visitor(request).lang, _programmes(opened)
        holds = preferences_of(self.site.service, keys[0], opened.reader)
        policy = opened.states[keys[0]].policy if keys else DEFAULT_POLICY
        return forms.page(
            self.site,
            request,
            "wishes.html",
            status,
            reader=opened.reader,
            saved="saved" in request.query_params,
            wrong=status == 422,
            choices=_choices(
                holds,
                lang,
                secretary=any(
                    is_secretary(state.people, opened.reader, opened.today)
                    for state in opened.states.values()
                ),
            ),
            stages=[(one, stage_words(one, lang), one not in holds.off) for one in optional_stages(policy)],
            unit=unit_address(self.site.service.secret, opened),
        )


def _programmes(opened: OpenLink) -> list[str]:
    """Return the programmes on whose contact list the reader stands."""
    return [
        key
        for key, state in opened.states.items()
        if any(same_address(one.email, opened.reader) for one in state.people.all)
    ]


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
