"""Who gets an item: role, organisation and absence to mailboxes, along the fallback chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Role = Literal["contact", "deputy", "mailbox", "head", "secretary"]
MailLanguage = Literal["fi", "sv", "en", "fi+sv"]


@dataclass(frozen=True, slots=True)
class Contact:
    """A mailbox or person of an organisation; validity in whole days, both ends included.

    A deputy's validity is the absence of the person whose address is ``deputy_of``.
    """

    organisation: str
    role: Role
    name: str
    email: str
    language: MailLanguage
    valid_from: date | None = None
    valid_until: date | None = None
    deputy_of: str = ""
