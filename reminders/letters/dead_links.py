"""A letter as it is shown to somebody who is not its reader: the links that let act are not live.

Pure. The token in such a link is all that its page asks for; whoever reads it may answer in the reader's
name, or subscribe to the reader's calendar.
"""

from __future__ import annotations

import re
from typing import Final

from reminders.planning.links import TOKEN

SHOWN: Final = "…"
"""What stands in the place of a token."""
_SLASH = "(?:/|%2F)"
_PAGES = "answer|unit|preferences|collection/form|series|held|sign-in|calendars/private"
_SECRET: Final = re.compile(
    f"(?P<path>{_SLASH}(?:{_PAGES.replace('/', _SLASH)}){_SLASH})(?P<token>[A-Za-z0-9_-]{{16,}})"
    f"|(?<![A-Za-z0-9])(?P<any>{TOKEN.pattern})(?![A-Za-z0-9])"
)
_ADDRESS: Final = re.compile(r"""\shref=("[^"]*"|'[^']*')""")


def without_tokens(text: str) -> str:
    """Return a text in which the links that let act lead nowhere."""
    return _SECRET.sub(lambda found: f"{found['path'] or ''}{SHOWN}", text)


def without_live_links(html: str) -> str:
    """Return a letter's html in which what would let act is no link any more, and no token is to be read."""
    unlinked = _ADDRESS.sub(lambda found: "" if _SECRET.search(found[0]) else found[0], html)
    return without_tokens(unlinked)
