"""Sessions of browsers: how one begins, by whichever way in, and how it ends.

The ways in are ``sign_in`` and ``oidc``; how long a session holds is left to ``use.people.sessions``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.use.people.sessions import HowOpened, sign_out, start_session
from reminders.use.watch.audit import note_refused_sign_in
from reminders.web.page import Page, Pages
from reminders.web.site import COOKIE


class SessionPages(Pages):
    """The way out of a session."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [*self.person("/sign-out", None, self.sign_out)]

    def sign_out(self, page: Page) -> Response:
        """Close the session, here and for whoever has a copy of its cookie."""
        sign_out(page.service, page.visitor.person, page.visitor.session)
        return signed_out(page)


def begin_session(page: Page, address: str, how: HowOpened, following: str = "") -> Response:
    """Open a session for a person who has shown to be the one at ``address``, and go on to a page.

    That is ``following``, or what the address or the form names as ``next``, where it is a page of ours, else
    the first one. The token is new, whatever the browser had. An address that may not sign in today is told
    so (403).
    """
    with page.read() as connection:
        known = page.site.snapshots.all(connection)
    address = page.site.snapshots.as_listed(known, address)
    if not page.site.snapshots.managed_by(known, address):
        note_refused_sign_in(page.service, "stranger", address)
        return page.error(403, page.say("oidc.stranger"), page.say("oidc.stranger-text"))
    request, site = page.request, page.site
    browser = browser_name(request.headers.get("user-agent", ""))
    as_person = page.service.acting(replace(page.service.actor, address=address))
    token = start_session(as_person, address, how, browser, site.cookie(request, COOKIE) or "")
    wanted = following or page.text("next") or page.query.get("next", "")
    response = RedirectResponse(safe_local(wanted), 303, {"Cache-Control": "no-store"})
    site.set_cookie(response, COOKIE, token, int(page.service.settings.session_longest.total_seconds()))
    return response


def signed_out(page: Page) -> Response:
    """Return the page that says so and is the way in again, the session's cookie taken away."""
    response = page.redirect("/sign-in?out=1")
    page.site.delete_cookie(response, COOKIE)
    return response


_LOCAL: Final = re.compile(r"/(?![/\\]|sign-(?:in|out)(?:[/?]|$))[\x21-\x7e]{0,500}")
_BROWSERS: Final = {
    "Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "CriOS": "Chrome", "HeadlessChrome": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
"""What names a browser in its User-Agent, those first that name others beside themselves."""
_SYSTEMS: Final = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


def safe_local(address: str) -> str:
    r"""Return an address where it is a page of this service that signs nobody in or out, else the first one.

    Browsers take ``//host`` and ``/\host`` for another site (WHATWG URL, "relative slash state").
    """
    return address if _LOCAL.fullmatch(address) else "/"


def browser_name(user_agent: str) -> str:
    """Return the short name of a browser and its system: *Firefox, Windows*; nothing for one not known."""
    name = next((name for mark, name in _BROWSERS.items() if f"{mark}/" in user_agent), "")
    system = next((one for one in _SYSTEMS if one in user_agent), "")
    return ", ".join(filter(None, (name, system.replace("Macintosh", "Mac"))))
