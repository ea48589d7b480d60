"""A unit's form of the data collection, filled in by the secretary, signed in: the same form, her name."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reminders.dispatch.form_doors import ByHand, Door, Opened
from reminders.web.collection_form import CollectionFormPages, Frame
from reminders.web.guard import refuse


class CollectionByHandPages(CollectionFormPages):
    """The endpoints of ``/collection/{year}/form/{programme}``; ``unit`` in the query names whose form."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/collection/{year:int}/form/{programme}"
        return [Route(path, self.page), Route(path, self.post, methods=["POST"])]

    def _refused(self, request: Request) -> Response | None:
        return refuse(self.site, request)

    def _door(self, request: Request) -> Door:
        return ByHand(request.path_params["year"], request.path_params["programme"])

    def _frame(self, request: Request, opened: Opened) -> Frame:
        """Return the frame with the menu; units are chosen on the round's page."""
        del request
        key = opened.found.stored.programme.key
        return Frame("base.html", f"/collection/{opened.found.year}?programme={key}", ())
