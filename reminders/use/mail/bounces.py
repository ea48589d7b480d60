"""Returned mail: believed when it is signed, recorded once, and a dead address passed over from then on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from structlog import get_logger

from reminders.delivery.bounce_report import BounceReport, Fate, read_bounce_report
from reminders.delivery.mailbox import drain
from reminders.errors import BounceError, RemindersError
from reminders.letters.evidence import EvidenceKey
from reminders.letters.message import is_tagged, outbox_id_of
from reminders.letters.retry import Fault
from reminders.settings import Settings
from reminders.store import Connection, Database, installation, outbox
from reminders.store.outbox import BouncedMessage
from reminders.use.people.dead_addresses import note_refusal

log = get_logger()
_KINDS: Final[dict[Fate, str]] = {
    "dead": "bounced",
    "slow": "bounced",
    "failed": "bounced",
    "delayed": "delayed",
}
_FAULTS: Final[dict[Fate, Fault]] = {"dead": "address", "slow": "slow", "failed": "message"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a report: the message it names, its fate, and whether it was new."""

    outbox_id: int
    fate: Fate
    news: Literal["recorded", "known", "nothing"]


@dataclass(frozen=True)
class BounceDesk:
    """Where reports are judged: settings, database, the secret of return addresses, the clock's instant."""

    settings: Settings
    database: Database
    secret: str
    now: datetime

    def record(self, octets: bytes) -> Recorded:
        """Judge and record one report, in one transaction.

        1. Read it (RFC 3464, else by the detectors of flufl.bounce).
        2. Find the message by our signature: return address, Message-ID or envelope identifier.
           Message-IDs are keyed hashes, so that nobody makes one up. It is believed about the
           message's own recipient only.
        3. Record it once; one for good fails the message, one that is sure about the address flags that.

        Raises ``BounceError``, and changes nothing, when it is no report, names no message of
        ours, or contradicts itself.
        """
        report = read_bounce_report(octets)
        if report is None:
            raise BounceError("this message is no report of a delivery")
        with self.database.write() as connection:
            one = self._named(connection, report)
            return Recorded(one.id, report.fate, self._settle(connection, one, report))

    def _named(self, connection: Connection, report: BounceReport) -> BouncedMessage:
        ids = self._signed(report, installation.epochs(connection))
        # An envelope identifier is a Message-ID (see ``delivery.smtp``), with or without its brackets.
        bracketed = (one if one.startswith("<") else f"<{one}>" for one in report.envelope_ids)
        found = outbox.bounced_message(connection, ids, {*report.message_ids, *bracketed})
        if not found:
            raise BounceError("the report names no message of this service by a signature of ours")
        if len(found) > 1 or not ids <= {one.id for one in found}:
            raise BounceError("the report contradicts itself: it names several messages")
        if not found[0].attempts:
            raise BounceError("the report is about a message that never left")
        key = EvidenceKey(self.secret)
        if report.recipients and key.recipient(found[0].rcpt) not in map(key.recipient, report.recipients):
            raise BounceError("the report is about another recipient than the message's")
        return found[0]

    def _signed(self, report: BounceReport, epochs: installation.Epochs) -> set[int]:
        """Return the messages named by signed return addresses; one that is forged refuses the report."""
        base = self.settings.bounce_address
        tagged = [address for address in report.sent_to if base and is_tagged(base, address)]
        ids = [outbox_id_of(base or "", address, self.secret, epochs) for address in tagged]
        if None in ids:
            raise BounceError("the report came to a return address that this service did not sign")
        return {one for one in ids if one is not None}

    def _settle(
        self, connection: Connection, one: BouncedMessage, report: BounceReport
    ) -> Literal["recorded", "known", "nothing"]:
        if report.fate == "delivered":
            return "nothing"
        kind = _KINDS[report.fate]
        if outbox.is_known_report(connection, one, kind, report.code, report.text):
            return "known"
        if report.fate != "delayed":
            fault = _FAULTS[report.fate]
            outbox.fail_bounced(connection, one, self.now, report.code, report.text, fault)
        if report.fate == "dead":
            words = report.status or report.text
            note_refusal(connection, one.rcpt, self.now, one.day, report.code or 550, words, report.text)
        outbox.note_bounce(connection, one, self.now, kind, report.code, report.text)
        return "recorded"

    def read_mailbox(self) -> int:
        """Read the mailbox of BOUNCE_IMAP_URL, if one is set; what goes wrong is logged, never raised."""
        target = self.settings.bounce_imap_url
        if target is None:
            return 0
        try:
            return drain(target, self._handle)
        except RemindersError as error:
            log.warning("mailbox of bounces not read", reason=str(error))
        except Exception as error:  # noqa: BLE001 - a mailbox must never stop a run
            log.error("mailbox of bounces not read", reason=type(error).__name__)  # noqa: TRY400 - no body
        return 0

    def _handle(self, octets: bytes) -> None:
        try:
            found = self.record(octets)
        except BounceError as error:
            log.warning("report refused", reason=str(error))
        else:
            log.info("report read", outbox_id=found.outbox_id, fate=found.fate, news=found.news)
