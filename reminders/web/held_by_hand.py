"""The secretary's page of the dates that count towards an action's target: added, taken away."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.dispatch.counting import entered_for
from reminders.due import World
from reminders.errors import NotFoundError
from reminders.pace import targets
from reminders.web.action_book import book_of
from reminders.web.form_data import read_form, text_of
from reminders.web.guard import refuse
from reminders.web.held import Who, add, remove
from reminders.web.held_view import Field, HeldView, held_view
from reminders.web.site import Site
from schedule_rules.programme import Lang

_LIMIT: Final = 20_000


class HeldByHandPages:
    """The endpoints of ``/actions/{id}/held``, signed in."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/actions/{id}/held"
        return [Route(path, self.page), Route(path, self.post, methods=["POST"])]

    def page(self, request: Request) -> Response:
        """Answer for the list and the fields of another date."""
        return refuse(self.site, request) or self._page(request, Field())

    async def post(self, request: Request) -> Response:
        """Answer for a POST: add a date, or take one away."""
        if refused := refuse(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        view, service = self._view(request), self.site.service
        if text_of(form, "step") == "remove":
            remove(service, view, text_of(form, "which"), "")
            return self._back(request, "removed")
        typed = Field(text_of(form, "date"), text_of(form, "note"))
        typed = add(service, view, typed, Who("", "", self._lang(request)))
        return self._page(request, typed) if typed.wrong else self._back(request, "added")

    def _back(self, request: Request, done: str) -> Response:
        kept = request.query_params.get("programme")
        tail = f"&programme={kept}" if kept and kept.replace("-", "").isalnum() else ""
        return RedirectResponse(f"{request.url.path}?done={done}{tail}", 303)

    def _page(self, request: Request, typed: Field) -> Response:
        done = request.query_params.get("done", "") if not typed.wrong else ""
        return self.site.page(
            request,
            "held_by_hand.html",
            422 if typed.wrong else 200,
            view=self._view(request),
            typed=typed,
            errors=[(f"held-{name}", words) for name, words in typed.wrong.items()],
            done=done if done in {"added", "removed"} else "",
        )

    def _view(self, request: Request) -> HeldView:
        visitor, action = self.site.visitor(request), request.path_params["id"]
        with self.site.library.read() as connection:
            book = book_of(self.site.library.books(connection), visitor.query.get("programme"), action)
            world = self.site.library.standing(connection, book).world
        view = action_held(self.site, world, action, visitor.lang)
        if view is None:
            raise NotFoundError(f"{action!r} has no target")
        return view

    def _lang(self, request: Request) -> Lang:
        return self.site.visitor(request).lang


def action_held(site: Site, world: World, action: str, lang: Lang) -> HeldView | None:
    """Return the dates of an action's target, None where it has none."""
    target = next((one for one in targets(world.programme) if one[0] == action), None)
    if target is None:
        return None
    entered = entered_for(site.service, action)
    everybody = world.programme.organisation_by_key
    return held_view(world, target, entered, everybody, site.library.today(), lang)
