"""What pages behind a mail's own links share: no menu, no trace of the token elsewhere, why a link is closed.

A token in the address is what authorises, so a POST needs no session and no
cookie: whoever could forge one would have to know the token, and could then as
well open the page. Still a POST that a browser says came from another site is
refused (``Sec-Fetch-Site``, else ``Origin``). ``Origin: null`` and none at all
pass: with ``Referrer-Policy: no-referrer`` browsers send ``null`` from our own
form (Fetch, "append a request Origin header"), and so do browsers inside mail programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from email_templates import words as shared
from reminders.dispatch.new_link import ask_again
from reminders.dispatch.own_links import Closed
from reminders.web.form_data import text_of
from reminders.web.site import Site
from reminders.web.words import say
from schedule_rules.programme import Lang

PRIVATE: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
_STATUS: Final = {"unknown": 404, "expired": 410, "left": 403, "gone": 410, "moved": 200}


def page(site: Site, request: Request, template: str, status: int = 200, /, **model: Any) -> Response:  # noqa: ANN401 - the template's variables
    """Return a page that no cache keeps, no search finds and no other page hears of."""
    response = site.page(request, template, status, **model)
    response.headers.update(PRIVATE)
    return response


def closed(site: Site, request: Request, found: Closed) -> Response:
    """Return the page of a link that opens nothing: what to do next, nothing of what it was about."""
    lang = site.visitor(request).lang
    title = _moved(found, lang) if found.why == "moved" else say(lang, f"link.{found.why}")
    text = say(lang, f"link.{found.why}-text")
    return page(
        site,
        request,
        "link_closed.html",
        _STATUS[found.why],
        title=title,
        text=text,
        may_ask=found.why == "expired",
    )


def closed_post(site: Site, request: Request, found: Closed, form: FormData) -> Response:
    """Answer for a POST behind a closed link: a new one where the button asks for it, else why it is closed.

    A form that was open while its link expired is not taken for such a request.
    """
    if found.why != "expired" or text_of(form, "step") != "new":
        return closed(site, request, found)
    ask_again(site.service, request.path_params["token"])
    return asked_again(site, request)


def _moved(found: Closed, lang: Lang) -> str:
    known = found.world.programme.organisation_by_key if found.world else {}
    return say(lang, "link.moved", org=shared.names(lang, (known[key].name for key in found.to)))


def asked_again(site: Site, request: Request) -> Response:
    """Say that a new link was asked for; the same whether or not there will be one."""
    lang = site.visitor(request).lang
    title, text = say(lang, "link.asked"), say(lang, "link.asked-text")
    return page(site, request, "link_closed.html", title=title, text=text, may_ask=False)


def refuse_foreign(site: Site, request: Request) -> Response | None:
    """Return the refusal of a POST that another site sent, None where it is ours or does not say."""
    if not is_foreign(request.headers, site.service.settings.base_url):
        return None
    lang = site.visitor(request).lang
    title, text = say(lang, "error.foreign"), say(lang, "error.foreign-text")
    return page(site, request, "link_closed.html", 403, title=title, text=text, may_ask=False)


def is_foreign(headers: Mapping[str, str], base_url: str) -> bool:
    """Tell whether a browser says that a request comes from another site."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = urlsplit(headers.get("origin", "null"))
    ours = {headers.get("host", ""), urlsplit(base_url).netloc}
    return bool(origin.netloc) and origin.netloc not in ours


def back(request: Request, lang: Lang, **query: str) -> Response:
    """Return to the same page by GET, so that reloading posts nothing twice."""
    tail = "".join(f"&{name}={value}" for name, value in query.items())
    return RedirectResponse(f"{request.url.path}?lang={lang}{tail}", 303, PRIVATE)
