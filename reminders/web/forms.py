"""Reading a posted form, bounded: how many bytes, files and fields; and answering with a file.

What pages behind a mail's own links share: no menu, no trace of the token elsewhere, why a link is closed.

A token in the address is what authorises, so a POST needs no session and no
cookie: whoever could forge one would have to know the token, and could then as
well open the page. Still a POST that a browser says came from another site is
refused (``Sec-Fetch-Site``, else ``Origin``). ``Origin: null`` and none at all
pass: with ``Referrer-Policy: no-referrer`` browsers send ``null`` from our own
form (Fetch, "append a request Origin header"), and so do browsers inside mail programs.

What a signed-in page is asked about: one programme as it stands, in the reader's language.

Who acts when the secretary's session does: the name that corrections and choices carry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Message

from email_templates import words as shared
from reminders.planning.speakers import acting_as
from reminders.use.answers.links import ClosedLink, request_new_link
from reminders.web.catalogue import say
from reminders.web.site import Site
from reminders.web.snapshot import CurrentState
from schedule_rules.programme import Lang

# -- Reading a posted form, bounded: how many bytes, files and fields; and answering with a fil


async def read_form(request: Request, *, limit: int, files: int = 0, fields: int = 200) -> FormData:
    """Return the form of a POST; a larger one is refused with 413 before it is read to its end.

    Whoever asks for files closes the form.
    """
    left = limit

    async def counted() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    if int(request.headers.get("content-length") or 0) > limit:
        raise HTTPException(413)
    bounded = Request(request.scope, counted)
    return await bounded.form(max_files=files, max_fields=fields, max_part_size=100_000)


def text_of(form: FormData, name: str) -> str:
    """Return a field's text, nothing for a file or an absent field."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def as_file(octets: bytes, media_type: str, name: str) -> Response:
    """Return octets as a file to keep, which no cache does."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(octets, media_type=media_type, headers=headers)


# -- What pages behind a mail's own links share: no menu, no trace of the token elsewhere, why

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


def closed(site: Site, request: Request, found: ClosedLink) -> Response:
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


def closed_post(site: Site, request: Request, found: ClosedLink, form: FormData) -> Response:
    """Answer for a POST behind a closed link: a new one where the button asks for it, else why it is closed.

    A form that was open while its link expired is not taken for such a request.
    """
    if found.why != "expired" or text_of(form, "step") != "new":
        return closed(site, request, found)
    request_new_link(site.service, request.path_params["token"])
    return asked_again(site, request)


def _moved(found: ClosedLink, lang: Lang) -> str:
    known = found.state.programme.organisation_by_key if found.state else {}
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


# -- What a signed-in page is asked about: one programme as it stands, in the reader's language


@dataclass(frozen=True)
class PageContext:
    """The programme that the address names, the reader's language, and who acts."""

    standing: CurrentState
    lang: Lang
    by: str

    @property
    def key(self) -> str:
        """The programme's key."""
        return self.standing.book.programme.key

    def home(self, path: str) -> str:
        """Return the address of a page of this programme."""
        return f"{path}?{urlencode({'programme': self.key})}"


def asked_of(site: Site, request: Request) -> PageContext:
    """Return what a request asks about; ``NotFoundError`` for a programme that there is not."""
    visitor = site.visitor(request)
    with site.library.read() as connection:
        standing = site.library.standing(connection, site.book(connection, visitor))
    return PageContext(standing, visitor.lang, acting_as(standing.state.people, site.library.today()))
