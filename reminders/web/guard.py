"""What pages with mail, contacts or acts ask first: the session, and where a POST comes from."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from reminders.web.seal import is_our_own
from reminders.web.site import Site
from reminders.web.words import say


def refuse(site: Site, request: Request) -> Response | None:
    """Return the refusal of a request that is not the secretary's own, None when it is."""
    visitor = site.visitor(request)
    if not visitor.signed_in:
        return site.refusal(request)
    if request.method == "POST" and not is_our_own(request.headers, site.service.settings.base_url):
        lang = visitor.lang
        return site.error(request, 403, say(lang, "error.foreign"), say(lang, "error.foreign-text"))
    return None
