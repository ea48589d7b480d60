"""The ways in: the choice between them, a link by mail, the page behind a link.

Making, storing and mailing links is left to ``use.people.sign_in``, the session that begins to ``sessions``,
the city's own sign-in service to ``oidc``.

The page *Sign in* answers the same for any address, before anything is looked up: the mail is made after the
answer has gone. Opening a link changes nothing, so that programs which look at mails on their way do not use
it up; its button does.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.planning.addresses import folded
from reminders.use.people.sign_in import MAIL_VALID_FOR, is_link_good, mail_sign_in_link, use_sign_in_link
from reminders.web.asking_limit import FROM_ONE, WITHIN, AskingLimit, network_of
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.sessions import begin_session, safe_local
from reminders.web.site import Site

_MAILS: Final = 3
"""Links that are mailed to one address within a quarter of an hour; each is good for longer."""
_PATH: Final = "/sign-in"


class SignInLinkPages(Pages):
    """Where somebody chooses how to sign in, and where a link leads.

    A person needs one link, perhaps a second; the others of a town hall may come from one network address.
    """

    def __init__(self, site: Site) -> None:
        """Mail links for the pages of ``site``, each address few of them."""
        super().__init__(site)
        self.networks, self.addresses = AskingLimit(FROM_ONE), AskingLimit(_MAILS)

    def routes(self) -> list[Route]:
        """Return the routes."""
        limits = FormLimits(size=4096, fields=5)
        return [
            *self.public(_PATH, self.choose, self.ask, limits),
            *self.public(f"{_PATH}/{{token}}", self.show_link, self.use, private=True),
        ]

    def choose(self, page: Page, wrong: str = "", typed: str = "") -> Response:
        """Show the ways in; the city's own service first, where there is one."""
        settings, following = page.service.settings, _next(page)
        query = f"?{urlencode({'next': following})}" if following != "/" else ""
        return page.render(
            "sign_in.html",
            422 if wrong else 200,
            service_link=f"{_PATH}/service{query}" if settings.oidc_issuer else "",
            sent="sent" in page.query,
            is_out="out" in page.query and not page.visitor.person,
            minutes=MAIL_VALID_FOR.seconds // 60,
            in_folder=settings.smtp_url is None,
            wrong=wrong,
            typed=typed,
        )

    def ask(self, page: Page) -> Response:
        """Mail a link to an address that may sign in; the answer is the same for every address, each time."""
        typed = page.address("address")
        if typed is None:
            return self.choose(page, page.say("signing.wrong"), page.text("address"))
        if not self.networks.lets_pass(network_of(page.service.actor.origin)):
            return page.too_often(page.say("signing.often"), "signing.often-text", WITHIN)
        following = _next(page)
        # A stranger who asks in somebody's name does not keep that person out: what was mailed still works.
        is_mailed = self.addresses.lets_pass(folded(typed))
        task = BackgroundTask(mail_sign_in_link, page.service, typed, following) if is_mailed else None
        query = urlencode({"lang": page.lang, "sent": "1", "next": following})
        return RedirectResponse(f"{_PATH}?{query}", 303, {"Cache-Control": "no-store"}, background=task)

    def show_link(self, page: Page) -> Response:
        """Show the button of a link; nothing is changed, whoever looks."""
        if not is_link_good(page.service, page.path("token")):
            return self._over(page)
        return page.render("sign_in_link.html")

    def use(self, page: Page) -> Response:
        """Use a link up and open the session of whom it was made for."""
        found = use_sign_in_link(page.service, page.path("token"))
        if found is None:
            return self._over(page)
        address, how = found
        return begin_session(page, address, how)

    def _over(self, page: Page) -> Response:
        title, text = page.say("session.used"), page.say("session.used-text")
        return page.render("error.html", 410, title=title, text=text, sign_in=_PATH)


def _next(page: Page) -> str:
    """Return the page of ours that comes after signing in."""
    return safe_local(page.query.get("next", ""))
