"""The evidence is begun, watched and verified: whose key it is, whether every row is as the record says."""

from __future__ import annotations

import re
from typing import Final

from structlog import get_logger

from reminders.errors import EvidenceError, UsageError
from reminders.service import Service
from reminders.store import evidence
from reminders.store.evidence import ChainHead, ChangedRow
from reminders.use.watch.audit import record_act

log = get_logger()
OTHER_KEY: Final = (
    "the secret key is not the one that this database began with: links in mails that were sent do not open, "
    "and the record cannot be verified. Put the old SECRET_KEY (or the file secret_key) back; "
    "if it is lost, run: reminders doctor --accept-key"
)
_MOST: Final = 20
_HEAD: Final = re.compile(r"(\d{1,9}):([0-9a-f]{8,64})", re.ASCII)


def begin_evidence(service: Service) -> bool:
    """Begin the record at the first start with a key, sealing what an older release wrote.

    Returns whether the key is the database's; another one is logged, and nothing stops for it.
    """
    with service.database.read() as connection:
        has_begun, is_other = evidence.has_begun(connection), evidence.has_other_key(connection)
    if not has_begun:
        with service.database.write() as connection:
            evidence.begin(connection, service.clock())
    if is_other:
        log.error("the secret key is not the one that this database began with")
    return not is_other


def has_other_key(service: Service) -> bool:
    """Tell whether the secret key is another than the database's."""
    with service.database.read() as connection:
        return evidence.has_other_key(connection)


def accept_key(service: Service) -> ChainHead:
    """Make today's key the database's, and seal the record under it as it stands; return the new head."""
    with service.database.write() as connection:
        evidence.accept_key(connection, service.clock())
        record_act(connection, service, "key-accepted")
        return evidence.chain_head(connection)


def read_head(text: str) -> ChainHead:
    """Read a printed head, COUNT:HASH; raise ``UsageError`` on anything else."""
    found = _HEAD.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(f"--head: expected COUNT:HASH as a digest prints it; found {text!r}")
    return ChainHead(int(found[1]), found[2])


def verify_log(service: Service, printed: ChainHead | None = None) -> ChainHead:
    """Return the head of a record that is as it was written, and had the ``printed`` one where one is given.

    Raises ``EvidenceError``: the key is another, rows are not as the record says (each by table, number and
    field), or the printed head is not one of this record: its end was removed, or it was written anew.
    """
    with service.database.snapshot() as connection:
        if evidence.has_other_key(connection):
            raise EvidenceError(OTHER_KEY)
        found, head = evidence.changed_rows(connection), evidence.chain_head(connection)
        had = printed is None or evidence.had_head(connection, printed)
    if found:
        raise EvidenceError(_listed(found))
    if not had:
        raise EvidenceError(
            "the printed head is not one of this record, which is whole in itself: its end was removed "
            "and an older head put in its place, or a backup of before was restored"
        )
    return head


def _listed(found: tuple[ChangedRow, ...]) -> str:
    count = f"{len(found)} differences" if len(found) > 1 else "one difference"
    lines = [f"the record is not as it was written: {count}", *map(str, found[:_MOST])]
    if len(found) > _MOST:
        lines.append(f"and {len(found) - _MOST} more")
    return "\n  ".join(lines)
