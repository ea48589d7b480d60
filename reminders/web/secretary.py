"""Who acts when the secretary's session does: the name that corrections and choices carry."""

from __future__ import annotations

from datetime import date

from reminders.web.books import Standing


def secretary_of(standing: Standing, today: date) -> str:
    """Return the address of the programme's secretary, else the role."""
    found = standing.world.people.secretary(today)
    own = [contact.email for contact in found if contact.role == "secretary"]
    return own[0] if own else "secretary"
