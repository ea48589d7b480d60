"""What a letter says of the invitations and calendars beside its items. Pure.

Who gets them, and when, is left to ``enclosing``; their words to ``email_templates``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from email_templates.letters import Enclosed, Meeting, OwnFeed
from reminders.due import World
from reminders.feed_request import FeedAsked
from reminders.invitations import Invitation, Method, board_of
from schedule_rules.programme import LANGUAGES, Lang, Text

_NEWS: Final[Mapping[Method, Literal["changed", "cancelled", "withdrawn"]]] = {
    "request": "changed",
    "cancel": "cancelled",
    "withdraw": "withdrawn",
}


def enclosed(
    invitations: Iterable[Invitation],
    feeds: Iterable[FeedAsked],
    worlds: Mapping[str, World],
    secret: str,
    base_url: str,
) -> Enclosed:
    """Return it as the letter's variables."""
    return Enclosed(
        tuple(_meeting(one, worlds[one.programme]) for one in invitations),
        tuple(_feed(one, worlds[one.programme], secret, base_url) for one in feeds),
    )


def _meeting(one: Invitation, world: World) -> Meeting:
    news = _NEWS[one.method] if one.sequence else "invited"
    return Meeting(board_of(world.programme), one.on, news, one.hours, one.place)


def _feed(one: FeedAsked, world: World, secret: str, base_url: str) -> OwnFeed:
    path = f"{base_url.rstrip('/')}/calendars/private/{one.token(secret)}/own"
    urls: dict[Lang, str] = {lang: f"{path}-{lang}.ics" for lang in LANGUAGES}
    return OwnFeed(world.programme.name, Text(**urls), one.on)
