"""The calendar files beside the letters of a year: what stands in the unit's feeds, as one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from calendars.feed import FeedSpec
from calendars.publish import of_year, published
from email_templates.render import languages
from reminders.dispatch.feeds import Source, source_of
from reminders.gather import Draft
from reminders.message import Attachment
from reminders.settings import Settings
from reminders.store import Connection
from reminders.yearly import Share
from schedule_rules.programme import Lang

MEDIA_TYPE: Final = "text/calendar; charset=utf-8; method=PUBLISH"
"""RFC 6047 section 2.4: the method stands in the type too."""


def sources_of(connection: Connection, drafts: Iterable[Draft], settings: Settings) -> Mapping[str, Source]:
    """Return the calendar entries of the programmes of whose year any mail holds a list."""
    keys = dict.fromkeys(share.programme for draft in drafts for share in draft.shares)
    return {key: source_of(connection, key, settings) for key in keys}


def files_of(draft: Draft, sources: Mapping[str, Source], base_url: str) -> tuple[Attachment, ...]:
    """Return a file for each list of a mail, in the mail's first language."""
    lang = languages(draft.language)[0]
    return tuple(_file(share, sources[share.programme], lang, base_url) for share in draft.shares)


def _file(share: Share, source: Source, lang: Lang, base_url: str) -> Attachment:
    programme = source.programme
    spec = FeedSpec(
        name="all", programme=programme.name, url=f"{base_url}/calendars/", zone=programme.timezone
    )
    entries = of_year(source.entries, share.organisations, share.year)
    modified = max((one.modified for one in entries), default=source.changed["all"])
    content = published(spec, entries, lang, modified)
    return Attachment(f"{programme.key}-{share.year}-{lang}.ics", MEDIA_TYPE, content)
