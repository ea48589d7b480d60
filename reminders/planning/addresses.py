"""When two spellings of a mail address are one and the same.

Pure. One address is one identity, whatever its case, its Unicode form (NFC) or the form of its
domain (``ä.example`` is ``xn--4ca.example``, RFC 5890 section 2.3.2.1); it is shown as it was
written (design: behaviour.md, "People"). Whoever compares addresses asks here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache


@lru_cache(maxsize=4096)
def folded(address: str) -> str:
    """Return the one form that all spellings of an address share; of plain lower case the address itself.

    A text without a domain, or with one that IDNA does not take, is folded as plain text. This form is the
    key wherever an address is one: of reminders, mails of a day, wishes, dead addresses, feed requests.
    """
    if address.isascii():
        return address.strip().lower()
    local, at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return unicodedata.normalize("NFC", local.casefold()) + at + domain.casefold()


def in_ascii(address: str) -> str:
    """Return an address as it goes over the wire: its domain as ``xn--`` labels (RFC 5891 section 4.4).

    The local part stays as it is written; one beyond ASCII needs SMTPUTF8 (RFC 6531).
    """
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    with suppress(UnicodeError):
        domain = unicodedata.normalize("NFC", domain).encode("idna").decode("ascii")
    return local + at + domain


def spellings(address: str) -> tuple[str, ...]:
    """Return an address as it may be written: as given, with its domain in ASCII, with it in Unicode."""
    local, at, domain = in_ascii(address.strip()).rpartition("@")
    found = [address.strip(), f"{local}{at}{domain}"]
    with suppress(UnicodeError):
        found.append(local + at + domain.encode("ascii").decode("idna"))
    return tuple(dict.fromkeys(found))


def same_address(one: str, other: str) -> bool:
    """Tell whether two spellings are one address."""
    return folded(one) == folded(other)


def listed_as(address: str, known: Iterable[str]) -> str | None:
    """Return how an address is written among ``known`` ones: as given where it stands so, else the first."""
    spellings = [one for one in known if same_address(one, address)]
    return address if address in spellings else next(iter(spellings), None)
