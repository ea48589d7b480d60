"""Whether a mail names somebody: its headers and texts, however they are encoded. Pure."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Collection, Iterator


def names_any(octets: bytes, words: Collection[str]) -> bool:
    """Tell whether one of the words stands in a message, in any case."""
    wanted = [one.casefold() for one in words if one]
    return any(one in text for text in map(str.casefold, _texts(octets)) for one in wanted)


def _texts(octets: bytes) -> Iterator[str]:
    message = email.message_from_bytes(octets, policy=email.policy.default)
    for part in message.walk():
        yield from (str(value) for value in part.values())
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield content.decode(part.get_content_charset("utf-8"), "replace")
