"""The settings page: a programme's dates, stages and escalation; what the service was started with.

Signed in only. A change is shown with what it does to the mails to come, then stored by one button.
"""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.choices import NAMES, ChoiceError, canonical
from reminders.dispatch.choosing import Wish, check_wish, choices_of, choose, enter
from reminders.dispatch.whatif import what_if
from reminders.errors import NotFoundError
from reminders.store import choices as store
from reminders.web.asked import Asked, asked_of
from reminders.web.difference_view import difference_view
from reminders.web.forecast_columns import window_of
from reminders.web.form_data import read_form, text_of
from reminders.web.guard import refuse
from reminders.web.settings_view import facts, of_service, typed, value_words
from reminders.web.site import Site
from reminders.web.words import say

_LIMIT: Final = 20_000
LONGEST: Final = 400


class SettingsPages:
    """The endpoints of the settings."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/settings", self.page),
            Route("/settings/{name}", self.form),
            Route("/settings/{name}", self.posted, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/settings``."""
        if refused := refuse(self.site, request):
            return refused
        asked, service = asked_of(self.site, request), self.site.service
        with self.site.library.read() as connection:
            choices = choices_of(connection, asked.key)
            made = store.history(connection, asked.key)
        return self.site.page(
            request,
            "settings.html",
            facts=facts(choices, made, service.settings.zone, asked.lang),
            service=of_service(service.settings, service.clock(), asked.lang),
            held=asked.standing.book.row.held,
            key=asked.key,
        )

    def form(self, request: Request) -> Response:
        """Answer for ``/settings/{name}``: the form of one setting."""
        if refused := refuse(self.site, request):
            return refused
        asked, name = asked_of(self.site, request), _name(request)
        with self.site.library.read() as connection:
            text = next(one.text for one in choices_of(connection, asked.key) if one.name == name)
        return self._edit(request, asked, typed(name, text, asked.lang), "")

    async def posted(self, request: Request) -> Response:
        """Answer for a POST: *preview*, *edit*, *save*, or *default*, which takes the choice back."""
        if refused := refuse(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        asked, step = asked_of(self.site, request), text_of(form, "step")
        text = "" if step == "default" else text_of(form, "value")[:LONGEST]
        wish = Wish(asked.key, _name(request), text, asked.by)
        wrong = self._wrong(asked, wish, blank=step in {"default", "save"})
        if wrong or step == "edit":
            return self._edit(request, asked, text, wrong)
        if step == "save":
            choose(self.site.service, wish)
            return RedirectResponse(asked.home("/settings"), 303)
        return self._preview(request, asked, wish)

    def _wrong(self, asked: Asked, wish: Wish, *, blank: bool) -> str:
        """Say what is wrong with a value; a blank one is the default where that was asked for."""
        if not wish.text and not blank:
            return say(asked.lang, f"settings.wrong.{NAMES[wish.name]}")
        try:
            check_wish(asked.standing.book.row, dict(asked.standing.book.row.chosen), wish)
        except ChoiceError as error:
            return say(asked.lang, f"settings.wrong.{error.code}")
        return ""

    def _preview(self, request: Request, asked: Asked, wish: Wish) -> Response:
        service, today = self.site.service, self.site.library.today()
        found = what_if(service, lambda connection: enter(connection, service, wish), window_of(today))
        text = canonical(asked.standing.book.row.printed, wish.name, wish.text)
        words = value_words(wish.name, text, asked.lang) if text else ""
        return self.site.page(
            request,
            "settings_preview.html",
            title=say(asked.lang, f"settings.name.{wish.name}"),
            value=words or say(asked.lang, "settings.default-again"),
            wish=wish,
            mails=difference_view(found, asked.lang),
            home=asked.home("/settings"),
        )

    def _edit(self, request: Request, asked: Asked, text: str, wrong: str) -> Response:
        name = _name(request)
        return self.site.page(
            request,
            "settings_form.html",
            422 if wrong else 200,
            name=name,
            kind=NAMES[name],
            title=say(asked.lang, f"settings.name.{name}"),
            value=text,
            wrong=wrong,
            chosen=name in asked.standing.book.row.chosen,
            longest=LONGEST,
            home=asked.home("/settings"),
            key=asked.key,
        )


def _name(request: Request) -> str:
    name: str = request.path_params["name"]
    if name not in NAMES:
        raise NotFoundError(f"no setting {name!r}")
    return name
