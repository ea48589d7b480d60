"""The privacy page: what is stored of people, why, how long, and what they may ask for. Public, in short.

The whole of it stands in ``docs/data-protection.md``; the city's own notice comes first where PRIVACY_URL
names one.
"""

from __future__ import annotations

from email.utils import parseaddr

from starlette.responses import Response
from starlette.routing import Route

from reminders.web.page import Page, Pages

OMBUDSMAN = {
    "fi": "https://tietosuoja.fi/",
    "sv": "https://tietosuoja.fi/sv/",
    "en": "https://tietosuoja.fi/en/",
}
"""Where one complains in Finland, by language."""


class PrivacyPages(Pages):
    """Says what is stored of people, and who helps them to their rights."""

    def routes(self) -> list[Route]:
        """Return the route."""
        return self.public("/privacy", self.show)

    def show(self, page: Page) -> Response:
        """Show the page; the periods are those that are set."""
        settings = page.service.settings
        address = parseaddr(settings.mail_reply_to or "")[1]
        contact = page.say("privacy.contact-address", address=address) if address else ""
        return page.render(
            "privacy.html",
            mail_days=page.say("privacy.how-long-mail", settings.keep_mail_days),
            address_days=page.say("privacy.how-long-address", settings.keep_addresses_days),
            origin_days=page.say("privacy.how-long-origin", settings.keep_addresses_days),
            contact=contact or page.say("privacy.contact-reply"),
            ombudsman=OMBUDSMAN[page.lang],
            city=settings.privacy_url,
        )
