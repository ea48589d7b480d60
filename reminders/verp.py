"""Return addresses that name their message and are signed: bounces+17.<HMAC>@domain.

Pure. Variable envelope return paths (VERP): the bounce of a mail comes to an
address that nobody but this service can have made (RFC 5321 section 4.4,
RFC 5233 for the tag after ``+``).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

_DIGITS: Final = 20
_TAG: Final = re.compile(r"\+(?P<id>[0-9]{1,18})\.(?P<signature>[0-9a-f]+)", re.ASCII)


def return_path(bounce_address: str, outbox_id: int, secret: str) -> str:
    """Return the address that the bounce of a message comes to."""
    local, _, domain = bounce_address.rpartition("@")
    return f"{local}+{outbox_id}.{_signature(outbox_id, secret)}@{domain}"


def is_tagged(bounce_address: str, address: str) -> bool:
    """Tell whether an address claims to be one of ours, truly or not."""
    local, _, domain = bounce_address.lower().rpartition("@")
    found_local, _, found_domain = address.lower().rpartition("@")
    return found_domain == domain and found_local.startswith(f"{local}+")


def outbox_id_of(bounce_address: str, address: str, secret: str) -> int | None:
    """Return the message that a return address names; None when its signature is not ours."""
    local, tag = bounce_address.rpartition("@")[0], address.lower().rpartition("@")[0]
    found = _TAG.fullmatch(tag.removeprefix(local.lower()))
    if not is_tagged(bounce_address, address) or found is None:
        return None
    outbox_id = int(found["id"])
    return outbox_id if hmac.compare_digest(found["signature"], _signature(outbox_id, secret)) else None


def _signature(outbox_id: int, secret: str) -> str:
    facts = f"return path\0{outbox_id}"
    return hmac.new(secret.encode(), facts.encode(), hashlib.sha256).hexdigest()[:_DIGITS]
