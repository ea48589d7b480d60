"""A mail that holds nothing but what was enclosed: an invitation, or the address of a calendar.

It is shown as a mail to a unit without items. Nothing is answered in it, so it has no link that
acts for its reader but the one that was asked for.
"""

from __future__ import annotations

from dataclasses import replace

from email_templates import dates
from email_templates.enclosed_view import enclosed_parts
from email_templates.headlines import heading
from email_templates.letters import Notice
from email_templates.rows import Button
from email_templates.text import capital, clean
from email_templates.view import Foot, UnitPart
from email_templates.words import say
from schedule_rules.programme import Lang


def notice_part(letter: Notice, lang: Lang) -> UnitPart:
    """Return the mail in ``lang``."""
    unit = clean(letter.unit.get(lang))
    first, *rest = enclosed_parts(letter.enclosed, lang)
    return UnitPart(
        lang=lang,
        programme=clean(letter.programme.get(lang)),
        heading=heading(letter, lang),
        addressee=capital(", ".join(filter(None, (unit, dates.named(letter.sent_on, lang))))),
        hello=say(lang, "mail.hello"),
        lead="",
        sections=(),
        years=(),
        enclosed=(replace(first, heading=""), *rest),
        all_items=None,
        regards=say(lang, "mail.regards"),
        foot=_foot(letter, lang),
    )


def _foot(letter: Notice, lang: Lang) -> Foot:
    why = say(lang, "own-feed.why" if letter.enclosed.feeds else "meeting.why")
    how = "own-feed.steps" if letter.enclosed.feeds else "meeting.calendars"
    link = Button(say(lang, how), f"{letter.calendar_url}?lang={lang}")
    return Foot(say(lang, "mail.why"), (why, say(lang, "mail.reply")), (link,))
