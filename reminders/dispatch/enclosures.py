"""The files of invitations in a mail: the one that makes the mail an invitation, or files beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from email_templates.render import languages
from reminders.due import World
from reminders.gather import Draft
from reminders.itip import alone, beside
from reminders.message import Attachment


def invitation_of(
    draft: Draft, worlds: Mapping[str, World], sender: str, now: datetime
) -> tuple[Attachment | None, tuple[Attachment, ...]]:
    """Return (the invitation that the mail is, the files beside it); ``sender`` is a bare address."""
    lang = languages(draft.language)[0]
    made = alone if _is_alone(draft) else beside
    found = [
        made(
            one,
            worlds[one.programme].programme,
            (worlds[one.programme].programme.name.get(lang), sender),
            lang,
            now,
        )
        for one in draft.invitations
    ]
    return (found[0], ()) if _is_alone(draft) else (None, tuple(found))


def _is_alone(draft: Draft) -> bool:
    """Tell whether a mail holds one invitation and nothing else."""
    beside_it = draft.reminders or draft.shares or draft.feeds or draft.board
    return len(draft.invitations) == 1 and not beside_it
